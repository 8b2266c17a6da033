"""The engine and the slow oracle agree on every pair of random markets."""

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine import COMPONENTS, RULE_CODES, ScoreTable, solve
from tests.matching.engine import oracle
from tests.matching.engine.markets import TODAY, as_market, every_pair, market_rows

WEIGHTS = dict(zip(COMPONENTS, ScoreTable().weights, strict=True))


@settings(max_examples=100, deadline=None)
@given(market=market_rows())
def test_solve_says_of_every_pair_what_the_oracle_says(market):
    pairs = solve(as_market(market), ScoreTable(), as_of=TODAY, watch=every_pair(market)).pairs

    assert list(zip(pairs.need_id.tolist(), pairs.capacity_id.tolist(), strict=True)) == sorted(every_pair(market))
    needs = {row["id"]: row for row in market["needs"]}
    capacities = {row["id"]: row for row in market["capacities"]}
    for i in range(len(pairs)):
        said = oracle.judge(market, needs[pairs.need_id[i]], capacities[pairs.capacity_id[i]], TODAY)
        score, could_reach = oracle.score(said.components, WEIGHTS)
        assert dict(zip(RULE_CODES, pairs.verdicts[i].tolist(), strict=True)) == said.verdicts
        assert known(pairs.components[i]) == pytest.approx([said.components[name] for name in COMPONENTS], abs=1e-9)
        assert (pairs.score[i], pairs.could_reach[i]) == pytest.approx((score, could_reach), abs=1e-9)
        assert pairs.movable_kg[i] == said.movable_kg
        assert day(pairs.first_day[i]) == said.first_day
        assert day(pairs.last_day[i]) == said.last_day
        assert known([pairs.landed_low[i], pairs.landed_high[i]]) == pytest.approx([said.landed_low, said.landed_high])


def known(values) -> list:
    return [None if np.isnan(value) else float(value) for value in values]


def day(ordinal: int) -> int | None:
    return None if ordinal < 0 else int(ordinal)
