"""One pair judged in compiled code, exactly as `matching.engine.rules` and `matching.engine.score` judge it.

All functions take `(facts, i, j)`: `facts` as `Facts` lays a market out, i a row of its needs, j of its capacities.
They are laid into the kernels that call them, which loop over pairs; none of them asks for memory.
`docs/matching.md` states every rule in words.
"""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.fast.judging.months import arcs as arcs_by
from matching.engine.fast.judging.months import movable_of, moves_enough, quantity_answer, smallest_kg
from matching.engine.fast.judging.papers import certificate_answer, law_answer, voluntary_share
from matching.engine.fast.judging.parameters import parameters_answer
from matching.engine.fast.judging.score import (
    certificates_part,
    known,
    logistics_part,
    price_part,
    quantity_part,
    rounded_ppm,
    time_part,
)
from matching.engine.fast.judging.timing import days, route
from matching.engine.pairs import PRICE_DECIMALS

# What this module judges by, in its order: a test holds them against RULE_CODES and COMPONENTS.
JUDGED_RULES = (
    "sides",
    "commodity",
    "parameters",
    "certificates",
    "law",
    "time",
    "quantity",
    "price",
    "payment",
    "standing",
)
JUDGED_COMPONENTS = ("price", "quantity", "quality", "time", "certificates", "logistics", "trust")

DOES_NOT_FIT = -1.0
_PRICE_UNIT = float(10**PRICE_DECIMALS)


# Rules


@inner
def sides_answer(facts, i, j):
    needs, capacities = facts.needs, facts.capacities
    origin = capacities.country[j]
    holds = (
        needs.company[i] != capacities.company[j]
        and facts.corridor_open[origin, needs.country[i]]
        and needs.accepts_origin[i, origin]
    )
    return 1 if holds else -1


@inner
def commodity_answer(facts, i, j):
    node_lo, node_hi = facts.capacities.node_lo[j], facts.capacities.node_hi[j]
    best = -1
    for entry in range(facts.needs.accepted_start[i], facts.needs.accepted_start[i + 1]):
        lo, hi = facts.needs.accepted_lo[entry], facts.needs.accepted_hi[entry]
        if lo <= node_lo and node_hi <= hi:
            return 1
        if node_lo <= lo and hi <= node_hi:
            best = 0
    return best


@inner
def payment_answer(facts, i, j):
    pays_by, paid_by = facts.needs.terms[i], facts.capacities.terms[j]
    if pays_by & paid_by:
        return 1
    return -1 if pays_by and paid_by else 0


@inner
def standing_answer(facts, i, j):
    return min(int(facts.needs.standing[i]), int(facts.capacities.standing[j]))


@inner
def _landed(slope, cost, lane, ask):
    """The largest of the lines, rounded as prices are compared; nan where one is not known."""
    most = slope[lane, 0] * ask + cost[lane, 0]
    for line in range(1, slope.shape[1]):
        value = slope[lane, line] * ask + cost[lane, line]
        if value > most or value != value:
            most = value
    return np.rint(most * _PRICE_UNIT) / _PRICE_UNIT


@inner
def landed_low(facts, j, lane):
    return _landed(facts.lanes.slope_low, facts.lanes.cost_low, lane, facts.capacities.ask[j])


@inner
def landed_high(facts, j, lane):
    return _landed(facts.lanes.slope_high, facts.lanes.cost_high, lane, facts.capacities.ask[j])


@inner
def landed_at_least(facts, j, lane):
    low = landed_low(facts, j, lane)
    if low != low:
        return _landed(facts.lanes.slope_at_least, facts.lanes.cost_at_least, lane, facts.capacities.ask[j])
    return low


@inner
def price_answer(facts, i, j, lane):
    limit = facts.needs.limit[i]
    if landed_at_least(facts, j, lane) > limit:
        return -1
    return 1 if landed_high(facts, j, lane) <= limit else 0


@inner
def judge(facts, i, j, verdicts):
    """The answers of the ten rules into `verdicts`, int8 (10,); returns the route: a row of the lanes, or NO_LANE."""
    lane = route(facts, i, j)
    day = days(facts, i, j, lane)
    verdicts[0] = sides_answer(facts, i, j)
    verdicts[1] = commodity_answer(facts, i, j)
    verdicts[2] = parameters_answer(facts, i, j)[0]
    verdicts[3] = certificate_answer(facts, i, j, day)
    verdicts[4] = law_answer(facts, i, j, lane, day)
    verdicts[5] = day.answer
    verdicts[6] = quantity_answer(facts, i, j, day.answer, day.transit)
    verdicts[7] = price_answer(facts, i, j, lane)
    verdicts[8] = payment_answer(facts, i, j)
    verdicts[9] = standing_answer(facts, i, j)
    return lane


# Months


@inner
def movable(facts, i, j, lane):
    """Kilograms that all months of the pair can move by a route: at best, where transit or lead are not known."""
    day = days(facts, i, j, lane)
    return movable_of(facts, i, j, day.transit) if day.answer >= 0 else 0


@inner
def arcs_of(facts, i, j, lane, out):
    """The months of the pair in which its smallest quantity can move, into rows of `out`; returns how many there are.

    `out`, int64 (a, 5): supply slot, demand slot, day of shipping, day of delivery, kilograms; slots as `Facts` lays
    them out. Rows that do not find room are counted and left out.
    """
    day = days(facts, i, j, lane)
    return arcs_by(facts, i, j, day.answer, day.transit, smallest_kg(facts, i, j), out)


# Score


@inner
def parts(facts, i, j, lane, out):
    """The components of the pair by a route into `out`, float64 (7,); nan: not known."""
    day = days(facts, i, j, lane)
    moved = movable_of(facts, i, j, day.transit) if day.answer >= 0 else 0
    required = min(certificate_answer(facts, i, j, day), law_answer(facts, i, j, lane, day))
    out[0] = price_part(landed_high(facts, j, lane), facts.needs.limit[i])
    out[1] = quantity_part(day.answer, moved, facts.needs.total_kg[i])
    out[2] = parameters_answer(facts, i, j)[1]
    out[3] = time_part(day)
    out[4] = certificates_part(required, voluntary_share(facts, i, j, lane, day) if required == 1 else 1.0)
    out[5] = logistics_part(day.high)
    out[6] = (facts.needs.trust[i] + facts.capacities.trust[j]) / 2


@inner
def fits(facts, weights, i, j):
    """Whether a pair whose goods may be the same is a candidate: its score and the worth of a kilogram of it.

    Ends at the first rule that fails, the cheap ones first, with `DOES_NOT_FIT` and 0. `weights`: float64 (7,).
    The rule commodity is not asked: whoever lists the pairs has answered it.
    """
    if standing_answer(facts, i, j) < 0 or payment_answer(facts, i, j) < 0 or sides_answer(facts, i, j) < 0:
        return DOES_NOT_FIT, 0
    lane = route(facts, i, j)
    day = days(facts, i, j, lane)
    if day.answer < 0:
        return DOES_NOT_FIT, 0
    limit = facts.needs.limit[i]
    if landed_at_least(facts, j, lane) > limit:
        return DOES_NOT_FIT, 0
    quality_answer, quality = parameters_answer(facts, i, j)
    if quality_answer < 0:
        return DOES_NOT_FIT, 0
    required = law_answer(facts, i, j, lane, day)
    if required < 0:
        return DOES_NOT_FIT, 0
    required = min(required, certificate_answer(facts, i, j, day))
    if required < 0 or not moves_enough(facts, i, j, day.answer, day.transit, smallest_kg(facts, i, j)):
        return DOES_NOT_FIT, 0
    quantity = np.nan
    if day.answer == 1:
        quantity = quantity_part(day.answer, movable_of(facts, i, j, day.transit), facts.needs.total_kg[i])
    certificates = certificates_part(required, voluntary_share(facts, i, j, lane, day) if required == 1 else 1.0)
    trust = (facts.needs.trust[i] + facts.capacities.trust[j]) / 2
    return weighed(
        weights,
        price_part(landed_high(facts, j, lane), limit),
        quantity,
        quality,
        time_part(day),
        certificates,
        logistics_part(day.high),
        trust,
    )


@inner
def weighed(weights, price, quantity, quality, time, certificates, logistics, trust):
    """Score and worth of a kilogram, added up in the order of COMPONENTS."""
    price, quality, time = weights[0] * known(price), weights[2] * known(quality), weights[3] * known(time)
    certificates, logistics = weights[4] * known(certificates), weights[5] * known(logistics)
    trust = weights[6] * known(trust)
    total = price + weights[1] * known(quantity) + quality + time + certificates + logistics + trust
    without = price + quality + time + certificates + logistics + trust
    weighs = weights[0] + weights[2] + weights[3] + weights[4] + weights[5] + weights[6]
    return total, rounded_ppm(without / weighs if weighs > 0 else 1.0)
