"""What can be done about duties: a person picks the national line of some goods, and takes the choice back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import changes_by
from accounts.models import User
from accounts.services import a_reason
from commodities.models import Commodity
from corridor.customs import IMPORT_DUTY, Tariffs
from corridor.models import DutyChoice, Tariff

NOBODY = ""
LONGEST_SOURCE = 300


def stamp_of(choice: DutyChoice | None) -> str:
    """How a choice was when a page showed it: what two people change at once is told apart by it."""
    return f"{choice.tariff_id} {choice.chosen_at.isoformat()}" if choice else NOBODY


@transaction.atomic
def choose_line(
    *, commodity: Commodity, market: str, tariff: Tariff, reason: str, source: str, seen: str, by: User | None
) -> DutyChoice:
    """Let one national line stand for some goods in a market instead of the range of several.

    `seen` is the stamp of the choice that the person saw. Lines that differ from it in packing alone stay: between
    those the packing decides.
    """
    refuse_a_strange_line(commodity, market, tariff)
    choice = choice_as_seen(commodity, market, seen) or DutyChoice(commodity=commodity, market=market)
    choice.tariff, choice.reason, choice.source, choice.chosen_by = tariff, a_reason(reason), a_source(source), by
    choice.save()
    return choice


@transaction.atomic
def take_choice_back(*, commodity: Commodity, market: str, reason: str, seen: str) -> None:
    """Nobody has picked a line for these goods any more."""
    choice = choice_as_seen(commodity, market, seen)
    if choice is None:
        raise ValidationError(_("No line is picked for these goods."))
    with changes_by(reason=a_reason(reason)):
        choice.delete()


def refuse_a_strange_line(commodity: Commodity, market: str, tariff: Tariff) -> None:
    """Only a line of import duty of these goods, in this market, in force today, where there are several."""
    about = {"line": tariff.national_code or tariff.code, "goods": commodity.name, "heading": commodity.hs_code}
    if tariff.measure != IMPORT_DUTY:
        raise ValidationError(_("%(line)s is no line of import duty."), params=about)
    if tariff.market != market:
        raise ValidationError(_("%(line)s is a line of another market."), params=about)
    if tariff.hs6 != commodity.hs_code:
        raise ValidationError(_("%(line)s is not for %(goods)s: their subheading is %(heading)s."), params=about)
    counted = Tariffs(timezone.localdate(), None).counted(commodity, market)
    if tariff not in counted.all_lines:
        raise ValidationError(_("%(line)s is not in force today."), params=about)
    if len(counted.all_lines) == 1:
        raise ValidationError(_("%(line)s is the only line: there is nothing to pick."), params=about)


def choice_as_seen(commodity: Commodity, market: str, seen: str) -> DutyChoice | None:
    """The choice that stands, locked, if it is the one that the person saw."""
    Commodity.objects.select_for_update(no_key=True).get(pk=commodity.pk)  # the first choice of two at once has no row
    choices = DutyChoice.objects.select_related("tariff").filter(commodity=commodity, market=market)
    choice = choices.first()
    if stamp_of(choice) == seen:
        return choice
    if choice is None:
        raise ValidationError(
            _("Somebody took the choice back in the meantime. Look at the lines, then save again to keep yours.")
        )
    raise ValidationError(
        _("Somebody picked %(line)s in the meantime. Look at it, then save again to keep yours."),
        params={"line": choice.tariff.national_code or choice.tariff.code},
    )


def a_source(text: str) -> str:
    """Who or what says so: a ruling, a broker, the specification of the goods."""
    source = " ".join(text.split())
    if not 3 <= len(source) <= LONGEST_SOURCE:
        raise ValidationError(_("Name the source: a ruling, a letter, a person and the day."))
    return source
