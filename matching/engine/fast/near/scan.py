"""Which pairs fail exactly one rule, and how little effort it could take at best to open each of them."""

import numpy as np

from matching.engine import effort
from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.judging.months import quantity_answer
from matching.engine.fast.judging.pair import (
    landed_at_least,
    payment_answer,
    sides_answer,
    standing_answer,
)
from matching.engine.fast.judging.papers import certificate_answer, law_answer
from matching.engine.fast.judging.parameters import parameters_answer
from matching.engine.fast.judging.timing import days, route, time_answer
from matching.engine.fast.near.days import MOST_TRIED, TOO_MANY_DAYS, days_missing
from matching.engine.fast.near.sieve import limits_of, sift
from matching.engine.fast.near.steps import (
    CERTIFICATES,
    LAW,
    PARAMETERS,
    PAYMENT,
    PRICE,
    QUANTITY,
    TIME,
    days_effort,
    price_effort,
)

NOT_NEAR = -1
TOO_MUCH = 127  # more effort than any: it cannot be opened
_JUST_LESS = 1 - 1e-9  # so that a sum of floats never makes a bound higher than what it bounds


@inner
def only_fail(facts, i, j, least, most):
    """The only rule that a pair fails, and a row of the table of effort that opening it takes at least.

    The rule commodity is not asked: whoever lists the pairs has answered it. NOT_NEAR where none or several rules
    fail, where none opens it, or where its row is not among `least` to `most`: known as soon as it can be.
    """
    if standing_answer(facts, i, j) < 0 or sides_answer(facts, i, j) < 0:
        return NOT_NEAR, TOO_MUCH
    rule, row = NOT_NEAR, TOO_MUCH
    if payment_answer(facts, i, j) < 0:
        rule, row = PAYMENT, effort.TERM
        if least > effort.TERM:
            return NOT_NEAR, TOO_MUCH
    elif most <= effort.TERM:
        return NOT_NEAR, TOO_MUCH
    lane = route(facts, i, j)
    if time_answer(facts, i, j, lane)[0] < 0:
        if rule >= 0:
            return NOT_NEAR, TOO_MUCH
        rule = TIME
    limit, landed = facts.needs.limit[i], landed_at_least(facts, j, lane)
    if landed > limit:
        if rule >= 0:
            return NOT_NEAR, TOO_MUCH
        rule, row = PRICE, _price_row(facts, j, lane, landed, limit)
        if row > most:
            return NOT_NEAR, TOO_MUCH
    if rule == TIME:
        row = _time_row(facts, i, j)
        if row > most:
            return NOT_NEAR, TOO_MUCH
    if parameters_answer(facts, i, j)[0] < 0:
        if rule >= 0 or most < effort.PARAMETER:
            return NOT_NEAR, TOO_MUCH
        rule, row = PARAMETERS, effort.PARAMETER
    day = days(facts, i, j, lane)
    if certificate_answer(facts, i, j, day) < 0:
        if rule >= 0 or most < effort.RENEWED_CERTIFICATE:
            return NOT_NEAR, TOO_MUCH
        rule, row = CERTIFICATES, effort.RENEWED_CERTIFICATE
    if law_answer(facts, i, j, lane, day) < 0:
        if rule >= 0 or most < effort.RENEWED_CERTIFICATE:
            return NOT_NEAR, TOO_MUCH
        rule, row = LAW, effort.RENEWED_CERTIFICATE
    if quantity_answer(facts, i, j, day.answer, day.transit) < 0:
        if rule >= 0 or most < _LEAST_KG:
            return NOT_NEAR, TOO_MUCH
        rule, row = QUANTITY, _LEAST_KG
    return rule, row


_LEAST_KG = effort.QUANTITY[0][1]


@inner
def _price_row(facts, j, lane, landed, limit):
    """The least effort with which a price can meet: percent of the ask, along the steepest line, or of the limit."""
    over = landed - limit
    percent = 100 * over / limit if limit > 0 else np.inf
    steepest = 0.0
    for line in range(facts.lanes.slope_low.shape[1]):
        steepest = max(steepest, facts.lanes.slope_low[lane, line], facts.lanes.slope_at_least[lane, line])
    if steepest > 0:
        percent = min(percent, 100 * over / steepest / facts.capacities.ask[j])
    percent *= _JUST_LESS
    return price_effort(percent) if percent <= effort.MOST_PERCENT else TOO_MUCH


@inner
def _time_row(facts, i, j):
    fewest = TOO_MANY_DAYS
    for place in range(MOST_TRIED):
        fewest = min(fewest, days_missing(facts, i, j, place))
    return days_effort(fewest) if fewest < TOO_MANY_DAYS else TOO_MUCH


@kernel
def scan(facts, sieve, keeps, rows, others, runs, first, least, most, worst, need, capacity, rule, row, counts):
    """The pairs of some needs with the capacities of their runs that fail exactly one rule.

    Args:
        sieve: of the capacities as they stand in `others`; of none: all pairs are asked.
        keeps: uint8 (x,), to work with.
        rows: of needs; from the one at `first` on.
        others: rows of capacities.
        runs: int64 (3, x): position in `rows`, ascending, first and end of a run of `others` for it.
        least, most: rows of the table of effort that are looked for.
        worst: int16, for each capacity: pairs that take more effort are of no use to it. Empty: all are of use.
        need, capacity, rule, row: where the pairs are written to.
        counts: int64 (len(rows) + 1,), the pairs of the row at p are those from counts[p] to counts[p + 1].

    Returns the position of the first row whose pairs may not have found room, `len(rows)` where all have.
    """
    at, n = 0, 0
    n_runs, is_limited, is_sifted = runs.shape[1], len(worst) > 0, len(sieve.departure) > 0
    limits = limits_of(least, most)
    while at < n_runs and runs[0, at] < first:
        at += 1
    for position in range(first, len(rows)):
        counts[position] = n
        until, reached = at, 0
        while until < n_runs and runs[0, until] == position:
            reached += runs[2, until] - runs[1, until]
            until += 1
        if n + reached > len(need):
            return position
        one = rows[position]
        while at < until:
            entry, end = runs[1, at], runs[2, at]
            while entry < end:
                stop = min(end, entry + len(keeps))
                if is_sifted:
                    sift(facts, one, sieve, entry, stop, limits, keeps)
                for step in range(stop - entry):
                    if is_sifted and not keeps[step]:
                        continue
                    other = others[entry + step]
                    limit = worst[other] if is_limited else most
                    if limit < least:
                        continue
                    failing, takes = only_fail(facts, one, other, least, min(limit, most))
                    if failing >= 0 and takes <= limit:
                        need[n], capacity[n], rule[n], row[n] = one, other, failing, takes
                        n += 1
                entry = stop
            at += 1
        counts[position + 1] = n
    return len(rows)
