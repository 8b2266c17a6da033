"""What anybody may read: how many companies trade here and in what, told so that no figure points at one of them.

The rule of three of docs/anonymity.md: a count of fewer than three companies is not told, and a sector in which fewer
than three offer and fewer than three look for something is not listed at all. Examples are a crowd of their own, shown
as examples, and only as long as there is nothing else to show.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.core.cache import cache
from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from commodities.enums import Sector
from companies.enums import CompanyKind, CompanyStatus
from companies.models import Capacity, Company, Need
from corridor.enums import Country
from matching.told.crowds import ENOUGH

KEPT_S = 600  # figures of the last ten minutes will do, however many come to read
KEY = "public-figures:1:{day}"  # another number once the figures are others


@dataclass(frozen=True)
class Row:
    """One sector, one way: how many companies offer and how many look for it; None where fewer than three do."""

    sector: str
    offering: int | None
    looking: int | None

    @property
    def name(self) -> str:
        return Sector(self.sector).label


@dataclass(frozen=True)
class Way:
    """From one country to the other: the sectors in which enough companies offer or look for something."""

    origin: str
    destination: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Figures:
    """All that the public page says in figures."""

    companies: dict[str, int | None] = field(default_factory=dict)
    needs: int | None = None
    capacities: int | None = None
    ways: tuple[Way, ...] = ()
    are_examples: bool = False

    @property
    def are_empty(self) -> bool:
        return not any(self.companies.values())


def public_figures(today: date) -> Figures:
    """The figures of the day, kept for some minutes."""
    return cache.get_or_set(KEY.format(day=today.isoformat()), lambda: counted(today), KEPT_S)


def counted(today: date) -> Figures:
    """Of companies that trade here; of examples where none do yet."""
    figures = counted_of(CompanyKind.REGISTERED, today)
    if not figures.are_empty:
        return figures
    examples = counted_of(CompanyKind.EXAMPLE, today)
    return figures if examples.are_empty else examples


def counted_of(kind: str, today: date) -> Figures:
    traders = Company.objects.filter(kind=kind, status=CompanyStatus.ACTIVE, is_hidden=False)
    by_country = dict(traders.order_by().values_list("country").annotate(count=Count("pk")))
    needs = Need.objects.in_book(today).filter(company__kind=kind)
    capacities = Capacity.objects.in_book(today).filter(company__kind=kind)
    looking = companies_by_sector(needs, "accepted__commodity__sector", "accepted__group__sector")
    offering = companies_by_sector(capacities, "commodity__sector")
    return Figures(
        companies={country: enough(by_country.get(country, 0)) for country in Country.values},
        needs=listings_of(needs),
        capacities=listings_of(capacities),
        ways=tuple(
            way(origin, destination, offering, looking)
            for origin, destination in (
                (Country.INDONESIA, Country.KAZAKHSTAN),
                (Country.KAZAKHSTAN, Country.INDONESIA),
            )
        ),
        are_examples=kind == CompanyKind.EXAMPLE,
    )


def companies_by_sector(listings: QuerySet, *sectors: str) -> dict[tuple[str, str], int]:
    """How many different companies of each country have an open listing in each sector."""
    named = [NullIf(sector, Value("")) for sector in sectors]
    sector = Coalesce(*named) if len(named) > 1 else named[0]
    rows = listings.order_by().annotate(sector=sector).values_list("company__country", "sector")
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for country, name, count in rows.annotate(count=Count("company", distinct=True)):
        counts[country, name or ""] = count
    return counts


def listings_of(listings: QuerySet) -> int | None:
    """How many are open, where enough companies opened them."""
    found = listings.aggregate(companies=Count("company", distinct=True), listings=Count("pk"))
    return found["listings"] if found["companies"] >= ENOUGH else None


def way(origin: str, destination: str, offering: dict, looking: dict) -> Way:
    """The sectors of one way, those of which most is told first."""
    rows = [
        Row(sector, enough(offering.get((origin, sector), 0)), enough(looking.get((destination, sector), 0)))
        for sector in Sector.values
    ]
    told = [row for row in rows if row.offering or row.looking]
    told.sort(key=lambda row: -((row.offering or 0) + (row.looking or 0)))
    return Way(origin, destination, tuple(told))


def enough(companies: int) -> int | None:
    return companies if companies >= ENOUGH else None
