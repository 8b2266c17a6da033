"""Every pair whose goods may be the same, judged once: all candidates, and of them the best for everyone.

A plan has to know all candidates, and whoever looks at each has the best of both sides with it. Needs are taken in the
order of the commodity tree, so that the capacities that one looks through are still at hand for the next; what comes
out stands in the order of the rows. For the best of a few listings there is the index.
"""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.facts import Facts, picked
from matching.engine.fast.pair import DOES_NOT_FIT, fits
from matching.engine.fast.threads import mapped
from matching.engine.fast.top import Top, enter, join
from matching.engine.fast.tree import Tree, merge_runs, runs_of, tree_of
from matching.engine.search import Progress

CHUNK_PAIRS = 1 << 20  # looked through before progress is told; their candidates are what a thread keeps in memory


class Goods(NamedTuple):
    """Who may trade the same goods: the market with its capacities in the order of the commodity tree."""

    facts: Facts
    tree: Tree
    row: np.ndarray  # int32 (m,), which row of the market a capacity was
    n_pairs: np.ndarray  # int64 (n,), how many capacities may have the goods of each need
    most_runs: int  # the capacities of one need are at most so many runs

    @classmethod
    def of(cls, facts: Facts) -> "Goods":
        tree, row = tree_of(facts.capacities.node_lo, facts.capacities.node_hi)
        ordered = facts._replace(capacities=picked(facts.capacities, row))
        n_pairs, runs = np.zeros(len(facts.needs.id), np.int64), np.zeros((64, 2), np.int64)
        while (needed := _count_pairs(ordered, tree, runs, n_pairs)) > len(runs):
            runs = np.zeros((needed, 2), np.int64)
        return cls(ordered, tree, row.astype(np.int32), n_pairs, len(runs))


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
    candidates: Candidates  # none where they were not to be kept
    n_candidates: np.ndarray  # int64 (n,), of each need
    has_candidate: np.ndarray  # bool (m,), whether a capacity is a candidate of some need
    n_pairs: int  # pairs whose goods may be the same


def find(
    facts: Facts,
    weights: np.ndarray,
    k: int,
    *,
    keeps: bool = True,
    threads: int = 1,
    progress: Progress | None = None,
) -> Found:
    """Look at every pair whose goods may be the same. `keeps`: all candidates are wanted, not only the best."""
    n, m = len(facts.needs.id), len(facts.capacities.id)
    goods = Goods.of(facts)
    order = in_order_of_goods(facts)
    for_need = Top.empty(n, min(k, m))
    workers = SimpleQueue()  # what each thread keeps for itself
    every_worker = [_Worker(goods, m, min(k, n)) for _ in range(threads)]
    for worker in every_worker:
        workers.put(worker)
    n_candidates, pieces = np.zeros(n, np.int64), []

    def look(rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray] | None]:
        worker = workers.get()
        try:
            return rows, worker.look(rows, weights, for_need, n_candidates, keeps)
        finally:
            workers.put(worker)

    done = 0
    for rows, piece in mapped(look, list(_chunks(order, goods.n_pairs)), threads):
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
        _put_together(n_candidates if keeps else np.zeros(n, np.int64), pieces),
        n_candidates,
        first.is_candidate,
        int(goods.n_pairs.sum()),
    )


def in_order_of_goods(facts: Facts) -> np.ndarray:
    """The rows of the needs such that those with near goods, and with one arrival, follow each other."""
    needs = facts.needs
    if not len(needs.accepted_lo):
        return np.arange(len(needs.id))
    first = np.minimum(needs.accepted_start[:-1], len(needs.accepted_lo) - 1)
    return np.lexsort((needs.arrival, needs.accepted_hi[first], needs.accepted_lo[first]))


class _Worker:
    """What one thread writes to."""

    def __init__(self, goods: Goods, m: int, k: int):
        self.goods = goods
        self.for_capacity = Top.empty(m, k)
        self.is_candidate = np.zeros(m, bool)
        self.runs = np.zeros((goods.most_runs, 2), np.int64)
        self.columns = [np.zeros(0, np.int32), np.zeros(0, np.int32)]

    def look(self, rows, weights, for_need, n_candidates, keeps) -> tuple[np.ndarray, ...] | None:
        """Judge the pairs of some needs; their candidates, one need after the other: capacity and value."""
        most = int(self.goods.n_pairs[rows].sum() if keeps else self.goods.n_pairs[rows].max(initial=0))
        if most > len(self.columns[0]):
            self.columns = [np.empty(most, np.int32) for _ in self.columns]
        goods = self.goods
        n_kept = _look(
            goods.facts, weights, goods.tree, goods.row, rows, self.runs, for_need, self.for_capacity,
            n_candidates, self.is_candidate, keeps, *self.columns,
        )  # fmt: skip
        return tuple(column[:n_kept].copy() for column in self.columns) if keeps else None


def _chunks(order: np.ndarray, n_pairs: np.ndarray) -> Iterator[np.ndarray]:
    """The rows in this order, cut so that the pairs of each piece are not too many."""
    reached = np.cumsum(n_pairs[order])
    start = 0
    while start < len(order):
        spent = reached[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(reached, spent + CHUNK_PAIRS, side="right")))
        yield order[start:end]
        start = end


def _put_together(n_candidates: np.ndarray, pieces: list) -> Candidates:
    """The candidates of all pieces in the order of the rows; the pieces are used up."""
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_candidates)])
    capacity, value = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
    while pieces:
        rows, piece = pieces.pop()
        _place(rows, start, *piece, capacity, value)
    return Candidates(start, capacity, value)


@kernel
def _place(rows, start, piece_capacity, piece_value, capacity, value):
    at = 0
    for row in rows:
        for place in range(start[row], start[row + 1]):
            capacity[place], value[place] = piece_capacity[at], piece_value[at]
            at += 1


@inner
def _runs_of_need(facts, tree, i, runs):
    """The capacities that may have the goods of a need, as runs of the tree; how many there were before merging."""
    n_runs = 0
    for entry in range(facts.needs.accepted_start[i], facts.needs.accepted_start[i + 1]):
        n_runs = runs_of(tree, facts.needs.accepted_lo[entry], facts.needs.accepted_hi[entry], runs, n_runs)
    return n_runs


@kernel
def _count_pairs(facts, tree, runs, n_pairs):
    """How many pairs each need has; returns how many runs one of them takes, which must find room in `runs`."""
    most = 0
    for i in range(len(n_pairs)):
        n_runs = _runs_of_need(facts, tree, i, runs)
        most = max(most, n_runs)
        n_pairs[i] = 0
        for run in range(merge_runs(runs, min(n_runs, len(runs)))):
            n_pairs[i] += runs[run, 1] - runs[run, 0]
    return most


@kernel
def _look(
    facts, weights, tree, row, rows, runs, for_need, for_capacity, n_candidates, is_candidate, keeps, capacity, value
):
    """Judges the pairs of some needs; returns how many candidates are kept."""
    n_kept = 0
    for i in rows:
        first = n_kept
        n_runs = merge_runs(runs, _runs_of_need(facts, tree, i, runs))
        for run in range(n_runs):
            for place in range(runs[run, 0], runs[run, 1]):
                score, worth = fits(facts, weights, i, place)
                if score == DOES_NOT_FIT:
                    continue
                j = row[place]
                enter(for_need.other, for_need.score, i, j, score)
                enter(for_capacity.other, for_capacity.score, j, i, score)
                is_candidate[j] = True
                capacity[n_kept], value[n_kept] = j, worth
                n_kept += 1
        n_candidates[i] = n_kept - first
        if keeps:
            _sort(capacity, value, first, n_kept)
        else:
            n_kept = first
    return n_kept


@inner
def _sort(keys, beside, first, last):
    """Heapsort of keys[first:last], where it is not sorted already, with what stands beside them.

    Source: J. W. J. Williams, "Algorithm 232: Heapsort", Communications of the ACM 7 (1964), 347-348.
    """
    n = last - first
    is_sorted = True
    for at in range(first + 1, last):
        is_sorted = is_sorted and keys[at - 1] < keys[at]
    if is_sorted:
        return
    for step in range(n // 2 - 1, -n, -1):
        # The first half of the steps makes the heap, then each takes the largest to its end.
        top, size = step, n
        if step < 0:
            top, size = 0, n + step
            end = first + size
            keys[first], keys[end] = keys[end], keys[first]
            beside[first], beside[end] = beside[end], beside[first]
        while 2 * top + 1 < size:
            child = 2 * top + 1
            if child + 1 < size and keys[first + child] < keys[first + child + 1]:
                child += 1
            if keys[first + top] >= keys[first + child]:
                break
            keys[first + top], keys[first + child] = keys[first + child], keys[first + top]
            beside[first + top], beside[first + child] = beside[first + child], beside[first + top]
            top = child
