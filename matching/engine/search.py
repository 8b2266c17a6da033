"""Looking at every pair whose goods may be the same, block by block: the best k for everyone, exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.engine.book import Book
from matching.engine.pairs import BLOCK_PAIRS, Pairs, blocks
from matching.engine.ragged import Ragged
from matching.engine.rules import FAIL, RULES, judge
from matching.engine.score import ScoreTable, components

BLOCK_NEEDS = 64

Progress = Callable[[int, int], None]

# Rules that no near miss opens, and then the ones that cost least to ask: most pairs end there.
_NEVER_NEAR = tuple(rule for rule in RULES if rule.code in ("sides", "commodity", "standing"))
_CHEAP = tuple(rule for rule in RULES if rule.code in ("time", "price", "payment"))


class Best:
    """The k best of each row: by score, then by the smaller number of the other side. Fed in blocks, in any order."""

    def __init__(self, k: int):
        self.k = k
        self._kept: list[tuple[np.ndarray, ...]] = []
        self._n_kept = self._n_pending = 0

    def add(self, row: np.ndarray, other: np.ndarray, score: np.ndarray) -> None:
        self._kept.append((row, other, score))
        self._n_pending += len(row)
        if self._n_pending > max(8 * BLOCK_PAIRS, self._n_kept):
            self._trim()

    def ranked(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Row, other and rank from 1, ordered by row and rank."""
        row, other, _, rank = self._trim()
        return row, other, rank

    def _trim(self) -> tuple[np.ndarray, ...]:
        empty = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        row, other, score = (np.concatenate(columns) for columns in zip(empty, *self._kept, strict=True))
        order = np.lexsort((other, -score, row))
        row, other, score = row[order], other[order], score[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row) + 1
        keep = rank <= self.k
        kept = row[keep], other[keep], score[keep], rank[keep]
        self._kept, self._n_kept, self._n_pending = [kept[:3]], int(keep.sum()), 0
        return kept


@dataclass(frozen=True)
class Found:
    """What the search found. Rows are rows of the book."""

    best_for_need: tuple[np.ndarray, np.ndarray, np.ndarray]  # need, capacity, rank
    best_for_capacity: tuple[np.ndarray, np.ndarray, np.ndarray]  # capacity, need, rank
    candidate_need: np.ndarray  # every pair without a fail, ordered by need and capacity
    candidate_capacity: np.ndarray
    candidate_value: np.ndarray  # millionths a kilogram, for the plan
    near_need: np.ndarray  # every pair that fails exactly one rule, and one that a near miss may open
    near_capacity: np.ndarray
    near_rule: np.ndarray  # index into RULES
    n_pairs: int  # pairs whose goods may be the same


def search(book: Book, table: ScoreTable, k: int, progress: Progress | None = None) -> Found:
    """Ask every rule of every pair whose goods may be the same; score those that fail none."""
    for_need, for_capacity = Best(k), Best(k)
    candidates, near = [], []
    n_pairs = 0
    for pairs, needs_done in pairs_by_commodity(book):
        n_pairs += len(pairs)
        pairs = _still_open(pairs)
        verdicts = judge(pairs)
        n_fails = (verdicts == FAIL).sum(axis=1)
        one = n_fails == 1
        near.append((pairs.need[one], pairs.capacity[one], np.argmax(verdicts[one] == FAIL, axis=1)))
        fitting = pairs.where(n_fails == 0)
        parts = components(fitting)
        score = table.score(parts)
        for_need.add(fitting.need, fitting.capacity, score)
        for_capacity.add(fitting.capacity, fitting.need, score)
        candidates.append((fitting.need, fitting.capacity, table.plan_value(parts)))
        if progress:
            progress(needs_done, len(book.needs.id))
    return Found(for_need.ranked(), for_capacity.ranked(), *_columns(candidates), *_columns(near), n_pairs)


def _columns(blocks: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    empty = (np.zeros(0, np.int64),) * 3
    return tuple(np.concatenate(columns) for columns in zip(empty, *blocks, strict=True))


def _still_open(pairs: Pairs) -> Pairs:
    """Without the pairs that can be neither a candidate nor a near miss: the dear rules need not be asked of them."""
    for rule in _NEVER_NEAR:
        pairs = pairs.where(rule.answer(pairs) != FAIL)
    fails = sum((rule.answer(pairs) == FAIL).astype(int) for rule in _CHEAP)
    return pairs.where(fails <= 1)


def pairs_by_commodity(book: Book) -> Iterator[tuple[Pairs, int]]:
    """Every pair whose commodities lie one within the other, in blocks ordered by need and capacity.

    Yields the block and how many needs are done with it.
    """
    needs, capacities = book.needs, book.capacities
    nodes, node_of = np.unique(np.stack([capacities.node_lo, capacities.node_hi], axis=1), axis=0, return_inverse=True)
    of_node = Ragged.of(node_of.reshape(-1), len(nodes))
    for first in range(0, len(needs.id), BLOCK_NEEDS):
        rows = np.arange(first, min(first + BLOCK_NEEDS, len(needs.id)))
        position, entry = book.accepted.expand(rows)
        lo, hi = needs.accepted_lo[entry, None], needs.accepted_hi[entry, None]
        nested = ((lo <= nodes[:, 0]) & (nodes[:, 1] <= hi)) | ((nodes[:, 0] <= lo) & (hi <= nodes[:, 1]))
        meets = np.zeros((len(rows), len(nodes)), bool)
        np.logical_or.at(meets, position, nested)
        need_at, node = np.nonzero(meets)
        at, capacity = of_node.expand(node)
        need = rows[need_at[at]]
        order = np.lexsort((capacity, need))
        need, capacity = need[order], capacity[order]
        for block in list(blocks(book, need, capacity)) or [slice(0, 0)]:  # none at all is progress too
            is_last = block.stop >= len(need)
            yield Pairs(book, need[block], capacity[block]), int(rows[-1]) + 1 if is_last else int(need[block][-1])
