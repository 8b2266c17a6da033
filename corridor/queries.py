"""What can be asked of the corridor, answered as plain data: rates in force, lanes, and the law of a lane."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from corridor.enums import Country, Currency
from corridor.models import ExchangeRate, Lane, Requirement

BOTH_WAYS = "both"


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth, and on whose word."""

    currency: str
    usd_per_unit: Decimal
    on: date
    source: str
    confidence: str


def rates_in_force(on: date) -> dict[str, Rate]:
    """The newest rate of each currency not dated after the day. A currency without one is missing: not known."""
    newest = ExchangeRate.objects.filter(on__lte=on).order_by("currency", "-on").distinct("currency")
    columns = ("currency", "usd_per_unit", "on", "source", "confidence")
    return {currency: Rate(currency, *row) for currency, *row in newest.values_list(*columns)}


def usd_per_unit(currency: str, on: date) -> Rate | None:
    """The rate of one currency in force on a day; None where none is known. A dollar is a dollar, always."""
    if currency == Currency.USD:
        return Rate(currency, Decimal(1), on, "identity", "verified")
    return rates_in_force(on).get(currency)


@dataclass(frozen=True)
class LaneFacts:
    """Days and freight of a lane; freight is None where no quote is known."""

    days_low: int
    days_high: int
    usd_per_t_low: Decimal | None
    usd_per_t_high: Decimal | None
    route: str
    confidence: str


def lanes_by_key() -> dict[tuple[int, int, str], LaneFacts]:
    """Every lane by its two places and the transport class. What is missing is not known."""
    columns = ("days_low", "days_high", "usd_per_t_low", "usd_per_t_high", "route", "confidence")
    rows = Lane.objects.values_list("origin_id", "destination_id", "transport_class", *columns)
    return {(origin, destination, kind): LaneFacts(*facts) for origin, destination, kind, *facts in rows}


@dataclass(frozen=True)
class LaneLaw:
    """A certificate that goods need, or that helps, on the way from one country to another.

    It speaks of the commodities in the half-open interval `tree`, else of the `sectors`, else of all goods.
    """

    requirement: str
    origin: str
    destination: str
    sectors: frozenset[str]
    tree: tuple[int, int] | None
    certificate_kind: str
    bearer: str


def standing_requirements(on: date) -> list[LaneLaw]:
    """What refuses a pair when it is not held: the law in force, verified in text and classified."""
    return _laws(Requirement.objects.gates().in_force(on))


def voluntary_requirements(on: date) -> list[LaneLaw]:
    """What nobody demands, and helps."""
    return _laws(Requirement.objects.voluntary().in_force(on))


def _laws(requirements: Iterable[Requirement]) -> list[LaneLaw]:
    found = []
    for one in requirements.select_related("commodity", "certificate_kind").order_by("code"):
        for origin, destination in _ways(one.direction):
            tree = one.commodity and (one.commodity.tree_lo, one.commodity.tree_hi)
            # A row for one commodity names its sector too: the commodity is the narrower word, and the one that binds.
            sectors = frozenset() if tree else frozenset(one.sectors)
            law = LaneLaw(one.code, origin, destination, sectors, tree, one.certificate_kind.code, one.bearer)
            found.append(law)
    return found


def _ways(direction: str) -> list[tuple[str, str]]:
    if direction == BOTH_WAYS:
        return [(a, b) for a in Country.values for b in Country.values if a != b]
    origin, destination = direction.split(">")
    return [(origin, destination)]
