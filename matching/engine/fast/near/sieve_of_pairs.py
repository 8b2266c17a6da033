"""The sieve for pairs of one listing with thousands, either side: their facts are read where they lie.

As `sieve` it drops only what surely fails two rules, or one by more than a change may move; it does not look at what
is guaranteed of the goods.
"""

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.sieve import CENT, FAR_ABOVE, LITTLE, Ways, limits_of


def sifted(
    facts: Facts, ways: Ways, need: np.ndarray, capacity: np.ndarray, least: int, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Those of some pairs, rows (x,), that may have a near miss by an effort from `least` to `most`."""
    keeps = np.zeros(len(need), bool)
    _sift(facts, ways, need, capacity, least, most, keeps)
    return need[keeps], capacity[keeps]


@kernel
def _sift(facts, ways, need, capacity, least, most, keeps):
    needs, capacities, lanes = facts.needs, facts.capacities, facts.lanes
    limits, no_lane = limits_of(least, most), len(lanes.next) - 1
    for at in range(len(need)):
        i, j = need[at], capacity[at]
        terms, offered_terms = needs.terms[i], capacities.terms[j]
        has_no_term = (terms & offered_terms) == 0 and terms != 0 and offered_terms != 0
        if (has_no_term and not limits.allows_term) or (limits.wants_term and not has_no_term):
            continue
        lane = lanes.of[capacities.departure[j], needs.arrival[i]]
        lane = lane if lane >= 0 else no_lane
        late = max(
            capacities.first_ship[j] + ways.days_low[lane] - needs.window_until[i],
            needs.window_from[i] - capacities.last_ship[j] - ways.days_high[lane],
            capacities.first_ship[j] - capacities.last_ship[j],
        )
        if late > limits.days or (late > 0 and has_no_term):
            continue
        ask = capacities.ask[j]
        limit = FAR_ABOVE if np.isnan(needs.limit[i]) else needs.limit[i]
        is_over = False
        if ask >= 0:
            costs = ways.slope[lane] * ask
            spare = CENT + LITTLE * (abs(costs) + abs(ways.cost[lane]) + abs(limit))
            over = costs + ways.cost[lane] - limit - spare
            is_over = over > 0
            if is_over and (
                late > 0 or has_no_term or (over > limits.share * limit and over > limits.share * ways.steepest * ask)
            ):
                continue
        if _lacks(facts, i, j) and (not limits.allows_papers or late > 0 or has_no_term or is_over):
            continue
        keeps[at] = True


@inner
def _lacks(facts, i, j):
    """Whether a capacity states that it does not hold a certificate that a need requires."""
    needs = facts.needs
    for entry in range(needs.requires_start[i], needs.requires_start[i + 1]):
        if facts.capacities.certificate[j, needs.requires_kind[entry]] == -1:
            return True
    return False
