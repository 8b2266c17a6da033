"""What one change would open: for pairs that fail exactly one rule, the smallest change that leaves no fail."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from matching.engine.book import Book
from matching.engine.changes import CHANGES, Change, PairFacts
from matching.engine.changes.base import NO_STEP
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.pairs import BLOCK_PAIRS, blocks
from matching.engine.rules import FAIL, RULE_CODES, judge
from matching.engine.score import ScoreTable, components
from matching.engine.solution import NearMiss


@dataclass(frozen=True)
class Opened:
    """What opens pairs, before it is told in full; all (x,). Rows are rows of the book."""

    need: np.ndarray
    capacity: np.ndarray
    rule: np.ndarray  # index into RULES
    place: np.ndarray  # in CHANGES of the rule
    step: np.ndarray
    effort: np.ndarray
    score_after: np.ndarray

    def __len__(self) -> int:
        return len(self.need)

    def only(self, chosen: np.ndarray) -> "Opened":
        return Opened(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @classmethod
    def joined(cls, pieces: list["Opened"]) -> "Opened":
        return cls(*(np.concatenate([getattr(piece, f.name) for piece in pieces]) for f in fields(cls)))

    def in_order(self) -> "Opened":
        """Least effort first, then what it would score, then ids: rows stand in the order of ids."""
        return self.only(np.lexsort((self.capacity, self.need, -self.score_after, self.effort)))


def near_misses(
    book: Book, table: ScoreTable, need: np.ndarray, capacity: np.ndarray, rule: np.ndarray
) -> tuple[NearMiss, ...]:
    """The near misses among pairs that each fail exactly the given rule (an index into RULES).

    At most MOST_PER_LISTING for each need and each capacity: those of the least effort, then of the best score after.
    """
    return tuple(tell(book, few_each(open_each(book, table, need, capacity, rule).in_order())))


def open_each(book: Book, table: ScoreTable, need: np.ndarray, capacity: np.ndarray, rule: np.ndarray) -> Opened:
    """What opens each pair best; without those that nothing opens."""
    opened = [_of_rule(next(iter(CHANGES)), table, book, need[:0], capacity[:0])]
    for code in CHANGES:
        chosen = np.flatnonzero(rule == RULE_CODES.index(code))
        for block in blocks(book, need[chosen], capacity[chosen]):
            piece = chosen[block]
            opened.append(_of_rule(code, table, book, need[piece], capacity[piece]))
    return Opened.joined(opened)


def smallest_steps(change: Change, pairs: PairFacts) -> np.ndarray:
    """The first step of the change at which no rule fails; NO_STEP where there is none within the limits; (x,)."""
    steps = change.smallest(pairs)
    tried = np.flatnonzero(steps > NO_STEP)
    some = pairs.only(tried)
    while len(tried):
        fails = (judge(change.apply(some, steps[tried])) == FAIL).any(axis=1)
        may_grow = steps[tried] < change.largest(some) if change.reaches_other_rules else np.zeros(len(tried), bool)
        steps[tried[fails & ~may_grow]] = NO_STEP
        grows = fails & may_grow
        tried, some = tried[grows], some.only(grows)
        steps[tried] += 1
    return steps


def _of_rule(code: str, table: ScoreTable, book: Book, need: np.ndarray, capacity: np.ndarray) -> Opened:
    """What opens each pair best: least effort, then the smallest amount, then as CHANGES lists them."""
    pairs = PairFacts.of(book, need, capacity)
    none = np.iinfo(np.int64).max
    best_effort, best_step = np.full(len(pairs), none), np.full(len(pairs), none)
    best_place, score_after = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
    for place, change in enumerate(CHANGES[code]):
        steps = smallest_steps(change, pairs)
        effort = np.where(steps > NO_STEP, change.effort(pairs, steps), none)
        better = (effort < best_effort) | ((effort == best_effort) & (effort < none) & (steps < best_step))
        best_effort, best_step = np.where(better, effort, best_effort), np.where(better, steps, best_step)
        best_place[better] = place
        chosen = pairs.only(np.flatnonzero(better))
        score_after[better] = table.score(components(change.apply(chosen, steps[better])))
    rule = np.full(len(pairs), RULE_CODES.index(code))
    opened = Opened(need, capacity, rule, best_place, best_step, best_effort, score_after)
    return opened.only(np.flatnonzero(best_effort < none))


def few_each(opened: Opened) -> Opened:
    """In their order, those whose need and capacity are not yet listed often enough."""
    needs, capacities, kept = Counter(), Counter(), []
    for at, (need, capacity) in enumerate(zip(opened.need.tolist(), opened.capacity.tolist(), strict=True)):
        if needs[need] < MOST_PER_LISTING and capacities[capacity] < MOST_PER_LISTING:
            needs[need] += 1
            capacities[capacity] += 1
            kept.append(at)
    return opened.only(np.array(kept, np.int64))


def tell(book: Book, kept: Opened) -> Iterator[NearMiss]:
    """The same in full, in the same order; few at a time stand in memory."""
    for first in range(0, len(kept), BLOCK_PAIRS):
        yield from _tell(book, kept.only(np.arange(first, min(first + BLOCK_PAIRS, len(kept)))))


def _tell(book: Book, kept: Opened) -> list[NearMiss]:
    told: dict[int, NearMiss] = {}
    for rule, changes in CHANGES.items():
        for place, change in enumerate(changes):
            some = np.flatnonzero((kept.rule == RULE_CODES.index(rule)) & (kept.place == place))
            if not len(some):
                continue
            facts = PairFacts.of(book, kept.need[some], kept.capacity[some])
            for i, said in zip(some.tolist(), change.describe(facts, kept.step[some]), strict=True):
                told[i] = NearMiss(
                    need_id=int(book.needs.id[kept.need[i]]),
                    capacity_id=int(book.capacities.id[kept.capacity[i]]),
                    rule=rule,
                    side=change.side,
                    change=said,
                    effort=int(kept.effort[i]),
                    score_after=float(kept.score_after[i]),
                )
    return [told[i] for i in range(len(kept))]
