"""Larger plans with lots: what rounding, search and the MIP solver do together, the same each time."""

import random
import subprocess
import sys

import numpy as np
import pytest

from matching.engine import ScoreTable, solve
from matching.engine.plan import Budget, PlanProblem, make_plan, rounding
from matching.engine.plan.flow import best_flow
from tests.matching.engine.edges import edge_market
from tests.matching.engine.markets import TODAY, as_market
from tests.matching.engine.plan_problems import assert_keeps_every_limit, optimum_by_milp


def market(n_ends, n_arcs, seed):
    """Capacities with lots in whole containers of 24 t, needs a third of which ask for large shares."""
    chance = np.random.default_rng(seed)
    supply_kg, demand_kg = chance.integers(20_000, 2_000_000, (2, n_ends))
    arc_supply, arc_demand = chance.integers(0, n_ends, (2, n_arcs))
    lot_kg = chance.integers(1, 20, n_ends) * 24_000
    share_kg = np.where(chance.random(n_ends) < 0.3, demand_kg // chance.integers(1, 4, n_ends), 0)
    return PlanProblem(
        supply_kg=supply_kg,
        demand_kg=demand_kg,
        arc_supply=arc_supply,
        arc_demand=arc_demand,
        arc_value=chance.integers(300_000, 1_000_000, n_arcs),
        arc_lot_kg=lot_kg[arc_supply],
        arc_smallest_share_kg=share_kg[arc_demand],
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_search_proves_a_market_of_eighty_pairs(seed):
    problem = market(16, 80, seed)

    plan = make_plan(problem)

    assert (plan.status, plan.gap) == ("optimal", 0)
    assert plan.value == pytest.approx(optimum_by_milp(problem), rel=1e-9)
    assert_keeps_every_limit(problem, plan)


@pytest.mark.parametrize("seed", range(2))
def test_the_mip_solver_closes_the_gap_to_its_margin_where_the_search_is_not_asked(seed):
    problem = market(16, 80, seed)
    best = make_plan(problem).value

    plan = make_plan(problem, budget=Budget(search_nodes=0))

    assert (plan.value, plan.proof) == (best, "mip")
    assert plan.value <= best <= plan.bound
    assert 0 <= plan.gap < 1e-5
    assert_keeps_every_limit(problem, plan)


def test_rounding_alone_comes_within_a_few_percent_of_its_bound():
    problem = market(40, 400, seed=1)

    plan = make_plan(problem, budget=Budget(search_nodes=0, mip_arcs=0))

    assert (plan.status, plan.proof) == ("feasible", "flow")
    assert plan.gap < 0.05
    assert_keeps_every_limit(problem, plan)


def test_moves_never_make_a_rounded_plan_worse():
    problem = market(40, 400, seed=2)
    without = make_plan(problem, budget=Budget(repair_moves=0, search_nodes=0, mip_arcs=0))

    plan = make_plan(problem, budget=Budget(search_nodes=0, mip_arcs=0))

    assert without.value < plan.value <= plan.bound == without.bound


def test_the_same_market_gives_the_same_plan_each_time():
    problem = market(20, 120, seed=3)
    budget = Budget(search_nodes=10)

    plan, again = make_plan(problem, budget=budget), make_plan(problem, budget=budget)

    assert plan.proof == "mip"
    assert again.arc_kg.tolist() == plan.arc_kg.tolist()
    assert (again.value, again.bound) == (plan.value, plan.bound)


def test_the_mip_solver_prints_nothing_of_its_own():
    program = "from matching.engine.plan.mip import silent_highs; silent_highs(); silent_highs(); print('done')"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert (ended.stdout, ended.stderr) == ("done\n", "")


def test_small_multiples_of_large_quantities_do_not_keep_the_rounding_busy(monkeypatch):
    huge = as_market(edge_market(random.Random(17), 14, 14))
    flows = []
    monkeypatch.setattr(rounding, "best_flow", lambda *limits: flows.append(1) or best_flow(*limits))

    solution = solve(huge, ScoreTable(), as_of=TODAY)

    assert (solution.plan_status, solution.plan_gap < 1e-5) == ("feasible", True)
    assert 0 < len(flows) < 5_000
