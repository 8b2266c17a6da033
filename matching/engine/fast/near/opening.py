"""What opens each pair that fails one rule, and the best few of each need, in the order in which they are kept."""

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.judging.pair import fits
from matching.engine.fast.judging.timing import route
from matching.engine.fast.near.alone import put_alone
from matching.engine.fast.near.scan import TOO_MUCH
from matching.engine.fast.near.steps import N_PLACES, TIME, carry_out, days_effort, first_step

# One opening of a pair. Two of one row stand in the order of effort, then of the score after, then of the other row.
OPENING = np.dtype(
    [
        ("other", np.int32),  # row of the other side
        ("rule", np.int8),  # index into RULES
        ("place", np.int8),  # in CHANGES of the rule
        ("effort", np.int16),
        ("step", np.int64),
        ("score", np.float64),  # after the change
    ],
    align=True,
)


@inner
def is_before(effort, score, row, other_effort, other_score, other_row):
    """The order in which near misses are kept, among those that have one listing in common."""
    if effort != other_effort:
        return effort < other_effort
    if score != other_score:
        return score > other_score
    return row < other_row


@inner
def opened(facts, weights, i, j, own, rule, most):
    """Effort, step, place and score of the change that opens a pair best, of those of at most this effort.

    Least effort, then the smallest amount, then as CHANGES lists them. TOO_MUCH where none does.
    """
    best_effort, best_step, best_place, best_score = TOO_MUCH, 0, 0, 0.0
    lane = route(facts, i, j)
    for place in range(N_PLACES[rule]):
        step, last, effort, about = 0, 0, 0, -1
        while True:
            put_alone(facts, i, j, own)
            if step == 0:
                step, last, effort, about = first_step(facts, i, j, own, rule, place, lane)
            elif rule == TIME:
                effort = days_effort(step)
            if not 0 < step <= last or effort > most:
                break
            if effort > best_effort or (effort == best_effort and step >= best_step):
                break
            carry_out(own, rule, place, step, about)
            score, _ = fits(own, weights, 0, 0)
            if score >= 0:
                best_effort, best_step, best_place, best_score = effort, step, place, score
                break
            step += 1
    return best_effort, best_step, best_place, best_score


@kernel
def open_pairs(
    facts,
    weights,
    own,
    least,
    most,
    need,
    capacity,
    rule,
    row,
    first,
    until,
    after,
    worst,
    worst_score,
    worst_row,
    found,
    n_found,
    is_cut,
):
    """The best few openings of each of some needs.

    Args:
        first, until: the pairs of the need at p are those from first[p] to until[p].
        least, most: rows of the table of effort that count.
        need, capacity, rule, row: pairs that fail exactly this rule, and what opening them takes at least.
        after: OPENING (needs,), only what comes after it counts; effort 0: all.
        worst, worst_score, worst_row: of each capacity, what it takes must come before it; TOO_MUCH: it takes
            any. Empty: all take any.
        found: OPENING (needs, k), what was found, in no order; n_found (needs,): how many.
        is_cut: bool (needs,), whether more than k were found.
    """
    k, is_limited = found.shape[1], len(worst) > 0
    for p in range(len(first)):
        n_found[p], is_cut[p] = 0, False
        least_row = TOO_MUCH
        for pair in range(first[p], until[p]):
            least_row = min(least_row, row[pair])
        last = -1  # of those found, where there are k of them
        # The pairs that may take least effort come first: once k are found, the others often need not be tried.
        for bound in range(least_row, most + 1):
            if last >= 0 and found[p, last].effort < bound:
                is_cut[p] = True
                break
            for pair in range(first[p], until[p]):
                if row[pair] != bound:
                    continue
                i, j = need[pair], capacity[pair]
                limit = min(most, worst[j]) if is_limited else most
                if bound > limit:
                    continue
                effort, step, place, score = opened(facts, weights, i, j, own, rule[pair], limit)
                if effort < least or effort > limit:
                    continue
                if (
                    is_limited
                    and worst[j] != TOO_MUCH
                    and not is_before(effort, score, i, worst[j], worst_score[j], worst_row[j])
                ):
                    continue
                if not is_before(after[p].effort, after[p].score, after[p].other, effort, score, j):
                    continue
                at = n_found[p]
                if at < k:
                    n_found[p] += 1
                else:
                    is_cut[p] = True
                    there = found[p, last]
                    if not is_before(effort, score, j, there.effort, there.score, there.other):
                        continue
                    at = last
                found[p, at].other, found[p, at].rule, found[p, at].place = j, rule[pair], place
                found[p, at].effort, found[p, at].step, found[p, at].score = effort, step, score
                if n_found[p] == k:
                    last = _last(found, p, k)


@inner
def _last(found, p, k):
    last = 0
    for at in range(1, k):
        there, least = found[p, at], found[p, last]
        if is_before(least.effort, least.score, least.other, there.effort, there.score, there.other):
            last = at
    return last
