"""Which pairs came, went or stand otherwise in another run, and the cause that did most to each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from matching.enums import Cause
from matching.services.run_differences.states import Pair, State

NEW, GONE, CHANGED = "new", "gone", "changed"
KINDS = (NEW, GONE, CHANGED)
KEPT_OF_A_CAUSE = 25  # pairs that came or went
KEPT_OF_CHANGED = 100
BEYOND = 11  # the place that a pair has which is in nobody's best ten


@dataclass(frozen=True)
class Standing:
    """How a match stands in a run."""

    score_ppm: int
    rank_for_need: int  # 0: not among its best
    rank_for_capacity: int
    planned_kg: int


@dataclass(frozen=True)
class Change:
    """A pair that is a match in one of two runs only, or another one in the second."""

    kind: str
    need: int
    capacity: int
    cause: Cause
    before: Standing | None
    after: Standing | None
    parts_ppm: dict[Cause, int] | None = None  # what each cause did to the score of a pair that stays


class Sets:
    """Which pairs are matches in which of several states."""

    def __init__(self, states: Sequence[State]):
        needs = np.unique(np.concatenate([state.need for state in states]))
        self.capacities = np.unique(np.concatenate([state.capacity for state in states]))
        # A pair as one number: both ids counted among those that occur at all, so that their product fits.
        self.keys = [
            np.searchsorted(needs, state.need) * len(self.capacities) + np.searchsorted(self.capacities, state.capacity)
            for state in states
        ]

    @cached_property
    def came(self) -> np.ndarray:
        return np.setdiff1d(self.keys[-1], self.keys[0], assume_unique=True)

    @cached_property
    def went(self) -> np.ndarray:
        return np.setdiff1d(self.keys[0], self.keys[-1], assume_unique=True)

    def new(self) -> list[int]:
        """How many of the pairs that come in the end are there in each state."""
        return [int(is_there.sum()) for is_there in self.there(self.came)]

    def gone(self) -> list[int]:
        """How many of the pairs that go in the end are away in each state."""
        return [int((~is_there).sum()) for is_there in self.there(self.went)]

    def there(self, keys: np.ndarray) -> list[np.ndarray]:
        """Whether each of some pairs is a match, state by state; bool (x,) each."""
        return [np.isin(keys, of_state, assume_unique=True) for of_state in self.keys]

    def last_step(self, keys: np.ndarray) -> np.ndarray:
        """The last step that let a pair come, or go, of pairs that are there at one end only; (x,)."""
        step = np.zeros(len(keys), np.int64)
        for number, (before, after) in enumerate(pairwise(self.there(keys))):
            step[before != after] = number
        return step


def changed(first: State, last: State) -> tuple[np.ndarray, np.ndarray]:
    """Rows in both states of the matches that stay and whose score or rank is another."""
    sets = Sets([first, last])
    _keys, row, after = np.intersect1d(*sets.keys, assume_unique=True, return_indices=True)
    differs = np.zeros(len(row), bool)
    for name in ("score_ppm", "rank_for_need", "rank_for_capacity"):
        differs |= getattr(first, name)[row] != getattr(last, name)[after]
    row, after = row[differs], after[differs]
    order = np.lexsort(
        (
            first.capacity[row],
            first.need[row],
            -np.abs(ranks(last, after) - ranks(first, row)).sum(axis=0),
            -np.abs(last.score_ppm[after] - first.score_ppm[row]),
        )
    )
    return row[order], after[order]


def ranks(state: State, rows: np.ndarray) -> np.ndarray:
    """The places of matches in the lists of both sides; (2, x)."""
    both = np.stack([state.rank_for_need[rows], state.rank_for_capacity[rows]])
    return np.where(both == 0, BEYOND, both)


def changed_most(first: State, last: State) -> list[Pair]:
    """The pairs that stay and whose score changes most, then those whose rank does."""
    rows, _after = changed(first, last)
    kept = rows[:KEPT_OF_CHANGED]
    return list(zip(first.need[kept].tolist(), first.capacity[kept].tolist(), strict=True))


def changes_between(
    states: Sequence[State], causes: Sequence[Cause], sets: Sets
) -> tuple[list[Change], dict[str, int]]:
    """The most telling pairs of each kind, and how many there are of each; the steps have one cause each."""
    first, last = states[0], states[-1]
    changed_rows, _after = changed(first, last)
    found = [
        *came_or_went(NEW, last, sets.came, sets.keys[-1], sets.last_step(sets.came), causes),
        *came_or_went(GONE, first, sets.went, sets.keys[0], sets.last_step(sets.went), causes),
        *(stays(pair, states, causes) for pair in changed_most(first, last)),
    ]
    return found, {NEW: len(sets.came), GONE: len(sets.went), CHANGED: len(changed_rows)}


def came_or_went(
    kind: str, state: State, keys: np.ndarray, in_state: np.ndarray, step: np.ndarray, causes: Sequence[Cause]
) -> Iterator[Change]:
    """Of each cause the pairs that fit best, best first. `state` is the one in which they are matches."""
    row = np.searchsorted(in_state, keys)
    order = np.lexsort((state.capacity[row], state.need[row], -state.score_ppm[row]))
    left = dict.fromkeys(causes, KEPT_OF_A_CAUSE)
    for at in order.tolist():
        cause = causes[step[at]]
        if left[cause]:
            left[cause] -= 1
            standing = standing_at(state, int(row[at]))
            sides = (None, standing) if kind == NEW else (standing, None)
            yield Change(kind, int(state.need[row[at]]), int(state.capacity[row[at]]), cause, *sides)
        elif not any(left.values()):
            return


def stays(pair: Pair, states: Sequence[State], causes: Sequence[Cause]) -> Change:
    """A pair that is a match before and after: what each cause did to its score, or else to its rank."""
    standings = [None if (row := state.row(pair)) is None else standing_at(state, row) for state in states]
    scores = [standings[0].score_ppm]
    for state, standing in zip(states[1:], standings[1:], strict=True):
        scores.append(standing.score_ppm if standing else state.others.get(pair, scores[-1]))
    parts = summed(causes, [after - before for before, after in pairwise(scores)])
    moves = [
        sum(abs(b - a) for a, b in zip(place(before), place(after), strict=True))
        for before, after in pairwise(standings)
    ]
    weighed = parts if scores[0] != scores[-1] else summed(causes, moves)
    return Change(
        kind=CHANGED,
        need=pair[0],
        capacity=pair[1],
        cause=max(weighed, key=lambda cause: abs(weighed[cause])),
        before=standings[0],
        after=standings[-1],
        parts_ppm=parts,
    )


def summed(causes: Sequence[Cause], amounts: Sequence[int]) -> dict[Cause, int]:
    """What each cause did, in the order in which the causes first act."""
    parts = dict.fromkeys(causes, 0)
    for cause, amount in zip(causes, amounts, strict=True):
        parts[cause] += amount
    return parts


def place(standing: Standing | None) -> tuple[int, int]:
    if standing is None:
        return BEYOND, BEYOND
    return standing.rank_for_need or BEYOND, standing.rank_for_capacity or BEYOND


def standing_at(state: State, row: int) -> Standing:
    columns = (state.score_ppm, state.rank_for_need, state.rank_for_capacity, state.planned_kg)
    return Standing(*(int(column[row]) for column in columns))
