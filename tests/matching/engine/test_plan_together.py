"""Balancing many nodes at once: the best flow where there are many ends and many arcs that are worth the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from matching.engine.plan.priced import make_it_best, make_it_best_from_afar
from matching.engine.plan.problem import exact_worth
from matching.engine.plan.residual import flow_of, residual_of

DEAREST = 900_000


@st.composite
def markets(draw):
    """Many ends; values of few levels, as where facts are unknown, or of many."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_supplies, n_demands = (int(n) for n in random.integers(30, 90, 2))
    n_arcs = int(random.integers(n_demands, 12 * n_demands))
    keys = np.unique(random.integers(0, n_supplies * n_demands, n_arcs))
    levels = random.choice([3, 40, DEAREST])
    return (
        random.integers(0, 500, n_supplies),
        random.integers(0, 500, n_demands),
        keys // n_demands,
        keys % n_demands,
        random.integers(0, levels + 1, len(keys)) * (DEAREST // levels),
    )


def residual_without_flow(market):
    supply_kg, demand_kg, tail, head, value = market
    nothing = np.zeros(len(value), np.int64)
    return residual_of(*market, nothing, np.minimum(supply_kg[tail], demand_kg[head]), nothing)


def most_by_linprog(market) -> float:
    supply_kg, demand_kg, tail, head, value = market
    arcs, ones = np.arange(len(value)), np.ones(2 * len(value))
    rows = np.concatenate((tail, len(supply_kg) + head))
    limits = coo_array((ones, (rows, np.concatenate((arcs, arcs)))), shape=(len(supply_kg) + len(demand_kg), len(arcs)))
    found = linprog(-value, A_ub=limits.tocsr(), b_ub=np.concatenate((supply_kg, demand_kg)), method="highs")
    return -found.fun


def no_arc_gains(residual, price) -> bool:
    tail = np.repeat(np.arange(len(price)), np.diff(residual.first))
    loses = residual.cost + price[tail] - price[residual.head]
    return bool((loses[residual.room > 0] >= 0).all())


@given(market=markets(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_the_best_flow_is_found_from_any_prices(market, seed):
    residual = residual_without_flow(market)
    price = np.random.default_rng(seed).integers(0, DEAREST, residual.n_nodes)

    make_it_best(residual, price)

    kg = flow_of(residual, np.zeros(len(market[-1]), np.int64))
    assert exact_worth(market[-1], kg) == round(most_by_linprog(market))
    assert no_arc_gains(residual, price)
    assert (residual.room >= 0).all()


@given(market=markets())
@settings(max_examples=40, deadline=None)
def test_the_same_is_found_from_afar(market):
    residual = residual_without_flow(market)
    price = np.zeros(residual.n_nodes, np.int64)

    make_it_best_from_afar(residual, price, int(market[-1].max(initial=0)))

    kg = flow_of(residual, np.zeros(len(market[-1]), np.int64))
    assert exact_worth(market[-1], kg) == round(most_by_linprog(market))
    assert no_arc_gains(residual, price)
