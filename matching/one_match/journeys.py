"""How the goods of one match travel: the route that is taken, the other ones, and the way to and from the corridor."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import slugify

from accounts import figures
from companies.models import Company
from corridor.engine import Route
from corridor.engine.landed import ALL_IN, Landed, Point
from corridor.models import Place, Region
from corridor.side_by_side import Way, way_told
from corridor.ways import Trip, Ways
from matching.models import MatchResult
from matching.one_match.assumed import Preferring
from matching.one_match.landed import at, at_least
from matching.one_match.pair_facts import Names, Pair
from matching.one_match.waterfall import Amount

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Mile:
    """The way between a company's site and its nearest place of the corridor. It is told, and never in the cost."""

    company: Company
    place: Place | None
    km: int | None
    method: str  # how the distance is known, where a region says so
    is_met: bool  # whether the route begins or ends at that place


@dataclass(frozen=True)
class Other:
    """Another route that no route beats, beside the one that is taken."""

    way: Way
    key: str
    last_place: Place | None
    low: Amount
    high: Amount
    at_least: Amount
    days: int  # by how many days it is slower, at its longest; less than 0: faster
    usd: Amount  # by how much it is dearer, at the dearer end; less than 0: cheaper; None: not known

    @property
    def days_apart(self) -> int:
        return abs(self.days)

    @property
    def usd_apart(self) -> Amount:
        return None if self.usd is None else abs(self.usd)


@dataclass(frozen=True)
class Journey:
    """How the goods travel."""

    way: Way | None  # None: no route is known
    key: str
    last_place: Place | None
    others: list[Other]
    first: Mile
    last: Mile
    has_changed: bool  # the route that the run took is none of those that no route beats now


def key_of_route(route: Route | None) -> str:
    """What tells a route from the others between its places, however its cost changes."""
    if route is None:
        return ""
    return "-".join(f"{hop.leg.replace(' ', '+')}.{hop.equipment}" for hop in route.hops)


def taken_by(result: MatchResult, found: Sequence[Landed]) -> tuple[int, bool]:
    """Which of the routes the run took, told by its days; and whether it is still among them.

    Of routes that no other beats no two take equally long.
    """
    days = (result.days_low, result.days_high)
    for number, landed in enumerate(found):
        route = landed.route
        if days == ((route.days_low, route.days_high) if route else (None, None)):
            return number, True
    return 0, False


def journey_of(pair: Pair, found: Sequence[Landed], taken: int, is_same: bool, names: Names) -> Journey:
    routes = [landed.route for landed in found if landed.route]
    fastest = min((route.days_high for route in routes), default=0)
    ways = [way_told(number, route, routes, fastest, names) for number, route in enumerate(routes, start=1)]
    chosen = found[taken]
    return Journey(
        way=ways[taken] if ways else None,
        key=key_of_route(chosen.route),
        last_place=end_of(chosen.route, names),
        others=[
            other_route(pair, landed, chosen, ways[number], end_of(landed.route, names))
            for number, landed in enumerate(found)
            if number != taken and landed.route
        ],
        first=mile(pair.match.capacity.company, chosen.route and chosen.route.places[:1]),
        last=mile(pair.match.need.company, chosen.route and chosen.route.places[-1:]),
        has_changed=not is_same,
    )


def end_of(route: Route | None, names: Names) -> Place | None:
    return names.places.get(route.places[-1]) if route and route.places else None


def other_route(pair: Pair, landed: Landed, taken: Landed, way: Way, last_place: Place | None) -> Other:
    high, high_taken = at(landed.high, pair.ask), at(taken.high, pair.ask)
    return Other(
        way=way,
        key=key_of_route(landed.route),
        last_place=last_place,
        low=at(landed.low, pair.ask),
        high=high,
        at_least=at_least(landed, pair.ask),
        days=landed.route.days_high - taken.route.days_high,
        usd=None if high is None or high_taken is None else high - high_taken,
    )


def mile(company: Company, ends: Sequence[str] | None) -> Mile:
    """The way from or to a company's site. A region says how its distance is known; a company states its own."""
    region: Region | None = company.region
    km, method = company.first_mile_km, ""
    if km is None and region is not None and region.place_id == company.place_id:
        km = region.distance_km
    if region is not None and region.place_id == company.place_id and km == region.distance_km:
        method = region.distance_method
    place = company.place
    return Mile(company, place, km, method, bool(ends and place and place.code in ends))


# --- what another agreement would change


@dataclass(frozen=True)
class Agreement:
    """What a preferential tariff that is not in force would change for one match, duty paid at its last place."""

    scheme: str
    duty: tuple[Amount, Amount]  # as it is
    preferred: tuple[Amount, Amount]  # under the agreement
    is_in_price: bool  # whether the buyer's limit holds the duty

    @property
    def slug(self) -> str:
        return slugify(self.scheme)

    now = property(lambda self: written(*self.duty))
    then = property(lambda self: written(*self.preferred))

    @property
    def saves(self) -> tuple[Decimal, Decimal] | None:
        """How much less duty there is a tonne, from - to; None: not known."""
        if None in (*self.duty, *self.preferred):
            return None
        least, most = self.duty[0] - self.preferred[0], self.duty[1] - self.preferred[1]
        return min(least, most), max(least, most)

    @property
    def saves_nothing(self) -> bool:
        return self.saves is not None and max(map(abs, self.saves)) < CENT


def written(low: Amount, high: Amount) -> str:
    """A duty in USD per tonne; empty where it is not known."""
    return "" if low is None else figures.span(figures.decimal(low, 2), figures.decimal(high, 2))


def agreements(pair: Pair, taken: int, ways: Ways) -> list[Agreement]:
    """Preferential tariffs that the lines of the duty name and nobody has switched on."""
    customs, preferred = ways.customs(pair.trip), ways.tariffs.preferred
    schemes = {customs.tariffs[line.code].preference_scheme for line in customs.duties if line.code in customs.tariffs}
    names = sorted(schemes - preferred - {""})
    if not names or not pair.departure.asked.term:
        return []
    paid = paying_duty(pair, taken, ways)
    return [
        Agreement(
            scheme,
            duty_of(paid.landed(ways)),
            duty_of(paid.landed(Preferring(ways, ways.tariffs.preferred | {scheme}))),
            pair.arrival.limit.term in ("DDP", ALL_IN),
        )
        for scheme in names
    ]


def duty_beside_price(pair: Pair, taken: int, ways: Ways) -> str:
    """The duty that the buyer pays and the price does not hold; empty where there is none or it is not known."""
    if pair.arrival.limit.term in ("DDP", ALL_IN) or not pair.departure.asked.term:
        return ""
    low, high = duty_of(paying_duty(pair, taken, ways).landed(ways))
    return written(low, high) if high is not None and high >= CENT else ""


@dataclass(frozen=True)
class DutyPaid:
    """A match with its duty paid by the seller, by the route that is taken or the nearest to it."""

    trip: Trip
    asked: Point
    limit: Point
    home: str
    number: int
    ask: object

    def landed(self, ways: Ways) -> tuple[Landed, object]:
        found = ways.landed_by_route(self.trip, self.asked, self.limit, self.home)
        return found[min(self.number, len(found) - 1)], self.ask


def paying_duty(pair: Pair, taken: int, ways: Ways) -> DutyPaid:
    """At the last place of the limit where it lies in the buyer's country, else at the place of destination."""
    limit = pair.arrival.limit
    is_inside = ways.country_of.get(limit.place) == pair.arrival.country
    place = limit.place if is_inside else pair.match.need.destination.code
    return DutyPaid(
        pair.trip, pair.departure.asked, Point(ALL_IN, place), pair.departure.home, taken if is_inside else 0, pair.ask
    )


def duty_of(found: tuple[Landed, object]) -> tuple[Amount, Amount]:
    landed, ask = found
    line = next((line for line in landed.lines if line.kind == "import_duty" and not line.is_taken_out), None)
    return (None, None) if line is None else (at(line.low, ask), at(line.high, ask))
