"""Lists of different length as two flat arrays: which entries belong to which row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Ragged:
    """The entries of row i are order[start[i]:start[i + 1]]."""

    start: np.ndarray  # int64 (n_rows + 1,)
    sorted_as: np.ndarray | None  # int64 (n_entries,), the order; None: entries stand in it already

    @classmethod
    def of(cls, owner: np.ndarray, n_rows: int, keys: tuple[np.ndarray, ...] = ()) -> "Ragged":
        """Entries by their owner, and within one owner by the keys, the first key first."""
        start = np.zeros(n_rows + 1, np.int64)
        np.cumsum(np.bincount(owner, minlength=n_rows), out=start[1:])
        if is_sorted((owner, *keys)):
            return cls(start, None)
        return cls(start, np.lexsort((*reversed(keys), owner)).astype(np.int64))

    @property
    def is_in_order(self) -> bool:
        return self.sorted_as is None

    @cached_property
    def order(self) -> np.ndarray:
        """int64 (n_entries,)."""
        return np.arange(self.start[-1]) if self.is_in_order else self.sorted_as

    def ordered(self, column: np.ndarray) -> np.ndarray:
        """A column of the entries in their order: itself, not a copy, where they stand so already."""
        return column if self.is_in_order else column[self.sorted_as]

    def count(self, rows: np.ndarray) -> np.ndarray:
        """How many entries each row has; (len(rows),)."""
        return self.start[rows + 1] - self.start[rows]

    def expand(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Every entry of every row: the position in `rows` it belongs to, and the entry; both (total,)."""
        position, nth = count_up(self.count(rows))
        places = self.start[rows[position]] + nth
        return position, (places if self.is_in_order else self.sorted_as[places])


def is_sorted(keys: Sequence[np.ndarray]) -> bool:
    """Whether rows stand by the first key, equals by the second, and so on: then there is nothing to sort."""
    is_equal = np.ones(max(len(keys[0]) - 1, 0), bool)
    for key in keys:
        if (is_equal & (key[1:] < key[:-1])).any():
            return False
        is_equal &= key[1:] == key[:-1]
    return True


def count_up(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For counts (2, 0, 3): positions (0, 0, 2, 2, 2) and how-manieth (0, 1, 0, 1, 2)."""
    position = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return position, np.arange(len(position)) - first[position]


def all_of(position: np.ndarray, answers: np.ndarray, n_rows: int) -> np.ndarray:
    """The answer of a rule made of several checks: any fail, else any not known, else pass; int8 (n_rows,).

    With fail -1, not known 0 and pass 1 that is the smallest of them.
    """
    least = np.ones(n_rows, np.int8)
    np.minimum.at(least, position, answers.astype(np.int8))
    return least
