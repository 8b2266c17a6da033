"""The compiled solvers behind large plans, on small problems whose every plan can be listed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.plan import Budget, make_plan, repair
from matching.engine.plan.flow import best_flow
from matching.engine.plan.network import is_plain, networks
from matching.engine.plan.paths import walk_in
from matching.engine.plan.priced import from_ground, make_it_best
from matching.engine.plan.problem import exact_worth
from matching.engine.plan.residual import flow_of, residual_of
from matching.engine.plan.scaling import FINE, settle
from tests.matching.engine.plan_problems import assert_keeps_every_limit, problems, value_of_every_plan
from tests.matching.engine.test_plan_lots import market

COMPILED = Budget(repair_arcs=0, mip_arcs=0)


def plain_networks(problem):
    """The components that the compiled solvers may be given; their pins can be kept."""
    pairs = [(network, best_flow(network, network.low_kg, network.high_kg)) for network in networks(problem)]
    return [(network, flow) for network, flow in pairs if flow is not None and is_plain(network)]


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=15, with_lots=False), random=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_make_it_best_finds_the_best_flow_from_any_prices(problem, random):
    for network, best in plain_networks(problem):
        limits = network.low_kg, network.high_kg
        residual = residual_of(
            network.supply_kg, network.demand_kg, network.tail, network.head, network.value, *limits, network.low_kg
        )
        n_nodes = len(residual.first) - 1
        price = np.array([random.randint(-9, 9) for _node in range(n_nodes)], np.int64)

        make_it_best(residual, price)

        kg = flow_of(residual, network.low_kg)
        assert exact_worth(network.value, kg) == best.value


@given(problem=problems(most_kg=60, n_ends=5, n_arcs=15, with_lots=False), fine=st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_settled_prices_are_within_what_was_asked(problem, fine):
    for network, _best in plain_networks(problem):
        ends = network.supply_kg, network.demand_kg, network.tail, network.head
        residual = residual_of(*ends, network.value, network.low_kg, network.high_kg, network.low_kg)
        price = np.zeros(len(residual.first) - 1, np.int64)

        settle(residual, price, FINE * 10, fine)

        tail = np.repeat(np.arange(len(price)), np.diff(residual.first))
        loses = residual.cost * FINE + price[tail] - price[residual.head]
        assert (loses[residual.room > 0] >= -fine).all()
        assert (residual.room >= 0).all()


@given(problem=problems())
@settings(max_examples=200, deadline=None)
def test_repaired_plans_keep_every_limit_and_the_bound(problem):
    values = value_of_every_plan(problem)

    plan = make_plan(problem, budget=COMPILED)

    if plan.status in ("infeasible", "unknown"):
        assert not values or plan.status == "unknown"
        return
    assert_keeps_every_limit(problem, plan)
    sign = 1 if problem.sense == "max" else -1
    assert sign * plan.value in {sign * value for value in values}
    assert sign * plan.bound >= max(sign * value for value in values)


@given(problem=problems())
@settings(max_examples=100, deadline=None)
def test_repair_keeps_every_limit_where_no_search_may_reach_far_enough(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repair, "MOST_REACHED", 0)
        plan = make_plan(problem, budget=COMPILED)

    if plan.status in ("optimal", "feasible"):
        assert_keeps_every_limit(problem, plan)
        assert (plan.value - plan.bound) * (1 if problem.sense == "max" else -1) <= 0


@pytest.mark.parametrize("seed", range(3))
def test_repair_comes_within_a_percent_of_the_best_plan_where_lots_are_large(seed):
    problem = market(16, 80, seed)
    best = make_plan(problem)

    plan = make_plan(problem, budget=COMPILED)

    assert best.gap == 0
    assert 0.95 * best.value < plan.value <= best.value <= plan.bound
    assert_keeps_every_limit(problem, plan)


def test_distances_from_the_ground_are_prices_under_which_no_arc_gains():
    network = next(iter(networks(market(16, 80, 1))))
    ends = network.supply_kg, network.demand_kg, network.tail, network.head
    residual = residual_of(*ends, network.value, network.low_kg, network.high_kg, network.low_kg)
    price = np.zeros(len(residual.first) - 1, np.int64)
    make_it_best(residual, price)

    distances = from_ground(residual, price)

    tail = np.repeat(np.arange(len(price)), np.diff(residual.first))
    loses = residual.cost + distances[tail] - distances[residual.head]
    assert (loses[residual.room > 0] >= 0).all()
    assert (walk_in(residual).in_heap == -1).all()
