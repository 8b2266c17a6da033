"""Lots in a component of thousands of arcs, all of which are laid out: see `repair.py`."""

import numpy as np

from matching.engine.plan.flow import Flow
from matching.engine.plan.holes import in_holes
from matching.engine.plan.network import Network
from matching.engine.plan.priced import make_it_best
from matching.engine.plan.problem import Budget, exact_worth
from matching.engine.plan.repair import amounts, decide_all, move, repair_of
from matching.engine.plan.residual import residual_of


def repaired_plan(network: Network, relaxed: Flow, budget: Budget) -> Flow:
    """A plan that keeps every minimum, from the flow that ignores them. The network must be plain (`is_plain`)."""
    ends = network.supply_kg, network.demand_kg, network.tail, network.head
    price = np.concatenate((relaxed.prices.supply, -relaxed.prices.demand, [0])).astype(np.int64)
    residual = residual_of(*ends, network.value, network.low_kg, network.high_kg, relaxed.kg)
    make_it_best(residual, price)
    nodes = network.tail, len(network.supply_kg) + network.head
    limits = network.low_kg, network.high_kg, network.smallest_kg, network.multiple_kg
    repair = repair_of(residual, price, *nodes, network.value, *limits)
    decide_all(repair)
    move(repair, exact_worth(network.value, amounts(repair)), budget)
    kg = amounts(repair)
    _check(network, kg)
    return Flow(kg=kg, value=exact_worth(network.value, kg), prices=relaxed.prices)


def _check(network: Network, kg: np.ndarray) -> None:
    """No kilogram twice and no arc in a hole: the compiled code is not believed either."""
    shipped, received = np.zeros_like(network.supply_kg), np.zeros_like(network.demand_kg)
    np.add.at(shipped, network.tail, kg)
    np.add.at(received, network.head, kg)
    keeps_ends = (shipped <= network.supply_kg).all() and (received <= network.demand_kg).all()
    keeps_limits = (kg >= network.low_kg).all() and (kg <= network.high_kg).all()
    if not keeps_ends or not keeps_limits or len(in_holes(network, kg)):
        raise ArithmeticError("the repaired plan breaks a limit")
