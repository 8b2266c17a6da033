"""When the goods of a pair arrive, and by which route: `matching.engine.timing`, one pair at a time."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS
from matching.engine.timing import NO_DAY


class Days(NamedTuple):
    """Days of one pair by one route. Where the time rule fails there is no transit and no day of delivery."""

    answer: int  # the time rule
    transit: int  # planned: the longest that still fits; NO_DAY where days are not known or the rule fails
    first_day: int  # earliest feasible delivery, NO_DAY where the rule fails
    last_day: int
    low: int  # transit, NOT_KNOWN_DAYS where one end is not known
    high: int


@inner
def ends_of(facts, i, j):
    """First and last day of shipping, first and last day on which the goods are wanted; in 64 bits, to reckon with."""
    capacities, needs = facts.capacities, facts.needs
    return (
        np.int64(capacities.first_ship[j]),
        np.int64(capacities.last_ship[j]),
        np.int64(needs.window_from[i]),
        np.int64(needs.window_until[i]),
    )


@inner
def time_answer(facts, i, j, lane):
    """The time rule alone, and whether the days of transit are known."""
    first_ship, last_ship, first_wanted, last_wanted = ends_of(facts, i, j)
    low, high = facts.lanes.days_low[lane], facts.lanes.days_high[lane]
    knows_days = low != NOT_KNOWN_DAYS and high != NOT_KNOWN_DAYS
    fits_until = last_wanted - first_ship
    if first_ship > last_ship or first_wanted > last_wanted:
        return -1, knows_days
    if not knows_days:
        return (0 if fits_until >= 0 else -1), knows_days
    fits_from = max(first_wanted - last_ship, 0)
    if low > fits_until or high < fits_from:
        return -1, knows_days
    if low >= fits_from and high <= fits_until and facts.capacities.knows_lead[j]:
        return 1, knows_days
    return 0, knows_days


@inner
def route(facts, i, j):
    """The cheapest route by which the goods arrive in time; where none does, the last; NO_LANE where there is none."""
    lane = facts.lanes.of[facts.capacities.departure[j], facts.needs.arrival[i]]
    following = facts.lanes.next[lane]
    while following != NO_LANE and time_answer(facts, i, j, lane)[0] < 0:
        lane = following
        following = facts.lanes.next[lane]
    return lane


@inner
def days(facts, i, j, lane):
    """The days of a pair by a route."""
    answer, knows_days = time_answer(facts, i, j, lane)
    low, high = NOT_KNOWN_DAYS, NOT_KNOWN_DAYS
    if knows_days:
        low, high = facts.lanes.days_low[lane], facts.lanes.days_high[lane]
    if answer < 0:
        return Days(answer, NO_DAY, NO_DAY, NO_DAY, low, high)
    first_ship, last_ship, first_wanted, last_wanted = ends_of(facts, i, j)
    if not knows_days:
        return Days(answer, NO_DAY, max(first_wanted, first_ship), last_wanted, low, high)
    transit = min(high, last_wanted - first_ship)
    return Days(
        answer, transit, max(first_wanted, first_ship + transit), min(last_wanted, last_ship + transit), low, high
    )
