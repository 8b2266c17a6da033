"""A made market as other tools like it: plain columns, one row a listing, everything that no pair changes worked out.

All peers of the benchmark start from these columns: that is the help they are given. A listing that can be in no
candidate at all (not active, refused, nothing left to ship) is left out beforehand.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.book import Book
from matching.engine.fast.facts import Facts, bits_of
from matching.engine.market import NO_LANE, NO_SET, Market
from matching.engine.ragged import Ragged, count_up

Columns = dict[str, np.ndarray]
LAST_OF_ALL_DAYS = 1 << 30


@dataclass(frozen=True)
class Wide:
    """The tables. A fact that nobody knows is nan, and -1 where it is a number of days."""

    needs: Columns  # n_...; n_need is the row of the book
    capacities: Columns  # c_...; c_capacity is the row of the book
    accepts: Columns  # n_need and c_node: the kinds of goods in the book that each need may take
    lanes: Columns  # departure, arrival, then of each route its row and days
    routes: Columns  # r_...
    supply: Columns  # of, nth, first, last, kg: the slots in which a capacity can still ship, in time order
    demand: Columns
    n_kinds: int  # of certificates
    n_parameters: int
    n_routes: int  # of the lane that has most
    n_lines: int  # of landed cost

    def of_needs(self, rows: np.ndarray) -> "Wide":
        """The same with these needs alone; rows of the book."""
        wanted = np.zeros(int(self.needs["n_need"].max(initial=-1)) + 1, bool)
        wanted[rows[rows < len(wanted)]] = True
        parts = {
            "needs": picked(self.needs, wanted[self.needs["n_need"]]),
            "accepts": picked(self.accepts, wanted[self.accepts["n_need"]]),
            "demand": picked(self.demand, wanted[self.demand["of"]]),
        }
        return Wide(**(self.__dict__ | parts))


def picked(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: column[rows] for name, column in columns.items()}


def narrow(columns: Columns) -> Columns:
    """Whole numbers in 32 bits, as one keeps them where memory is what a query costs."""
    if any(column.dtype == np.int64 and abs(column).max(initial=0) >= 2**31 for column in columns.values()):
        raise ValueError("a number of a made market fits 32 bits")
    return {name: column.astype(np.int32) if column.dtype == np.int64 else column for name, column in columns.items()}


def slots(side: str, columns: Columns) -> Columns:
    """With the side in front of each name."""
    return {f"{side}_{name}": column for name, column in columns.items()}


def widened(market: Market, as_of: int) -> Wide:
    """The columns of a market. Raises ValueError where it has what only the engine knows: sets, choices, no lane."""
    if (market.needs.asked_set != NO_SET).any() or (market.capacities.offered_set != NO_SET).any():
        raise ValueError("sets of values do not fit into plain columns")
    if market.capacities.offered_is_choice.any() or (market.lanes.of == NO_LANE).any():
        raise ValueError("choices and missing lanes do not fit into plain columns")
    book = Book(market, as_of)
    facts = Facts.of(book)
    needs, demand = _needs(facts, book)
    capacities, supply, nodes = _capacities(facts, book)
    alive = needs.pop("is_alive")
    lanes, n_routes = _lanes(facts)
    needs["n_room"] = np.nan_to_num(needs["n_limit"] - _least_added(facts)[needs["n_arrival"]], nan=np.inf)
    capacities["c_least"] = np.nan_to_num(capacities["c_ask"], nan=-np.inf)
    return Wide(
        needs=narrow(picked(needs, alive)),
        capacities=narrow(picked(capacities, capacities.pop("is_alive"))),
        accepts=narrow(_accepts(facts, nodes, alive)),
        lanes=narrow(lanes),
        routes=narrow(_routes(facts, book)),
        supply=narrow(supply),
        demand=narrow(picked(demand, alive[demand["of"]])),
        n_kinds=len(market.certificate_kinds),
        n_parameters=len(market.parameters),
        n_routes=n_routes,
        n_lines=facts.lanes.slope_low.shape[1],
    )


def _needs(facts: Facts, book: Book) -> tuple[Columns, Columns]:
    needs, rows = facts.needs, len(facts.needs.id)
    of, nth = count_up(np.diff(needs.slot_start))
    demand = {"of": of, "nth": nth, "first": needs.slot_first, "last": needs.slot_last, "kg": needs.slot_kg}
    # Which origins it takes and the corridor lets through, as bits.
    opens = bits_of(needs.accepts_origin & facts.corridor_open.T[needs.country])
    columns = {
        "n_need": np.arange(rows),
        "n_company": needs.company,
        "n_opens": opens,
        "n_from": needs.window_from,
        "n_until": needs.window_until,
        "n_total": needs.total_kg,
        "n_slots": np.diff(needs.slot_start),
        "n_largest": largest(demand, rows),
        "n_share": needs.smallest_share_kg,
        "n_limit": needs.limit,
        "n_terms": needs.terms,
        "n_arrival": needs.arrival,
        "n_trust": needs.trust,
        "n_requires": bits_of(book.needs.requires),
        "is_alive": (needs.standing >= 0) & (needs.window_from <= needs.window_until),
    }
    asked = book.needs.asked_of, book.needs.asked_parameter, book.needs.asked_low, book.needs.asked_high
    return columns | papers("n", facts.needs) | parameters("n", rows, len(book.market.parameters), *asked), demand


def _capacities(facts: Facts, book: Book) -> tuple[Columns, Columns, np.ndarray]:
    capacities, rows = facts.capacities, len(facts.capacities.id)
    of = np.repeat(np.arange(rows), np.diff(capacities.slot_start))
    first = np.maximum(capacities.slot_first, capacities.first_ship[of])
    last = np.minimum(capacities.slot_last, capacities.last_ship[of])
    supply = picked({"of": of, "first": first, "last": last, "kg": capacities.slot_kg}, first <= last)
    n_slots = np.bincount(supply["of"], minlength=rows)
    supply["nth"] = count_up(n_slots)[1]
    nodes, node = np.unique(np.stack([capacities.node_lo, capacities.node_hi], axis=1), axis=0, return_inverse=True)
    columns = {
        "c_capacity": np.arange(rows),
        "c_company": capacities.company,
        "c_origin": 1 << capacities.country,
        "c_node": node.reshape(-1),
        "c_first": capacities.first_ship,
        "c_last": capacities.last_ship,
        "c_knows_lead": capacities.knows_lead,
        "c_slots": n_slots,
        "c_largest": largest(supply, rows),
        "c_lot": capacities.lot_kg,
        "c_multiple": capacities.multiple_kg,
        "c_ask": capacities.ask,
        "c_terms": capacities.terms,
        "c_departure": capacities.departure,
        "c_trust": capacities.trust,
        "is_alive": (capacities.standing >= 0) & (n_slots > 0),
    }
    told = book.capacities
    offered = told.offered_of, told.offered_parameter, told.offered_low, told.offered_high
    return (
        columns | papers("c", capacities) | parameters("c", rows, len(book.market.parameters), *offered),
        supply,
        nodes,
    )


def largest(slots: Columns, rows: int) -> np.ndarray:
    """The most kilograms of one slot."""
    most = np.zeros(rows, np.int64)
    np.maximum.at(most, slots["of"], slots["kg"])
    return most


def papers(side: str, listings) -> Columns:
    """First and last day of each kind of certificate, and which are held, as bits.

    What is stated not held, or never valid, begins after the last of all days; what is not known never fails.
    """
    state, since, till = listings.certificate, listings.certificate_from, listings.certificate_until
    since = np.where((state < 0) | ((state > 0) & (since > till)), LAST_OF_ALL_DAYS, np.where(state == 0, -1, since))
    till = np.where(state == 0, LAST_OF_ALL_DAYS, till)
    columns = {f"{side}_held": bits_of(state > 0)}
    for kind in range(state.shape[1]):
        columns[f"{side}_since{kind}"] = np.ascontiguousarray(since[:, kind])
        columns[f"{side}_till{kind}"] = np.ascontiguousarray(till[:, kind])
    return columns


def parameters(side: str, rows: int, n: int, of, parameter, low, high) -> Columns:
    """Whether each parameter is stated, and its two ends."""
    columns = {}
    for one in range(n):
        entries = np.flatnonzero(parameter == one)
        states = np.zeros(rows, bool)
        states[of[entries]] = True
        columns[f"{side}_states{one}"] = states
        for name, ends in (("low", low), ("high", high)):
            column = np.full(rows, np.nan)
            column[of[entries]] = ends[entries]
            columns[f"{side}_{name}{one}"] = column
    return columns


def _accepts(facts: Facts, nodes: np.ndarray, alive: np.ndarray) -> Columns:
    """Every node of the other side that lies within or around one that the need accepts, once each."""
    needs = facts.needs
    wanted, place = np.unique(np.stack([needs.accepted_lo, needs.accepted_hi], axis=1), axis=0, return_inverse=True)
    lo, hi = wanted[:, :1], wanted[:, 1:]
    nested = ((lo <= nodes[:, 0]) & (nodes[:, 1] <= hi)) | ((nodes[:, 0] <= lo) & (hi <= nodes[:, 1]))
    of_wanted, node = np.nonzero(nested)
    position, entry = Ragged.of(of_wanted, len(wanted)).expand(place.reshape(-1))
    owner = np.repeat(np.arange(len(needs.id)), np.diff(needs.accepted_start))[position]
    keys = np.unique(owner * len(nodes) + node[entry])
    keys = keys[alive[keys // len(nodes)]]
    return {"n_need": keys // len(nodes), "c_node": keys % len(nodes)}


def _lanes(facts: Facts) -> tuple[Columns, int]:
    lanes = facts.lanes
    departure, arrival = np.indices(lanes.of.shape)
    columns, route, nth = {"departure": departure.reshape(-1), "arrival": arrival.reshape(-1)}, lanes.of.reshape(-1), 0
    while (route >= 0).any():
        columns[f"route{nth}"] = route
        columns[f"low{nth}"], columns[f"high{nth}"] = lanes.days_low[route], lanes.days_high[route]
        route, nth = np.where(route >= 0, lanes.next[route], -1), nth + 1
    return columns, nth


def _least_added(facts: Facts) -> np.ndarray:
    """What the way to each arrival adds to an asking price at the very least, wherever it begins; never below 0.

    With it a capacity is too dear wherever `c_least > n_room`: what an index on the price is good for.
    """
    lanes = facts.lanes
    if min(lanes.slope_low.min(), lanes.slope_at_least.min()) < 1:
        raise ValueError("a way that takes off from the price leaves no room to look for")
    adds = np.fmin(lanes.cost_low.max(axis=1), lanes.cost_at_least.max(axis=1)).clip(0)
    adds = np.nan_to_num(adds, nan=0.0)
    least, route = np.full(lanes.of.shape, np.inf), lanes.of
    while (route >= 0).any():
        least = np.minimum(least, np.where(route >= 0, adds[route], np.inf))
        route = np.where(route >= 0, lanes.next[route], -1)
    return least.min(axis=0)


def _routes(facts: Facts, book: Book) -> Columns:
    lanes, of = facts.lanes, book.lanes
    columns = {"r_route": np.arange(len(lanes.next)), "r_low": lanes.days_low, "r_high": lanes.days_high}
    for line in range(lanes.slope_low.shape[1]):
        for end in ("low", "high", "at_least"):
            for part in ("slope", "cost"):
                columns[f"r_{part}_{end}{line}"] = np.ascontiguousarray(getattr(lanes, f"{part}_{end}")[:, line])
    columns["r_seller"], columns["r_buyer"] = bits_of(of.law_seller), bits_of(of.law_buyer)
    columns["r_voluntary"], columns["r_n_voluntary"] = bits_of(of.voluntary), of.voluntary.sum(axis=1)
    return columns
