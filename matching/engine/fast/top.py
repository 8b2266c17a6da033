"""The k best of each row while pairs come in any order: by score, then by the smaller number of the other side."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel

NONE = -1.0  # a place that nobody has taken: every score is above it


class Top(NamedTuple):
    """The best of each row so far, best first."""

    other: np.ndarray  # int32 (rows, k)
    score: np.ndarray  # float64 (rows, k), NONE: free

    @classmethod
    def empty(cls, rows: int, k: int) -> "Top":
        return cls(np.zeros((rows, k), np.int32), np.full((rows, k), NONE))

    @property
    def is_taken(self) -> np.ndarray:
        """bool (rows, k)."""
        return self.score > NONE

    def ranked(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Row, other and rank from 1, ordered by row and rank; int64."""
        row, place = np.nonzero(self.is_taken)
        return row, self.other[row, place].astype(np.int64), place + 1


@inner
def enter(other, score, row, new_other, new_score):
    """Lets a pair into the best of a row, if it belongs there."""
    at = other.shape[1]
    while at > 0:
        before = score[row, at - 1]
        if new_score < before or (new_score == before and other[row, at - 1] < new_other):
            break
        at -= 1
    if at == other.shape[1]:
        return
    for place in range(other.shape[1] - 1, at, -1):
        other[row, place], score[row, place] = other[row, place - 1], score[row, place - 1]
    other[row, at], score[row, at] = new_other, new_score


@kernel
def join(into, more):
    """Lets the best that another thread has kept into these."""
    for row in range(len(more.score)):
        for place in range(more.score.shape[1]):
            if more.score[row, place] == NONE:
                break
            enter(into.other, into.score, row, more.other[row, place], more.score[row, place])
