"""Routes of a lane as a page shows them beside each other: line by line, with the quotes that each rests on."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Q

from corridor.countries import country_name
from corridor.engine import Charge, Hop, Route
from corridor.engine.network import E4
from corridor.enums import QuoteScope
from corridor.lanes import HUB
from corridor.models import Equipment, FreightQuote, Leg, Place
from corridor.ways import Load, Ways

# Where sea voyages out of Indonesia begin: the hub of Kalimantan, and the two ports that most goods leave by today.
GATEWAYS = (HUB, "IDSUB", "IDTPP")


@dataclass(frozen=True)
class CostLine:
    """One line of what a route costs, in USD per tonne; None where not known."""

    charge: Charge
    hop: Hop | None  # of a leg or of a through rate
    origin: Place | None
    destination: Place | None
    leg: Leg | None
    low: Decimal | None
    high: Decimal | None
    quotes: list[FreightQuote]
    via: Sequence[str] = ()  # the places that a through rate is taken to pass
    lapsed: FreightQuote | None = None  # the newest quote that would have paid for it, and does not hold

    @property
    def kind(self) -> str:
        return self.charge.kind


@dataclass(frozen=True)
class Way:
    """A route beside others."""

    number: int
    route: Route
    lines: list[CostLine]
    countries: list[str]  # passed, in order
    equipment: list[Equipment]
    is_cheapest: bool
    is_fastest: bool
    examples: int = 0  # how many of its quotes are examples
    quotes: int = 0

    @property
    def borders(self) -> int:
        return len(self.countries) - 1

    low = property(lambda self: usd(self.route.low_e4))
    high = property(lambda self: usd(self.route.high_e4))
    at_least = property(lambda self: usd(self.route.at_least_e4))


@dataclass(frozen=True)
class Start:
    """The same lane from another port of Indonesia, or to it."""

    place: Place
    is_asked: bool
    cheapest: Route | None
    fastest: Route | None
    origin: str
    destination: str

    low = property(lambda self: usd(self.cheapest and self.cheapest.low_e4))
    high = property(lambda self: usd(self.cheapest and self.cheapest.high_e4))
    at_least = property(lambda self: usd(self.cheapest and self.cheapest.at_least_e4))


def usd(e4: int | None) -> Decimal | None:
    return None if e4 is None else Decimal(e4) / E4


@dataclass
class Known:
    """What routes name by code: read once for all of them."""

    places: dict[str, Place]
    legs: dict[str, Leg]
    equipment: dict[str, Equipment]
    quotes: dict[str, FreightQuote]
    lapsed: dict[tuple, FreightQuote] = field(default_factory=dict)


def ways_told(routes: Sequence[Route], ways: Ways, places: dict[str, Place], legs: Iterable[Leg]) -> list[Way]:
    """Routes with everything a page says of them: three queries, however many routes."""
    charges = [charge for route in routes for charge in route.charges]
    known = Known(
        places,
        {leg.code: leg for leg in legs},
        {one.code: one for one in Equipment.objects.all()},
        {
            quote.code: quote
            for quote in FreightQuote.objects.filter(code__in={code for charge in charges for code in charge.quotes})
        },
        lapsed_quotes(routes, ways),
    )
    fastest = min((route.days_high for route in routes), default=0)
    return [way_told(number, route, routes, fastest, known) for number, route in enumerate(routes, start=1)]


def way_told(number: int, route: Route, routes: Sequence[Route], fastest: int, known: Known) -> Way:
    lines = [line_told(charge, hop, known) for charge, hop in with_hops(route)]
    quotes = {quote.code: quote for line in lines for quote in line.quotes}
    return Way(
        number=number,
        route=route,
        lines=lines,
        countries=countries_passed(route, known.places),
        equipment=[known.equipment[code] for code in dict.fromkeys(hop.equipment for hop in route.hops)],
        is_cheapest=number == 1 and route.high_e4 is not None,
        is_fastest=route.days_high == fastest,
        examples=sum(quote.is_example for quote in quotes.values()),
        quotes=len(quotes),
    )


def line_told(charge: Charge, hop: Hop | None, known: Known) -> CostLine:
    ends = (hop.origin, hop.destination) if hop else (charge.at, None)
    return CostLine(
        charge=charge,
        hop=hop,
        origin=known.places.get(ends[0]),
        destination=known.places.get(ends[1]),
        leg=known.legs.get(charge.at),
        low=usd(charge.low_e4),
        high=usd(charge.high_e4),
        quotes=[known.quotes[code] for code in charge.quotes if code in known.quotes],
        via=[known.places[code].name_without_remark for code in hop.passed[1:-1]] if hop else (),
        lapsed=known.lapsed.get(key_of(charge, hop)) if charge.high_e4 is None else None,
    )


def with_hops(route: Route) -> Iterable[tuple[Charge, Hop | None]]:
    """Each charge, and the hop it is for, if it is for one: they follow each other in the same order."""
    hops = iter(route.hops)
    for charge in route.charges:
        yield charge, next(hops) if charge.kind in ("leg", "through") else None


def countries_passed(route: Route, places: dict[str, Place]) -> list[str]:
    """The countries in order, each once where the goods go on in it."""
    codes = [places[code].country for code in route.places if code in places]
    return [country_name(code) for code in [*codes[:1], *(new for old, new in pairwise(codes) if new != old)]]


def key_of(charge: Charge, hop: Hop | None) -> tuple:
    """What a quote has to be for, to pay for a charge."""
    if hop is not None:
        return QuoteScope.LEG, hop.leg, hop.origin, hop.destination, charge.equipment
    return QuoteScope(charge.kind), "", charge.at, charge.at, charge.equipment


def lapsed_quotes(routes: Sequence[Route], ways: Ways) -> dict[tuple, FreightQuote]:
    """For charges that are not known: the newest quote that has begun but expired, or has no rate of exchange."""
    keys = {key_of(charge, hop) for route in routes for charge, hop in with_hops(route) if charge.high_e4 is None}
    return dict(begun_quotes(keys, ways.on))


def begun_quotes(keys: Collection[tuple], on: date) -> Iterator[tuple[tuple, FreightQuote]]:
    """The quotes for some of the `key_of` charges that have begun, each with its key, the one that holds longest last.

    An example that gives way on the day is none of them. One query.
    """
    wanted = Q(pk__in=[])
    for scope, leg, origin, _destination, equipment in keys:
        wanted |= Q(scope=scope, origin__code=origin, equipment__code=equipment, **({"leg__code": leg} if leg else {}))
    is_over_or_counts = Q(valid_to__lt=on) | Q(pk__in=FreightQuote.objects.in_force(on).values("pk"))
    rows = FreightQuote.objects.filter(wanted, is_over_or_counts, valid_from__lte=on, withdrawn_at__isnull=True)
    for quote in rows.select_related("leg", "origin", "destination", "equipment").order_by("valid_to", "pk"):
        leg = quote.leg.code if quote.leg else ""
        key = (quote.scope, leg, quote.origin.code, quote.destination.code, quote.equipment.code)
        if key in keys:
            yield key, quote


def starts(ways: Ways, load: Load, origin: str, destination: str, places: dict[str, Place]) -> list[Start]:
    """The Indonesian end of a lane at each of the gateways: cost and days of each; nothing where none leads on."""
    from_indonesia = places[origin].country == "ID"
    asked, other = (origin, destination) if from_indonesia else (destination, origin)
    if places[asked].country != "ID" or places[other].country == "ID":
        return []
    found = []
    for code in dict.fromkeys([asked, *GATEWAYS]):
        if code in places:
            ends = (code, other) if from_indonesia else (other, code)
            routes = ways.routes(load, *ends)
            fastest = min(routes, key=lambda route: (route.days_high, route.days_low), default=None)
            found.append(Start(places[code], code == asked, routes[0] if routes else None, fastest, *ends))
    return found if any(start.cheapest for start in found) else []
