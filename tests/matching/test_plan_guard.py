"""The last guard before a plan is saved: nobody gives or gets more than there is, in all and in each month."""

from dataclasses import replace

import numpy as np
import pytest

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.engine import ScoreTable, solve
from matching.services.plans import PlanOverflowError, check_plan


@pytest.fixture(scope="module")
def divided():
    market = make_market(Sizes(60, 60, headings=3), seed=3)
    solution = solve(market, ScoreTable(), as_of=TODAY)
    assert len(solution.allocations) > 5
    return market, solution


def with_kg(solution, kg):
    return replace(solution, allocations=replace(solution.allocations, kg=kg))


def test_plan_within_what_there_is_passes(divided):
    market, solution = divided

    check_plan(market, solution)
    check_plan(market, with_kg(solution, solution.allocations.kg // 2))


@pytest.mark.parametrize("side", ["capacity", "need"])
def test_kilogram_too_many_in_all_is_refused(divided, side):
    market, solution = divided
    listings = market.capacities if side == "capacity" else market.needs
    other = market.needs if side == "capacity" else market.capacities
    # The other side is large enough for anything, so that this one alone is asked.
    name = "needs" if side == "capacity" else "capacities"
    roomy = replace(market, **{name: replace(other, slot_kg=np.full_like(other.slot_kg, 10**12))})
    owner = getattr(solution.allocations, f"{side}_id")[0]
    left = int(listings.slot_kg[listings.slot_of == np.flatnonzero(listings.id == owner)[0]].sum())
    kg = np.where(getattr(solution.allocations, f"{side}_id") == owner, 0, solution.allocations.kg)
    kg[0] = left + 1

    with pytest.raises(PlanOverflowError, match=f"{side} {owner}: {left + 1} kg of {left} kg"):
        check_plan(roomy, with_kg(solution, kg))


def test_month_of_a_monthly_listing_is_not_filled_from_another_month(divided):
    market, solution = divided
    offers, given = market.capacities, solution.allocations
    n_slots = np.bincount(offers.slot_of, minlength=len(offers.id))
    row_of = {int(pk): row for row, pk in enumerate(offers.id.tolist())}
    at = next(i for i, pk in enumerate(given.capacity_id.tolist()) if n_slots[row_of[pk]] > 1)
    owner = int(given.capacity_id[at])
    roomy = replace(market, needs=replace(market.needs, slot_kg=np.full_like(market.needs.slot_kg, 10**12)))
    kg = np.where(given.capacity_id == owner, 0, given.kg)
    kg[at] = int(offers.slot_kg[offers.slot_of == row_of[owner]].sum())  # all of it in one month

    with pytest.raises(PlanOverflowError, match=f"capacity {owner}, month {given.ship_month[at]}: "):
        check_plan(roomy, with_kg(solution, kg))
