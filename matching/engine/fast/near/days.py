"""Which days a side would have to move: `matching.engine.changes.days`, one pair at a time."""

from matching.engine import effort
from matching.engine.fast.compiled import inner
from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS

SHIP_EARLIER, SHIP_LATER, ACCEPT_EARLIER, ACCEPT_LATER = range(4)  # as CHANGES lists them
TOO_MANY_DAYS = effort.MOST_DAYS + 1
MOST_TRIED = 4


@inner
def days_missing(facts, i, j, place):
    """The fewest days by which a change makes the pair arrive in time by some route; TOO_MANY_DAYS where none does."""
    capacities, needs, lanes = facts.capacities, facts.needs, facts.lanes
    first_ship, last_ship = capacities.first_ship[j], capacities.last_ship[j]
    first_wanted, last_wanted = needs.window_from[i], needs.window_until[i]
    fewest = TOO_MANY_DAYS
    lane = lanes.of[capacities.departure[j], needs.arrival[i]]
    while True:
        low, high = lanes.days_low[lane], lanes.days_high[lane]
        knows = low != NOT_KNOWN_DAYS and high != NOT_KNOWN_DAYS
        too_early = first_wanted - last_ship - high if knows else 0
        too_late = first_ship + (low if knows else 0) - last_wanted
        no_days = first_ship - last_ship  # it is ready after the last day on which it ships
        if place == SHIP_EARLIER:
            days, helps = max(too_late, no_days), too_early <= 0
        elif place == SHIP_LATER:
            days, helps = max(too_early, no_days), too_late <= 0
        elif place == ACCEPT_EARLIER:
            days, helps = too_early, too_late <= 0 and no_days <= 0
        else:
            days, helps = too_late, too_early <= 0 and no_days <= 0
        if helps and 1 <= days < fewest:
            fewest = days
        lane = lanes.next[lane]
        if lane == NO_LANE:
            return fewest


@inner
def most_days(facts, j, place):
    """The last step within the limits: nothing ships before the order is placed."""
    if place == SHIP_EARLIER:
        return min(effort.MOST_DAYS, facts.capacities.first_ship[j] - facts.as_of)
    return effort.MOST_DAYS


@inner
def move_days(own, place, days):
    """Move one end of the days of the pair in `own`; the nearest slot stretches along."""
    needs, capacities = own.needs, own.capacities
    if place == SHIP_EARLIER:
        capacities.first_ship[0] -= days
        if capacities.slot_start[1]:
            capacities.slot_first[0] = min(capacities.slot_first[0], capacities.first_ship[0])
    elif place == SHIP_LATER:
        capacities.last_ship[0] += days
        last = capacities.slot_start[1] - 1
        if last >= 0:
            capacities.slot_last[last] = max(capacities.slot_last[last], capacities.last_ship[0])
    elif place == ACCEPT_EARLIER:
        needs.window_from[0] -= days
        if needs.slot_start[1]:
            needs.slot_first[0] = min(needs.slot_first[0], needs.window_from[0])
    else:
        needs.window_until[0] += days
        last = needs.slot_start[1] - 1
        if last >= 0:
            needs.slot_last[last] = max(needs.slot_last[last], needs.window_until[0])
