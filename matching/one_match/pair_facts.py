"""A match as the corridor is asked about it, and everything that the answers name by code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from corridor.engine.landed import CostLine, Landed
from corridor.enums import Currency
from corridor.legs import legs_on
from corridor.models import Equipment, FreightQuote, InsurancePremium, Leg, Place
from corridor.side_by_side import Known, begun_quotes, key_of, with_hops
from corridor.ways import Trip, Ways
from matching.models import Match
from matching.services.listings import usd_per_t
from matching.services.trips import Arrival, Departure, arrival_at, departure_from, trip_of


@dataclass(frozen=True)
class Pair:
    """The two sides of a match as the corridor is asked about them."""

    match: Match
    departure: Departure
    arrival: Arrival
    ask: Fraction | None  # USD/t
    limit: Fraction | None

    @property
    def trip(self) -> Trip:
        return trip_of(self.departure, self.arrival, self.match.capacity.commodity)

    def ways_there(self, ways: Ways) -> list[Landed]:
        """The landed cost by every route that no other beats, the cheapest first."""
        return ways.landed_by_route(self.trip, self.departure.asked, self.arrival.limit, self.departure.home)


def pair_of(match: Match, ways: Ways) -> Pair:
    """A match with its prices at the rates of the day. Both sides come with their places and companies loaded."""
    rates = {Currency.USD: Decimal(1)} | {code: rate.usd_per_unit for code, rate in ways.rates.items()}
    ask, limit = (
        exact(usd_per_t(one.price_amount, one.price_currency, one.price_unit, rates))
        for one in (match.capacity, match.need)
    )
    return Pair(match, departure_from(match.capacity), arrival_at(match.need), ask, limit)


def exact(usd: float) -> Fraction | None:
    """A price as the book has it: to the hundredth of a cent."""
    return None if usd != usd else Fraction(str(usd))


@dataclass
class Names(Known):
    """What lines and routes name by code, read once: four queries, however many lines there are."""

    premiums: dict[str, InsurancePremium] = field(default_factory=dict)


def read_names(found: Iterable[Landed], ways: Ways, places: dict[str, Place], legs: Sequence[Leg]) -> Names:
    found = list(found)
    routes = [landed.route for landed in found if landed.route]
    codes = {code for landed in found for line in landed.lines for code in codes_of(line)}
    codes |= {code for route in routes for charge in route.charges for code in charge.quotes}
    quotes = {quote.code: quote for quote in FreightQuote.objects.filter(code__in=codes)}
    return Names(
        places=places,
        legs={leg.code: leg for leg in legs},
        equipment={one.code: one for one in Equipment.objects.all()},
        quotes=quotes,
        lapsed=lapsed_quotes(routes, quotes, ways),
        premiums={one.code: one for one in InsurancePremium.objects.filter(code__in=codes)},
    )


def read_places() -> dict[str, Place]:
    return {place.code: place for place in Place.objects.all()}


def read_legs(on: date) -> list[Leg]:
    return list(legs_on(on).select_related("origin", "destination").order_by("code"))


def codes_of(line: CostLine) -> list[str]:
    return [code for source in line.sources for code in source.split()]


def lapsed_quotes(routes: Sequence, quotes: Mapping[str, FreightQuote], ways: Ways) -> dict[tuple, FreightQuote]:
    """For lines that nobody's quote holds for: the newest one that ended, or has no rate of exchange.

    A line that rests on examples is one of them, where it was a person's quote that ended.
    """
    wanted: dict[tuple, bool] = {}
    for route in routes:
        for charge, hop in with_hops(route):
            is_quoted = any(code in quotes and not quotes[code].is_example for code in charge.quotes)
            if not is_quoted:
                wanted[key_of(charge, hop)] = charge.high_e4 is None
    return {
        key: quote
        for key, quote in begun_quotes(wanted, ways.on)
        if quote.code not in quotes and (wanted[key] or (quote.valid_to < ways.on and not quote.is_example))
    }
