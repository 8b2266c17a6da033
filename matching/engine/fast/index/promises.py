"""What the lanes between a listing and a block of listings promise, filled in once and asked by many.

A block of capacities is filled in for an arrival, and then serves every need there; a block of needs for a departure,
and then serves every capacity there, whose asking price is put into the straight lines when it asks.
"""

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.index.columns import (
    CAPACITY_FLAGS,
    SELLER_HOLDS,
    SELLER_LACKS,
)
from matching.engine.fast.index.numbers import BIG, LANES, down, ones, up
from matching.engine.fast.index.ways import HELPS, IS_KNOWN, LAW_BUYER, LAW_SELLER, LINES, VOLUNTARY

# What is filled in for a block of capacities: three costs and five columns of days, then the law as flags.
COSTS, DAYS = 3, 5
CAPACITY_WAYS = COSTS + DAYS
# For a block of needs: five columns of days, whether there is a lane, the lines; then what the law asks of both sides.
LANE_IS_KNOWN = DAYS
NEED_WAYS = DAYS + 1
NEED_LAWS = 2

_LAW_FAILS = np.int32(-(2**31))  # the sign bit
_BIG = np.float32(BIG)
_ROUNDING = np.float32(1e-6)  # relative: three operations of 32 bits, and then some


@inner
def ways_of_capacities(index, block, of, arrival, out, at, laws, law_at):
    """Fills in a block of capacities for an arrival, a column of `of`."""
    numbers, papers = index.ways.numbers, index.ways.papers
    for lane in range(LANES):
        place = np.uint64(min(block * LANES + lane, len(index.row) - 1))
        row = np.uint64(of[index.departure[place], arrival])
        holds = index.flags[(block * CAPACITY_FLAGS + SELLER_HOLDS) * LANES + lane]
        lacks = index.flags[(block * CAPACITY_FLAGS + SELLER_LACKS) * LANES + lane]
        least, high, value, law = way_of(numbers, papers, row, np.float64(index.ask[place]), holds, lacks)
        out[at + lane] = least
        out[at + LANES + lane] = high
        out[at + 2 * LANES + lane] = value
        for column in range(DAYS):
            out[at + (COSTS + column) * LANES + lane] = numbers[row, column]
        laws[law_at + lane] = law


@inner
def way_of(numbers, papers, row, ask, holds, lacks):
    """What a way promises a seller: least landed cost, that at the high end, the component certificates, the law."""
    n_lines = (numbers.shape[1] - LINES) // 4
    # Nothing here branches: what one lane is told by a way is not what the next one is, and guessing wrong is dear.
    # Comparisons are so written that an asking price that is not known leaves the least as it is.
    least = high = -BIG
    for line in range(n_lines):
        at = LINES + line
        cost = np.float64(numbers[row, at]) * ask + np.float64(numbers[row, at + n_lines])
        least = cost if cost > least else least
        at += 2 * n_lines
        cost = np.float64(numbers[row, at]) * ask + np.float64(numbers[row, at + n_lines])
        high = cost if cost > high else high
    # Below 0 the least of several lines is another one.
    least = -BIG if ask < 0 else least
    high = -BIG if ask < 0 else high
    high = high if ask == ask else BIG
    asked_of_seller, helps = papers[row, LAW_SELLER], papers[row, HELPS]
    held, helpful = ones(helps & holds), ones(helps)
    share = np.float64(held) / (helpful if helpful > 0 else 1)
    value = 0.8 + 0.2 * (share if numbers[row, VOLUNTARY] == 0 else 1.0)
    value = value if (numbers[row, IS_KNOWN] > 0) & ((asked_of_seller & ~holds) == 0) else 0.0
    law = papers[row, LAW_BUYER] | (_LAW_FAILS if (asked_of_seller & lacks) != 0 else np.int32(0))
    return down(least), down(high), up(value), law


@inner
def ways_of_needs(index, block, of, departure, out, at, laws, law_at):
    """Fills in a block of needs for a departure, a row of `of`."""
    numbers, papers = index.ways.numbers, index.ways.papers
    n_lines = numbers.shape[1] - LINES
    for lane in range(LANES):
        place = min(block * LANES + lane, len(index.row) - 1)
        row = of[departure, index.arrival[place]]
        for column in range(NEED_WAYS):
            out[at + column * LANES + lane] = numbers[row, column]
        for line in range(n_lines):
            out[at + (NEED_WAYS + line) * LANES + lane] = numbers[row, LINES + line]
        laws[law_at + lane] = papers[row, LAW_BUYER]
        laws[law_at + LANES + lane] = papers[row, LAW_SELLER]


@kernel
def price_needs(ways, way_at, laws, law_at, n_lines, ask, holds, lacks, costs, law):
    """What a capacity costs each need of a block that is filled in, float32 (3, 64), and the law for it, (64,)."""
    w, v = np.uint64(way_at + NEED_WAYS * LANES), np.uint64(law_at)
    one = np.uint64(LANES)
    for lane in range(LANES):
        x = np.uint64(lane)
        costs[x], costs[x + one] = -_BIG, (-_BIG if ask >= np.float32(0) else _BIG)
    if ask >= np.float32(0):
        for line in range(n_lines):
            slope, cost = w + np.uint64(line * LANES), w + np.uint64((n_lines + line) * LANES)
            for lane in range(LANES):
                x = np.uint64(lane)
                value = ways[slope + x] * ask + ways[cost + x]
                costs[x] = value if value > costs[x] else costs[x]
            slope, cost = w + np.uint64((2 * n_lines + line) * LANES), w + np.uint64((3 * n_lines + line) * LANES)
            for lane in range(LANES):
                x = np.uint64(lane)
                value = ways[slope + x] * ask + ways[cost + x]
                costs[x + one] = value if value > costs[x + one] else costs[x + one]
    elif ask == ask:
        for lane in range(LANES):
            costs[np.uint64(lane) + one] = -_BIG
    known = np.uint64(way_at + LANE_IS_KNOWN * LANES)
    for lane in range(LANES):
        x = np.uint64(lane)
        least, high = costs[x], costs[x + one]
        high = high if high < _BIG else _BIG
        costs[x] = least - abs(least) * _ROUNDING
        costs[x + one] = high - abs(high) * _ROUNDING
        of_seller = laws[v + x + one]
        costs[x + one + one] = ways[known + x] if (of_seller & ~holds) == 0 else np.float32(0)
        law[x] = laws[v + x] | (_LAW_FAILS if (of_seller & lacks) != 0 else 0)


# The best of each block, by groups of arrivals or departures


@kernel
def best_ways_of_capacities(index, out, laws, ways, law):
    """What each block promises each group of arrivals at best: rows of blocks of blocks, as the kernels read them.

    `out`, float32 (groups of 64 blocks, arrivals in groups, 8, 64), `laws`, int32 (..., 64). `ways`, float32 (8 * 64,),
    and `law`, int32 (64,), are room to work in.
    """
    for block in range(len(index.slots_of_block)):
        above, lane = block // LANES, block % LANES
        for group in range(index.ways.of_group.shape[1]):
            ways_of_capacities(index, block, index.ways.of_group, group, ways, 0, law, 0)
            for column in range(CAPACITY_WAYS):
                # Of costs and of the ends that must not be passed the least, of papers, days and logistics the most.
                wants_least = column == 0 or column == 1 or column == COSTS or column == COSTS + 2
                out[above, group, column, lane] = _best(ways, column * LANES, wants_least)
            laws[above, group, lane] = _met(law, 0)


@kernel
def best_ways_of_needs(index, out, laws, ways, law):
    """The same for blocks of needs and groups of departures: float32 (..., 6 + 4 p, 64), int32 (..., 2, 64)."""
    n_columns = out.shape[2]
    for block in range(len(index.slots_of_block)):
        above, lane = block // LANES, block % LANES
        for group in range(index.ways.of_group.shape[0]):
            ways_of_needs(index, block, index.ways.of_group, group, ways, 0, law, 0)
            for column in range(n_columns):
                wants_least = column == 0 or column == 2 or column >= NEED_WAYS
                out[above, group, column, lane] = _best(ways, column * LANES, wants_least)
            for side in range(NEED_LAWS):
                laws[above, group, side, lane] = _met(law, side * LANES)


@inner
def _best(values, at, wants_least):
    best = values[at]
    for lane in range(1, LANES):
        best = min(best, values[at + lane]) if wants_least else max(best, values[at + lane])
    return best


@inner
def _met(flags, at):
    met = flags[at]
    for lane in range(1, LANES):
        met &= flags[at + lane]
    return met
