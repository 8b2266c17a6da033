"""All that a list of pairs has to tell, pair by pair: the columns of `PairTable`, and what a candidate is worth."""

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.judging import pair
from matching.engine.fast.judging.score import could_reach, score
from matching.engine.fast.judging.timing import days
from matching.engine.fast.threads import mapped
from matching.engine.score import ScoreTable

TOLD_TOGETHER = 1 << 16


def weights_of(table: ScoreTable) -> np.ndarray:
    """What each component weighs, float64 (7,), in the order of COMPONENTS."""
    return np.array(table.weights)


def tell(
    facts: Facts, table: ScoreTable, need: np.ndarray, capacity: np.ndarray, *, threads: int = 1
) -> dict[str, np.ndarray]:
    """The facts of pairs by the names of the columns of `PairTable`; need and capacity are rows, (x,).

    Pairs are told whether or not they fit, and whether or not their goods may be the same.
    """
    n = len(need)
    told = {
        "verdicts": np.empty((n, len(pair.JUDGED_RULES)), np.int8),
        "components": np.empty((n, len(pair.JUDGED_COMPONENTS))),
        "score": np.empty(n),
        "could_reach": np.empty(n),
        "movable_kg": np.empty(n, np.int64),
        "landed_low": np.empty(n),
        "landed_high": np.empty(n),
        "landed_at_least": np.empty(n),
        "days_low": np.empty(n, np.int64),
        "days_high": np.empty(n, np.int64),
        "first_day": np.empty(n, np.int64),
        "last_day": np.empty(n, np.int64),
    }
    columns = _rows(need), _rows(capacity), *told.values()

    def tell_some(start: int) -> None:
        some = slice(start, start + TOLD_TOGETHER)
        _tell(facts, weights_of(table), *(column[some] for column in columns))

    for _ in mapped(tell_some, range(0, n, TOLD_TOGETHER), threads):
        pass
    return told


def fitting(facts: Facts, table: ScoreTable, need: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score and worth of a kilogram of each pair whose goods may be the same, DOES_NOT_FIT and 0 where a rule fails."""
    scores, values = np.empty(len(need)), np.empty(len(need), np.int64)
    _fitting(facts, weights_of(table), _rows(need), _rows(capacity), scores, values)
    return scores, values


def _rows(rows: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rows, np.int64)


@kernel
def _fitting(facts, weights, need, capacity, scores, values):
    for at in range(len(need)):
        scores[at], values[at] = pair.fits(facts, weights, need[at], capacity[at])


@kernel
def _tell(
    facts, weights, need, capacity, verdicts, components, scores, reach, moved, low, high, least, days_low, days_high,
    first_day, last_day,
):  # fmt: skip
    for at in range(len(need)):
        i, j = need[at], capacity[at]
        lane = pair.judge(facts, i, j, verdicts[at])
        pair.parts(facts, i, j, lane, components[at])
        scores[at] = score(components[at], weights)
        reach[at] = could_reach(components[at], weights)
        moved[at] = pair.movable(facts, i, j, lane)
        low[at] = pair.landed_low(facts, j, lane)
        high[at] = pair.landed_high(facts, j, lane)
        least[at] = pair.landed_at_least(facts, j, lane)
        day = days(facts, i, j, lane)
        days_low[at], days_high[at] = day.low, day.high
        first_day[at], last_day[at] = day.first_day, day.last_day
