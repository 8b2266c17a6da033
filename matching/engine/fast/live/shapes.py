"""Whether the arrays of a snapshot belong together: compiled code reads them without looking where they end."""

import numpy as np

from matching.engine.fast.facts import Capacities, Facts, Lanes, Needs
from matching.engine.fast.index import columns
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.numbers import LANES, SLOTS
from matching.engine.fast.index.promises import CAPACITY_WAYS, NEED_LAWS, NEED_WAYS
from matching.engine.fast.index.tree import Tree
from matching.engine.fast.index.ways import LINES, Ways
from matching.engine.fast.live.snapshot import Goods, Lists, Snapshot

Listings = Needs | Capacities
Index = NeedIndex | CapacityIndex


def check(snapshot: Snapshot) -> None:
    """Looks once at every number that says where to read next, a few milliseconds for each million of listings.

    Raises ValueError.
    """
    facts = snapshot.facts
    needs, capacities = facts.needs, facts.capacities
    departures, arrivals = facts.lanes.of.shape
    _check_lanes(facts)
    for listings, point, points in ((needs, "arrival", arrivals), (capacities, "departure", departures)):
        _check_listings(facts, listings)
        _within(getattr(listings, point), points, point)
    _length(needs.accepts_origin, (len(needs.id), len(facts.corridor_open)), "accepts_origin")
    for goods, listings, points in (
        (snapshot.wanted, needs, arrivals),
        (snapshot.offered, capacities, departures),
    ):
        _check_goods(goods, len(listings.id), points)
    _check_lists(snapshot.of_needs, len(needs.id), len(capacities.id))
    _check_lists(snapshot.of_capacities, len(capacities.id), len(needs.id))
    buyers, sellers = snapshot.buyers, snapshot.sellers
    _check_index(buyers, len(needs.id), (columns.NEED_NUMBERS, columns.NEED_FLAGS))
    _check_index(sellers, len(capacities.id), (columns.CAPACITY_NUMBERS, columns.CAPACITY_FLAGS))
    _within(buyers.arrival, arrivals, "arrival of the index")
    _within(sellers.departure, departures, "departure of the index")
    _length(buyers.arrival, buyers.row.shape, "arrival of the index")
    _length(sellers.departure, sellers.row.shape, "departure of the index")
    _length(sellers.ask, sellers.row.shape, "ask of the index")
    for index in (buyers, sellers):
        _check_ways(index.ways, facts.lanes, needs.certificate.shape[1])


def _check_listings(facts: Facts, listings: Listings) -> None:
    said = listings._asdict()
    starts = {name.removesuffix("start"): start for name, start in said.items() if name.endswith("_start")}
    n, entries = len(listings.id), set()
    for prefix, start in starts.items():
        of_entries = [name for name in said if name.startswith(prefix) and name != f"{prefix}start"]
        for name in of_entries:
            _runs(start, n, len(said[name]), name)
        entries |= {*of_entries, f"{prefix}start"}
    for name in said.keys() - entries:
        _length(said[name], (n, *said[name].shape[1:]), name)
    kinds = facts.needs.certificate.shape[1]
    for name in ("certificate", "certificate_from", "certificate_until"):
        _length(said[name], (n, kinds), name)
    _within(listings.country, len(facts.corridor_open), "country")
    if "requires_kind" in said:
        _within(said["requires_kind"], kinds, "requires_kind")
    sets = said["asked_set"] if "asked_set" in said else said["offered_set"]
    _within(sets, len(facts.set_members), "set", least=-1)


def _check_lanes(facts: Facts) -> None:
    lanes, kinds = facts.lanes, facts.needs.certificate.shape[1]
    rows = len(lanes.days_low)
    _within(lanes.of, rows, "of", least=-1)
    _within(lanes.next, rows, "next", least=-1)
    for name in ("next", "days_high"):
        _length(getattr(lanes, name), (rows,), name)
    for name in ("slope_low", "cost_low", "slope_high", "cost_high", "slope_at_least", "cost_at_least"):
        _length(getattr(lanes, name), (rows, lanes.slope_low.shape[1]), name)
    for name in ("seller", "buyer", "voluntary"):
        kind = getattr(lanes, f"{name}_kind")
        _runs(getattr(lanes, f"{name}_start"), rows, len(kind), name)
        _within(kind, kinds, name)
    _length(facts.corridor_open, (len(facts.corridor_open),) * 2, "corridor_open")


def _check_goods(goods: Goods, n: int, points: int) -> None:
    places = len(goods.lo)
    _length(goods.hi, (places,), "goods")
    _runs(goods.start, places, len(goods.rows), "goods")
    _runs(goods.point_start, places, len(goods.points), "points of goods")
    _within(goods.rows, n, "rows of goods")
    _within(goods.points, points, "points of goods")


def _check_lists(lists: Lists, n: int, m: int) -> None:
    _runs(lists.start, n, len(lists.others), "others")
    _within(lists.others, m, "others")
    _length(lists.last_score, (n,), "last_score")
    _length(lists.last_id, (n,), "last_id")
    _runs(lists.held_start, m, len(lists.held_by), "held_by")
    _within(lists.held_by, n, "held_by")


def _check_index(index: Index, n: int, widths: tuple[int, int]) -> None:
    blocks = -(-len(index.row) // LANES)
    above = -(-blocks // LANES)
    _within(index.row, n, "rows of the index")
    _check_tree(index.tree, len(index.row))
    for prefix, count in (("", blocks), ("best_", above)):
        numbers, flags, slots, of_block = (
            getattr(index, f"{prefix}{name}") for name in ("numbers", "flags", "slots", "slots_of_block")
        )
        for flat, width in zip((numbers, flags), widths, strict=True):
            _length(flat, (count * width * LANES,), f"{prefix}numbers")
        _length(of_block, (count,), f"{prefix}slots_of_block")
        _length(slots, (len(slots), SLOTS), f"{prefix}slots")
        _within(of_block, len(slots), f"{prefix}slots_of_block")
    is_of_needs, ways = isinstance(index, NeedIndex), index.ways
    axis = 0 if is_of_needs else 1
    groups, lines = ways.of_group.shape[axis], ways.numbers.shape[1] - LINES
    _length(ways.group, (ways.of.shape[axis],), "groups")
    _within(ways.group, groups, "groups")
    other = ways.of.shape[1 - axis]
    _length(ways.of_group, (groups, other) if is_of_needs else (other, groups), "ways of groups")
    n_ways, n_laws = (NEED_WAYS + lines, NEED_LAWS) if is_of_needs else (CAPACITY_WAYS, 1)
    _length(index.best_ways, (above * groups * n_ways * LANES,), "best_ways")
    _length(index.best_laws, (above * groups * n_laws * LANES,), "best_laws")


def _check_tree(tree: Tree, entries: int) -> None:
    nodes = len(tree.lo)
    _length(tree.hi, (nodes,), "tree")
    _length(tree.around, (nodes,), "tree")
    _length(tree.nests, (1,), "tree")
    _runs(tree.start, nodes, entries, "tree")
    if nodes and not ((tree.around >= -1) & (tree.around < np.arange(nodes))).all():
        raise ValueError("a node of the tree lies around one before it")


def _check_ways(ways: Ways, lanes: Lanes, kinds: int) -> None:
    rows, width = ways.numbers.shape
    if width <= LINES:
        raise ValueError("the ways have no lines")
    _length(ways.papers, (rows, 3), "papers of ways")
    _length(ways.route_numbers, (len(ways.route_numbers), width), "routes of ways")
    _length(ways.route_papers, (len(ways.route_numbers), 3), "routes of ways")
    _length(ways.next, (len(ways.route_numbers),), "next of ways")
    _length(ways.of, lanes.of.shape, "ways")
    _length(ways.bit, (kinds,), "bit")
    _within(ways.of, rows, "ways")
    _within(ways.of_group, rows, "ways of groups")
    _within(ways.next, len(ways.route_numbers), "next of ways", least=-1)


def _length(array: np.ndarray, shape: tuple[int, ...], name: str) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}, not {shape}")


def _within(numbers: np.ndarray, end: int, name: str, least: int = 0) -> None:
    if numbers.size and not (least <= int(numbers.min()) and int(numbers.max()) < end):
        raise ValueError(f"{name} names a row that is not there")


def _runs(start: np.ndarray, n: int, entries: int, name: str) -> None:
    """Whether n runs divide the entries."""
    if start.shape != (n + 1,) or start[0] != 0 or start[-1] != entries or (np.diff(start) < 0).any():
        raise ValueError(f"the runs of {name} are not {n} runs of {entries} entries")
