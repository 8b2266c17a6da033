"""Landed costs of matches line by line, as the page of each match tells them, with what every line rests on."""

from collections.abc import Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import CompanyKind
from matching.lists import listed_results, newest_run, of_refreshes
from matching.models import ListedMatch
from matching.one_match.waterfall import Row as CostRow
from matching.tables.filters import MatchFilter
from reports.cutting import cells, matches
from reports.cutting.about import about_lines, filters_in_words
from reports.cutting.cells import Cells, Facts
from reports.cutting.choosing import address_of, check_choice, chosen, printed, valid
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.landed_columns import LINE_COLUMNS, SUM_COLUMNS, WORDS, as_it_is, weakest
from reports.cutting.priced import Priced, Pricing, Said
from reports.document import Block, Cell, Document, Step, Table, TableOf, Waterfall, Words, in_every_language
from reports.enums import Subject
from reports.orders import Order

MOST_PAIRS = 2_000  # each is reckoned anew
PAIRS_LOOKED_AT = 5  # in a preview
DRAWN = 6
LINES, SUMS = "lines", "sums"
ON_PAPER = ("step", "line", "low", "high", "relied", "source", "valid_to")
SUMS_ON_PAPER = ("exporter", "importer", "goods", "landed_low", "landed_high", "limit", "room", "guesses")


def check(order: Order, user) -> None:
    check_choice(order, user, LINE_COLUMNS, ("",))
    refuse_many(rows_of(order, user))


def rows_of(order: Order, user) -> QuerySet[ListedMatch]:
    """The matches that are asked for, in the order of their list."""
    filters = valid(match_filter(order, user))
    return matches.narrowed(filters.sorted(), order)


def match_filter(order: Order, user) -> MatchFilter:
    return MatchFilter(address_of(order), queryset=listed_results(user))


def refuse_many(rows: QuerySet[ListedMatch]) -> None:
    count = rows.order_by().count()
    if count > MOST_PAIRS:
        raise ValidationError(
            _(
                "Landed costs are told line by line of at most %(most)s matches; these are %(count)s. "
                "Narrow the filter."
            ),
            code="too_large",
            params={"most": figures.decimal(MOST_PAIRS), "count": figures.decimal(count)},
        )


def cut(order: Order, user, put: Put) -> Cut:
    rows = rows_of(order, user)
    refuse_many(rows)
    keys = list(rows.values_list("result_id", flat=True))
    telling = Telling(keys if put.keeps else keys[:PAIRS_LOOKED_AT])
    lines = Cells(chosen(LINE_COLUMNS, order), as_it_is(LINE_COLUMNS), WORDS)
    put.put(LINES, lines.of(telling.lines()))
    sums = Cells(SUM_COLUMNS, as_it_is(SUM_COLUMNS), WORDS)
    put.put(SUMS, sums.of(telling.sums))
    run = newest_run(user)
    has_examples = any(row["is_example"] for row in telling.sums)
    said = filters_in_words(
        lambda: match_filter(order, user),
        lambda: _("none: all matches that may be seen"),
        lambda: matches.said_of(order),
    )
    tables = (
        Table(
            key=LINES,
            title=in_every_language(lambda: _("Landed costs, line by line")),
            columns=lines.told(),
            grouped_by="pair" if any(one.key == "pair" for one in lines.columns) else "",
            note=first_alone(len(keys)) if len(keys) > len(telling.keys) else "",
        ),
        Table(key=SUMS, title=in_every_language(lambda: _("Landed costs, their sums")), columns=sums.told()),
    )
    document = Document(
        subject=Subject.LANDED,
        title=in_every_language(lambda: Subject.LANDED.label),
        about=about_lines(run, said, has_examples, has_refreshes=of_refreshes(rows).exists()),
        tables=tables,
        blocks=tuple(telling.blocks(order, tables)),
        has_examples=has_examples,
    )
    return Cut(document, run)


def first_alone(pairs: int) -> dict[str, str]:
    """Said in a preview, which reckons no more than it shows."""
    return in_every_language(
        lambda: (
            _("The first %(shown)s of %(count)s matches.")
            % {"shown": figures.decimal(PAIRS_LOOKED_AT), "count": figures.decimal(pairs)}
        )
    )


class Telling:
    """Matches one after the other: their lines as rows, and on the way their sums and the first as pictures."""

    def __init__(self, keys: list[int]):
        self.keys = keys
        self.said = Said()
        self.sums: list[Facts] = []
        self.drawn: list[Waterfall] = []

    def lines(self) -> Iterator[Facts]:
        for priced in Pricing().of(self.keys):
            pair, said = of_pair(priced), self.said.lines(priced)
            for step, (row, (number, line_words)) in enumerate(zip(priced.told.rows, said, strict=True), start=1):
                facts = of_line(row) | {"step": str(step), "line": number, "line_words": line_words}
                yield pair | facts
            point, point_words = self.said.point(priced)
            self.sums.append(pair | of_sum(priced) | {"point": point, "point_words": point_words})
            if len(self.drawn) < DRAWN:
                self.drawn.append(waterfall(pair, priced, [words for _number, words in said], point_words))

    def blocks(self, order: Order, tables: tuple[Table, Table]) -> Iterator[Block]:
        if not self.sums:
            yield Words(text=in_every_language(lambda: _("No match passes this filter.")), tone="note")
        yield from self.drawn
        lines, _sums = tables
        yield TableOf(table=SUMS, columns=SUMS_ON_PAPER)
        yield TableOf(table=LINES, columns=printed(lines.columns, order, ON_PAPER, lines.grouped_by))


# --- one match as cells


def of_pair(priced: Priced) -> Facts:
    match = priced.result.match
    exporter, importer, goods = match.capacity.company, match.need.company, match.capacity.commodity
    is_example = CompanyKind.EXAMPLE in (exporter.kind, importer.kind)
    return {
        "pair": f"№ {match.pk}: {exporter.name_registered} – {importer.name_registered}",
        "match": str(match.pk),
        "example": "example" if is_example else "",
        "exporter": exporter.name_registered,
        "importer": importer.name_registered,
        "goods": goods.code,
        "hs_code": goods.hs_code or None,
        "as_of": priced.result.run.as_of.isoformat(),
        "is_example": is_example or priced.told.is_example,
    }


def of_line(row: CostRow) -> Facts:
    ends = [ground.valid_to for ground in row.grounds if ground.valid_to]
    return {
        "kind": row.kind,
        "low": signed(row.low, row),
        "high": signed(row.high, row),
        "relied": row.guess.value,
        "rests_on": "; ".join(ground.code for ground in row.grounds),
        "source": "; ".join(dict.fromkeys(ground.who for ground in row.grounds if ground.who)),
        "valid_to": min(ends).isoformat() if ends else "",
        "confidence": weakest([ground.confidence for ground in row.grounds]),
        "lapsed": row.lapsed.code if row.lapsed else "",
    }


def of_sum(priced: Priced) -> Facts:
    told = priced.told
    vat_low, vat_high = told.vat or (None, None)
    return {
        "landed_low": cells.cents(told.low),
        "landed_high": cells.cents(told.high),
        "at_least": cells.cents(told.at_least),
        "limit": cells.cents(told.limit),
        "room": cells.cents(told.room),
        "vat_low": cells.cents(vat_low),
        "vat_high": cells.cents(vat_high),
        "lines": str(len(told.rows)),
        "guesses": str(len(told.guesses)),
        "differs": "differs" if priced.differs else "",
    }


def signed(amount: Decimal | None, row: CostRow) -> Cell:
    """What is taken out of the price is less than nothing."""
    return cells.cents(-amount if amount is not None and row.is_taken_out else amount)


def waterfall(pair: Facts, priced: Priced, words: list[dict[str, str]], point: dict[str, str]) -> Waterfall:
    steps = [
        Step(label=said, low=signed(row.low, row), high=signed(row.high, row))
        for said, row in zip(words, priced.told.rows, strict=True)
    ]
    landed = in_every_language(lambda: _("Landed, %(point)s"))
    total = Step(
        label={language: text % {"point": point[language]} for language, text in landed.items()},
        low=cells.cents(priced.told.low),
        high=cells.cents(priced.told.high),
        is_total=True,
    )
    return Waterfall(title=pair["pair"], steps=(*steps, total), limit=cells.cents(priced.told.limit))


LANDED = SubjectCut(columns=LINE_COLUMNS, check=check, cut=cut)
