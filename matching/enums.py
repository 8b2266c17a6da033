from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    OFFICIAL = "official", _("official")
    REFRESH = "refresh", _("after an edit")
    WHAT_IF = "what_if", _("what if")


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")


class ShardState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")


class Failure(models.TextChoices):
    """Why a run did not finish. Details for the operator stand beside it in `Run.reason`."""

    LOST = "lost", _("the worker was lost three times at the same step")
    ERROR = "error", _("an error came back at every one of three attempts")
    TOO_LONG = "too_long", _("a step took longer than the time limit")
    TOO_OFTEN = (
        "too_often",
        _("within a day partners were looked for as often as is allowed"),
    )
    PLAN_OVERFLOW = "plan_overflow", _("the plan gave away more than there is; nothing was saved")


class Cause(models.TextChoices):
    """Why one run comes out otherwise than another, in the order in which the causes are told apart."""

    DATA = "data", _("the data")
    CORRIDOR = "corridor", _("the corridor")
    DATA_AND_CORRIDOR = "data_and_corridor", _("the data and the corridor")
    WEIGHTS = "weights", _("the weights")
    RULES = "rules", _("the rules")
    CODE = "code", _("the programme")


class MatchState(models.TextChoices):
    """What people decided, last of all."""

    NEW = "new", _("new")
    SHORTLISTED = "shortlisted", _("shortlisted")
    PROPOSED = "proposed", _("proposed")
    DISMISSED = "dismissed", _("dismissed")


class DismissReason(models.TextChoices):
    PRICE = "price", _("the price will not be agreed")
    QUALITY = "quality", _("the quality does not suit")
    TRUST = "trust", _("one side is not trusted")
    DUPLICATE = "duplicate", _("already trading together")
    OTHER = "other", _("another reason")


class InstructionKind(models.TextChoices):
    """What the plan is asked to do with a pair."""

    PIN = "pin", _("in the plan")
    BAN = "ban", _("not in the plan")


class Rest(models.TextChoices):
    """Why a plan leaves a part of a need or a capacity."""

    NONE = "", _("nothing is left")
    NOBODY = "nobody", _("nobody offers or wants these goods")
    NEAR = "near", _("one rule stands in the way")
    FAR = "far", _("every pair fails two rules or more")
    BANNED = "banned", _("kept out of the plan")
    SCARCE = "scarce", _("the other side is given to somebody else")
    LOTS = "lots", _("what is left is smaller than a shipment")
    MONTHS = "months", _("what is left lies in other months")


class LeftOut(models.TextChoices):
    """Why a run could not follow what staff ask of the plan."""

    NOT_IN_BOOK = "not_in_book", _("a side of the pair was not in the book")
    FAILS = "fails", _("the pair fails a rule")
    NO_MONTH = "no_month", _("nothing can be shipped and delivered in time")
    TOO_MUCH = "too_much", _("less can move than was asked for")
    CONFLICT = "conflict", _("it cannot be kept beside the other rules of the plan")


class Side(models.TextChoices):
    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")


class RestsOn(models.TextChoices):
    """Whether figures rest on examples or on what somebody stands for."""

    NOTHING = "", ""  # neither a lane nor a rate is known
    EXAMPLE = "example", _("example")
    QUOTED = "quoted", _("quoted")
