"""Every pair whose goods may be the same: all candidates, and of them the best for everyone.

A plan has to know all candidates, and whoever looks at each has the best of both sides with it. The index says of 64
capacities at once which of them surely fail a rule, and of whole blocks; only the others are judged exactly. Needs are
taken in an order in which what was laid out for one serves the next; what comes out stands in the order of the rows.
For the best of a few listings see `best`.
"""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.facts import Facts, picked
from matching.engine.fast.index.asking import ask_blocks_of_capacities, ask_capacities
from matching.engine.fast.index.blocks import CapacityIndex
from matching.engine.fast.index.columns import write_need
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.index.room import FEW_BLOCKS, Room
from matching.engine.fast.index.tree import runs_of_need, tree_of
from matching.engine.fast.judging.pair import fits
from matching.engine.fast.threads import mapped
from matching.engine.fast.top import Top, enter, join
from matching.engine.search import Progress

CHUNK_PAIRS = 1 << 20  # looked through before progress is told; their candidates are what a thread keeps in memory


class Goods(NamedTuple):
    """Who may trade the same goods."""

    n_pairs: np.ndarray  # int64 (n,), how many capacities may have the goods of each need
    order: np.ndarray  # int64 (n,), the needs such that those with one arrival and near goods follow each other

    @classmethod
    def of(cls, facts: Facts) -> "Goods":
        needs = facts.needs
        tree, _ = tree_of(facts.capacities.node_lo, facts.capacities.node_hi)
        n_pairs, runs = np.zeros(len(needs.id), np.int64), np.zeros((64, 2), np.int64)
        while (needed := _count_pairs(facts, tree, runs, n_pairs)) > len(runs):
            runs = np.zeros((needed, 2), np.int64)
        wants = needs.accepted_start[1:] > needs.accepted_start[:-1]
        first = np.append(needs.accepted_lo, 0)[np.where(wants, needs.accepted_start[:-1], -1)]
        return cls(n_pairs, np.lexsort((needs.limit, first, needs.arrival)))


class Candidates(NamedTuple):
    """All candidates ordered by need and capacity; the candidates of need i are those from start[i] to start[i + 1]."""

    start: np.ndarray  # int64 (n + 1,)
    capacity: np.ndarray  # int32 (c,), row
    value: np.ndarray  # int32 (c,), millionths a kilogram, for the plan

    @property
    def need(self) -> np.ndarray:
        """The need of each candidate; int32 (c,)."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))


class Found(NamedTuple):
    """What there is in a market, as `matching.engine.search.Found` says it."""

    best_for_need: tuple[np.ndarray, np.ndarray, np.ndarray]  # need, capacity, rank
    best_for_capacity: tuple[np.ndarray, np.ndarray, np.ndarray]  # capacity, need, rank
    candidates: Candidates  # none where they were not to be kept, or were too many
    n_candidates: np.ndarray  # int64 (n,), of each need
    has_candidate: np.ndarray  # bool (m,), whether a capacity is a candidate of some need
    n_pairs: int  # pairs whose goods may be the same


def find(
    facts: Facts,
    weights: np.ndarray,
    k: int,
    *,
    keeps: bool = True,
    most: int | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Found:
    """Look at every pair whose goods may be the same. `keeps`: all candidates are wanted, not only the best.

    Where there are more than `most` candidates none is kept; they are counted all the same.
    """
    n, m = len(facts.needs.id), len(facts.capacities.id)
    goods, index = Goods.of(facts), CapacityIndex.of(facts)
    # Capacities as they stand in the index: what is judged together lies together.
    ordered = facts._replace(capacities=picked(facts.capacities, index.row))
    for_need = Top.empty(n, min(k, m))
    every_worker = [_Worker(ordered, index, weights, m, min(k, n)) for _ in range(threads)]
    workers = SimpleQueue()
    for worker in every_worker:
        workers.put(worker)
    n_candidates, pieces = np.zeros(n, np.int64), []

    def look(rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray] | None]:
        worker = workers.get()
        try:
            return rows, worker.look(rows, int(goods.n_pairs[rows].sum()), for_need, n_candidates, keeps)
        finally:
            workers.put(worker)

    done, n_kept = 0, 0
    for rows, piece in mapped(look, list(_chunks(goods)), threads):
        n_kept += int(n_candidates[rows].sum())
        if keeps and most is not None and n_kept > most:
            keeps = False
            pieces.clear()
        if keeps:
            pieces.append((rows, piece))
        done += len(rows)
        if progress:
            progress(done, n)
    first = every_worker[0]
    for worker in every_worker[1:]:
        join(first.for_capacity, worker.for_capacity)
        first.is_candidate |= worker.is_candidate
    return Found(
        for_need.ranked(),
        first.for_capacity.ranked(),
        _put_together(n_candidates if keeps else np.zeros(n, np.int64), m, pieces),
        n_candidates,
        first.is_candidate,
        int(goods.n_pairs.sum()),
    )


class _Worker:
    """What one thread writes to."""

    def __init__(self, ordered: Facts, index: CapacityIndex, weights: np.ndarray, m: int, k: int):
        self.facts, self.index, self.weights = ordered, index, weights
        self.for_capacity = Top.empty(m, k)
        self.is_candidate = np.zeros(m, bool)
        nodes = int(np.diff(ordered.needs.accepted_start).max(initial=1))
        self.room = Room.of(index, weights, nodes)
        self.skips = np.zeros(LANES, np.int32)
        self.columns = [np.zeros(0, np.int32), np.zeros(0, np.int32)]

    def look(self, rows, n_pairs: int, for_need: Top, n_candidates, keeps: bool) -> tuple[np.ndarray, ...] | None:
        """Judge the pairs of some needs; their candidates, one need after the other: capacity and value."""
        if not len(self.index.row):
            n_kept = 0
        else:
            if keeps and n_pairs > len(self.columns[0]):
                self.columns = [np.empty(n_pairs, np.int32) for _ in self.columns]
            n_kept = _look(
                self.facts, self.index, self.weights, rows, self.room, self.skips, for_need, self.for_capacity,
                n_candidates, self.is_candidate, keeps, *self.columns,
            )  # fmt: skip
        return tuple(column[:n_kept].copy() for column in self.columns) if keeps else None


def _chunks(goods: Goods) -> Iterator[np.ndarray]:
    """The needs in their order, cut so that the pairs of each piece are not too many."""
    reached = np.cumsum(goods.n_pairs[goods.order])
    start = 0
    while start < len(reached):
        spent = reached[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(reached, spent + CHUNK_PAIRS, side="right")))
        yield goods.order[start:end]
        start = end


def _put_together(n_candidates: np.ndarray, m: int, pieces: list) -> Candidates:
    """The candidates of all pieces in the order of the rows; the pieces are used up.

    First all by their capacity, then, capacity by capacity, each to its need: nothing need be compared.
    """
    of_capacity = np.zeros(m + 1, np.int64)
    for _, (capacity, _) in pieces:
        of_capacity[1:] += np.bincount(capacity, minlength=m)
    np.cumsum(of_capacity, out=of_capacity)
    need, worth = np.empty(of_capacity[-1], np.int32), np.empty(of_capacity[-1], np.int32)
    free = of_capacity[:-1].copy()
    while pieces:
        rows, piece = pieces.pop()
        _by_capacity(rows, n_candidates, *piece, free, need, worth)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_candidates)])
    capacity, value = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
    _by_need(of_capacity, need, worth, start[:-1].copy(), capacity, value)
    return Candidates(start, capacity, value)


@kernel
def _by_capacity(rows, n_candidates, capacity, value, free, out_need, out_value):
    at = 0
    for row in rows:
        for _ in range(n_candidates[row]):
            place = free[capacity[at]]
            free[capacity[at]] += 1
            out_need[place], out_value[place] = row, value[at]
            at += 1


@kernel
def _by_need(of_capacity, need, value, free, out_capacity, out_value):
    for row in range(len(of_capacity) - 1):
        for at in range(of_capacity[row], of_capacity[row + 1]):
            place = free[need[at]]
            free[need[at]] += 1
            out_capacity[place], out_value[place] = row, value[at]


@kernel
def _count_pairs(facts, tree, runs, n_pairs):
    """How many pairs each need has; returns how many runs one of them takes, which must find room in `runs`."""
    most = 0
    for i in range(len(n_pairs)):
        n_runs = runs_of_need(facts.needs, tree, i, runs)
        most = max(most, n_runs)
        n_pairs[i] = 0
        for run in range(min(n_runs, len(runs))):
            n_pairs[i] += runs[run, 1] - runs[run, 0]
    return most


@kernel
def _look(
    facts, index, weights, rows, room, skips, for_need, for_capacity, n_candidates, is_candidate, keeps, capacity, value
):
    """Judges the pairs of some needs; returns how many candidates are kept. The capacities are those of the index."""
    n_kept = 0
    for i in rows:
        first = n_kept
        if facts.needs.standing[i] >= 0:
            for at in range(_promising(facts.needs, facts, index, i, room, skips)):
                place = room.lane_place[at]
                score, worth = fits(facts, weights, i, place)
                if score < 0:
                    continue
                j = index.row[place]
                enter(for_need.other, for_need.score, i, j, score)
                enter(for_capacity.other, for_capacity.score, j, i, score)
                is_candidate[j] = True
                if keeps:
                    capacity[n_kept], value[n_kept] = j, worth
                n_kept += 1
        n_candidates[i] = n_kept - first
    return n_kept if keeps else 0


@inner
def _promising(needs, facts, index, i, room, skips):
    """The places of capacities that do not surely fail a need, into `room.lane_place`; returns how many."""
    n_found, slots = 0, -1
    n_runs = runs_of_need(needs, index.tree, i, room.runs)
    write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
    for run in range(n_runs):
        first, last = room.runs[run, 0], room.runs[run, 1]
        is_long, above = (last - first) // LANES >= FEW_BLOCKS, -1
        for block in range(first // LANES, (last - 1) // LANES + 1):
            if is_long and above != block // LANES:
                above, slots = block // LANES, -1
                ask_blocks_of_capacities(needs, index, i, above, slots, room, skips)
            if is_long and skips[block - above * LANES]:
                continue
            slots = ask_capacities(needs, index, i, block, slots, room)
            start = block * LANES
            for lane in range(max(first - start, 0), min(last - start, LANES)):
                room.lane_place[n_found] = start + lane
                n_found += room.fails[lane] == 0
    return n_found
