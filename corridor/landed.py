"""What a tonne costs on its way: from the point of an asking price to the point of a limit price (docs/corridor.md).

Until quotes replace it, days and freight are those of the example table `corridor.Lane`. What the table cannot say
stays not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import nan

from corridor.terms import GROUPS, NAMES_ARRIVAL, NAMES_DEPARTURE, ORDER, WITHOUT_TERM, Group


@dataclass(frozen=True)
class LaneFacts:
    """Days and freight of a lane; freight is None where no quote is known."""

    days_low: int
    days_high: int
    usd_per_t_low: Decimal | None
    usd_per_t_high: Decimal | None
    route: str
    confidence: str


@dataclass(frozen=True)
class Good:
    """What the way has to know of a commodity."""

    lo: int
    hi: int
    hs6: str
    sector: str
    transport_class: str
    taxed_in: frozenset[str]  # countries that levy a duty on its export


@dataclass(frozen=True, order=True)
class Departure:
    """Where and on which terms goods are offered, and which."""

    place: int
    incoterm: str
    commodity: int
    origin: str


@dataclass(frozen=True, order=True)
class Arrival:
    """The point a limit price speaks of."""

    place: int
    incoterm: str
    is_all_in: bool
    destination: str


@dataclass(frozen=True)
class Way:
    """Days and cost per tonne from the one to the other; None and nan where not known."""

    days_low: int | None = None
    days_high: int | None = None
    cost_low: float = nan
    cost_high: float = nan
    at_least: float = nan


@dataclass(frozen=True)
class Table:
    """What a way is read from."""

    country_of: Mapping[int, str]  # place -> country
    lanes: Mapping[tuple[int, int, str], LaneFacts]


NOT_KNOWN_DAYS = (None, None)


def way(departure: Departure, arrival: Arrival, good: Good, table: Table) -> Way:
    """Days and freight from the point of the asking price to the point of the limit price."""
    asked = GROUPS.get(departure.incoterm, WITHOUT_TERM)
    # What a limit all-in speaks of is what a seller who pays the duty asks for.
    limited = Group.DDP if arrival.is_all_in else GROUPS[arrival.incoterm]
    if departure.place == arrival.place:
        days, cost = (0, 0), at_one_place(asked, limited)
    elif is_beyond_origin(departure, table):
        # Already carried somewhere else than the buyer wants it: to be taken back and forward again.
        days, cost = NOT_KNOWN_DAYS, at_least(0.0 if is_at_destination(arrival, table) else nan)
    else:
        days, cost = along_lane(table.lanes.get((departure.place, arrival.place, good.transport_class)))
    if contradicts_its_place(asked, limited, departure, arrival, table) or holds_more(asked, limited):
        cost = at_least(nan)
    elif more_than_freight(asked, limited, departure, good):
        cost = at_least(cost[2])
    return Way(*days, *cost)


def at_one_place(asked: str, limited: str) -> tuple[float, float, float]:
    """Cost low, high and at least between two prices at one place."""
    if asked == limited:
        return 0.0, 0.0, 0.0
    if asked:
        return at_least(0.0)  # handling, clearance or duty comes on top: how much is not known
    return at_least(nan)  # it does not say what it holds


def holds_more(asked: str, limited: str) -> bool:
    """Whether the asking price holds costs that the limit does not speak of: how much is not known."""
    return asked != WITHOUT_TERM and ORDER.index(asked) > ORDER.index(limited)


def contradicts_its_place(asked: str, limited: str, departure: Departure, arrival: Arrival, table: Table) -> bool:
    """Whether a term of arrival is named at a place of the origin, or one of departure in the buyer's own country.

    Nobody can tell how far such a price carries the goods.
    """
    asks_for_arrival_at_home = asked in NAMES_ARRIVAL and not is_beyond_origin(departure, table)
    limits_departure_at_home = limited in NAMES_DEPARTURE and is_at_destination(arrival, table)
    return asks_for_arrival_at_home or limits_departure_at_home


def at_least(usd_per_t: float) -> tuple[float, float, float]:
    return nan, nan, usd_per_t


def along_lane(lane: LaneFacts | None) -> tuple[tuple[int | None, int | None], tuple[float, float, float]]:
    if lane is None:
        return NOT_KNOWN_DAYS, at_least(0.0)
    low, high = lane.usd_per_t_low, lane.usd_per_t_high
    cost = at_least(0.0) if low is None else (float(low), float(high), float(low))
    return (lane.days_low, lane.days_high), cost


def is_beyond_origin(departure: Departure, table: Table) -> bool:
    return table.country_of[departure.place] != departure.origin


def is_at_destination(arrival: Arrival, table: Table) -> bool:
    return table.country_of[arrival.place] == arrival.destination


def more_than_freight(asked: str, limited: str, departure: Departure, good: Good) -> bool:
    """Whether something the example table does not know comes on top of freight, or the term is not stated."""
    owes_import_duty = limited == Group.DDP and asked != Group.DDP
    owes_export_duty = asked == Group.E and limited != Group.E and departure.origin in good.taxed_in
    return not asked or owes_import_duty or owes_export_duty
