"""The best flow through a component when lots are left aside, in whole kilograms, with its proof.

Where the numbers fit 64 bits OR-Tools finds the flow, of very many arcs our own compiled solver (`settled.py`); where
they do not, the one in Python integers does (`exact.py`). None is believed: the prices that `proof.py` derives show in
exact integers that no other flow is worth more.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine.plan.exact import exact_flow
from matching.engine.plan.network import Network, is_plain
from matching.engine.plan.problem import exact_sum, exact_worth, narrow
from matching.engine.plan.proof import Prices, prove

MOST_ARCS_ELSEWHERE = 200_000  # of a component: for more our own compiled solver is the quicker one
ROOM = 2**60  # what 64-bit sums and potentials may reach, with a margin


@dataclass(frozen=True)
class Flow:
    """Kilograms on each arc and their worth, which the prices prove to be the most possible."""

    kg: np.ndarray  # (n_arcs,)
    value: int
    prices: Prices


def best_flow(network: Network, low_kg: np.ndarray, high_kg: np.ndarray) -> Flow | None:
    """The flow of greatest value with low <= kilograms <= high on every arc; None where there is none.

    The least each arc must carry is shipped first; what is left is a flow from zero.
    """
    supply_kg, demand_kg = network.supply_kg.copy(), network.demand_kg.copy()
    np.subtract.at(supply_kg, network.tail, low_kg)
    np.subtract.at(demand_kg, network.head, low_kg)
    if (supply_kg < 0).any() or (demand_kg < 0).any() or (high_kg < low_kg).any():
        return None
    room_kg = np.minimum(np.minimum(high_kg - low_kg, supply_kg[network.tail]), demand_kg[network.head])
    more_kg = _flow_from_zero(network, supply_kg, demand_kg, room_kg)
    if more_kg is None:
        return None
    kg = low_kg + more_kg
    prices = prove(network, supply_kg, demand_kg, high_kg - low_kg, more_kg)
    return Flow(kg=kg, value=exact_worth(network.value, kg), prices=prices)


def _flow_from_zero(network: Network, supply_kg, demand_kg, room_kg) -> np.ndarray | None:
    """Kilograms on each arc; shape (n_arcs,). None where supplies or demands that must be used wholly cannot be."""
    value = network.value
    if len(value) > MOST_ARCS_ELSEWHERE and is_plain(network):
        # Compiled code, for which a small plan need not wait.
        from matching.engine.plan.settled import settled_flow

        return settled_flow(network, value, supply_kg, demand_kg, room_kg)
    if _fits(value, supply_kg, demand_kg, room_kg):
        return _ortools_flow(network, value, supply_kg, demand_kg, room_kg)
    # A common divisor tells nothing and costs bits: 10^20 kg in steps of 10^12 are small numbers.
    unit_value = gcd(*value.tolist()) or 1
    unit_kg = gcd(*supply_kg.tolist(), *demand_kg.tolist(), *room_kg.tolist()) or 1
    value = narrow(value // unit_value)
    supply_kg, demand_kg, room_kg = (narrow(kg // unit_kg) for kg in (supply_kg, demand_kg, room_kg))
    if _fits(value, supply_kg, demand_kg, room_kg):
        units = _ortools_flow(network, value, supply_kg, demand_kg, room_kg)
    else:
        units = exact_flow(network, value, supply_kg, demand_kg, room_kg)
    return None if units is None else narrow(units.astype(object) * unit_kg)


def _fits(value, supply_kg, demand_kg, room_kg) -> bool:
    """Whether 64 bits hold every sum of kilograms, and every cost times the number of nodes, with room to spare."""
    if any(array.dtype == object for array in (value, supply_kg, demand_kg, room_kg)):
        return False
    nodes = len(supply_kg) + len(demand_kg) + 3
    costliest = max(abs(int(value.min(initial=0))), abs(int(value.max(initial=0))))
    return costliest * nodes * 8 < ROOM and sum(map(exact_sum, (supply_kg, demand_kg, room_kg))) < ROOM


def _ortools_flow(network: Network, value, supply_kg, demand_kg, room_kg) -> np.ndarray | None:
    """The flow by OR-Tools' cost-scaling push-relabel. What is not shipped takes a bypass past one node more."""
    n_supplies, n_demands = len(supply_kg), len(demand_kg)
    useful = np.flatnonzero(room_kg)
    supply_node = np.arange(n_supplies, dtype=np.int32)
    demand_node = np.arange(n_supplies, n_supplies + n_demands, dtype=np.int32)
    bypass = np.int32(n_supplies + n_demands)
    tails, heads = [supply_node[network.tail[useful]]], [demand_node[network.head[useful]]]
    rooms, costs = [room_kg[useful]], [-value[useful]]
    if not network.ship_supply:
        tails.append(supply_node), heads.append(np.full(n_supplies, bypass))
        rooms.append(supply_kg), costs.append(np.zeros(n_supplies, np.int64))
    if not network.fill_demand:
        tails.append(np.full(n_demands, bypass)), heads.append(demand_node)
        rooms.append(demand_kg), costs.append(np.zeros(n_demands, np.int64))
    balance = np.concatenate((supply_kg, -demand_kg, [exact_sum(demand_kg) - exact_sum(supply_kg)]))

    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails), np.concatenate(heads), np.concatenate(rooms), np.concatenate(costs)
    )
    solver.set_nodes_supplies(np.arange(len(balance), dtype=np.int32), balance)
    status = solver.solve()
    if status == SimpleMinCostFlow.INFEASIBLE:
        return None
    if status != SimpleMinCostFlow.OPTIMAL:
        raise ArithmeticError(f"the flow solver answers {status} where the numbers should fit it")
    kg = np.zeros(len(value), np.int64)
    kg[useful] = solver.flows(arcs[: len(useful)])
    return kg
