"""The plan against exhaustive search and an independent solver, and what must hold of every plan."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.plan import Budget, PlanProblem, make_plan
from tests.matching.engine.plan_problems import (
    assert_keeps_every_limit,
    bound_by_prices,
    optimum_by_milp,
    problems,
    value_of_every_plan,
)


def is_no_better(problem, value, bound):
    """Whether a value is within a bound, in the sense of the problem."""
    return value <= bound if problem.sense == "max" else value >= bound


@given(problem=problems())
@settings(max_examples=200, deadline=None)
def test_make_plan_finds_the_best_of_all_plans(problem):
    values = value_of_every_plan(problem)

    plan = make_plan(problem)

    if not values:
        assert plan.status == "infeasible"
        assert plan.reason
        return
    best = max(values) if problem.sense == "max" else min(values)
    assert (plan.status, plan.value, plan.bound, plan.gap) == ("optimal", best, best, 0)
    assert_keeps_every_limit(problem, plan)


@given(problem=problems(most_kg=60, n_ends=4, n_arcs=12))
@settings(max_examples=80, deadline=None)
def test_make_plan_agrees_with_an_independent_solver(problem):
    best = optimum_by_milp(problem)

    plan = make_plan(problem)

    if best is None:
        assert plan.status == "infeasible"
        return
    assert (plan.status, plan.value) == ("optimal", best)
    assert_keeps_every_limit(problem, plan)


@given(problem=problems(most_kg=60, n_ends=4, n_arcs=12))
@settings(max_examples=80, deadline=None)
def test_bound_holds_however_small_the_budget(problem):
    best = optimum_by_milp(problem)

    plan = make_plan(problem, budget=Budget(repair_rounds=1, repair_moves=0, search_nodes=3, mip_arcs=0))

    if plan.status in ("infeasible", "unknown"):
        assert best is None or plan.status == "unknown"
        return
    assert_keeps_every_limit(problem, plan)
    assert is_no_better(problem, plan.value, best)
    assert is_no_better(problem, best, plan.bound)
    assert (plan.gap == 0) == (plan.value == plan.bound) == (plan.status == "optimal")


@given(problem=problems(most_kg=60, n_ends=4, n_arcs=12))
@settings(max_examples=80, deadline=None)
def test_bound_of_the_mip_solver_holds(problem):
    best = optimum_by_milp(problem)

    plan = make_plan(problem, budget=Budget(repair_rounds=0, search_nodes=0))

    if best is None:
        assert plan.status == "infeasible"
        return
    assert (plan.status, plan.value) == ("optimal", best)
    assert_keeps_every_limit(problem, plan)


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=15, with_lots=False))
@settings(max_examples=80, deadline=None)
def test_prices_alone_prove_the_plan_without_lots(problem):
    plan = make_plan(problem)

    if plan.status == "optimal":
        assert bound_by_prices(problem, plan) == plan.value


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=12), random=st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_permuted_rows_permute_the_plan_and_nothing_else(problem, random):
    supplies = random.sample(range(len(problem.supply_kg)), len(problem.supply_kg))
    demands = random.sample(range(len(problem.demand_kg)), len(problem.demand_kg))
    arcs = random.sample(range(len(problem.arc_value)), len(problem.arc_value))
    columns = [
        "arc_value",
        "arc_max_kg",
        "arc_lot_kg",
        "arc_multiple_kg",
        "arc_smallest_share_kg",
        "pinned",
        "pin_kg",
        "banned",
        "arc_id",
    ]
    permuted = dataclasses.replace(
        problem,
        supply_kg=problem.supply_kg[supplies],
        supply_id=problem.supply_id[supplies],
        demand_kg=problem.demand_kg[demands],
        demand_id=problem.demand_id[demands],
        arc_supply=np.argsort(supplies)[problem.arc_supply[arcs]],
        arc_demand=np.argsort(demands)[problem.arc_demand[arcs]],
        **{name: getattr(problem, name)[arcs] for name in columns},
    )

    plan, again = make_plan(problem), make_plan(permuted)

    assert again.arc_kg.tolist() == plan.arc_kg[arcs].tolist()
    assert again.supply_price.tolist() == plan.supply_price[supplies].tolist()
    assert again.demand_price.tolist() == plan.demand_price[demands].tolist()
    assert (again.status, again.value, again.bound, again.proof) == (plan.status, plan.value, plan.bound, plan.proof)


@given(problem=problems(), factor=st.integers(2, 10**30))
@settings(max_examples=60, deadline=None)
def test_scaled_values_scale_the_value_and_the_bound(problem, factor):
    scaled = dataclasses.replace(problem, arc_value=problem.arc_value.astype(object) * factor)

    plan, again = make_plan(problem), make_plan(scaled)

    assert (again.status, again.value, again.bound) == (plan.status, plan.value * factor, plan.bound * factor)


@given(problem=problems(), factor=st.integers(2, 10**30))
@settings(max_examples=60, deadline=None)
def test_the_same_quantities_in_a_smaller_unit_give_the_same_plan(problem, factor):
    names = ["supply_kg", "demand_kg", "arc_max_kg", "arc_lot_kg", "arc_multiple_kg", "arc_smallest_share_kg", "pin_kg"]
    # An arc that may carry any whole kilogram may, in the smaller unit, carry any multiple of the factor.
    problem = dataclasses.replace(problem, arc_multiple_kg=problem.multiple_kg)
    scaled = dataclasses.replace(problem, **{name: getattr(problem, name).astype(object) * factor for name in names})

    plan, again = make_plan(problem), make_plan(scaled)

    assert again.arc_kg.tolist() == (plan.arc_kg.astype(object) * factor).tolist()
    assert (again.status, again.value, again.bound) == (plan.status, plan.value * factor, plan.bound * factor)


def problem_of_one_pair(**changes):
    """One capacity of 10 kg, one need of 8 kg, a kilogram worth 3."""
    return PlanProblem(
        **{"supply_kg": [10], "demand_kg": [8], "arc_supply": [0], "arc_demand": [0], "arc_value": [3], **changes}
    )


@pytest.mark.parametrize(
    ("changes", "kg"),
    [
        ({}, 8),
        ({"arc_max_kg": [5]}, 5),
        ({"arc_lot_kg": [8]}, 8),
        ({"arc_lot_kg": [9]}, 0),
        ({"arc_smallest_share_kg": [9]}, 0),
        ({"arc_multiple_kg": [3]}, 6),
        ({"arc_multiple_kg": [3], "arc_lot_kg": [7]}, 0),  # the lot becomes 9 kg in steps of 3
        ({"banned": [True]}, 0),
        ({"sense": "min"}, 0),
        ({"sense": "min", "pinned": [True]}, 1),
        ({"sense": "min", "pinned": [True], "arc_lot_kg": [4]}, 4),
        ({"sense": "min", "pinned": [True], "arc_lot_kg": [4], "pin_kg": [5], "arc_multiple_kg": [3]}, 6),
        ({"sense": "min", "ship_all": True}, 8),
    ],
)
def test_make_plan_of_one_pair(changes, kg):
    plan = make_plan(problem_of_one_pair(**changes))

    assert (plan.arc_kg.tolist(), plan.value, plan.bound, plan.status) == ([kg], 3 * kg, 3 * kg, "optimal")


@pytest.mark.parametrize(
    ("changes", "reason", "row"),
    [
        ({"pinned": [True], "banned": [True]}, "pin_is_banned", 0),
        ({"pinned": [True], "pin_kg": [9]}, "pin_exceeds_arc", 0),
        ({"pinned": [True], "arc_lot_kg": [7], "arc_multiple_kg": [5]}, "pin_exceeds_arc", 0),
        ({"ship_all": True, "banned": [True]}, "cannot_ship_all", None),
        ({"ship_all": True, "arc_max_kg": [7]}, "cannot_ship_all", None),
        ({"ship_all": True, "arc_multiple_kg": [3]}, "cannot_ship_all", None),
    ],
)
def test_make_plan_says_why_there_is_none(changes, reason, row):
    plan = make_plan(problem_of_one_pair(**changes))

    assert (plan.status, plan.reason, plan.reason_row, plan.arc_kg.tolist()) == ("infeasible", reason, row, [0])


@pytest.mark.parametrize(
    ("supply_kg", "demand_kg", "reason"), [([9, 9], [10], "pins_exceed_demand"), ([10], [9, 9], "pins_exceed_supply")]
)
def test_make_plan_names_the_end_that_its_pins_overload(supply_kg, demand_kg, reason):
    problem = PlanProblem(
        supply_kg=supply_kg,
        demand_kg=demand_kg,
        arc_supply=[0, len(supply_kg) - 1],
        arc_demand=[0, len(demand_kg) - 1],
        arc_value=[1, 1],
        pinned=[True, True],
        pin_kg=[6, 6],
    )

    plan = make_plan(problem)

    assert (plan.status, plan.reason, plan.reason_row) == ("infeasible", reason, 0)


def test_ship_all_asks_for_the_scarcer_side_wholly_even_where_it_loses():
    problem = PlanProblem(
        supply_kg=[4, 3],
        demand_kg=[5, 5],
        arc_supply=[0, 0, 1],
        arc_demand=[0, 1, 1],
        arc_value=[-2, -1, -7],
        ship_all=True,
    )

    plan = make_plan(problem)

    assert (plan.arc_kg.tolist(), plan.value, plan.bound) == ([2, 2, 3], -27, -27)


def test_one_supplier_only_is_a_smallest_share_of_the_whole_quantity():
    problem = PlanProblem(
        supply_kg=[6, 6, 10],
        demand_kg=[10],
        arc_supply=[0, 1, 2],
        arc_demand=[0, 0, 0],
        arc_value=[9, 9, 5],
        arc_smallest_share_kg=[10, 10, 10],
    )

    plan = make_plan(problem)

    assert (plan.arc_kg.tolist(), plan.value, plan.status) == ([0, 0, 10], 50, "optimal")


def test_prices_tell_what_one_more_kilogram_wanted_and_the_last_one_supplied_are_worth():
    problem = PlanProblem(
        supply_kg=[10, 10], demand_kg=[8, 8], arc_supply=[0, 0, 1], arc_demand=[0, 1, 1], arc_value=[9, 6, 4]
    )

    plan = make_plan(problem)

    assert plan.value == 8 * 9 + 2 * 6 + 6 * 4
    assert (plan.supply_price.tolist(), plan.demand_price.tolist()) == ([2, 0], [7, 4])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"supply_kg": [-1]}, "supply_kg holds a negative quantity"),
        ({"demand_kg": [1.5]}, "demand_kg holds a number that is not whole"),
        ({"demand_kg": np.array([1.5])}, "demand_kg holds float64 where whole numbers are due"),
        ({"arc_supply": [1]}, "arc_supply points outside the 1 rows it may name"),
        ({"arc_demand": [-1]}, "arc_demand points outside the 1 rows it may name"),
        ({"arc_value": [1, 2]}, "arc_value has shape"),
        ({"pinned": [True, True]}, "pinned has 2 rows where 1 are due"),
        ({"sense": "best"}, "sense is 'max' or 'min', not 'best'"),
    ],
)
def test_plan_problem_refuses_what_is_no_problem(changes, says):
    with pytest.raises(ValueError, match=says):
        problem_of_one_pair(**changes)


def test_make_plan_of_nothing_is_nothing():
    plan = make_plan(PlanProblem(supply_kg=[], demand_kg=[], arc_supply=[], arc_demand=[], arc_value=[]))

    assert (plan.status, plan.value, plan.bound, plan.gap, plan.arc_kg.tolist()) == ("optimal", 0, 0, 0, [])
