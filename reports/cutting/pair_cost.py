"""What a tonne of one pair costs on arrival, line by line, and what a reader has to know before they rely on it."""

from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from matching.one_match import explained
from matching.one_match.waterfall import Guess, Told
from reports.cutting.pair_found import InWords
from reports.document import Step, Waterfall

CENT = Decimal("0.01")


def waterfall(said: InWords) -> Waterfall:
    travel, landed = said.found.travel, said.landed
    place, point = place_and_point(said)
    steps = [Step(label=row.words, low=signed(row.low, row), high=signed(row.high, row)) for row in landed.rows]
    total = Step(
        label=_("Landed, %(point)s") % {"point": point}, low=cents(landed.low), high=cents(landed.high), is_total=True
    )
    return Waterfall(
        title=_("What does a tonne cost in %(place)s?") % {"place": place},
        steps=(*steps, total),
        limit=cents(landed.limit),
        note=" ".join(notes_on_cost(said, travel)),
    )


def place_and_point(said: InWords) -> tuple[str, str]:
    """Where a tonne arrives, and the same with the term of the limit."""
    travel = said.found.travel
    place = explained.place_name(travel.pair.arrival.limit.place, travel.names)
    term = travel.pair.arrival.limit.term
    return place, place if term == explained.ALL_IN else f"{term} {place}"


def signed(amount: Decimal | None, row) -> str | None:
    return cents(-amount if amount is not None and row.is_taken_out else amount)


def cents(amount: Decimal | None) -> str | None:
    """As the page rounds it: what is printed is what is on the screen."""
    return None if amount is None else str(amount.quantize(CENT, rounding=ROUND_HALF_EVEN))


def notes_on_cost(said: InWords, travel: explained.Travel) -> list[str]:
    landed, result = said.landed, said.found.result
    notes = [guesses(landed)]
    if landed.low is None and landed.at_least:
        notes.append(_("At least %(figure)s USD/t.") % {"figure": figures.decimal(landed.at_least, 2)})
    if landed.limit is not None:
        limit = {"figure": figures.usd_per_t(landed.limit)}
        notes.append(_("The line is the buyer's limit, %(figure)s USD/t.") % limit)
    if landed.room is not None and landed.room >= 0:
        notes.append(_("%(figure)s USD/t are left under it.") % {"figure": figures.usd_per_t(landed.room)})
    elif landed.room is not None:
        notes.append(_("It is passed by up to %(figure)s USD/t.") % {"figure": figures.usd_per_t(landed.over)})
    if said.found.cost_differs and result.landed_low_usd_per_t is not None:
        low, high = (figures.decimal(end, 2) for end in (result.landed_low_usd_per_t, result.landed_high_usd_per_t))
        words = _(
            "The run found %(low)s USD/t. Quotes, rates or a listing have changed since: "
            "what follows is how it would be now."
        )
        notes.append(words % {"low": figures.span(low, high)})
    elif said.found.cost_differs:
        notes.append(_("The run did not know the cost; with what is entered now it does."))
    if travel.duty:
        notes.append(_("The buyer pays the duty: it is not in this price."))
    return notes


def guesses(landed: Told) -> str:
    """How much of the cost nobody stands for."""
    number, counts = len(landed.guesses), landed.counts
    if not number:
        return _("No line is a guess.")
    words = ngettext("%(number)s of %(all)s lines is a guess:", "%(number)s of %(all)s lines are guesses:", number) % {
        "number": figures.decimal(number),
        "all": figures.decimal(len(landed.rows)),
    }
    kinds = (
        (Guess.UNKNOWN, _("%(number)s not known")),
        (Guess.EXAMPLE, _("%(number)s by example")),
        (Guess.UNSURE, _("%(number)s unsure")),
    )
    told_kinds = [text % {"number": figures.decimal(counts[kind])} for kind, text in kinds if counts[kind]]
    return f"{words} {', '.join(told_kinds)}."
