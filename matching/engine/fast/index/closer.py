"""A closer look at one pair: the formula of `lanes`, by the one route that the pair takes instead of all of them.

It costs a tenth of the exact score, and spares it for most pairs whose lane has several routes.
"""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.fast.index.columns import (
    ASKED,
    BUYER,
    BUYER_HOLDS,
    BUYER_LACKS,
    BUYER_TRUST,
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
from matching.engine.fast.index.lanes import loss, outside, promise
from matching.engine.fast.index.numbers import SLOTS
from matching.engine.fast.index.promises import way_of
from matching.engine.fast.index.ways import HIGH_LEAST, HIGH_MOST, LOGISTICS, LOW_LEAST, LOW_MOST


@inner
def look_closer(
    ways, row, need, need_at, need_step, wants, wants_at, capacity, capacity_at, capacity_step, offers, offers_at, ask,
    weights,
):  # fmt: skip
    """Which rules surely fail, as bits, and the best score.

    `row` is that of the lane. Column c of the need is need[need_at + c * need_step], its flags stand so in `wants`;
    those of the capacity in `capacity` and `offers`. Both have their slots of parameters for the same choice of them.
    """
    first, last = capacity[capacity_at + FIRST * capacity_step], capacity[capacity_at + LAST * capacity_step]
    from_, until = need[need_at + FROM * need_step], need[need_at + UNTIL * need_step]
    numbers = ways.route_numbers
    while ways.next[row] >= 0 and (
        numbers[row, LOW_LEAST] > until - first or numbers[row, HIGH_MOST] < max(from_ - last, np.float32(0))
    ):
        row = ways.next[row]
    holds, lacks = (
        offers[offers_at + SELLER_HOLDS * capacity_step],
        offers[offers_at + SELLER_LACKS * capacity_step],
    )
    landed, landed_high, papers, law = way_of(numbers, ways.route_papers, row, np.float64(ask), holds, lacks)
    is_outside, lost = False, np.float32(0)
    for slot in range(SLOTS):
        low, high = need[need_at + (LOW + slot) * need_step], need[need_at + (HIGH + slot) * need_step]
        least = capacity[capacity_at + (LEAST_END + slot) * capacity_step]
        most = capacity[capacity_at + (MOST_END + slot) * capacity_step]
        is_outside |= outside(least, most, low, high)
        steepness = need[need_at + (STEEPNESS + slot) * need_step]
        lost += loss(least, most, low, high, steepness, need[need_at + (PORTION + slot) * need_step])
    return promise(
        from_, until,
        need[need_at + LIMIT * need_step], need[need_at + INVERSE_LIMIT * need_step],
        need[need_at + SHARE_KG * need_step], need[need_at + WANTED_MOST_KG * need_step],
        need[need_at + INVERSE_WANTED_KG * need_step], need[need_at + BUYER_TRUST * need_step],
        wants[wants_at + BUYER * need_step], wants[wants_at + ORIGINS * need_step],
        wants[wants_at + PAYS_BY * need_step], wants[wants_at + REQUIRES * need_step],
        wants[wants_at + BUYER_LACKS * need_step], wants[wants_at + BUYER_HOLDS * need_step],
        wants[wants_at + ASKED * need_step],
        first, last,
        capacity[capacity_at + MOST_KG * capacity_step], capacity[capacity_at + LEAST_KG * capacity_step],
        capacity[capacity_at + TOTAL_KG * capacity_step], capacity[capacity_at + SELLER_TRUST * capacity_step],
        capacity[capacity_at + KNOWS_LEAD * capacity_step],
        offers[offers_at + SELLER * capacity_step], offers[offers_at + ORIGIN * capacity_step],
        offers[offers_at + PAID_BY * capacity_step], lacks, holds, offers[offers_at + STATED * capacity_step],
        is_outside, lost, landed, landed_high, papers,
        numbers[row, LOW_LEAST], numbers[row, LOW_MOST], numbers[row, HIGH_LEAST], numbers[row, HIGH_MOST],
        numbers[row, LOGISTICS],
        law, weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6],
    )  # fmt: skip
