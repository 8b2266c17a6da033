"""What the plan would add to the books of both countries, beside what each of them has published of its trade.

A country books what leaves it at the price of its sellers, and what comes in at what it costs there; so the same goods
stand in both books at two figures. Neither is taken from the other: nowhere is one balance of both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commodities.facts import Confidence
from corridor.enums import Country
from corridor.models import TradeFlow
from matching.figures.worth import Direction, Plan
from matching.models import Allocation, Run

FLOWS: dict[str, Promise] = {"export": _("Exports"), "import": _("Imports"), "total": _("Exports and imports together")}
MILLION = Decimal(1_000_000)
THIRD_COUNTRIES = "third countries"  # the note of a figure that says why both books differ


@dataclass(frozen=True)
class Official:
    """A published figure with who says so, of when, and how sure that is."""

    label: Promise
    row: TradeFlow
    silent: list[str] = field(default_factory=list)  # later years for which no figure was found

    @property
    def millions(self) -> Decimal:
        return self.row.value / MILLION

    @property
    def confidence(self) -> str:
        return str(Confidence(self.row.confidence).label)


@dataclass(frozen=True)
class Book:
    """One country's trade with the other: what the plan would add, and the newest figures that it has published."""

    country: str
    other: str
    exports: Direction
    imports: Direction
    officials: list[Official]

    @property
    def country_name(self) -> str:
        return str(Country(self.country).label)

    @property
    def other_name(self) -> str:
        return str(Country(self.other).label)


@dataclass(frozen=True)
class Books:
    books: list[Book]
    first: date | None  # the months that the plan ships and delivers in
    last: date | None
    why: TradeFlow | None  # the figure whose note says why both books differ


def books_of(plan: Plan, run: Run | None) -> Books:
    """Two queries."""
    pair = [Country.INDONESIA.value, Country.KAZAKHSTAN.value]
    rows = list(TradeFlow.objects.filter(reporter__in=pair, partner__in=pair, flow__in=FLOWS, hs="").order_by("code"))
    months = Allocation.objects.filter(run=run).aggregate(first=Min("ship_month"), last=Max("deliver_month"))
    return Books(
        books=[book_of(country, other, plan, rows) for country, other in (pair, pair[::-1])],
        why=next((row for row in rows if THIRD_COUNTRIES in row.note), None),
        **months,
    )


def book_of(country: str, other: str, plan: Plan, rows: Iterable[TradeFlow]) -> Book:
    def direction(origin: str, destination: str) -> Direction:
        found = (one for one in plan.directions if (one.origin, one.destination) == (origin, destination))
        return next(found, Direction(origin=origin, destination=destination))

    own = [row for row in rows if (row.reporter, row.partner) == (country, other)]
    officials = [newest for flow, label in FLOWS.items() if (newest := newest_of(flow, label, own))]
    return Book(country, other, direction(country, other), direction(other, country), officials)


def newest_of(flow: str, label: Promise, rows: Iterable[TradeFlow]) -> Official | None:
    """The newest figure that there is. Periods sort as they are written: "2021", "2022-Q1"."""
    rows = sorted((row for row in rows if row.flow == flow), key=lambda row: row.period)
    known = [row for row in rows if row.value is not None]
    if not known:
        return None
    silent = [row.period for row in rows if row.value is None and row.period > known[-1].period]
    return Official(label, known[-1], silent)
