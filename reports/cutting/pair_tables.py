"""The brief of one pair as tables, for workbooks and programs: each rule, each line of the cost, each step and paper.

They are not printed: on paper the brief is one page. Made in the language that is spoken, like its blocks.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from corridor.enums import Bearer, Mode, PaperSection, RequirementKind
from matching.enums import Side
from matching.one_match.holdings import WHY
from matching.one_match.waterfall import Guess
from matching.texts import ANSWER_NAMES, RULE_NAMES
from reports.cutting.pair_blocks import ANSWERS
from reports.cutting.pair_cost import cents, place_and_point, signed
from reports.cutting.pair_found import InWords, journey_in_words
from reports.cutting.tongues import Said, SaidRow
from reports.document import Column, Kind, Table

TEXT, NUMBER, DAY, CODE = Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.CODE
TableWithRows = tuple[Table, list[SaidRow]]


def tables(said: InWords) -> tuple[TableWithRows, ...]:
    return (sides(said), verdicts(said), cost(said), way(said), certificates(said), papers(said))


def words_of(choices: Iterable[tuple[object, object]]) -> dict[str, str]:
    return {str(code): str(label) for code, label in choices if str(code)}


def spoken(text: object) -> Said | None:
    return Said(str(text)) if text else None


def tonnes(kg: int) -> str:
    return f"{(Decimal(kg) / 1000).normalize():f}"


def sides(said: InWords) -> TableWithRows:
    """Both listings in a row each, with their figures."""
    match = said.found.match
    need, capacity = match.need, match.capacity
    rows = [
        (
            side.value,
            company.name_registered,
            company.name_latin or None,
            spoken(company.where),
            listing.reference,
            tonnes(listing.quantity_kg),
            listing.period,
            since.isoformat(),
            until.isoformat(),
            None if listing.price_amount is None else f"{listing.price_amount.normalize():f}",
            listing.price_currency or None,
            listing.price_unit or None,
            listing.incoterm or None,
        )
        for side, listing, company, since, until in (
            (Side.BUYER, need, need.company, need.window_from, need.window_until),
            (Side.SELLER, capacity, capacity.company, capacity.available_from, capacity.available_until),
        )
    ]
    return Table(
        key="sides",
        title=_("Both sides"),
        columns=(
            Column(key="side", title=_("Side"), kind=CODE, words=words_of(Side.choices), width=10),
            Column(key="company", title=_("Company"), kind=TEXT, width=32),
            Column(key="company_latin", title=_("Name in Latin letters"), kind=TEXT, width=32),
            Column(key="place", title=_("Place"), kind=TEXT, width=20),
            Column(key="listing", title=_("Reference"), kind=TEXT),
            Column(key="quantity_t", title=_("Quantity, t"), kind=NUMBER, places=3),
            Column(
                key="period", title=_("How often"), kind=CODE, words=words_of(need._meta.get_field("period").choices)
            ),
            Column(
                key="since",
                title=pgettext("a day", "From"),
                kind=DAY,
                meaning=_("first day of delivery, or of availability"),
            ),
            Column(key="until", title=_("Until"), kind=DAY, meaning=_("last day of delivery, or of availability")),
            Column(
                key="price", title=_("Price"), kind=NUMBER, places=2, meaning=_("limit of a buyer, ask of a seller")
            ),
            Column(key="currency", title=_("Currency"), kind=TEXT, width=9),
            Column(key="unit", title=_("Price for one"), kind=TEXT, width=9),
            Column(key="incoterm", title=_("Incoterm"), kind=TEXT, width=9),
        ),
    ), rows


def verdicts(said: InWords) -> TableWithRows:
    """Each thing that a rule compares in a row of its own."""
    rows: list[SaidRow] = []
    for rule, verdict in said.verdicts:
        for line in verdict.lines or [verdict]:
            note = "" if verdict.lines else verdict.note
            rows.append((rule, spoken(line.need_fact), spoken(line.capacity_fact), ANSWERS[line.answer], spoken(note)))
    answers = {ANSWERS[answer]: str(label) for answer, label in ANSWER_NAMES.items()}
    return Table(
        key="verdicts",
        title=_("Rules"),
        columns=(
            Column(key="rule", title=_("Rule"), kind=CODE, words=words_of(RULE_NAMES.items()), width=18),
            Column(key="asked", title=_("Asked"), kind=TEXT, width=40),
            Column(key="offered", title=_("Offered"), kind=TEXT, width=40),
            Column(key="answer", title=_("Answer"), kind=CODE, words=answers, width=14),
            Column(key="note", title=_("Note"), kind=TEXT, width=40),
        ),
    ), rows


def cost(said: InWords) -> TableWithRows:
    """Each line of the landed cost, then their sum: it is not known where one of them is not."""
    landed = said.landed
    rows: list[SaidRow] = [
        (
            spoken(row.words),
            signed(row.low, row),
            signed(row.high, row),
            row.guess.value,
            "; ".join(ground.code for ground in row.grounds) or None,
        )
        for row in landed.rows
    ]
    _place, point = place_and_point(said)
    total = _("Landed, %(point)s") % {"point": point}
    rows.append((spoken(total), cents(landed.low), cents(landed.high), None, None))
    return Table(
        key="cost",
        title=_("Landed cost"),
        columns=(
            Column(key="line", title=_("Line"), kind=TEXT, width=48),
            Column(key="low", title=_("From, USD/t"), kind=NUMBER, places=2),
            Column(key="high", title=_("To, USD/t"), kind=NUMBER, places=2),
            Column(key="sureness", title=_("How sure"), kind=CODE, words=sureness()),
            Column(key="rests_on", title=_("Rests on"), kind=TEXT, width=24, meaning=_("quotes and lines of tariffs")),
        ),
        note=_("The last row is the sum."),
    ), rows


def sureness() -> dict[str, str]:
    return {
        Guess.UNKNOWN.value: _("not known"),
        Guess.EXAMPLE.value: _("example"),
        Guess.UNSURE.value: _("unsure"),
        Guess.RANGE.value: _("between two figures"),
        Guess.SURE.value: _("sure"),
    }


def way(said: InWords) -> TableWithRows:
    """The steps of the way, in their order."""
    journey = journey_in_words(said.found)
    rows: list[SaidRow] = [
        (
            spoken(line.origin.name),
            spoken(line.destination.name),
            str(line.hop.mode),
            str(line.hop.days_low),
            str(line.hop.days_high),
            None if line.hop.distance_km is None else str(line.hop.distance_km),
        )
        for line in (journey.way.lines if journey.way else [])
        if line.hop
    ]
    return Table(
        key="way",
        title=_("The way"),
        columns=(
            Column(key="from", title=_("From"), kind=TEXT, width=30),
            Column(key="to", title=_("To"), kind=TEXT, width=30),
            Column(key="mode", title=pgettext("mode of transport", "By"), kind=CODE, words=words_of(Mode.choices)),
            Column(key="days_low", title=_("Days on the way, from"), kind=NUMBER),
            Column(key="days_high", title=_("Days on the way, to"), kind=NUMBER),
            Column(key="km", title=_("km"), kind=NUMBER),
        ),
    ), rows


def certificates(said: InWords) -> TableWithRows:
    """What the lane or the buyer asks for, who has to hold it, and what that side states."""
    rows: list[SaidRow] = [
        (
            spoken(holding.name),
            holding.side.value,
            holding.why,
            spoken(holding.words),
            holding.valid_until.isoformat() if holding.valid_until else None,
            "yes" if holding.is_missing else "no",
        )
        for holding in said.holdings
    ]
    return Table(
        key="certificates",
        title=_("Certificates"),
        columns=(
            Column(key="certificate", title=_("Certificate"), kind=TEXT, width=40),
            Column(key="side", title=_("Who has to hold it"), kind=CODE, words=words_of(Side.choices)),
            Column(key="why", title=_("Why"), kind=CODE, words=words_of(WHY.items()), width=34),
            Column(key="state", title=_("Stated"), kind=TEXT, width=20),
            Column(key="valid_until", title=_("Valid until"), kind=DAY),
            Column(
                key="missing",
                title=_("Missing or not checked"),
                kind=CODE,
                words={"yes": _("yes"), "no": _("no")},
            ),
        ),
    ), rows


def papers(said: InWords) -> TableWithRows:
    """Every paper that the law of the lane names for these goods."""
    rows: list[SaidRow] = [
        (
            spoken(paper.title),
            str(paper.section),
            paper.kind,
            paper.bearer or None,
            paper.legal_basis or None,
            paper.source,
        )
        for paper in said.papers
    ]
    return Table(
        key="papers",
        title=_("Papers of the lane"),
        columns=(
            Column(key="paper", title=_("Paper"), kind=TEXT, width=48),
            Column(key="section", title=_("What it is for"), kind=CODE, words=words_of(PaperSection.choices), width=34),
            Column(key="kind", title=_("How binding"), kind=CODE, words=words_of(RequirementKind.choices), width=18),
            Column(key="bearer", title=_("Who brings it"), kind=CODE, words=words_of(Bearer.choices)),
            Column(key="legal_basis", title=_("Legal basis"), kind=TEXT, width=40),
            Column(key="source", title=_("Source"), kind=TEXT, width=40),
        ),
    ), rows
