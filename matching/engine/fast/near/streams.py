"""The openings of single listings in their order, for a market that lies in several pieces (see `live/openings.py`)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.alone import alone
from matching.engine.fast.near.edits import Opening, Pair
from matching.engine.fast.near.opening import OPENING, open_pairs
from matching.engine.fast.near.scan import scan
from matching.engine.fast.near.sieve import Ways, everything
from matching.engine.fast.near.sieve_of_pairs import sifted
from matching.engine.fast.near.whole import BANDS, each_near_miss
from matching.engine.miss import Opened
from matching.engine.score import ScoreTable
from matching.engine.solution import NearMiss

_EVERYTHING = everything()
_ANY = np.zeros(0, np.int16), np.zeros(0), np.zeros(0, np.int64)  # capacities take any opening


class Meetings(NamedTuple):
    """Pairs whose goods may be the same, rows of one market; all int64 (x,)."""

    facts: Facts
    need: np.ndarray  # rows
    capacity: np.ndarray


class FoundOpenings:
    """The openings of a market that lies in pieces: each of its `Meetings` may have other facts."""

    def __init__(
        self,
        table: ScoreTable,
        pieces: Sequence[Facts],
        of_listing: Callable[[int, int], Iterable[Meetings]],
        of_pairs: Callable[[Sequence[Pair]], Iterable[Meetings]],
    ):
        """
        Args:
            table: what each component of the score weighs.
            pieces: all facts that meetings may have. Their lanes are the same.
            of_listing: the pairs of a listing, by side and id, with all whose goods may be the same.
            of_pairs: pairs given by their ids, in any order.
        """
        self._weights = np.array(table.weights)
        self._own = alone(*pieces)
        self._ways = Ways.of(pieces[0].lanes)
        self._of_listing, self._of_pairs = of_listing, of_pairs

    def after(self, side: int, id: int, last: Opening | None) -> Iterator[Opening]:
        """The openings of a listing that come after the last, in order; found no further than they are asked for."""
        for least, most in BANDS:
            if last is None or last.effort <= most:
                least = least if last is None else max(least, last.effort)
                yield from self._found(self._of_listing(side, id), least, most).after(last).in_order()

    def of_pairs(self, pairs: Sequence[Pair]) -> Iterator[Opening]:
        """The openings of some pairs."""
        return self._found(self._of_pairs(pairs), BANDS[0][0], BANDS[-1][1]).in_order()

    def _found(self, meetings: Iterable[Meetings], least: int, most: int) -> "_Found":
        return _Found.of([self._opened(*meeting, least, most) for meeting in meetings])

    def _opened(self, facts: Facts, need: np.ndarray, capacity: np.ndarray, least: int, most: int) -> "_Found":
        need, capacity = sifted(facts, self._ways, need, capacity, least, most)
        n = len(need)
        pairs = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int8), np.empty(n, np.int8)
        counts, every, keeps = np.zeros(n + 1, np.int64), np.arange(n + 1), np.zeros(1, np.uint8)
        runs = np.stack([every[:-1], every[:-1], every[1:]])  # each pair by itself
        scan(facts, _EVERYTHING, keeps, need, capacity, runs, 0, least, most, _ANY[0], *pairs, counts)
        n = counts[-1]
        found, n_found, is_cut = np.zeros((n, 1), OPENING), np.zeros(n, np.int64), np.zeros(n, bool)
        open_pairs(
            facts, self._weights, self._own, least, most, *pairs, every[:n], every[1 : n + 1], np.zeros(n, OPENING),
            *_ANY, found, n_found, is_cut,
        )  # fmt: skip
        some = np.flatnonzero(n_found)
        need_id, capacity_id = facts.needs.id[pairs[0][some]], facts.capacities.id[pairs[1][some]]
        return _Found(need_id, capacity_id, found[some, 0])


class _Found(NamedTuple):
    """Openings as arrays, in no order: of thousands a few are looked at."""

    need: np.ndarray  # ids, int64 (x,)
    capacity: np.ndarray
    opening: np.ndarray  # OPENING (x,)

    @classmethod
    def of(cls, parts: Sequence["_Found"]) -> "_Found":
        parts = [_NOTHING, *parts]
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def after(self, last: Opening | None) -> "_Found":
        """Those that come after an opening."""
        if last is None:
            return self
        is_after, is_equal = np.zeros(len(self.need), bool), np.ones(len(self.need), bool)
        for column, bound in zip(self._order(), last.order, strict=True):
            is_after |= is_equal & (column > bound)
            is_equal &= column == bound
        return _Found(*(column[is_after] for column in self))

    def in_order(self) -> Iterator[Opening]:
        order = np.lexsort(self._order()[::-1])
        for first in range(0, len(order), _MADE_TOGETHER):
            some = order[first : first + _MADE_TOGETHER]
            opening = self.opening[some]
            columns = (
                *(opening["effort"], -opening["score"], self.need[some], self.capacity[some]),
                *(opening["rule"], opening["place"], opening["step"]),
            )
            yield from map(Opening, *(column.tolist() for column in columns))

    def _order(self) -> tuple[np.ndarray, ...]:
        """What openings are compared by, as `Opening.order`."""
        return self.opening["effort"], -self.opening["score"], self.need, self.capacity


_MADE_TOGETHER = 64
_NOTHING = _Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, OPENING))


def told(book: Book, openings: Iterable[Opening]) -> Iterator[NearMiss]:
    """Openings in full, in the same order; the book holds their listings, and may hold others."""
    openings = list(openings)
    columns = list(zip(*openings, strict=True)) or [()] * len(Opening._fields)
    effort, minus_score, need, capacity, rule, place, step = (np.array(column) for column in columns)
    kept = Opened(
        need=np.searchsorted(book.needs.id, need),
        capacity=np.searchsorted(book.capacities.id, capacity),
        rule=rule,
        place=place,
        step=step,
        effort=effort,
        score_after=-minus_score,
    )
    return each_near_miss(book, kept) if openings else iter(())
