"""The best k for everyone, exactly, without looking at every pair.

For one listing: what every block promises; then, from the highest promise down, what every listing of a block promises;
then the exact score of those. Nothing more is looked at once the k-th score found is above all that is still promised.
Promises are sorted into levels, so that nothing need be kept in order.

Sources: R. Fagin, A. Lotem, M. Naor, "Optimal aggregation algorithms for middleware", Journal of Computer and System
Sciences 66 (2003), 614-656 (stop at the threshold); S. Ding, T. Suel, "Faster top-k document retrieval using block-max
indexes", SIGIR 2011, 993-1002 (what a block promises at most).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from matching.engine.fast.facts import Facts
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.looking import search_capacities, search_needs
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.index.room import Room
from matching.engine.fast.index.tree import first_places
from matching.engine.fast.top import Top

CHUNKS_A_THREAD = 8
_GROUP_BLOCKS = 4096  # what is asked together should find filled in what was asked before


def best_for_needs(
    facts: Facts, index: CapacityIndex, weights: np.ndarray, k: int, threads: int = 1, counts: np.ndarray | None = None
) -> Top:
    """The k best capacities of every need, as `matching.engine.search` finds them.

    `weights`: float64 (7,). `counts`, int64 (4,), takes how many lanes were seen, blocks asked, pairs scored exactly
    and blocks filled in.
    """
    needs = facts.needs
    rows = np.flatnonzero((needs.standing >= 0) & (needs.accepted_start[1:] > needs.accepted_start[:-1]))
    entry = needs.accepted_start[rows]
    place = first_places(index.tree, needs.accepted_lo[entry], needs.accepted_hi[entry])
    rows = _together(rows, place, needs.arrival[rows], needs.limit[rows])
    return _best(search_needs, facts, index, weights, Top.empty(len(needs.id), k), rows, threads, counts)


def best_for_capacities(
    facts: Facts, index: NeedIndex, weights: np.ndarray, k: int, threads: int = 1, counts: np.ndarray | None = None
) -> Top:
    """The k best needs of every capacity."""
    capacities = facts.capacities
    rows = np.flatnonzero(capacities.standing >= 0)
    place = first_places(index.tree, capacities.node_lo[rows], capacities.node_hi[rows])
    rows = _together(rows, place, capacities.departure[rows], capacities.ask[rows])
    return _best(search_capacities, facts, index, weights, Top.empty(len(capacities.id), k), rows, threads, counts)


def most_nodes(facts: Facts, index: CapacityIndex | NeedIndex, rows: np.ndarray) -> int:
    """The most nodes that one of the rows, which ask the index, accepts or stands at."""
    if isinstance(index, NeedIndex):
        return 1
    start = facts.needs.accepted_start
    return int((start[rows + 1] - start[rows]).max(initial=1))


def _together(rows: np.ndarray, place: np.ndarray, point: np.ndarray, price: np.ndarray) -> np.ndarray:
    """In the order in which what was filled in for one row serves the next."""
    return rows[np.lexsort((price, place, point, place // (LANES * _GROUP_BLOCKS)))]


def _best(
    search: Callable,
    facts: Facts,
    index: CapacityIndex | NeedIndex,
    weights: np.ndarray,
    lists: Top,
    rows: np.ndarray,
    threads: int,
    counts: np.ndarray | None,
) -> Top:
    weights = np.asarray(weights, np.float64)
    none_struck = np.zeros(0, bool)
    n_chunks = 1 if threads == 1 else threads * CHUNKS_A_THREAD
    edges = np.linspace(0, len(rows), n_chunks + 1).astype(int)
    nodes = most_nodes(facts, index, rows)
    rooms = [Room.of(index, weights, nodes) for _ in range(threads)] if lists.other.size and len(index.row) else []

    def work(first: int) -> None:
        for chunk in range(first, n_chunks, threads):
            part = rows[edges[chunk] : edges[chunk + 1]]
            search(facts, index, weights, part, part, none_struck, *lists, rooms[first])

    if rooms and threads == 1:
        work(0)
    elif rooms:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
    if counts is not None:
        for room in rooms:
            counts += room.counts
    return lists
