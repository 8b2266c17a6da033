"""A good plan that keeps every minimum, by rounding the flow and flowing again.

Rounding decides the holes of a flow, the clearest half first. Moves then flip one decision at a time, the most
promising by the prices first, and decide the arcs that share an end with it anew.
"""

import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import above_kg, below_kg, in_holes
from matching.engine.plan.network import Network
from matching.engine.plan.problem import Budget

THRESHOLDS = (0.5, 0.3, 0.7, 0.15, 0.85)  # share of its minimum from which an arc is raised to it, turn by turn
# Flows of one rounding. Where multiples are small beside the quantities, each decision moves the flow by a multiple
# into the next hole, so from then on what is decided carries just that.
FLOWS_THAT_MAY_WAVER = 30


def rounded_plan(network: Network, relaxed: Flow, budget: Budget) -> Flow | None:
    """The best plan that rounding and moves find; None where they find none."""
    best = None
    for threshold in THRESHOLDS[: budget.repair_rounds]:
        found = _rounded(network, relaxed, network.low_kg.copy(), network.high_kg.copy(), threshold)
        if found is not None and (best is None or found.value > best.value):
            best = found
    if best is None:
        return None
    return _moved(network, relaxed, best, min(budget.repair_moves, budget.repair_work // len(network.value)))


def _moved(network: Network, relaxed: Flow, best: Flow, n_moves: int) -> Flow:
    """Flip one decision after another, and keep what is worth more."""
    best = best_flow(network, *_decided(network, best.kg))
    tried = np.zeros(len(network.value), dtype=bool)
    for _ in range(n_moves):
        arc = _most_promising(network, best, tried)
        if arc is None or best.value == relaxed.value:
            break
        tried[arc] = True
        found = _flipped(network, best, arc)
        if found is not None and found.value > best.value:
            best = best_flow(network, *_decided(network, found.kg))
            tried[:] = False
    return best


def _decided(network: Network, kg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits that keep what a plan uses in use, and out what it does not, wherever there is a minimum."""
    used, stepped, has_minimum = kg > 0, network.multiple_kg > 1, network.smallest_kg > 1
    low_kg = np.where(stepped, kg, np.where(used & has_minimum, network.smallest_kg, network.low_kg))
    high_kg = np.where(stepped, kg, np.where(used | ~has_minimum, network.high_kg, 0))
    return low_kg, high_kg


def _most_promising(network: Network, best: Flow, tried: np.ndarray) -> int | None:
    """The untried decision whose opposite, by the prices of the plan, would be worth the most; None: no such."""
    gain = network.value - best.prices.supply[network.tail] - best.prices.demand[network.head]
    promise = np.where(best.kg > 0, -gain, gain).astype(float) * network.smallest_kg.astype(float)
    promise[tried | (network.smallest_kg <= 1) | (network.low_kg > 0)] = 0
    arc = int(np.argmax(promise))
    return arc if promise[arc] > 0 else None


def _flipped(network: Network, best: Flow, arc: int) -> Flow | None:
    """The plan with one arc's use flipped and the other arcs of its two ends decided anew."""
    low_kg, high_kg = _decided(network, best.kg)
    near = (network.tail == network.tail[arc]) | (network.head == network.head[arc])
    low_kg[near], high_kg[near] = network.low_kg[near], network.high_kg[near]
    if best.kg[arc] > 0:
        high_kg[arc] = 0
    else:
        low_kg[arc] = network.smallest_kg[arc]
    return _rounded(network, best_flow(network, low_kg, high_kg), low_kg, high_kg, THRESHOLDS[0])


def _rounded(network: Network, flow: Flow | None, low_kg, high_kg, threshold: float) -> Flow | None:
    """Decide the holes of a flow, the clearest half first, and flow again until there are none."""
    n_flows = 0
    while flow is not None:
        arcs = in_holes(network, flow.kg)
        if len(arcs) == 0:
            return flow
        _decide_clearest(network, flow, arcs, low_kg, high_kg, threshold, for_good=n_flows >= FLOWS_THAT_MAY_WAVER)
        flow = best_flow(network, low_kg, high_kg)
        n_flows += 1
    return None


def _decide_clearest(network, flow: Flow, arcs, low_kg, high_kg, threshold: float, *, for_good: bool) -> None:
    """Raise or lower the half of some arcs that is clearest; `for_good`: to just that quantity."""
    below, above = below_kg(network, flow.kg)[arcs], above_kg(network, flow.kg)[arcs]
    share = ((flow.kg[arcs] - below) / (above - below)).astype(float)
    clearest = np.argsort(-np.abs(share - threshold), kind="stable")[: (len(arcs) + 1) // 2]
    left_supply, left_demand = _room_above(network, low_kg)

    def may_carry(arc: int, kg: int) -> bool:
        more = kg - low_kg[arc]
        return kg <= high_kg[arc] and more <= left_supply[network.tail[arc]] and more <= left_demand[network.head[arc]]

    def raise_to(arc: int, kg: int) -> None:
        left_supply[network.tail[arc]] -= kg - low_kg[arc]
        left_demand[network.head[arc]] -= kg - low_kg[arc]
        low_kg[arc] = kg

    for row in clearest.tolist():
        arc = arcs[row]
        if share[row] >= threshold and may_carry(arc, above[row]):
            raise_to(arc, above[row])
        else:
            high_kg[arc] = below[row]
            if for_good and may_carry(arc, below[row]):
                raise_to(arc, below[row])
        if for_good:
            high_kg[arc] = low_kg[arc]


def _room_above(network: Network, low_kg) -> tuple[np.ndarray, np.ndarray]:
    """What supplies and demands have left once every arc carries its least."""
    supply_kg, demand_kg = network.supply_kg.copy(), network.demand_kg.copy()
    np.subtract.at(supply_kg, network.tail, low_kg)
    np.subtract.at(demand_kg, network.head, low_kg)
    return supply_kg, demand_kg
