"""What lies between offers and needs, as lanes of the engine: each way and each law of the corridor numbered once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan

import numpy as np

from commodities.models import Commodity
from corridor.engine.affine import Top
from corridor.engine.landed import Landed
from corridor.law import asked_of
from corridor.queries import CorridorFacts
from corridor.ways import Ways
from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS, Lanes
from matching.services.trips import Arrival, Departure, trip_of

UNKNOWN = ((1.0, nan),)  # the lines of an amount that is not known
Lines = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Way:
    """One route between two points as the engine reckons with it. Amounts are straight lines in the asking price."""

    days_low: int
    days_high: int
    low: Lines
    high: Lines
    at_least: Lines
    rests_on_examples: bool


def load_lanes(
    departures: list[Departure],
    arrivals: list[Arrival],
    occurs: np.ndarray,
    ways: Ways,
    corridor: CorridorFacts,
    kinds: tuple[str, ...],
) -> Lanes:
    """A lane for every pair of departure and arrival that occurs, bool (departures, arrivals); equal lanes are one.

    A lane with several routes is as many rows, the cheapest first, each naming the next dearer and faster one.
    """
    goods = Commodity.objects.in_bulk({departure.commodity for departure in departures})
    return lanes_of(departures, arrivals, occurs, ways, corridor, kinds, goods)


def lanes_of(
    departures: list[Departure],
    arrivals: list[Arrival],
    occurs: np.ndarray,
    ways: Ways,
    corridor: CorridorFacts,
    kinds: tuple[str, ...],
    goods: Mapping[int, Commodity],
) -> Lanes:
    """The same with the goods at hand, by their keys."""
    of = np.full(occurs.shape, NO_LANE, dtype=np.int64)
    laws = Laws(corridor, kinds)
    rows: list[tuple[Way, int, int]] = []  # way, next, law
    known: dict[tuple, int] = {}
    for row, column in np.argwhere(occurs):
        departure, arrival = departures[row], arrivals[column]
        law = laws.number(departure, arrival.country)
        routes = routes_between(ways, departure, arrival, goods[departure.commodity])
        after = NO_LANE
        for way in reversed(routes):
            lane = (way, after, law)
            if lane not in known:
                known[lane] = len(rows)
                rows.append(lane)
            after = known[lane]
        of[row, column] = after
    return Lanes(of=of, **columns_of([way for way, _next, _law in rows]), **laws.columns(rows))


def no_lanes(departures: int, arrivals: int, kinds: int) -> Lanes:
    """Nothing is known between any two points."""
    none = Laws(CorridorFacts([], [], {}), ("",) * kinds)
    return Lanes(of=np.full((departures, arrivals), NO_LANE, np.int64), **columns_of([]), **none.columns([]))


def routes_between(ways: Ways, departure: Departure, arrival: Arrival, commodity: Commodity) -> list[Way]:
    """Every route that no other beats between the two points of a pair, the cheapest first."""
    found = ways.landed_by_route(trip_of(departure, arrival, commodity), departure.asked, arrival.limit, departure.home)
    return [way_of(landed, ways) for landed in found]


def way_of(landed: Landed, ways: Ways) -> Way:
    route = landed.route
    return Way(
        days_low=NOT_KNOWN_DAYS if route is None else route.days_low,
        days_high=NOT_KNOWN_DAYS if route is None else route.days_high,
        low=lines_of(landed.low),
        high=lines_of(landed.high),
        at_least=lines_of(landed.at_least),
        rests_on_examples=ways.rests_on_examples(landed),
    )


def lines_of(amount: Top | None) -> Lines:
    if amount is None:
        return UNKNOWN
    return tuple((float(slope), float(constant)) for slope, constant in amount.lines)


def columns_of(ways: list[Way]) -> dict[str, np.ndarray]:
    most = max((len(lines) for way in ways for lines in (way.low, way.high, way.at_least)), default=1)
    columns = {
        "days_low": np.array([way.days_low for way in ways], np.int64),
        "days_high": np.array([way.days_high for way in ways], np.int64),
        "rests_on_examples": np.array([way.rests_on_examples for way in ways], bool),
    }
    for end in ("low", "high", "at_least"):
        table = np.array([filled(getattr(way, end), most) for way in ways], float).reshape(len(ways), most, 2)
        columns |= {f"slope_{end}": table[:, :, 0], f"cost_{end}": table[:, :, 1]}
    return columns


def filled(lines: Lines, most: int) -> Lines:
    """As many lines as the longest has: repeating one leaves the largest what it is."""
    return lines + lines[:1] * (most - len(lines))


class Laws:
    """The laws of ways, each distinct one numbered once."""

    def __init__(self, corridor: CorridorFacts, kinds: tuple[str, ...]):
        self.corridor, self.kinds = corridor, kinds
        self.tables: list[np.ndarray] = []
        self._number: dict[bytes, int] = {}
        self._of: dict[tuple[int, str, str], int] = {}

    def number(self, departure: Departure, destination: str) -> int:
        key = (departure.commodity, departure.origin_country, destination)
        if key not in self._of:
            table = law_table(departure, destination, self.corridor, self.kinds)
            number = self._number.setdefault(table.tobytes(), len(self.tables))
            if number == len(self.tables):
                self.tables.append(table)
            self._of[key] = number
        return self._of[key]

    def columns(self, rows: Iterable[tuple[Way, int, int]]) -> dict[str, np.ndarray]:
        rows = list(rows)
        tables = np.array(self.tables, dtype=bool).reshape(len(self.tables), 3, len(self.kinds))
        picked = tables[np.array([law for _way, _next, law in rows], np.int64)]
        return {
            "next": np.array([after for _way, after, _law in rows], np.int64),
            "law_seller": picked[:, 0],
            "law_buyer": picked[:, 1],
            "voluntary": picked[:, 2],
        }


def law_table(departure: Departure, destination: str, corridor: CorridorFacts, kinds: tuple[str, ...]) -> np.ndarray:
    """Certificates asked of the seller, of the buyer, and those that help; bool (3, K)."""
    good = corridor.commodities[departure.commodity]
    asked = asked_of(good, (departure.origin_country, destination), corridor.standing, corridor.voluntary)
    return np.array(
        [[kind in held for kind in kinds] for held in (asked.of_seller, asked.of_buyer, asked.helpful)], dtype=bool
    ).reshape(3, len(kinds))
