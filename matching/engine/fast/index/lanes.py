"""What a need and a capacity promise each other at best: which rules surely fail, and a score that is never too low.

64 listings are looked at together, by one formula without branches, so that the compiler makes it instructions for
many at once. The formula, of one pair (all numbers rounded so as to promise more):

- *sides* fails when the company is the same, or the origin is not one of those accepted and open;
- *parameters* fails when an end of a guarantee lies outside what is accepted, for the four parameters of the block;
- *certificates* fails when a required kind is stated not held; *law* when one that every route asks for is (sign bit of
  `law` for the seller);
- *time* fails when no transit from the shortest to the longest of all routes fits between (first wanted - last
  shipping, at least 0) and (last wanted - first shipping);
- *quantity* fails when the smaller of both largest slots is less than the larger of lot and smallest share;
- *price* fails when the least landed cost of all routes is above the limit;
- *payment* fails when no term is common.

The score takes the same components as `matching.engine.score`: price by the least landed cost at the high end of all
routes; quantity and time only where lead and days may be known and both ends of the transit may fit, quantity by the
totals of both sides; quality 1 less what the margins of the four parameters lose, 0 where an asked one is not stated;
certificates 0 where a required one is not held; logistics of the fastest route; trust as it is.
"""

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.index.columns import (
    ASKED,
    BUYER,
    BUYER_HOLDS,
    BUYER_LACKS,
    BUYER_TRUST,
    CAPACITY_FLAGS,
    CAPACITY_NUMBERS,
    FIRST,
    FROM,
    HIGH,
    INVERSE_LIMIT,
    INVERSE_WANTED_KG,
    KNOWS_LEAD,
    LAST,
    LEAST_END,
    LEAST_KG,
    LIMIT,
    LOW,
    MOST_END,
    MOST_KG,
    NEED_FLAGS,
    NEED_NUMBERS,
    ORIGIN,
    ORIGINS,
    PAID_BY,
    PAYS_BY,
    PORTION,
    REQUIRES,
    SELLER,
    SELLER_HOLDS,
    SELLER_LACKS,
    SELLER_TRUST,
    SHARE_KG,
    STATED,
    STEEPNESS,
    TOTAL_KG,
    UNTIL,
    WANTED_MOST_KG,
)
from matching.engine.fast.index.numbers import LANES
from matching.engine.score import FREEDOM_POINTS, PRICE_POINTS

# Bits of the rules that a lane may surely fail, in the order of RULE_CODES.
SIDES, PARAMETERS, CERTIFICATES, LAW, TIME, QUANTITY, PRICE, PAYMENT = (1 << rule for rule in (0, 2, 3, 4, 5, 6, 7, 8))

_0, _1, _HALF = np.float32(0), np.float32(1), np.float32(0.5)
# Lines of the component price: it is the least of them, within what it can be.
_PRICE_0, _PRICE_1, _PRICE_2 = (np.float32(value) for _, value in PRICE_POINTS)
_STEEP_1 = np.float32((PRICE_POINTS[1][1] - PRICE_POINTS[0][1]) / PRICE_POINTS[1][0])
_STEEP_2 = np.float32((PRICE_POINTS[2][1] - PRICE_POINTS[1][1]) / (PRICE_POINTS[2][0] - PRICE_POINTS[1][0]))
_ROOM_1 = np.float32(PRICE_POINTS[1][0])
_NO_ROOM = np.float32(-1e-6)
_FREEDOM_0 = np.float32(FREEDOM_POINTS[0][1])
_FREEDOM_SLOPE = np.float32((FREEDOM_POINTS[1][1] - FREEDOM_POINTS[0][1]) / FREEDOM_POINTS[1][0])
_SURPLUS = np.float32(4e-6)  # more than rounding can take away from a sum of seven components

# Columns of a way: landed cost at the low end, then those of the pair's lane.
LANDED_LEAST, LANDED_HIGH, PAPERS = range(3)
DAYS_LOW_LEAST, DAYS_LOW_MOST, DAYS_HIGH_LEAST, DAYS_HIGH_MOST, BEST_LOGISTICS = range(5)


@inner
def _less(one, other):
    return one if one < other else other


@inner
def _more(one, other):
    return one if one > other else other


@inner
def outside(least, most, low, high):
    return (least < low) | (most > high)


@inner
def loss(least, most, low, high, steepness, portion):
    """What the margin of one parameter takes from the component quality."""
    room = _less(least - low, high - most)
    return portion * (_HALF - _less(_more(room, _0) * steepness, _HALF))


@inner
def _price(landed, inverse_limit):
    room = _1 - landed * inverse_limit
    inside = _less(_less(_PRICE_0 + _STEEP_1 * room, _PRICE_1 + _STEEP_2 * (room - _ROOM_1)), _PRICE_2)
    return inside if room >= _NO_ROOM else _0


@kernel
def judge_capacities(q, asks, numbers, flags, block, costs, cost_at, ways, way_at, laws, law_at, weights, fails, best):
    """A need against the capacities of a block.

    `q`, float32 (24,), and `asks`, int32 (7,), are the need's columns. `costs`, `ways`, `laws` hold what its lanes
    promise, from the given places on. Writes which rules surely fail, as bits, int32 (64,), and the best score, (64,).
    """
    f = np.uint64(block * CAPACITY_NUMBERS * LANES)
    b = np.uint64(block * CAPACITY_FLAGS * LANES)
    c, w, v = np.uint64(cost_at), np.uint64(way_at), np.uint64(law_at)
    from_, until, limit, inverse_limit = q[FROM], q[UNTIL], q[LIMIT], q[INVERSE_LIMIT]
    share, wanted_most, inverse_wanted, trust = q[SHARE_KG], q[WANTED_MOST_KG], q[INVERSE_WANTED_KG], q[BUYER_TRUST]
    low0, low1, low2, low3 = q[LOW], q[LOW + 1], q[LOW + 2], q[LOW + 3]
    high0, high1, high2, high3 = q[HIGH], q[HIGH + 1], q[HIGH + 2], q[HIGH + 3]
    steep0, steep1, steep2, steep3 = q[STEEPNESS], q[STEEPNESS + 1], q[STEEPNESS + 2], q[STEEPNESS + 3]
    part0, part1, part2, part3 = q[PORTION], q[PORTION + 1], q[PORTION + 2], q[PORTION + 3]
    buyer, origins, pays_by, requires = asks[BUYER], asks[ORIGINS], asks[PAYS_BY], asks[REQUIRES]
    buyer_lacks, buyer_holds, asked = asks[BUYER_LACKS], asks[BUYER_HOLDS], asks[ASKED]
    w0, w1, w2, w3, w4, w5, w6 = (
        weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6],
    )  # fmt: skip
    for lane in range(LANES):
        x = np.uint64(lane)
        first, last = numbers[f + _at(FIRST) + x], numbers[f + _at(LAST) + x]
        least0, most0 = numbers[f + _at(LEAST_END) + x], numbers[f + _at(MOST_END) + x]
        least1, most1 = numbers[f + _at(LEAST_END + 1) + x], numbers[f + _at(MOST_END + 1) + x]
        least2, most2 = numbers[f + _at(LEAST_END + 2) + x], numbers[f + _at(MOST_END + 2) + x]
        least3, most3 = numbers[f + _at(LEAST_END + 3) + x], numbers[f + _at(MOST_END + 3) + x]
        failed, score = promise(
            from_, until, limit, inverse_limit, share, wanted_most, inverse_wanted, trust,
            buyer, origins, pays_by, requires, buyer_lacks, buyer_holds, asked,
            first, last, numbers[f + _at(MOST_KG) + x], numbers[f + _at(LEAST_KG) + x],
            numbers[f + _at(TOTAL_KG) + x], numbers[f + _at(SELLER_TRUST) + x], numbers[f + _at(KNOWS_LEAD) + x],
            flags[b + _at(SELLER) + x], flags[b + _at(ORIGIN) + x], flags[b + _at(PAID_BY) + x],
            flags[b + _at(SELLER_LACKS) + x], flags[b + _at(SELLER_HOLDS) + x], flags[b + _at(STATED) + x],
            outside(least0, most0, low0, high0) | outside(least1, most1, low1, high1)
            | outside(least2, most2, low2, high2) | outside(least3, most3, low3, high3),
            loss(least0, most0, low0, high0, steep0, part0) + loss(least1, most1, low1, high1, steep1, part1)
            + loss(least2, most2, low2, high2, steep2, part2) + loss(least3, most3, low3, high3, steep3, part3),
            costs[c + _at(LANDED_LEAST) + x], costs[c + _at(LANDED_HIGH) + x], costs[c + _at(PAPERS) + x],
            ways[w + _at(DAYS_LOW_LEAST) + x], ways[w + _at(DAYS_LOW_MOST) + x],
            ways[w + _at(DAYS_HIGH_LEAST) + x], ways[w + _at(DAYS_HIGH_MOST) + x], ways[w + _at(BEST_LOGISTICS) + x],
            laws[v + x], w0, w1, w2, w3, w4, w5, w6,
        )  # fmt: skip
        fails[x] = failed
        best[x] = score


@kernel
def judge_needs(q, offers, numbers, flags, block, costs, cost_at, ways, way_at, laws, law_at, weights, fails, best):
    """A capacity against the needs of a block: the same formula, `q`, float32 (15,), and `offers`, int32 (6,)."""
    f = np.uint64(block * NEED_NUMBERS * LANES)
    b = np.uint64(block * NEED_FLAGS * LANES)
    c, w, v = np.uint64(cost_at), np.uint64(way_at), np.uint64(law_at)
    first, last, most, least, total = q[FIRST], q[LAST], q[MOST_KG], q[LEAST_KG], q[TOTAL_KG]
    trust, knows_lead = q[SELLER_TRUST], q[KNOWS_LEAD]
    least0, least1, least2, least3 = q[LEAST_END], q[LEAST_END + 1], q[LEAST_END + 2], q[LEAST_END + 3]
    most0, most1, most2, most3 = q[MOST_END], q[MOST_END + 1], q[MOST_END + 2], q[MOST_END + 3]
    seller, origin, paid_by, lacks, holds, stated = (
        offers[SELLER], offers[ORIGIN], offers[PAID_BY], offers[SELLER_LACKS], offers[SELLER_HOLDS], offers[STATED],
    )  # fmt: skip
    w0, w1, w2, w3, w4, w5, w6 = (
        weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6],
    )  # fmt: skip
    for lane in range(LANES):
        x = np.uint64(lane)
        low0, high0 = numbers[f + _at(LOW) + x], numbers[f + _at(HIGH) + x]
        low1, high1 = numbers[f + _at(LOW + 1) + x], numbers[f + _at(HIGH + 1) + x]
        low2, high2 = numbers[f + _at(LOW + 2) + x], numbers[f + _at(HIGH + 2) + x]
        low3, high3 = numbers[f + _at(LOW + 3) + x], numbers[f + _at(HIGH + 3) + x]
        failed, score = promise(
            numbers[f + _at(FROM) + x], numbers[f + _at(UNTIL) + x], numbers[f + _at(LIMIT) + x],
            numbers[f + _at(INVERSE_LIMIT) + x], numbers[f + _at(SHARE_KG) + x], numbers[f + _at(WANTED_MOST_KG) + x],
            numbers[f + _at(INVERSE_WANTED_KG) + x], numbers[f + _at(BUYER_TRUST) + x],
            flags[b + _at(BUYER) + x], flags[b + _at(ORIGINS) + x], flags[b + _at(PAYS_BY) + x],
            flags[b + _at(REQUIRES) + x], flags[b + _at(BUYER_LACKS) + x], flags[b + _at(BUYER_HOLDS) + x],
            flags[b + _at(ASKED) + x],
            first, last, most, least, total, trust, knows_lead, seller, origin, paid_by, lacks, holds, stated,
            outside(least0, most0, low0, high0) | outside(least1, most1, low1, high1)
            | outside(least2, most2, low2, high2) | outside(least3, most3, low3, high3),
            loss(least0, most0, low0, high0, numbers[f + _at(STEEPNESS) + x], numbers[f + _at(PORTION) + x])
            + loss(least1, most1, low1, high1, numbers[f + _at(STEEPNESS + 1) + x], numbers[f + _at(PORTION + 1) + x])
            + loss(least2, most2, low2, high2, numbers[f + _at(STEEPNESS + 2) + x], numbers[f + _at(PORTION + 2) + x])
            + loss(least3, most3, low3, high3, numbers[f + _at(STEEPNESS + 3) + x], numbers[f + _at(PORTION + 3) + x]),
            costs[c + _at(LANDED_LEAST) + x], costs[c + _at(LANDED_HIGH) + x], costs[c + _at(PAPERS) + x],
            ways[w + _at(DAYS_LOW_LEAST) + x], ways[w + _at(DAYS_LOW_MOST) + x],
            ways[w + _at(DAYS_HIGH_LEAST) + x], ways[w + _at(DAYS_HIGH_MOST) + x], ways[w + _at(BEST_LOGISTICS) + x],
            laws[v + x], w0, w1, w2, w3, w4, w5, w6,
        )  # fmt: skip
        fails[x] = failed
        best[x] = score


@inner
def _at(column):
    return np.uint64(column * LANES)


@inner
def promise(
    from_, until, limit, inverse_limit, share, wanted_most, inverse_wanted, buyer_trust,
    buyer, origins, pays_by, requires, buyer_lacks, buyer_holds, asked,
    first, last, most, least, total, seller_trust, knows_lead,
    seller, origin, paid_by, seller_lacks, seller_holds, stated,
    is_outside, lost,
    landed, landed_high, papers, low_least, low_most, high_least, high_most, logistics,
    law, w0, w1, w2, w3, w4, w5, w6,
):  # fmt: skip
    """The formula."""
    fits_from, fits_until = _more(from_ - last, _0), until - first
    fails = (
        (SIDES if (seller == buyer) | ((origin & origins) == 0) else 0)
        | (PARAMETERS if is_outside else 0)
        | (CERTIFICATES if (requires & seller_lacks) != 0 else 0)
        | (LAW if (law < 0) | ((law & buyer_lacks) != 0) else 0)
        | (TIME if (low_least > fits_until) | (high_most < fits_from) else 0)
        | (QUANTITY if _less(most, wanted_most) < _more(least, share) else 0)
        | (PRICE if landed > limit else 0)
        | (PAYMENT if (pays_by & paid_by) == 0 else 0)
    )
    may_pass = (knows_lead > _0) & (low_most >= fits_from) & (high_least <= fits_until)
    freedom = _less(until, last + high_most) - _more(from_, first + high_least)
    time = _less(_FREEDOM_0 + _FREEDOM_SLOPE * _more(freedom, _0), _1)
    timed = w1 * _less(total * inverse_wanted, _1) + w3 * time
    holds = ((requires & ~seller_holds) | (law & ~buyer_holds)) == 0
    score = (
        w0 * _price(landed_high, inverse_limit)
        + (timed if may_pass else _0)
        + (w2 * (_1 - lost) if (asked & ~stated) == 0 else _0)
        + (w4 * papers if holds else _0)
        + w5 * logistics
        + w6 * (_HALF * (buyer_trust + seller_trust))
        + _SURPLUS
    )
    return fails, score
