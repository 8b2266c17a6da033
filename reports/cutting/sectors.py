"""A summary by sector and direction, by goods, and what both countries have published of their trade.

Kilograms stand with one kind of goods alone: what a sector holds is counted, and told in USD.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.lists.filters import ListForm
from commodities.enums import Sector
from commodities.models import CommodityGroup
from companies.enums import CompanyKind
from companies.models import Capacity, Need
from matching.figures.balance import Balance, balances, open_corridors
from matching.figures.books import Official, books_of
from matching.figures.worth import Plan, SectorFlow, plan_from, planned_by_way
from matching.lists import listed_results, newest_run
from matching.models import PlanLine, Run
from matching.tables.fields import directions
from matching.tables.filters import STRONG, MatchFilter
from reports.cutting import cells
from reports.cutting.about import about_lines
from reports.cutting.cells import Cells, Facts
from reports.cutting.choosing import address_of, check_choice, chosen, printed
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.rests import GROUP
from reports.cutting.sector_columns import (
    GOODS_COLUMNS,
    GOODS_READS,
    SECTOR_COLUMNS,
    SECTOR_READS,
    TRADE_COLUMNS,
    TRADE_READS,
    WORDS,
)
from reports.document import Bars, Block, Document, Line, Table, TableOf, Text, Words, in_every_language
from reports.enums import Subject
from reports.orders import Order

SECTORS_TABLE, GOODS_TABLE, TRADE_TABLE = "sectors", "goods", "trade"
ON_PAPER = ("sector", "direction", "needs", "capacities", "matches", "strong", "planned_pairs", "asked_usd")
GOODS_ON_PAPER = ("goods", "direction", "wanted_t", "offered_t", "planned_t", "open_t")
TRADE_ON_PAPER = ("reporter", "partner", "flow", "period", "value", "currency", "source", "confidence")


class SectorForm(ListForm):
    """Which sectors, and which way."""

    sort = size = page = None
    direction = forms.MultipleChoiceField(required=False, choices=directions, label=gettext_lazy("Direction"))
    sector = forms.MultipleChoiceField(required=False, choices=Sector.choices, label=gettext_lazy("Sector"))


@dataclass(frozen=True)
class Asked:
    """What an order leaves: all where it names nothing."""

    ways: tuple[str, ...]
    sectors: tuple[str, ...]

    def has(self, origin: str, destination: str, sector: str) -> bool:
        way = f"{origin}-{destination}"
        return (not self.ways or way in self.ways) and (not self.sectors or sector in self.sectors)


def check(order: Order, user) -> None:
    check_choice(order, user, SECTOR_COLUMNS, ("",))
    if order.companies:
        raise ValidationError(_("A summary by sector is of all companies. Choose none."))
    if order.since or order.until:
        raise ValidationError(_("A summary by sector is of today. Choose no period."))
    asked_of(order)


def asked_of(order: Order) -> Asked:
    form = SectorForm(address_of(order, "sort"))
    if not form.is_valid():
        raise ValidationError([message for errors in form.errors.values() for message in errors])
    return Asked(tuple(form.cleaned_data["direction"]), tuple(form.cleaned_data["sector"]))


def cut(order: Order, user, put: Put) -> Cut:
    asked, run, today = asked_of(order), newest_run(user), timezone.localdate()
    plan = plan_from(planned_by_way(user))
    rows = list(sector_rows(user, plan, run, today, asked))
    sectors = Cells(chosen(SECTOR_COLUMNS, order), SECTOR_READS, WORDS)
    put.put(SECTORS_TABLE, sectors.of(rows))
    goods = Cells(GOODS_COLUMNS, GOODS_READS, WORDS)
    put.put(GOODS_TABLE, goods.of(goods_rows(balances(user, today, run), asked)))
    trade = Cells(TRADE_COLUMNS, TRADE_READS, WORDS)
    put.put(TRADE_TABLE, trade.of(trade_rows(plan, run)))
    has_examples = has_example_companies(user, today)
    document = Document(
        subject=Subject.SECTORS,
        title=in_every_language(lambda: Subject.SECTORS.label),
        about=about_lines(run, in_every_language(lambda: filter_words(order)), has_examples),
        tables=(
            Table(
                key=SECTORS_TABLE,
                title=in_every_language(lambda: _("By sector and direction")),
                columns=sectors.told(),
                note=in_every_language(
                    lambda: _("Tonnes of different goods are not added up; they stand in the table by goods.")
                ),
            ),
            Table(
                key=GOODS_TABLE,
                title=in_every_language(lambda: _("By goods")),
                columns=goods.told(),
                note=in_every_language(
                    lambda: _(
                        "What is offered counts for every row that would take it: these tonnes are never added up."
                    )
                ),
            ),
            Table(
                key=TRADE_TABLE,
                title=in_every_language(lambda: _("What both countries have published")),
                columns=trade.told(),
                note=in_every_language(
                    lambda: _("Each country's own figures for all goods, the newest there are. They are never mixed.")
                ),
            ),
        ),
        blocks=(
            *blocks(rows, run),
            TableOf(table=SECTORS_TABLE, columns=printed(sectors.columns, order, ON_PAPER)),
            TableOf(table=GOODS_TABLE, columns=GOODS_ON_PAPER),
            TableOf(table=TRADE_TABLE, columns=TRADE_ON_PAPER),
        ),
        has_examples=has_examples,
    )
    return Cut(document, run)


def filter_words(order: Order) -> str:
    form = SectorForm(address_of(order, "sort"))
    form.is_valid()
    said = []
    for name, value in form.cleaned_data.items():
        if isinstance(value, list) and value:
            labels = dict(form.fields[name].choices)
            said.append(f"{form.fields[name].label}: {', '.join(str(labels[choice]) for choice in value)}")
    return "; ".join(said) or _("none: all sectors and both directions")


# --- by sector and direction


def sector_rows(user, plan: Plan, run: Run | None, today: date, asked: Asked) -> Iterator[Facts]:
    """A row for each sector and direction in which there is anything at all: the same queries however many."""
    needs, capacities = needs_by_sector(user, today), capacities_by_sector(user, today)
    matches, strong = matches_by_sector(user, ""), matches_by_sector(user, STRONG)
    unmet = unmet_by_sector(user, run)
    planned = {(one.origin, one.destination, one.sector): one for way in plan.directions for one in way.sectors}
    ways = set(open_corridors()) | {key[:2] for key in (*matches, *planned)}
    for origin, destination in sorted(ways):
        for sector in (*Sector.values, ""):
            key = (origin, destination, sector)
            wanted, offered = needs.get((destination, sector), {}), capacities.get((origin, sector), {})
            if not asked.has(*key) or not (wanted or offered or key in matches or key in planned):
                continue
            yield {
                "sector": sector,
                "origin": origin,
                "destination": destination,
                "needs": wanted.get("listings", 0),
                "importers": wanted.get("companies", 0),
                "capacities": offered.get("listings", 0),
                "exporters": offered.get("companies", 0),
                "matches": matches.get(key, 0),
                "strong": strong.get(key, 0),
                "unmet": unmet.get((destination, sector), 0) if run else None,
                "worth": planned.get(key, SectorFlow()),
            }


COUNTED = {"listings": Count("pk", distinct=True), "companies": Count("company", distinct=True)}


def needs_by_sector(user, today: date) -> dict[tuple[str, str], dict[str, int]]:
    """Needs in the book by destination and by the sector of what they name first, be it goods or a group of them."""
    first = Need.objects.visible_to(user).in_book(today).filter(accepted__position=0).order_by()
    of_sector = Coalesce("accepted__commodity__sector", "accepted__group__sector")
    rows = first.annotate(sector_=of_sector).values("destination__country", "sector_").annotate(**COUNTED)
    return {(row["destination__country"], row["sector_"]): row for row in rows}


def capacities_by_sector(user, today: date) -> dict[tuple[str, str], dict[str, int]]:
    rows = Capacity.objects.visible_to(user).in_book(today).order_by().values("origin_country", "commodity__sector")
    return {(row["origin_country"], row["commodity__sector"]): row for row in rows.annotate(**COUNTED)}


def matches_by_sector(user, address: str) -> dict[tuple[str, str, str], int]:
    """What the list of matches has of each, by its own filter."""
    filters = MatchFilter(address_of(Order(subject=Subject.MATCHES, query=address)), queryset=listed_results(user))
    rows = filters.qs.order_by().values_list("origin_country", "destination_country", "sector")
    return {tuple(key): count for *key, count in rows.annotate(count=Count("pk"))}


def unmet_by_sector(user, run: Run | None) -> dict[tuple[str, str], int]:
    """Needs of which the newest plan leaves a part, as the page of the plan lists them."""
    lines = PlanLine.objects.visible_to(user).filter(run=run, left_kg__gt=0, need__isnull=False).order_by()
    rows = lines.values_list("need__destination__country", "commodity__sector").annotate(count=Count("pk"))
    found: dict[tuple[str, str], int] = {}
    for country, sector, count in rows:
        found[country, sector or ""] = found.get((country, sector or ""), 0) + count
    return found


def has_example_companies(user, today: date) -> bool:
    example = Q(company__kind=CompanyKind.EXAMPLE)
    return any(model.objects.visible_to(user).in_book(today).filter(example).exists() for model in (Need, Capacity))


# --- by goods, and what is published


def goods_rows(rows: list[Balance], asked: Asked) -> Iterator[Facts]:
    """What is wanted, offered and planned of each kind of goods, as the balance of the desk has it."""
    for row in rows:
        is_group, sector = isinstance(row.node, CommodityGroup), row.node.sector
        if asked.has(row.origin, row.destination, sector):
            code = f"{GROUP}{row.node.code}" if is_group else row.node.code
            yield {"row": row, "goods": code, "sector": sector, "origin": row.origin, "destination": row.destination}


def trade_rows(plan: Plan, run: Run | None) -> Iterator[Official]:
    for book in books_of(plan, run).books:
        yield from ({"official": official} for official in book.officials)


# --- pictures


def blocks(rows: list[Facts], run: Run | None) -> Iterator[Block]:
    if run is None:
        yield Words(text=in_every_language(lambda: _("There is no plan yet: no run has finished.")), tone="note")
    matched = sorted((row for row in rows if row["matches"]), key=lambda row: -row["matches"])
    if matched:
        yield Bars(
            title=in_every_language(lambda: _("Which sectors have most matches?")),
            unit="",  # the title says what is counted: a noun would have to agree with each number
            bars=tuple(Line(label_of(row), str(row["matches"])) for row in matched),
        )
    priced = sorted((row for row in rows if row["worth"].has_asked), key=lambda row: -row["worth"].asked)
    if priced:
        yield Bars(
            title=in_every_language(lambda: _("What is the plan worth at the asking prices?")),
            unit="USD",
            bars=tuple(Line(label_of(row), cells.rounded(row["worth"].asked, 0)) for row in priced),
            note=in_every_language(lambda: _("Pairs without a known price are not in it.")),
        )


def label_of(row: Facts) -> Text:
    """A sector with its direction."""
    sector, way = row["sector"], f"{row['origin']}-{row['destination']}"
    directed = cells.directions_in_words([way])[way]

    def said() -> str:
        return str(Sector(sector).label) if sector else _("not known")

    named = in_every_language(said)
    return {language: f"{named[language]}, {directed[language]}" for language in named}


SECTORS = SubjectCut(columns=SECTOR_COLUMNS, check=check, cut=cut)
