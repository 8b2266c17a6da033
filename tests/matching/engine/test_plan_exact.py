"""Values and kilograms beyond 64 bits, and the two solvers of the flow against each other."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.plan import PlanProblem, make_plan
from matching.engine.plan import flow as flow_module
from matching.engine.plan.exact import exact_flow
from matching.engine.plan.flow import best_flow
from matching.engine.plan.network import networks
from matching.engine.plan.problem import exact_worth
from matching.engine.plan.proof import NotBestError, prove
from tests.matching.engine.plan_problems import (
    assert_keeps_every_limit,
    bound_by_prices,
    problems,
    value_of_every_plan,
)

HUGE = st.integers(-(10**40), 10**40)


@given(problem=problems(), data=st.data())
@settings(max_examples=80, deadline=None)
def test_make_plan_finds_the_best_of_all_plans_whatever_the_size_of_values(problem, data):
    n_arcs = len(problem.arc_value)
    problem = dataclasses.replace(problem, arc_value=data.draw(st.lists(HUGE, min_size=n_arcs, max_size=n_arcs)))
    values = value_of_every_plan(problem)

    plan = make_plan(problem)

    if not values:
        assert plan.status == "infeasible"
        return
    best = max(values) if problem.sense == "max" else min(values)
    assert_keeps_every_limit(problem, plan)
    assert (plan.status, plan.value, plan.bound, plan.gap) == ("optimal", best, best, 0)


@given(problem=problems(most_kg=10**25, with_lots=False))
@settings(max_examples=80, deadline=None)
def test_prices_prove_the_plan_whatever_the_size_of_quantities(problem):
    plan = make_plan(problem)

    if plan.status == "optimal":
        assert_keeps_every_limit(problem, plan)
        assert bound_by_prices(problem, plan) == plan.value


@given(problem=problems(most_kg=10**25))
@settings(max_examples=60, deadline=None)
def test_huge_quantities_with_lots_keep_every_limit_and_the_bound_of_the_prices(problem):
    plan = make_plan(problem)

    if plan.status in ("optimal", "feasible"):
        assert_keeps_every_limit(problem, plan)
        assert (plan.value - plan.bound) * (1 if problem.sense == "max" else -1) <= 0


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=15, with_lots=False))
@settings(max_examples=80, deadline=None)
def test_both_flow_solvers_find_flows_of_the_same_value(problem):
    for network in networks(dataclasses.replace(problem, pinned=None, pin_kg=None)):
        flow = best_flow(network, network.low_kg, network.high_kg)

        kg = exact_flow(network, network.value, network.supply_kg, network.demand_kg, network.high_kg)

        if flow is None:
            assert kg is None
            continue
        assert exact_worth(network.value, kg) == flow.value
        prices = prove(network, network.supply_kg, network.demand_kg, network.high_kg, kg)
        assert prices.supply.tolist() == flow.prices.supply.tolist()
        assert prices.demand.tolist() == flow.prices.demand.tolist()


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=15, with_lots=False))
@settings(max_examples=80, deadline=None)
def test_the_solver_of_very_many_arcs_finds_flows_of_the_same_value(problem):
    for network in networks(problem):
        wanted = best_flow(network, network.low_kg, network.high_kg)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(flow_module, "MOST_ARCS_ELSEWHERE", -1)
            found = best_flow(network, network.low_kg, network.high_kg)

        assert (found is None) == (wanted is None)
        if found is not None:
            assert found.value == wanted.value
            assert found.prices.supply.tolist() == wanted.prices.supply.tolist()


def test_a_value_of_forty_digits_is_not_rounded():
    problem = PlanProblem(
        supply_kg=[1],
        demand_kg=[1, 1],
        arc_supply=[0, 0],
        arc_demand=[0, 1],
        arc_value=[10**40, 10**40 + 1],
    )

    plan = make_plan(problem)

    assert (plan.arc_kg.tolist(), plan.value, plan.bound) == ([0, 1], 10**40 + 1, 10**40 + 1)


def test_a_hundred_trillion_tonnes_are_counted_to_the_kilogram():
    problem = PlanProblem(
        supply_kg=[10**20 + 1, 7],
        demand_kg=[10**20 + 5],
        arc_supply=[0, 1],
        arc_demand=[0, 0],
        arc_value=[3, 2],
    )

    plan = make_plan(problem)

    assert (plan.arc_kg.tolist(), plan.value, plan.gap) == ([10**20 + 1, 4], 3 * (10**20 + 1) + 8, 0)


def two_by_two():
    """Two capacities of 5 kg and two needs of 5 kg; the straight pairs are worth more."""
    problem = PlanProblem(
        supply_kg=[5, 5],
        demand_kg=[5, 5],
        arc_supply=[0, 0, 1, 1],
        arc_demand=[0, 1, 0, 1],
        arc_value=[9, 4, 4, 9],
    )
    return next(networks(problem))


@pytest.mark.parametrize(
    ("kg", "says"),
    [
        ([0, 5, 5, 0], "gains"),  # a cycle over the straight pairs gains
        ([5, 0, 0, 4], "gains"),  # a kilogram more would
        ([5, 0, 0, 6], "limit"),
        ([6, -1, 0, 5], "limit"),
    ],
)
def test_prove_refuses_a_flow_that_is_not_the_best(kg, says):
    network = two_by_two()

    with pytest.raises(NotBestError, match=says):
        prove(network, network.supply_kg, network.demand_kg, network.high_kg, np.array(kg))
