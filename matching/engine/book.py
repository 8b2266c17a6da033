"""The market put in order once, with the look-ups that every block of pairs shares."""

from functools import cached_property

import numpy as np

from matching.engine.market import NO_LANE, Lanes, Market
from matching.engine.ragged import Ragged
from matching.engine.shards import in_order


class Book:
    """A market in canonical order (by id) and the day taken as today."""

    def __init__(self, market: Market, as_of: int):
        for name in ("needs", "capacities"):
            listings = getattr(market, name)
            if len(np.unique(listings.id)) != len(listings.id):
                raise ValueError(f"an id of the {name} is used twice")
            if len(listings.slot_kg) and listings.slot_kg.min() < 0:
                raise ValueError(f"a quantity of the {name} is negative")
        self.market = in_order(market)
        self.as_of = int(as_of)
        self.needs = self.market.needs
        self.capacities = self.market.capacities
        self.lanes = _with_unknown_lane(market.lanes)

    @classmethod
    def of_pairs(cls, market: Market, as_of: int) -> "Book":
        """A market whose rows stand as they are: row i of the needs meets row i of the capacities."""
        book = cls.__new__(cls)
        book.market, book.as_of = market, int(as_of)
        book.needs, book.capacities, book.lanes = market.needs, market.capacities, _with_unknown_lane(market.lanes)
        return book

    @cached_property
    def accepted(self) -> Ragged:
        return Ragged.of(self.needs.accepted_of, len(self.needs.id))

    @cached_property
    def asked(self) -> Ragged:
        return Ragged.of(self.needs.asked_of, len(self.needs.id))

    @cached_property
    def demand_slots(self) -> Ragged:
        return Ragged.of(self.needs.slot_of, len(self.needs.id), (self.needs.slot_first,))

    @cached_property
    def supply_slots(self) -> Ragged:
        return Ragged.of(self.capacities.slot_of, len(self.capacities.id), (self.capacities.slot_first,))

    @cached_property
    def demanded_kg(self) -> np.ndarray:
        """All slots of each need together; (n,)."""
        total = np.zeros(len(self.needs.id), np.int64)
        np.add.at(total, self.needs.slot_of, self.needs.slot_kg)
        return total

    @cached_property
    def _offered_key(self) -> tuple[np.ndarray, np.ndarray]:
        key = self._key(self.capacities.offered_of, self.capacities.offered_parameter)
        order = np.argsort(key, kind="stable")
        return key[order], order

    def offered(self, capacity: np.ndarray, parameter: np.ndarray) -> np.ndarray:
        """The entry in which a capacity states a parameter, -1 where it does not; same shape as both."""
        keys, order = self._offered_key
        if not len(keys):
            return np.full(len(capacity), -1)
        wanted = self._key(capacity, parameter)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, order[place], -1)

    def _key(self, capacity: np.ndarray, parameter: np.ndarray) -> np.ndarray:
        return capacity * len(self.market.parameters) + parameter

    @cached_property
    def set_members(self) -> np.ndarray:
        """Which words each value set holds; bool (sets, words)."""
        sets = self.market.value_sets
        words = {word: i for i, word in enumerate(sorted(frozenset().union(*sets)))}
        members = np.zeros((len(sets), len(words)), bool)
        for row, values in enumerate(sets):
            members[row, [words[word] for word in values]] = True
        return members


def _with_unknown_lane(lanes: Lanes) -> Lanes:
    """The lanes with one more behind them of which nothing is known: NO_LANE, -1, is the last row of an array."""
    n_lines = max(lanes.slope_low.shape[1], 1)

    def more(column: np.ndarray, unknown, *shape: int) -> np.ndarray:
        """One row more; a table of costs without any line gets one of which nothing is known."""
        shape = shape or column.shape[1:]
        widened = column if column.shape[1:] == shape else np.full((len(column), *shape), unknown, column.dtype)
        return np.concatenate([widened, np.full((1, *shape), unknown, column.dtype)])

    return Lanes(
        of=lanes.of,
        next=more(lanes.next, NO_LANE),
        days_low=more(lanes.days_low, -1),
        days_high=more(lanes.days_high, -1),
        slope_low=more(lanes.slope_low, 1.0, n_lines),
        cost_low=more(lanes.cost_low, np.nan, n_lines),
        slope_high=more(lanes.slope_high, 1.0, n_lines),
        cost_high=more(lanes.cost_high, np.nan, n_lines),
        slope_at_least=more(lanes.slope_at_least, 1.0, n_lines),
        cost_at_least=more(lanes.cost_at_least, np.nan, n_lines),
        rests_on_examples=more(lanes.rests_on_examples, False),
        law_seller=more(lanes.law_seller, False),
        law_buyer=more(lanes.law_buyer, False),
        voluntary=more(lanes.voluntary, False),
    )
