"""What lies between an offer and a need: days, freight and law, as lanes of the engine.

Until the corridor computes landed cost, freight and days come from the example table `corridor.Lane`. What the table
cannot say stays not known (docs/running.md, "Landed cost until the corridor computes it").
"""

from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np

from commodities.enums import NodeKind
from commodities.models import Commodity
from companies.enums import PriceBasis
from corridor.enums import Bearer, Incoterm
from corridor.models import Place, Tariff
from corridor.queries import LaneFacts, LaneLaw, lanes_by_key, standing_requirements, voluntary_requirements
from matching.engine.market import NOT_KNOWN_DAYS, Lanes

# Terms that put the same costs into a price at one place, up to what the example table can tell apart.
GROUPS = {
    Incoterm.EXW: "E",
    **dict.fromkeys((Incoterm.FCA, Incoterm.FAS, Incoterm.FOB), "F"),
    **dict.fromkeys((Incoterm.CFR, Incoterm.CIF, Incoterm.CPT, Incoterm.CIP, Incoterm.DAP, Incoterm.DPU), "C"),
    Incoterm.DDP: "DDP",
}
# In the order of what they hold: each holds all that the ones before it hold.
ORDER = ("E", "F", "C", "DDP")
NAMES_DEPARTURE = frozenset({"E", "F"})
NAMES_ARRIVAL = frozenset({"C", "DDP"})
WITHOUT_TERM = ""


@dataclass(frozen=True, order=True)
class Departure:
    """Where and on which terms a capacity is offered, and what is offered."""

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
    """Days and cost per tonne of one lane; nan and NOT_KNOWN_DAYS where not known."""

    days_low: int = NOT_KNOWN_DAYS
    days_high: int = NOT_KNOWN_DAYS
    cost_low: float = nan
    cost_high: float = nan
    at_least: float = nan


@dataclass
class CorridorFacts:
    """The reference rows that lanes are made from, loaded once."""

    country_of: dict[int, str]  # place -> country
    lanes: dict[tuple[int, int, str], LaneFacts]
    standing: list[LaneLaw]
    voluntary: list[LaneLaw]
    commodities: dict[int, "Good"]


@dataclass(frozen=True)
class Good:
    """What the lane has to know of a commodity."""

    lo: int
    hi: int
    hs6: str
    sector: str
    transport_class: str
    taxed_in: frozenset[str]  # countries that levy a duty on its export


def load_corridor(as_of: date, commodity_ids: set[int]) -> CorridorFacts:
    return CorridorFacts(
        country_of=dict(Place.objects.values_list("pk", "country")),
        lanes=lanes_by_key(),
        standing=standing_requirements(as_of),
        voluntary=voluntary_requirements(as_of),
        commodities=load_goods(commodity_ids),
    )


def load_goods(commodity_ids: set[int]) -> dict[int, Good]:
    """Commodities on offer. A heading has the sector of what is traded below it where that is one sector."""
    columns = ("pk", "tree_lo", "tree_hi", "hs_code", "sector", "transport_class")
    tradable = list(Commodity.objects.filter(kind=NodeKind.COMMODITY).values_list("tree_lo", "sector"))
    taxes = set(Tariff.objects.filter(measure__startswith="export_").values_list("market", "hs6"))
    goods = {}
    for pk, lo, hi, hs_code, sector, transport_class in Commodity.objects.filter(pk__in=commodity_ids).values_list(
        *columns
    ):
        below = {of for tree_lo, of in tradable if lo <= tree_lo < hi}
        if not sector and len(below) == 1:
            sector = below.pop()
        taxed_in = frozenset(market for market, hs6 in taxes if hs6.startswith(hs_code))
        goods[pk] = Good(lo, hi, hs_code, sector, transport_class, taxed_in)
    return goods


def departure_of(capacity: dict) -> Departure:
    return Departure(capacity["place_id"], capacity["incoterm"], capacity["commodity_id"], capacity["origin_country"])


def arrival_of(need: dict) -> Arrival:
    """The named place of the Incoterm; without a term, or all-in, the place of destination."""
    is_all_in = need["price_basis"] == PriceBasis.ALL_IN
    term = need["incoterm"]
    goes_to_the_end = is_all_in or term == WITHOUT_TERM or need["named_place_id"] is None
    place = need["destination_id"] if goes_to_the_end else need["named_place_id"]
    # A limit without a term is one for the goods brought to the destination.
    return Arrival(place, term or Incoterm.DAP, is_all_in, need["destination__country"])


def way(departure: Departure, arrival: Arrival, corridor: CorridorFacts) -> Way:
    """Days and freight from the point of the asking price to the point of the limit price."""
    good = corridor.commodities[departure.commodity]
    asked = GROUPS.get(departure.incoterm, WITHOUT_TERM)
    # What a limit all-in speaks of is what a seller who pays the duty asks for.
    limited = "DDP" if arrival.is_all_in else GROUPS[arrival.incoterm]
    if departure.place == arrival.place:
        days, cost = (0, 0), at_one_place(asked, limited)
    elif is_beyond_origin(departure, corridor):
        # Already carried somewhere else than the buyer wants it: to be taken back and forward again.
        days, cost = (NOT_KNOWN_DAYS,) * 2, at_least(0.0 if is_at_destination(arrival, corridor) else nan)
    else:
        days, cost = along_lane(corridor.lanes.get((departure.place, arrival.place, good.transport_class)))
    if contradicts_its_place(asked, limited, departure, arrival, corridor) or holds_more(asked, limited):
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


def contradicts_its_place(
    asked: str, limited: str, departure: Departure, arrival: Arrival, corridor: CorridorFacts
) -> bool:
    """Whether a term of arrival is named at a place of the origin, or one of departure in the buyer's own country.

    Nobody can tell how far such a price carries the goods.
    """
    asks_for_arrival_at_home = asked in NAMES_ARRIVAL and not is_beyond_origin(departure, corridor)
    limits_departure_at_home = limited in NAMES_DEPARTURE and is_at_destination(arrival, corridor)
    return asks_for_arrival_at_home or limits_departure_at_home


def at_least(usd_per_t: float) -> tuple[float, float, float]:
    return nan, nan, usd_per_t


def along_lane(lane: LaneFacts | None) -> tuple[tuple[int, int], tuple[float, float, float]]:
    if lane is None:
        return (NOT_KNOWN_DAYS, NOT_KNOWN_DAYS), at_least(0.0)
    low, high = lane.usd_per_t_low, lane.usd_per_t_high
    cost = at_least(0.0) if low is None else (float(low), float(high), float(low))
    return (lane.days_low, lane.days_high), cost


def is_beyond_origin(departure: Departure, corridor: CorridorFacts) -> bool:
    return corridor.country_of[departure.place] != departure.origin


def is_at_destination(arrival: Arrival, corridor: CorridorFacts) -> bool:
    return corridor.country_of[arrival.place] == arrival.destination


def more_than_freight(asked: str, limited: str, departure: Departure, good: Good) -> bool:
    """Whether something the example table does not know comes on top of freight, or the term is not stated."""
    owes_import_duty = limited == "DDP" and asked != "DDP"
    owes_export_duty = asked == "E" and limited != "E" and departure.origin in good.taxed_in
    return not asked or owes_import_duty or owes_export_duty


def load_lanes(
    departures: list[Departure], arrivals: list[Arrival], corridor: CorridorFacts, kinds: tuple[str, ...]
) -> Lanes:
    """A lane for every pair of departure and arrival; equal lanes are one row."""
    ways, way_of = _numbered_ways(departures, arrivals, corridor)
    laws, law_of = _numbered_laws(departures, arrivals, corridor, kinds)
    both = way_of * len(laws) + law_of
    pairs, of = np.unique(both, return_inverse=True)
    way_rows, law_rows = pairs // max(len(laws), 1), pairs % max(len(laws), 1)
    picked = ways[way_rows]
    return Lanes(
        of=of.reshape(both.shape).astype(np.int64),
        days_low=picked[:, 0].astype(np.int64),
        days_high=picked[:, 1].astype(np.int64),
        slope=np.ones((len(pairs), 1)),
        cost_low=picked[:, 2:3],
        cost_high=picked[:, 3:4],
        cost_at_least=picked[:, 4],
        law_seller=laws[law_rows, 0],
        law_buyer=laws[law_rows, 1],
        voluntary=laws[law_rows, 2],
    )


def _numbered_ways(departures, arrivals, corridor) -> tuple[np.ndarray, np.ndarray]:
    """Distinct ways, shape (w, 5), and which one each pair takes. What differs only in law is computed once."""
    numbers, numbered = {}, []
    of = np.zeros((len(departures), len(arrivals)), dtype=np.int64)
    alike = {}
    for row, departure in enumerate(departures):
        good = corridor.commodities[departure.commodity]
        is_taxed = departure.origin in good.taxed_in
        key = (departure.place, departure.incoterm, departure.origin, good.transport_class, is_taxed)
        if key not in alike:
            alike[key] = row
            for column, arrival in enumerate(arrivals):
                found = way(departure, arrival, corridor)
                values = (found.days_low, found.days_high, found.cost_low, found.cost_high, found.at_least)
                # repr makes equal what nan keeps apart
                number = numbers.setdefault(repr(values), len(numbers))
                if number == len(numbered):
                    numbered.append(values)
                of[row, column] = number
        of[row] = of[alike[key]]
    return np.array(numbered, dtype=np.float64).reshape(-1, 5), of


def _numbered_laws(departures, arrivals, corridor, kinds) -> tuple[np.ndarray, np.ndarray]:
    """Distinct laws, bool (w, 3, K): asked of the seller, of the buyer, voluntary; and which holds for each pair."""
    numbers, numbered = {}, []
    of = np.zeros((len(departures), len(arrivals)), dtype=np.int64)
    destinations = [arrival.destination for arrival in arrivals]
    alike = {}
    for row, departure in enumerate(departures):
        by_destination = alike.setdefault((departure.commodity, departure.origin), {})
        for destination in set(destinations) - set(by_destination):
            table = law(departure, destination, corridor, kinds)
            number = numbers.setdefault(table.tobytes(), len(numbers))
            if number == len(numbered):
                numbered.append(table)
            by_destination[destination] = number
        of[row] = [by_destination[destination] for destination in destinations]
    shape = (-1, 3, len(kinds))
    return (np.array(numbered, dtype=bool).reshape(shape) if kinds else np.zeros((len(numbered), 3, 0), bool)), of


def law(departure: Departure, destination: str, corridor: CorridorFacts, kinds: tuple[str, ...]) -> np.ndarray:
    """Certificates asked of the seller, of the buyer, and those that help; bool (3, K)."""
    good = corridor.commodities[departure.commodity]
    way = (departure.origin, destination)
    table = np.zeros((3, len(kinds)), dtype=bool)
    for asked in corridor.standing:
        if applies(asked, good, way):
            table[1 if asked.bearer == Bearer.BUYER else 0, kinds.index(asked.certificate_kind)] = True
    for helpful in corridor.voluntary:
        if applies(helpful, good, way):
            table[2, kinds.index(helpful.certificate_kind)] = True
    return table


def applies(requirement: LaneLaw, good: Good, way: tuple[str, str]) -> bool:
    """Whether a requirement speaks of these goods on this way."""
    if (requirement.origin, requirement.destination) != way:
        return False
    if requirement.tree is not None:
        lo, hi = requirement.tree
        return lo <= good.lo and good.hi <= hi
    return not requirement.sectors or good.sector in requirement.sectors
