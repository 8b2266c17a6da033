"""What the buyer asks of the goods of one pair: `matching.engine.parameters`, one asked parameter at a time."""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.market import NO_SET


@inner
def parameters_answer(facts, i, j):
    """The rule, and the quality of the goods: the mean margin, nan where one is not known, 1 where nothing is asked."""
    start, end = facts.needs.asked_start[i], facts.needs.asked_start[i + 1]
    least, total = 1, 0.0
    for asked in range(start, end):
        answer, margin = _one(facts, asked, j)
        least = min(least, answer)
        total += margin
    return least, 1.0 if start == end else total / (end - start)


@inner
def _one(facts, asked, j):
    """The answer to one asked parameter, and its margin: nan where not known, 0 where it fails."""
    asks_set = facts.needs.asked_set[asked] != NO_SET
    low, high = facts.needs.asked_low[asked], facts.needs.asked_high[asked]
    if not asks_set and low != low and high != high:
        return 1, 1.0  # an entry that gives neither a set nor an end asks nothing
    offered = _offered(facts.capacities, j, facts.needs.asked_parameter[asked])
    if offered < 0 or asks_set != (facts.capacities.offered_set[offered] != NO_SET):
        return 0, np.nan
    if asks_set:
        answer, margin = _sets(facts, asked, offered), 1.0
    else:
        answer, margin = _ranges(facts.capacities, offered, low, high)
    if answer == 0:
        return 0, np.nan
    return answer, (0.0 if answer < 0 else margin)


@inner
def _offered(capacities, j, parameter):
    """The first entry in which a capacity states a parameter, -1 where it does not."""
    for entry in range(capacities.offered_start[j], capacities.offered_start[j + 1]):
        if capacities.offered_parameter[entry] == parameter:
            return entry
    return -1


@inner
def _sets(facts, asked, offered):
    """A guaranteed set lies within the accepted one; a choice meets it. An empty offer says nothing."""
    accepts, offers = facts.needs.asked_set[asked], facts.capacities.offered_set[offered]
    has_any, has_inside, has_outside = False, False, False
    for word in range(facts.set_members.shape[1]):
        if facts.set_members[offers, word]:
            has_any = True
            if facts.set_members[accepts, word]:
                has_inside = True
            else:
                has_outside = True
    if not has_any:
        return 0
    holds = has_inside if facts.capacities.offered_is_choice[offered] else not has_outside
    return 1 if holds else -1


@inner
def _ranges(capacities, offered, asked_low, asked_high):
    low, high = capacities.offered_low[offered], capacities.offered_high[offered]
    open_low, open_high = asked_low != asked_low, asked_high != asked_high
    # A comparison with an end that is not stated (nan) is false.
    low_is_out = low < asked_low or low > asked_high
    high_is_out = high < asked_low or high > asked_high
    low_is_in = low == low and not low_is_out
    high_is_in = high == high and not high_is_out
    if capacities.offered_is_choice[offered]:
        if low > asked_high or high < asked_low:
            return -1, 1.0
        reaches = (open_high or low <= asked_high) and (open_low or high >= asked_low) and (low == low or high == high)
        return (1 if low_is_in or high_is_in or reaches else 0), 1.0
    if low_is_out or high_is_out:
        return -1, 0.0
    if not ((open_low or low_is_in) and (open_high or high_is_in)):
        return 0, np.nan
    return 1, _margin(asked_low, asked_high, low, high)


@inner
def _margin(asked_low, asked_high, low, high):
    """From 0.5 at the edge of what is accepted to 1 at a fifth of its width (of the limit, where one end is asked)."""
    above, below = low - asked_low, asked_high - high
    room = above
    if above != above or below < above:
        room = below
    if asked_low != asked_low:
        width = abs(asked_high)
    elif asked_high != asked_high:
        width = abs(asked_low)
    else:
        width = asked_high - asked_low
    share = room / width if room > 0 else 0.0
    return 0.5 + 0.5 * min(share / 0.2, 1.0)
