"""What every change has: a side, a grid, and the facts as they would be after it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matching.engine.book import Book
from matching.engine.market import NO_LANE, Market
from matching.engine.pairs import Pairs
from matching.engine.shards import pick

NO_STEP = 0


class PairFacts(Pairs):
    """Pairs that have their facts to themselves: row i of the needs meets row i of the capacities and nobody else.

    So the facts of one pair can be changed without touching another.
    """

    @classmethod
    def of(cls, book: Book, need: np.ndarray, capacity: np.ndarray) -> "PairFacts":
        market = book.market
        return cls.of_market(
            replace(market, needs=pick(market.needs, need), capacities=pick(market.capacities, capacity)), book.as_of
        )

    @classmethod
    def of_market(cls, market: Market, as_of: int) -> "PairFacts":
        rows = np.arange(len(market.needs.id))
        return cls(Book.of_pairs(market, as_of), rows, rows)

    def only(self, keep: np.ndarray) -> "PairFacts":
        """Some of these pairs, alone."""
        return PairFacts.of(self.book, self.need[keep], self.capacity[keep])

    def by_each_route(self) -> Iterator["PairFacts"]:
        """The same pairs by their cheapest routes, then by the next ones, as long as one of them has another."""
        lane = self.first_lane
        has_another = np.ones(1, bool)
        while has_another.any():
            facts = PairFacts(self.book, self.need, self.capacity)
            facts.lane = lane
            yield facts
            following = self.book.lanes.next[lane]
            has_another = following != NO_LANE
            lane = np.where(has_another, following, lane)

    def with_needs(self, **columns: np.ndarray) -> "PairFacts":
        market = self.book.market
        return PairFacts.of_market(replace(market, needs=replace(market.needs, **columns)), self.book.as_of)

    def with_capacities(self, **columns: np.ndarray) -> "PairFacts":
        market = self.book.market
        return PairFacts.of_market(replace(market, capacities=replace(market.capacities, **columns)), self.book.as_of)


class Change:
    """One change by one side, in steps of its own grid; all arrays (x,)."""

    code: str
    side: str  # "seller" | "buyer"
    reaches_other_rules = False  # then a larger step may do where the smallest one fails another rule

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        """The first step at which the failing rule fails no more; NO_STEP where there is none within the limits."""
        raise NotImplementedError

    def largest(self, pairs: PairFacts) -> np.ndarray:
        """The last step within the limits, for changes that reach other rules."""
        raise NotImplementedError

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        """The facts after so many steps; NO_STEP leaves a pair as it is."""
        raise NotImplementedError

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        """The row of the published table; int64 (x,). Rows where there is no step mean nothing."""
        raise NotImplementedError

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        """What the sentence about each needs: amount, unit, from, to; plain data. Every pair has a step."""
        raise NotImplementedError
