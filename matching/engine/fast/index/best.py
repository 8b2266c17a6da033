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
from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.looking import search_capacities, search_needs
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.index.room import Room
from matching.engine.fast.index.tree import first_places

CHUNKS_A_THREAD = 8
_GROUP_BLOCKS = 4096  # what is asked together should find filled in what was asked before


class Lists(NamedTuple):
    """The best of each row, ordered by row and rank; all (x,)."""

    row: np.ndarray  # int64
    other: np.ndarray  # int64
    rank: np.ndarray  # int64, from 1
    score: np.ndarray  # float64


def best_for_needs(
    facts: Facts, index: CapacityIndex, weights: np.ndarray, k: int, threads: int = 1, counts: np.ndarray | None = None
) -> Lists:
    """The k best capacities of every need, as `matching.engine.search` finds them.

    `weights`: float64 (7,). `counts`, int64 (4,), takes how many lanes were seen, blocks asked, pairs scored exactly
    and blocks filled in.
    """
    needs = facts.needs
    rows = np.flatnonzero((needs.standing >= 0) & (needs.accepted_start[1:] > needs.accepted_start[:-1]))
    entry = needs.accepted_start[rows]
    place = first_places(index.tree, needs.accepted_lo[entry], needs.accepted_hi[entry])
    rows = _together(rows, place, needs.arrival[rows], needs.limit[rows])
    return _best(search_needs, facts, index, weights, k, rows, threads, counts)


def best_for_capacities(
    facts: Facts, index: NeedIndex, weights: np.ndarray, k: int, threads: int = 1, counts: np.ndarray | None = None
) -> Lists:
    """The k best needs of every capacity."""
    capacities = facts.capacities
    rows = np.flatnonzero(capacities.standing >= 0)
    place = first_places(index.tree, capacities.node_lo[rows], capacities.node_hi[rows])
    rows = _together(rows, place, capacities.departure[rows], capacities.ask[rows])
    return _best(search_capacities, facts, index, weights, k, rows, threads, counts)


def best_of_need(
    facts: Facts, index: CapacityIndex, weights: np.ndarray, k: int, need: int, struck: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The k best capacities of one need, and their scores. `struck`, bool (m,): capacities that do not count."""
    return _best_of(search_needs, facts, index, weights, k, need, struck)


def best_of_capacity(
    facts: Facts, index: NeedIndex, weights: np.ndarray, k: int, capacity: int, struck: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The k best needs of one capacity, and their scores. `struck`, bool (n,): needs that do not count."""
    return _best_of(search_capacities, facts, index, weights, k, capacity, struck)


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
    k: int,
    rows: np.ndarray,
    threads: int,
    counts: np.ndarray | None,
) -> Lists:
    weights = np.asarray(weights, np.float64)
    other, score = np.empty((len(rows), k), np.int32), np.empty((len(rows), k))
    found = np.zeros(len(rows), np.int32)
    none_struck = np.zeros(0, bool)
    n_chunks = 1 if threads == 1 else threads * CHUNKS_A_THREAD
    edges = np.linspace(0, len(rows), n_chunks + 1).astype(int)
    nodes = most_nodes(facts, index, rows)
    rooms = [Room.of(index, weights, nodes) for _ in range(threads)] if k and len(index.row) else []

    def work(first: int) -> None:
        for chunk in range(first, n_chunks, threads):
            part = slice(edges[chunk], edges[chunk + 1])
            search(facts, index, weights, rows[part], none_struck, other[part], score[part], found[part], rooms[first])

    if rooms and threads == 1:
        work(0)
    elif rooms:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
    if counts is not None:
        for room in rooms:
            counts += room.counts
    return _ranked(rows, other, score, found)


def _ranked(rows: np.ndarray, other: np.ndarray, score: np.ndarray, found: np.ndarray) -> Lists:
    """The lists in the order of the rows."""
    order = np.argsort(rows)
    start = np.cumsum(found[order], dtype=np.int64) - found[order]
    total = int(found.sum())
    lists = Lists(np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total))
    _gather(rows, order, start, other, score, found, *lists)
    return lists


@kernel
def _gather(rows, order, start, other, score, found, out_row, out_other, out_rank, out_score):
    for at in range(len(order)):
        line = order[at]
        for nth in range(found[line]):
            to = start[at] + nth
            out_row[to], out_other[to] = rows[line], other[line, nth]
            out_rank[to], out_score[to] = nth + 1, score[line, nth]


def _best_of(search, facts, index, weights, k, row, struck) -> tuple[np.ndarray, np.ndarray]:
    other, score, found = np.empty((1, k), np.int32), np.empty((1, k)), np.zeros(1, np.int32)
    if k and len(index.row):
        weights = np.asarray(weights, np.float64)
        struck = np.zeros(0, bool) if struck is None else struck
        rows = np.array([row])
        room = Room.of(index, weights, most_nodes(facts, index, rows), cached=1)
        search(facts, index, weights, rows, struck, other, score, found, room)
    return other[0, : found[0]].astype(np.int64), score[0, : found[0]]
