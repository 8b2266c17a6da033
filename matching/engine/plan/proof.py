"""Prices that prove a flow to be best, checked in exact integers.

Each kilogram of a supply and of a demand gets a price. When every arc that is worth more than the prices of its two
ends is full, every arc worth less is empty, nothing of positive price is left over and no price is negative, then no
flow is worth more: complementary slackness, R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows, Prentice Hall
1993, section 9.4. The prices are distances in the residual network (Bellman-Ford); a cycle that gains, which only a
flow that is not best has, would show as distances that never settle.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.plan.network import Network


@dataclass(frozen=True)
class Prices:
    """What a kilogram of each supply and of each demand is worth to the plan, in the unit of the arcs' value."""

    supply: np.ndarray  # (n_supplies,)
    demand: np.ndarray  # (n_demands,)


class NotBestError(ArithmeticError):
    """The flow is not the best one, or its prices do not prove it: an error of ours or of the solver."""


def prove(network: Network, supply_kg, demand_kg, limit_kg, kg) -> Prices:
    """The prices that prove `kg` (n_arcs,) to be worth the most within `limit_kg`, `supply_kg` and `demand_kg`.

    Of all prices that do, these are the ones under which a demand's price is what one more kilogram wanted would be
    worth, and a supply's price what its last kilogram is worth. They do not depend on which best flow was found.
    Raises NotBestError when there are none.
    """
    left_kg, unmet_kg = supply_kg.copy(), demand_kg.copy()
    np.subtract.at(left_kg, network.tail, kg)
    np.subtract.at(unmet_kg, network.head, kg)
    residual = _Residual(
        tail=network.tail,
        head=network.head,
        value=_wide_enough(network.value, len(supply_kg) + len(demand_kg)),
        # A limit that an end implies is the end's, and its worth goes into the price of that end.
        may_grow=(kg < limit_kg) | (limit_kg >= np.minimum(supply_kg[network.tail], demand_kg[network.head])),
        may_shrink=kg > 0,
        is_left=left_kg > 0,
        is_unmet=unmet_kg > 0,
        may_leave=not network.ship_supply,
        may_miss=not network.fill_demand,
    )
    keeps_limits = (kg >= 0).all() and (kg <= limit_kg).all() and (left_kg >= 0).all() and (unmet_kg >= 0).all()
    if not keeps_limits or (network.ship_supply and left_kg.any()) or (network.fill_demand and unmet_kg.any()):
        raise NotBestError("the flow breaks a limit")
    prices = _prices(residual, len(supply_kg), len(demand_kg))
    _check(residual, prices)
    return prices


@dataclass(frozen=True)
class _Residual:
    """Where the flow could still change: the arcs of the residual network."""

    tail: np.ndarray
    head: np.ndarray
    value: np.ndarray
    may_grow: np.ndarray  # (n_arcs,)
    may_shrink: np.ndarray  # (n_arcs,)
    is_left: np.ndarray  # (n_supplies,) something is not shipped
    is_unmet: np.ndarray  # (n_demands,) something is still wanted
    may_leave: bool  # supplies need not ship wholly
    may_miss: bool  # demands need not be met wholly


def _prices(residual: _Residual, n_supplies: int, n_demands: int) -> Prices:
    """Distances from the bypass, over which nothing is gained or lost, turned into prices."""
    value = residual.value
    must_use_all = not (residual.may_leave and residual.may_miss)
    # Where one side must be used wholly the bypass may not lead everywhere: all nodes start level instead.
    longest = 4 * (n_supplies + n_demands + 2) * max(-int(value.min(initial=0)), int(value.max(initial=0)), 1)
    start = 0 if must_use_all else longest
    supply = np.full(n_supplies, start, dtype=value.dtype)
    demand = np.full(n_demands, start, dtype=value.dtype)
    bypass = _settle(residual, supply, demand)
    prices = Prices(supply=supply - bypass, demand=bypass - demand)
    if not must_use_all:
        _price_the_unreached(residual, prices, supply > longest // 2)
    return prices


def _settle(residual: _Residual, supply: np.ndarray, demand: np.ndarray) -> int:
    """Bellman-Ford: shorten the distances in place until none can be shortened; the distance of the bypass."""
    grow_tail, grow_head = residual.tail[residual.may_grow], residual.head[residual.may_grow]
    grow_value = residual.value[residual.may_grow]
    shrink_tail, shrink_head = residual.tail[residual.may_shrink], residual.head[residual.may_shrink]
    shrink_value = residual.value[residual.may_shrink]
    bypass = 0
    for _ in range(len(supply) + len(demand) + 3):
        before = supply.copy(), demand.copy(), bypass
        np.minimum.at(demand, grow_head, supply[grow_tail] - grow_value)
        if residual.may_miss:
            np.minimum(demand, bypass, out=demand)
            bypass = min(bypass, demand[residual.is_unmet].min(initial=bypass))
        if residual.may_leave:
            bypass = min(bypass, supply.min(initial=bypass))
        np.minimum.at(supply, shrink_tail, demand[shrink_head] + shrink_value)
        if residual.may_leave:
            supply[residual.is_left] = np.minimum(supply[residual.is_left], bypass)
        if bypass == before[2] and (supply == before[0]).all() and (demand == before[1]).all():
            return bypass
    raise NotBestError("some cycle of the residual network gains")


def _price_the_unreached(residual: _Residual, prices: Prices, unreached: np.ndarray) -> None:
    """A supply that has nothing to give (its pins took it) costs what the best arc would pay for a kilogram."""
    prices.supply[unreached] = 0
    arcs = np.flatnonzero(unreached[residual.tail] & residual.may_grow)
    np.maximum.at(prices.supply, residual.tail[arcs], residual.value[arcs] - prices.demand[residual.head[arcs]])


def _check(residual: _Residual, prices: Prices) -> None:
    """Complementary slackness, arc by arc and end by end."""
    gain = residual.value - prices.supply[residual.tail] - prices.demand[residual.head]
    if (gain[residual.may_grow] > 0).any() or (gain[residual.may_shrink] < 0).any():
        raise NotBestError("an arc could gain")
    for price, remains, may_remain in (
        (prices.supply, residual.is_left, residual.may_leave),
        (prices.demand, residual.is_unmet, residual.may_miss),
    ):
        if may_remain and ((price < 0).any() or (price[remains] > 0).any()):
            raise NotBestError("what is left over has a price, or a price is negative")


def _wide_enough(value: np.ndarray, n_nodes: int) -> np.ndarray:
    """The values as 64-bit numbers where distances over every node fit them, else as Python integers."""
    costliest = max(-int(value.min(initial=0)), int(value.max(initial=0)))
    return value if value.dtype != object and costliest * (n_nodes + 3) * 16 < 2**62 else value.astype(object)
