"""Prices that prove a flow to be best, checked in exact integers.

Each kilogram of a supply and of a demand gets a price. When every arc that is worth more than the prices of its two ends
is full, every arc worth less is empty, nothing of positive price is left over and no price is negative, then no flow is
worth more: complementary slackness, R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows, Prentice Hall 1993,
section 9.4. The prices are distances in the residual network (Bellman-Ford); a cycle that gains, which only a flow that
is not best has, would show as distances that never settle.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.plan.network import Network


@dataclass(frozen=True)
class Prices:
    """What a kilogram of each supply and of each demand is worth to the plan, in the unit of the arcs' value."""

    supply: np.ndarray  # (n_supplies,)
    demand: np.ndarray  # (n_demands,)


class NotBest(ArithmeticError):
    """The flow is not the best one, or its prices do not prove it: an error of ours or of the solver."""


def prove(network: Network, supply_kg, demand_kg, room_kg, kg) -> Prices:
    """The prices that prove `kg` (n_arcs,) to be worth the most within `room_kg`, `supply_kg` and `demand_kg`.

    Of all prices that do, these are the ones under which a demand's price is what one more kilogram wanted would be
    worth, and a supply's price what its last kilogram is worth. They do not depend on which best flow was found.
    Raises NotBest when there are none.
    """
    left_kg, unmet_kg = supply_kg.copy(), demand_kg.copy()
    np.subtract.at(left_kg, network.tail, kg)
    np.subtract.at(unmet_kg, network.head, kg)
    value = _wide_enough(network.value, len(supply_kg) + len(demand_kg))
    start = 0
    if not (network.ship_supply or network.fill_demand):
        start = 4 * (len(supply_kg) + len(demand_kg) + 2) * max(abs(int(v)) for v in (value.min(initial=0), value.max(initial=0), 1))
    dtype = value.dtype
    supply = np.full(len(supply_kg), start, dtype=dtype)
    demand = np.full(len(demand_kg), start, dtype=dtype)
    prices = _settle(network, value, left_kg, unmet_kg, room_kg > kg, kg > 0, supply, demand)
    _check(network, value, prices, left_kg, unmet_kg, room_kg > kg, kg > 0)
    return prices
