"""Time: one side moves one end of its days, by whole days. The nearest slot stretches along with its kilograms."""

from datetime import date

import numpy as np

from matching.engine import effort
from matching.engine.changes.base import NO_STEP, Change, PairFacts
from matching.engine.market import NOT_KNOWN_DAYS
from matching.engine.ragged import Ragged


class _DayChange(Change):
    reaches_other_rules = True  # other months and other days of arrival

    def missing(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        """Days missing, and whether moving this end can help at all."""
        raise NotImplementedError

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        fewest = np.full(len(pairs), effort.MOST_DAYS + 1)
        for facts in pairs.by_each_route():
            days, helps = self.missing(facts)
            fewest = np.where(helps & (days >= 1), np.minimum(days, fewest), fewest)
        return np.where(fewest <= self.largest(pairs), fewest, NO_STEP)

    def largest(self, pairs: PairFacts) -> np.ndarray:
        return np.full(len(pairs), effort.MOST_DAYS)

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return effort.row(effort.DAYS, steps)

    def end(self, pairs: PairFacts) -> tuple[np.ndarray, int]:
        """The day that moves, and whether it moves back (-1) or on (1)."""
        raise NotImplementedError

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        days, direction = self.end(pairs)
        return [
            {
                "code": self.code,
                "amount": step,
                "unit": "days",
                "from": date.fromordinal(day).isoformat(),
                "to": date.fromordinal(day + direction * step).isoformat(),
            }
            for day, step in zip(days.tolist(), steps.tolist(), strict=True)
        ]


def _slot_ends(slots: Ragged, rows: np.ndarray, *, is_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """The first or the last slot of each row that has any: rows and slots."""
    has = rows[slots.count(rows) > 0]
    return has, slots.order[slots.start[has] if is_first else slots.start[has + 1] - 1]


def _arrives(pairs: PairFacts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether the slowest comes after the window opens, the fastest before it closes; and the shortest days.

    Days that are not known may be any number.
    """
    timing = pairs.timing
    low = np.where(timing.knows_days, timing.days_low, 0)
    not_too_early = ~timing.knows_days | (timing.last_ship + timing.days_high >= timing.first_wanted)
    not_too_late = timing.first_ship + low <= timing.last_wanted
    return not_too_early, not_too_late, low


def _days_too_early(pairs: PairFacts) -> np.ndarray:
    """How many days before the window opens the slowest of the last shipment arrives."""
    timing = pairs.timing
    return np.where(timing.knows_days, timing.first_wanted - timing.last_ship - timing.days_high, 0)


class ShipEarlier(_DayChange):
    """The seller is ready earlier: available from an earlier day and, where that binds, with a shorter lead."""

    code, side = "ship_earlier", "seller"

    def missing(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        timing = pairs.timing
        not_too_early, _, low = _arrives(pairs)
        late = timing.first_ship + low - timing.last_wanted
        return np.maximum(late, timing.first_ship - timing.last_ship), not_too_early

    def largest(self, pairs: PairFacts) -> np.ndarray:
        """Nothing ships before the order is placed."""
        return np.minimum(effort.MOST_DAYS, pairs.timing.first_ship - pairs.book.as_of)

    def end(self, pairs: PairFacts) -> tuple[np.ndarray, int]:
        return pairs.timing.first_ship, -1

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        capacities, as_of = pairs.book.capacities, pairs.book.as_of
        moves = steps > NO_STEP
        ready = pairs.timing.first_ship - steps
        available_from = np.where(moves, np.minimum(capacities.available_from, ready), capacities.available_from)
        shorter = moves & (capacities.lead_days != NOT_KNOWN_DAYS)
        lead_days = np.where(shorter, np.minimum(capacities.lead_days, ready - as_of), capacities.lead_days)
        slot_first = capacities.slot_first.copy()
        rows, slots = _slot_ends(pairs.book.supply_slots, np.flatnonzero(moves), is_first=True)
        slot_first[slots] = np.minimum(slot_first[slots], available_from[rows])
        return pairs.with_capacities(available_from=available_from, lead_days=lead_days, slot_first=slot_first)


class ShipLater(_DayChange):
    """The seller still ships after the last day offered."""

    code, side = "ship_later", "seller"

    def missing(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        _, not_too_late, _ = _arrives(pairs)
        return np.maximum(_days_too_early(pairs), pairs.timing.first_ship - pairs.timing.last_ship), not_too_late

    def end(self, pairs: PairFacts) -> tuple[np.ndarray, int]:
        return pairs.timing.last_ship, 1

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        capacities = pairs.book.capacities
        available_until = capacities.available_until + steps
        slot_last = capacities.slot_last.copy()
        rows, slots = _slot_ends(pairs.book.supply_slots, np.flatnonzero(steps > NO_STEP), is_first=False)
        slot_last[slots] = np.maximum(slot_last[slots], available_until[rows])
        return pairs.with_capacities(available_until=available_until, slot_last=slot_last)


class AcceptEarlier(_DayChange):
    """The buyer takes the goods before the first day wanted."""

    code, side = "accept_earlier", "buyer"

    def missing(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        timing = pairs.timing
        _, not_too_late, _ = _arrives(pairs)
        return _days_too_early(pairs), not_too_late & (timing.first_ship <= timing.last_ship)

    def end(self, pairs: PairFacts) -> tuple[np.ndarray, int]:
        return pairs.timing.first_wanted, -1

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        needs = pairs.book.needs
        window_from = needs.window_from - steps
        slot_first = needs.slot_first.copy()
        rows, slots = _slot_ends(pairs.book.demand_slots, np.flatnonzero(steps > NO_STEP), is_first=True)
        slot_first[slots] = np.minimum(slot_first[slots], window_from[rows])
        return pairs.with_needs(window_from=window_from, slot_first=slot_first)


class AcceptLater(_DayChange):
    """The buyer takes the goods after the last day wanted."""

    code, side = "accept_later", "buyer"

    def missing(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        timing = pairs.timing
        not_too_early, _, low = _arrives(pairs)
        late = timing.first_ship + low - timing.last_wanted
        return late, not_too_early & (timing.first_ship <= timing.last_ship)

    def end(self, pairs: PairFacts) -> tuple[np.ndarray, int]:
        return pairs.timing.last_wanted, 1

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        needs = pairs.book.needs
        window_until = needs.window_until + steps
        slot_last = needs.slot_last.copy()
        rows, slots = _slot_ends(pairs.book.demand_slots, np.flatnonzero(steps > NO_STEP), is_first=False)
        slot_last[slots] = np.maximum(slot_last[slots], window_until[rows])
        return pairs.with_needs(window_until=window_until, slot_last=slot_last)
