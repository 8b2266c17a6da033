"""Dividing a book within a cap on one company and a floor for micro companies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.benchmarks.making import TODAY
from matching.engine import Limits, ScoreTable, division, division_within, solve
from matching.engine.division import divide
from tests.matching.engine.test_plan_at_scale import (
    SEEDS,
    assert_gives_nothing_twice,
    assert_keeps_every_lot,
    candidates_of,
    market_of,
    rows,
)


def largest_share(book, found):
    """The most of a need that one company supplies, in kilograms beyond what a cap of `ppm` allows: for each pair."""
    company = book.capacities.company[found.capacity]
    ends, row = np.unique(np.stack([company, found.need]), axis=1, return_inverse=True)
    kg = np.bincount(row.reshape(-1), found.kg, ends.shape[1]).astype(np.int64)
    wanted = np.bincount(book.needs.slot_of, book.needs.slot_kg, len(book.needs.id)).astype(np.int64)
    return kg, wanted[ends[1]]


@given(seed=SEEDS, cap=st.sampled_from((200_000, 500_000, 1_000_000)), floor=st.sampled_from((0, 100_000, 300_000)))
@settings(max_examples=25, deadline=None)
def test_division_keeps_to_cap_and_floor_and_says_what_they_cost(seed, cap, floor):
    book, candidates = candidates_of(market_of(seed, with_lots=seed % 2 == 0))
    plain = divide(book, *candidates)

    found = divide(book, *candidates, limits=Limits(cap, floor))

    assert_gives_nothing_twice(book, found)
    assert_keeps_every_lot(book, found)
    kg, wanted_kg = largest_share(book, found)
    assert (kg <= wanted_kg * cap // 1_000_000).all()
    assert found.plan.value <= found.plan.bound <= plain.plan.bound
    if Limits(cap, floor).is_none or len(candidates[0]) == 0:
        assert rows(book, found) == rows(book, plain)
        assert found.counts == {}
        return
    costs = found.counts["plan_cost_of_cap"], found.counts["plan_cost_of_floor"]
    assert min(costs) >= 0
    assert plain.plan.value <= found.plan.value + sum(costs) <= plain.plan.bound
    if cap == 1_000_000:
        assert costs[0] == 0
    if floor:
        micro_kg = int(found.kg[book.capacities.is_micro[found.capacity]].sum())
        missing_kg = max(found.counts["micro_floor_kg"] - micro_kg, 0)
        assert (found.counts["micro_kg"], found.counts["micro_floor_missing_kg"]) == (micro_kg, missing_kg)


def test_both_ways_to_a_solution_keep_to_the_same_limits():
    market = market_of(7, with_lots=True)
    limits = Limits(300_000, 200_000)
    quick, slow = (answer_of(market, limits, most_pairs) for most_pairs in (0, 10**9))

    assert quick.to_bytes() == slow.to_bytes()
    assert "plan_cost_of_cap" in quick.counts


def answer_of(market, limits, most_pairs):
    from matching.engine import solver

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "MOST_PAIRS_OF_REFERENCE", most_pairs)
        return solve(market, ScoreTable(), as_of=TODAY, limits=limits)


def test_too_many_pairs_are_planned_without_limits_and_it_is_said(monkeypatch):
    book, candidates = candidates_of(market_of(3, with_lots=False))
    plain = divide(book, *candidates)
    monkeypatch.setattr(division_within, "MOST_PAIRS_WITHIN", len(candidates[0]) - 1)
    monkeypatch.setattr(division, "MOST_PAIRS_LAID_OUT", 10**9)

    found = divide(book, *candidates, limits=Limits(100_000, 0))

    assert rows(book, found) == rows(book, plain)
    assert found.counts == {"plan_parts_without_limits": 1}
