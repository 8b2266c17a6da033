"""The cap on one supplier and the floor for a group: against exhaustive search and against linear programming."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from matching.engine.plan import Budget, PlanProblem, make_plan
from matching.engine.plan.shares import PPM, with_share_cap
from tests.matching.engine.plan_problems import allowed_kg, assert_keeps_every_limit, problems


@st.composite
def limited(draw, **sizes):
    """A problem with companies of several supplies, needs of several months, a cap on a share and a floor."""
    problem = draw(problems(**sizes))
    company = np.array([draw(st.integers(0, 1)) for _ in problem.supply_kg])
    need = np.array([draw(st.integers(0, 1)) for _ in problem.demand_kg])
    cap_ppm = draw(st.sampled_from((0, 100_000, 250_000, 400_000, 500_000, 700_000, PPM)))
    group = np.array([draw(st.booleans()) for _ in problem.supply_kg])
    floor_kg = draw(st.integers(0, int(problem.supply_kg.sum())))
    return replace(problem, group=group, floor_kg=floor_kg), company, need, cap_ppm


def shares(problem, company, need, cap_ppm):
    """What every company may bring every need, by the words of the contract: {(company, need): (arcs, kg)}."""
    found = {}
    for arc, (i, j) in enumerate(zip(problem.arc_supply.tolist(), problem.arc_demand.tolist(), strict=True)):
        found.setdefault((company[i], need[j]), []).append(arc)
    pinned = np.where(problem.pinned, problem.smallest_kg, 0)
    return {
        (of, to): (arcs, max(int(problem.demand_kg[need == to].sum()) * cap_ppm // PPM, int(pinned[arcs].sum())))
        for (of, to), arcs in found.items()
    }


def every_plan_within(problem, company, need, cap_ppm):
    """(worth, kilograms of the group) of each plan that keeps the shares; the floor is left aside."""
    n_arcs, found = len(problem.arc_value), []
    capped = shares(problem, company, need, cap_ppm)
    all_kg = min(problem.supply_kg.sum(), problem.demand_kg.sum())
    of_group = problem.group[problem.arc_supply]
    for kg in product(*(allowed_kg(problem, arc) for arc in range(n_arcs))):
        kg = np.array(kg, np.int64)
        shipped = np.bincount(problem.arc_supply, kg, len(problem.supply_kg))
        received = np.bincount(problem.arc_demand, kg, len(problem.demand_kg))
        if (shipped > problem.supply_kg).any() or (received > problem.demand_kg).any():
            continue
        if problem.ship_all and kg.sum() != all_kg:
            continue
        if all(kg[arcs].sum() <= most for arcs, most in capped.values()):
            found.append((int(kg @ problem.arc_value), int(kg[of_group].sum())))
    return found


def assert_keeps_shares_and_floor(problem, company, need, cap_ppm, plan):
    for arcs, most_kg in shares(problem, company, need, cap_ppm).values():
        assert plan.arc_kg[arcs].sum() <= most_kg
    assert plan.group_kg == plan.arc_kg[problem.group[problem.arc_supply]].sum()
    assert plan.floor_kg <= min(problem.floor_kg, plan.group_kg)


@given(case=limited(most_kg=5, n_arcs=5))
@settings(max_examples=150, deadline=None)
def test_limited_plan_is_within_its_bound_and_keeps_every_limit(case):
    problem, _company, _need, _cap_ppm = case
    possible = every_plan_within(*case)
    sign = 1 if problem.sense == "max" else -1

    plan = make_plan(with_share_cap(*case))

    if plan.reason:
        assert not possible or plan.status == "unknown"
        return
    assert_keeps_every_limit(problem, plan)
    assert_keeps_shares_and_floor(*case, plan)
    best = max(sign * worth for worth, group_kg in possible if group_kg >= plan.floor_kg)
    assert sign * plan.value <= best <= sign * plan.bound
    assert (plan.status == "optimal") == (plan.value == plan.bound)


@given(case=limited(most_kg=6, n_arcs=5, with_lots=False))
@settings(max_examples=150, deadline=None)
def test_limited_plan_of_single_months_is_the_best_and_reaches_what_the_group_can(case):
    problem, company, _need, cap_ppm = case
    problem = replace(problem, pinned=None, ship_all=False)
    case = problem, company, np.arange(len(problem.demand_kg)), cap_ppm
    possible = every_plan_within(*case)
    floor_kg = min(problem.floor_kg, max(group_kg for _worth, group_kg in possible))
    sign = 1 if problem.sense == "max" else -1
    best = sign * max(sign * worth for worth, group_kg in possible if group_kg >= floor_kg)

    plan = make_plan(with_share_cap(*case))

    assert (plan.status, plan.value, plan.bound) == ("optimal", best, best)
    if plan.floor_kg < floor_kg:  # nothing of the group can move at all
        assert plan.group_kg >= floor_kg
    assert_keeps_shares_and_floor(*case, plan)


@given(seed=st.integers(0, 10**6), cap_ppm=st.sampled_from((200_000, 400_000, PPM)), percent=st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_limited_plan_without_lots_agrees_with_linear_programming(seed, cap_ppm, percent):
    chance = np.random.default_rng(seed)
    n_supplies, n_demands, n_arcs = 12, 10, 60
    problem = PlanProblem(
        supply_kg=chance.integers(0, 50_000, n_supplies),
        demand_kg=chance.integers(0, 50_000, n_demands),
        arc_supply=chance.integers(0, n_supplies, n_arcs),
        arc_demand=chance.integers(0, n_demands, n_arcs),
        arc_value=chance.integers(1, 1_000_000, n_arcs),
        group=chance.random(n_supplies) < 0.4,
    )
    company, need = chance.integers(0, 5, n_supplies), chance.integers(0, 4, n_demands)
    capped = with_share_cap(problem, company, need, cap_ppm)
    floor_kg = int(make_plan(capped).arc_kg.sum()) * percent // 100

    plan = make_plan(replace(capped, floor_kg=floor_kg))

    arcs = np.arange(n_arcs)
    own = shares(problem, company, need, cap_ppm)
    rows = np.zeros((n_supplies + n_demands + len(own) + 1, n_arcs))
    rows[problem.arc_supply, arcs] = rows[n_supplies + problem.arc_demand, arcs] = 1
    for row, (some, _most_kg) in enumerate(own.values(), n_supplies + n_demands):
        rows[row, some] = 1
    rows[-1] = np.where(problem.group[problem.arc_supply], -1, 0)
    most = [*problem.supply_kg, *problem.demand_kg, *(kg for _arcs, kg in own.values()), -plan.floor_kg]
    best = -linprog(-problem.arc_value, A_ub=rows, b_ub=most, bounds=(0, None)).fun
    # Kilograms are whole and a share of several months may want half of one: a few of them at most.
    assert plan.value <= best + 1
    assert best <= plan.bound + 1
    assert plan.bound - plan.value <= 20 * 1_000_000
    reachable = linprog(rows[-1], A_ub=rows[:-1], b_ub=most[:-1], bounds=(0, None)).fun
    assert min(floor_kg, int(-reachable + 1e-6)) - plan.floor_kg in range(3)
    assert_keeps_every_limit(problem, plan)
    assert_keeps_shares_and_floor(replace(problem, floor_kg=floor_kg), company, need, cap_ppm, plan)


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_no_cap_and_no_floor_change_nothing(problem):
    zeros = np.zeros(9, np.int64)
    group = np.ones(len(problem.supply_kg), bool)

    plan = make_plan(problem)
    again = make_plan(
        with_share_cap(
            replace(problem, group=group), zeros[: len(problem.supply_kg)], zeros[: len(problem.demand_kg)], PPM
        )
    )

    assert again.arc_kg.tobytes() == plan.arc_kg.tobytes()
    assert (again.value, again.bound, again.proof, again.reason) == (plan.value, plan.bound, plan.proof, plan.reason)
    assert again.supply_price.tolist() == plan.supply_price.tolist()


@given(case=limited(most_kg=5, n_arcs=5), data=st.data())
@settings(max_examples=60, deadline=None)
def test_rows_of_a_limited_plan_may_come_in_any_order(case, data):
    problem, company, need, cap_ppm = case
    order = np.array(data.draw(st.permutations(range(len(problem.arc_value)))), np.int64)
    columns = "arc_supply", "arc_demand", "arc_value", "arc_max_kg", "arc_lot_kg", "arc_multiple_kg"
    columns += "arc_smallest_share_kg", "pinned", "pin_kg", "banned", "arc_id"
    permuted = replace(problem, arc_share=None, **{name: getattr(problem, name)[order] for name in columns})

    plan = make_plan(with_share_cap(problem, company, need, cap_ppm))
    again = make_plan(with_share_cap(permuted, company, need, cap_ppm))

    assert again.arc_kg.tolist() == plan.arc_kg[order].tolist()
    assert (again.value, again.bound, again.floor_kg) == (plan.value, plan.bound, plan.floor_kg)


def test_lots_beyond_the_budget_keep_cap_and_floor():
    chance = np.random.default_rng(5)
    n_ends, n_arcs = 24, 150
    problem = PlanProblem(
        supply_kg=chance.integers(20, 200, n_ends) * 1000,
        demand_kg=chance.integers(20, 200, n_ends) * 1000,
        arc_supply=chance.integers(0, n_ends, n_arcs),
        arc_demand=chance.integers(0, n_ends, n_arcs),
        arc_value=chance.integers(400_000, 1_000_000, n_arcs),
        arc_lot_kg=chance.choice([0, 5_000, 19_900, 25_000], n_arcs),
        arc_multiple_kg=chance.choice([1, 1, 1_000], n_arcs),
        group=chance.random(n_ends) < 0.3,
    )
    company, need = np.arange(n_ends) // 3, np.arange(n_ends) // 2
    capped = with_share_cap(problem, company, need, 400_000)
    floor_kg = int(make_plan(capped).arc_kg.sum()) // 5
    asked = replace(capped, floor_kg=floor_kg)

    best, quick = make_plan(asked), make_plan(asked, budget=Budget(mip_arcs=0))
    compiled = make_plan(asked, budget=Budget(mip_arcs=0, repair_arcs=10))

    for plan in (best, quick, compiled):
        assert plan.floor_kg == floor_kg
        assert_keeps_every_limit(problem, plan)
        assert_keeps_shares_and_floor(replace(problem, floor_kg=floor_kg), company, need, 400_000, plan)
        assert plan.value <= best.bound
        assert plan.gap < 0.05
    assert best.gap < 0.01
