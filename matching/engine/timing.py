"""When the goods of a pair can be shipped and when they arrive."""

from dataclasses import dataclass

import numpy as np

from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS

NO_DAY = -1


@dataclass(frozen=True)
class Timing:
    """Days of pairs; all (x,). Where the time rule fails there is no transit and no day of delivery."""

    answer: np.ndarray  # int8, the time rule
    first_ship: np.ndarray  # first day of shipping: available, and ordered today ready
    last_ship: np.ndarray
    first_wanted: np.ndarray
    last_wanted: np.ndarray
    days_low: np.ndarray
    days_high: np.ndarray
    knows_days: np.ndarray  # bool
    transit: np.ndarray  # planned: the longest that still fits; NO_DAY where days are not known or the rule fails
    first_day: np.ndarray  # earliest feasible delivery, NO_DAY where the rule fails
    last_day: np.ndarray

    @property
    def is_possible(self) -> np.ndarray:
        return self.answer >= 0


def in_time(book, need: np.ndarray, capacity: np.ndarray, lane: np.ndarray) -> np.ndarray:
    """The first of the routes of each lane with which the time rule does not fail; where it always fails, the last."""
    chosen = lane.copy()
    tried = np.flatnonzero(book.lanes.next[lane] != NO_LANE)
    while len(tried):
        late = timing(book, need[tried], capacity[tried], chosen[tried]).answer < 0
        following = book.lanes.next[chosen[tried]]
        moves = late & (following != NO_LANE)
        tried = tried[moves]
        chosen[tried] = following[moves]
    return chosen


def timing(book, need: np.ndarray, capacity: np.ndarray, lane: np.ndarray) -> Timing:
    """Transit days that fit lie between (first wanted - last ship) and (last wanted - first ship).

    A lead that is not known counts 0 days; a pass is then only "not known".
    """
    needs, capacities = book.needs, book.capacities
    lead = capacities.lead_days[capacity]
    knows_lead = lead != NOT_KNOWN_DAYS
    first_ship = np.maximum(capacities.available_from[capacity], book.as_of + np.where(knows_lead, lead, 0))
    last_ship = capacities.available_until[capacity]
    first_wanted, last_wanted = needs.window_from[need], needs.window_until[need]
    low, high = book.lanes.days_low[lane], book.lanes.days_high[lane]
    knows_days = (low != NOT_KNOWN_DAYS) & (high != NOT_KNOWN_DAYS)

    fits_from, fits_until = np.maximum(first_wanted - last_ship, 0), last_wanted - first_ship
    can_ship = (first_ship <= last_ship) & (first_wanted <= last_wanted)
    meets = np.where(knows_days, (low <= fits_until) & (high >= fits_from), fits_until >= 0) & can_ship
    holds = knows_days & (low >= fits_from) & (high <= fits_until) & knows_lead
    answer = np.where(meets, holds, -1).astype(np.int8)

    has_transit = meets & knows_days
    transit = np.where(has_transit, np.minimum(high, fits_until), NO_DAY)
    first_day = np.maximum(first_wanted, first_ship + np.where(has_transit, transit, 0))
    last_day = np.where(has_transit, np.minimum(last_wanted, last_ship + transit), last_wanted)
    return Timing(
        answer,
        first_ship,
        last_ship,
        first_wanted,
        last_wanted,
        np.where(knows_days, low, NOT_KNOWN_DAYS),
        np.where(knows_days, high, NOT_KNOWN_DAYS),
        knows_days,
        transit,
        np.where(meets, first_day, NO_DAY),
        np.where(meets, last_day, NO_DAY),
    )
