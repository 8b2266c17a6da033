"""A market as it was at one moment, ready for questions about single listings: facts, goods, and where each list ends.

Flat arrays only, so that it can lie in files that every process maps into its memory and that nobody changes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import best_for_capacities, best_for_needs
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.tell import weights_of
from matching.engine.fast.top import Top
from matching.engine.ragged import count_up
from matching.engine.score import ScoreTable

NO_END = -1.0  # of a list that has room for more


class Goods(NamedTuple):
    """The listings of one side by the places in the tree that they name: g different ones."""

    lo: np.ndarray  # int64 (g,)
    hi: np.ndarray
    start: np.ndarray  # int64 (g + 1,)
    rows: np.ndarray  # int64, ascending within a place; a listing stands once for each place that it names
    point_start: np.ndarray  # int64 (g + 1,)
    points: np.ndarray  # int64, from where the goods of a place depart, or where they arrive

    @classmethod
    def of(cls, lo: np.ndarray, hi: np.ndarray, owner: np.ndarray, point: np.ndarray) -> "Goods":
        """One entry for each place that a listing names: [lo, hi), the row of the listing, its point of the lanes."""
        places, number = np.unique(np.stack([lo, hi], axis=1), axis=0, return_inverse=True)
        number = number.reshape(-1)
        start = np.zeros(len(places) + 1, np.int64)
        np.cumsum(np.bincount(number, minlength=len(places)), out=start[1:])
        rows = owner[np.lexsort((owner, number))]
        lo, hi = (np.ascontiguousarray(places[:, end]) for end in (0, 1))
        at, points = np.unique(np.stack([number, point]), axis=1) if len(number) else np.zeros((2, 0), np.int64)
        point_start = np.searchsorted(at, np.arange(len(places) + 1)).astype(np.int64)
        return cls(lo, hi, start, rows.astype(np.int64), point_start, np.ascontiguousarray(points))

    def met_by(self, lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
        """Rows whose goods may be the same as those of some places [lo, hi): one lies within the other; ascending."""
        places = self._places_met(lo, hi)
        if len(places) == 1:
            return np.array(self.rows[self.start[places[0]] : self.start[places[0] + 1]])
        rows = np.sort(_entries(self.rows, self.start, places))
        return rows[np.diff(rows, prepend=-1) > 0]

    def points_met_by(self, lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
        """Likewise the points of those listings."""
        return np.unique(_entries(self.points, self.point_start, self._places_met(lo, hi)))

    def _places_met(self, lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
        return np.flatnonzero(nested(self.lo[:, None], self.hi[:, None], lo, hi).any(axis=1))


class Lists(NamedTuple):
    """The list of each of n listings, where it ends, and in whose lists the m listings of the other side stand."""

    start: np.ndarray  # int64 (n + 1,)
    others: np.ndarray  # int32, rows of the m, the best of a list first
    last_score: np.ndarray  # float64 (n,), of the k-th best; NO_END where there are fewer
    last_id: np.ndarray  # int64 (n,), of the other side
    held_start: np.ndarray  # int64 (m + 1,)
    held_by: np.ndarray  # int64, rows of the n

    @classmethod
    def of(cls, best: Top, other_id: np.ndarray, n: int, k: int) -> "Lists":
        """From the best k of each of n rows."""
        (row, other, rank), score = best.ranked(), best.score[best.is_taken]
        last_score, last_id = np.full(n, NO_END), np.zeros(n, np.int64)
        is_last = rank == k
        last_score[row[is_last]], last_id[row[is_last]] = score[is_last], other_id[other[is_last]]
        start, held_start = (
            np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=number))]).astype(np.int64)
            for rows, number in ((row, n), (other, len(other_id)))
        )
        held_by = row[np.lexsort((row, other))].astype(np.int64)
        return cls(start, other[np.lexsort((rank, row))].astype(np.int32), last_score, last_id, held_start, held_by)

    def members(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Who stands in the lists of some rows: places among these, and rows of the other side."""
        position, nth = count_up(self.start[rows + 1] - self.start[rows])
        return position, self.others[self.start[rows[position]] + nth].astype(np.int64)

    def holders(self, others: np.ndarray) -> np.ndarray:
        """Rows in whose lists some rows of the other side stand; a row may come twice."""
        return _entries(self.held_by, self.held_start, others)

    def reach(self, rows: np.ndarray, score: np.ndarray, id: np.ndarray) -> np.ndarray:
        """Whether some of the other side are as good as the last of the lists of these rows, or better; bool."""
        last = self.last_score[rows]
        return (score > last) | ((score == last) & (id <= self.last_id[rows]))

    def takes_in(self, rows: np.ndarray, score: np.ndarray, id: int) -> np.ndarray:
        """Whether a newcomer of the other side with these scores would enter the lists of these rows; bool."""
        last = self.last_score[rows]
        return (score > last) | ((score == last) & (id < self.last_id[rows]))


class Snapshot(NamedTuple):
    """All that single listings are compared with."""

    facts: Facts
    wanted: Goods  # rows of needs
    offered: Goods  # rows of capacities
    buyers: NeedIndex
    sellers: CapacityIndex
    of_needs: Lists
    of_capacities: Lists
    k: int

    @classmethod
    def taken(cls, book: Book, table: ScoreTable, k: int, threads: int = 1) -> "Snapshot":
        """Of a book as it is; the best k of everybody are sought for it."""
        return cls.of(Facts.of(book), weights_of(table), k, threads)

    @classmethod
    def of(cls, facts: Facts, weights: np.ndarray, k: int, threads: int = 1) -> "Snapshot":
        needs, capacities = facts.needs.id, facts.capacities.id
        buyers, sellers = NeedIndex.of(facts), CapacityIndex.of(facts)
        for_needs = best_for_needs(facts, sellers, weights, k, threads)
        of_needs = Lists.of(for_needs, capacities, len(needs), k)
        for_capacities = best_for_capacities(facts, buyers, weights, k, threads)
        of_capacities = Lists.of(for_capacities, needs, len(capacities), k)
        return cls(facts, wanted_by(facts), offered_by(facts), buyers, sellers, of_needs, of_capacities, k)

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array by its dotted name."""
        return dict(_leaves(self, ""))

    @classmethod
    def of_arrays(cls, arrays: dict[str, np.ndarray], as_of: int, k: int) -> "Snapshot":
        """The same from arrays that were kept; KeyError where one is missing."""
        return _rebuilt(cls, arrays, "", {"facts.as_of": as_of, "k": k})


def nested(lo, hi, other_lo, other_hi) -> np.ndarray:
    """Whether goods may be the same: of two places in the tree one lies within the other; bool."""
    return ((lo >= other_lo) & (hi <= other_hi)) | ((lo <= other_lo) & (hi >= other_hi))


def _entries(values: np.ndarray, start: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """All that stands at some rows, one after the other."""
    position, nth = count_up(start[rows + 1] - start[rows])
    return values[start[rows[position]] + nth]


def wanted_by(facts: Facts) -> Goods:
    needs = facts.needs
    owner = np.repeat(np.arange(len(needs.id)), np.diff(needs.accepted_start))
    return Goods.of(needs.accepted_lo, needs.accepted_hi, owner, needs.arrival[owner])


def offered_by(facts: Facts) -> Goods:
    capacities = facts.capacities
    rows = np.arange(len(capacities.id))
    return Goods.of(capacities.node_lo, capacities.node_hi, rows, capacities.departure)


def _leaves(part: tuple, prefix: str) -> Iterator[tuple[str, np.ndarray]]:
    for name, value in zip(part._fields, part, strict=True):
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, tuple):
            yield from _leaves(value, f"{prefix}{name}.")


def _rebuilt(kind: type, arrays: dict[str, np.ndarray], prefix: str, numbers: dict[str, int]):
    made = {}
    for name, annotation in kind.__annotations__.items():
        dotted = prefix + name
        if dotted in numbers:
            made[name] = numbers[dotted]
        elif hasattr(annotation, "_fields"):
            made[name] = _rebuilt(annotation, arrays, f"{dotted}.", numbers)
        else:
            made[name] = arrays[dotted]
    return kind(**made)
