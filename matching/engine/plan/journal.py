"""What was there before a change, so that a change which does not pay can be taken back."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel

OF_ROOM, OF_PRICE, OF_LOW, OF_HIGH = 0, 1, 2, 3


class Journal(NamedTuple):
    """A stack: which kind of number, which row of it, and what it was."""

    kind: np.ndarray  # int8 (most,)
    row: np.ndarray  # int32 (most,)
    was: np.ndarray  # int64 (most,)
    count: np.ndarray  # int64 (1,)
    is_open: np.ndarray  # bool (1,)


def journal_of(most: int) -> Journal:
    """A journal with room for so many notes; 0: nothing is noted and nothing can be taken back."""
    return Journal(
        np.empty(most, np.int8),
        np.empty(most, np.int32),
        np.empty(most, np.int64),
        np.zeros(1, np.int64),
        np.array([most > 0]),
    )


@kernel
def note(journal, kind, row, was):
    if not journal.is_open[0]:
        return
    at = journal.count[0]
    journal.kind[at], journal.row[at], journal.was[at] = kind, row, was
    journal.count[0] = at + 1


@kernel
def has_room(journal, notes):
    """Whether so many more notes fit."""
    return not journal.is_open[0] or journal.count[0] + notes <= len(journal.kind)


@kernel
def take_back(journal, mark, room, price, low, high):
    """Undo everything since the journal stood at `mark`, the last first."""
    for at in range(journal.count[0] - 1, mark - 1, -1):
        kind, row, was = journal.kind[at], journal.row[at], journal.was[at]
        if kind == OF_ROOM:
            room[row] = was
        elif kind == OF_PRICE:
            price[row] = was
        elif kind == OF_LOW:
            low[row] = was
        else:
            high[row] = was
    journal.count[0] = mark
