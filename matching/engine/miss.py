"""What one change would open: for pairs that fail exactly one rule, the smallest change that leaves no fail."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from matching.engine.book import Book
from matching.engine.changes import CHANGES, Change, PairFacts
from matching.engine.changes.base import NO_STEP
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.pairs import blocks
from matching.engine.rules import FAIL, RULE_CODES, judge
from matching.engine.score import ScoreTable, components
from matching.engine.solution import NearMiss


@dataclass(frozen=True)
class _Opened:
    """What opens a pair, before it is told in full. Rows are rows of the book."""

    need: int
    capacity: int
    rule: str
    place: int  # in CHANGES of the rule
    step: int
    effort: int
    score_after: float

    @property
    def order(self) -> tuple:
        """Least effort first, then what it would score, then ids: rows stand in the order of ids."""
        return self.effort, -self.score_after, self.need, self.capacity


def near_misses(
    book: Book, table: ScoreTable, need: np.ndarray, capacity: np.ndarray, rule: np.ndarray
) -> tuple[NearMiss, ...]:
    """The near misses among pairs that each fail exactly the given rule (an index into RULES).

    At most MOST_PER_LISTING for each need and each capacity: those of the least effort, then of the best score after.
    """
    opened = []
    for code in CHANGES:
        chosen = np.flatnonzero(rule == RULE_CODES.index(code))
        for block in blocks(book, need[chosen], capacity[chosen]):
            piece = chosen[block]
            opened += _of_rule(code, table, book, need[piece], capacity[piece])
    return tuple(_tell(book, _few_each(sorted(opened, key=lambda miss: miss.order))))


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


def _of_rule(code: str, table: ScoreTable, book: Book, need: np.ndarray, capacity: np.ndarray) -> list[_Opened]:
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
    return [
        _Opened(
            need=int(need[i]),
            capacity=int(capacity[i]),
            rule=code,
            place=int(best_place[i]),
            step=int(best_step[i]),
            effort=int(best_effort[i]),
            score_after=float(score_after[i]),
        )
        for i in np.flatnonzero(best_effort < none).tolist()
    ]


def _few_each(ordered: list[_Opened]) -> list[_Opened]:
    """In this order, those whose need and capacity are not yet listed often enough."""
    needs, capacities, kept = Counter(), Counter(), []
    for miss in ordered:
        if needs[miss.need] < MOST_PER_LISTING and capacities[miss.capacity] < MOST_PER_LISTING:
            needs[miss.need] += 1
            capacities[miss.capacity] += 1
            kept.append(miss)
    return kept


def _tell(book: Book, kept: list[_Opened]) -> list[NearMiss]:
    """The same in full, in the same order."""
    told: dict[int, NearMiss] = {}
    for rule, changes in CHANGES.items():
        for place, change in enumerate(changes):
            some = [i for i, miss in enumerate(kept) if (miss.rule, miss.place) == (rule, place)]
            if not some:
                continue
            facts = PairFacts.of(
                book, np.array([kept[i].need for i in some]), np.array([kept[i].capacity for i in some])
            )
            for i, said in zip(some, change.describe(facts, np.array([kept[i].step for i in some])), strict=True):
                miss = kept[i]
                told[i] = NearMiss(
                    need_id=int(book.needs.id[miss.need]),
                    capacity_id=int(book.capacities.id[miss.capacity]),
                    rule=rule,
                    side=change.side,
                    change=said,
                    effort=miss.effort,
                    score_after=miss.score_after,
                )
    return [told[i] for i in range(len(kept))]
