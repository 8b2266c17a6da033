"""Pairs of a need and a capacity, and the facts that the rules compare, computed once for a block of them."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from matching.engine import months
from matching.engine.book import Book
from matching.engine.market import NOT_KNOWN_KG
from matching.engine.timing import Timing, in_time, timing

# What is looked at together, so that memory stays bounded: a pair with long windows has many pairs of months.
BLOCK_PAIRS = 8192
BLOCK_MONTHS = 500_000

PRICE_DECIMALS = 6  # USD/t are compared to a millionth, so that sums of floats do not decide


class Pairs:
    """A block of pairs; every fact is an array with one entry a pair, (x,), unless said otherwise."""

    def __init__(self, book: Book, need: np.ndarray, capacity: np.ndarray):
        self.book = book
        self.need = np.asarray(need, np.int64)  # row of the book
        self.capacity = np.asarray(capacity, np.int64)

    def __len__(self) -> int:
        return len(self.need)

    def where(self, keep: np.ndarray) -> "Pairs":
        return Pairs(self.book, self.need[keep], self.capacity[keep])

    @cached_property
    def first_lane(self) -> np.ndarray:
        """Row of the lanes: the cheapest route; -1 is the lane of which nothing is known."""
        return self.book.lanes.of[self.book.capacities.departure[self.capacity], self.book.needs.arrival[self.need]]

    @cached_property
    def lane(self) -> np.ndarray:
        """The cheapest route by which the goods can arrive in time; where none does, the fastest there is."""
        return in_time(self.book, self.need, self.capacity, self.first_lane)

    @cached_property
    def timing(self) -> Timing:
        return timing(self.book, self.need, self.capacity, self.lane)

    # Price

    @cached_property
    def limit(self) -> np.ndarray:
        """USD/t, nan: not known."""
        return np.round(self.book.needs.limit_usd_per_t[self.need], PRICE_DECIMALS)

    @cached_property
    def ask(self) -> np.ndarray:
        return self.book.capacities.ask_usd_per_t[self.capacity]

    def _landed(self, slope: np.ndarray, cost: np.ndarray) -> np.ndarray:
        lines = slope[self.lane] * self.ask[:, None] + cost[self.lane]  # (x, p)
        return np.round(lines.max(axis=1), PRICE_DECIMALS)

    @cached_property
    def landed_low(self) -> np.ndarray:
        """USD/t at the need's own point and basis, nan: not known."""
        return self._landed(self.book.lanes.slope_low, self.book.lanes.cost_low)

    @cached_property
    def landed_high(self) -> np.ndarray:
        return self._landed(self.book.lanes.slope_high, self.book.lanes.cost_high)

    @cached_property
    def landed_at_least(self) -> np.ndarray:
        """The low end where it is known, else the costs that are known; nan where nothing is known, or no price."""
        part = self._landed(self.book.lanes.slope_at_least, self.book.lanes.cost_at_least)
        return np.where(np.isnan(self.landed_low), part, self.landed_low)

    # Quantity

    @cached_property
    def knows_lot(self) -> np.ndarray:
        return self.book.capacities.lot_kg[self.capacity] != NOT_KNOWN_KG

    @cached_property
    def multiple_kg(self) -> np.ndarray:
        return np.maximum(self.book.capacities.multiple_kg[self.capacity], 1)

    @cached_property
    def smallest_kg(self) -> np.ndarray:
        """The least one month must move: lot (if known) and smallest share, rounded up to the multiple; at least 1."""
        lot = np.where(self.knows_lot, self.book.capacities.lot_kg[self.capacity], 0)
        least = np.maximum(np.maximum(lot, self.book.needs.smallest_share_kg[self.need]), 1)
        return -(-least // self.multiple_kg) * self.multiple_kg

    @cached_property
    def demanded_kg(self) -> np.ndarray:
        """All slots of the need together."""
        return self.book.demanded_kg[self.need]

    @cached_property
    def movable_kg(self) -> np.ndarray:
        """What all its months can move: at best, where transit or lead are not known; 0 where time fails."""
        return months.movable_kg(self)

    @cached_property
    def _month_kg(self) -> tuple[np.ndarray, np.ndarray]:
        position, supply, demand = months.slot_pairs(self)
        kg = np.minimum(self.book.capacities.slot_kg[supply], self.book.needs.slot_kg[demand])
        best, worst = np.zeros(len(self), np.int64), np.full(len(self), np.iinfo(np.int64).max)
        np.minimum.at(worst, position, kg)
        arcs = months.arcs(self)
        np.maximum.at(best, arcs.pair, arcs.kg)
        # Where time fails there is no arc yet: judge the kilograms as if any month could meet any other.
        hopeful = ~self.timing.is_possible[position]
        np.maximum.at(best, position[hopeful], kg[hopeful])
        worst[worst == np.iinfo(np.int64).max] = 0
        return best, worst

    @property
    def best_month_kg(self) -> np.ndarray:
        """The most that one month of the pair can move."""
        return self._month_kg[0]

    @property
    def worst_month_kg(self) -> np.ndarray:
        """What every month of the pair can move, whichever months the transit picks."""
        return self._month_kg[1]


def blocks(book: Book, need: np.ndarray, capacity: np.ndarray) -> Iterator[slice]:
    """Slices of pairs, in order, each small enough to be looked at together; none where there are no pairs."""
    reached = np.cumsum(book.supply_slots.count(capacity) * book.demand_slots.count(need))
    start = 0
    while start < len(need):
        spent = reached[start - 1] if start else 0
        fits = int(np.searchsorted(reached, spent + BLOCK_MONTHS, side="right"))
        end = min(max(start + 1, min(start + BLOCK_PAIRS, fits)), len(need))
        yield slice(start, end)
        start = end
