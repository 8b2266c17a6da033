"""Lots, multiples and smallest shares: an arc carries nothing, or at least its minimum, in its steps.

What an arc may not carry are holes between the quantities it may. The flow that ignores them bounds the plan from
above. `rounded_plan` closes the holes a few at a time and flows again, in several rounds; `search` splits at one hole
into "at most what lies below" and "at least what lies above" and bounds each half by its own flow, which is exact.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.network import Network
from matching.engine.plan.problem import Budget


def below_kg(network: Network, kg: np.ndarray) -> np.ndarray:
    """The most an arc may carry that is not more than `kg`; (n_arcs,)."""
    return np.where(kg < network.smallest_kg, 0, kg // network.multiple_kg * network.multiple_kg)


def above_kg(network: Network, kg: np.ndarray) -> np.ndarray:
    """The least an arc may carry that is not less than `kg`; (n_arcs,)."""
    stepped_kg = -(-kg // network.multiple_kg) * network.multiple_kg
    return np.where(kg > 0, np.maximum(network.smallest_kg, stepped_kg), 0)


def in_holes(network: Network, kg: np.ndarray) -> np.ndarray:
    """The arcs that carry what they may not; their rows."""
    return np.flatnonzero(below_kg(network, kg) != kg)


# --- rounding ---


def rounded_plan(network: Network, relaxed: Flow, budget: Budget) -> Flow | None:
    """A plan that keeps every minimum, by rounding the flow and flowing again; None where rounding found none.

    Each round loosens part of the best plan so far and rounds again with another threshold: what carries at least that
    share of its minimum is raised to it where both ends have room, the rest is dropped.
    """
    best = None
    low_kg, high_kg = network.low_kg, network.high_kg
    for turn in range(budget.repair_rounds):
        threshold = THRESHOLDS[turn % len(THRESHOLDS)]
        start = relaxed if best is None else best_flow(network, low_kg, high_kg)
        found = None if start is None else _rounded(network, start, low_kg.copy(), high_kg.copy(), threshold)
        if found is not None and (best is None or found.value > best.value):
            best = found
        if best is not None and best.value == relaxed.value:
            break
        if best is not None:
            low_kg = _loosened(network, best, keep=KEEPS[turn % len(KEEPS)])
    return best


THRESHOLDS = (0.5, 0.3, 0.7, 0.15, 0.85)
KEEPS = ("all", "full", "none")  # which arcs of the plan so far stay in use while the rest is decided anew


def _loosened(network: Network, best: Flow, keep: str) -> np.ndarray:
    """The least each arc must carry in the next round; (n_arcs,)."""
    if keep == "none":
        return network.low_kg
    used = best.kg > 0 if keep == "all" else best.kg > network.smallest_kg
    return np.where(used, np.maximum(network.low_kg, network.smallest_kg), network.low_kg)


def _rounded(network: Network, flow: Flow | None, low_kg, high_kg, threshold: float) -> Flow | None:
    """Decide the holes of a flow, the clearest half first, and flow again until there are none."""
    while flow is not None:
        arcs = in_holes(network, flow.kg)
        if len(arcs) == 0:
            return flow
        below, above = below_kg(network, flow.kg)[arcs], above_kg(network, flow.kg)[arcs]
        share = ((flow.kg[arcs] - below) / (above - below)).astype(float)
        clearest = np.argsort(-np.abs(share - threshold), kind="stable")[: (len(arcs) + 1) // 2]
        left_supply, left_demand = _room_above(network, low_kg)
        for row in clearest.tolist():
            arc = arcs[row]
            i, j, more = network.tail[arc], network.head[arc], above[row] - low_kg[arc]
            fits = above[row] <= high_kg[arc] and more <= left_supply[i] and more <= left_demand[j]
            if share[row] >= threshold and fits:
                low_kg[arc] = above[row]
                left_supply[i] -= more
                left_demand[j] -= more
            else:
                high_kg[arc] = below[row]
        flow = best_flow(network, low_kg, high_kg)
    return None


def _room_above(network: Network, low_kg) -> tuple[np.ndarray, np.ndarray]:
    """What supplies and demands have left once every arc carries its least."""
    supply_kg, demand_kg = network.supply_kg.copy(), network.demand_kg.copy()
    np.subtract.at(supply_kg, network.tail, low_kg)
    np.subtract.at(demand_kg, network.head, low_kg)
    return supply_kg, demand_kg


# --- exact search ---


@dataclass(frozen=True)
class Found:
    """The best plan of a search and the most that what it left unsearched could be worth."""

    flow: Flow | None
    bound: int | None  # None: nothing is left, and nothing was found


def search(network: Network, relaxed: Flow, best: Flow | None, n_nodes: int) -> Found:
    """Branch and bound over the holes, best bound first; each node is bounded by its own exact flow.

    `best` is a plan to beat, if there is one. At most `n_nodes` flows are made.
    """
    open_nodes = [(-relaxed.value, 0, relaxed, network.low_kg, network.high_kg)]
    made = 1
    while open_nodes and made < n_nodes:
        bound, _, flow, low_kg, high_kg = heappop(open_nodes)
        if best is not None and -bound <= best.value:
            return Found(best, best.value)
        for child_low, child_high in _halves(network, flow, low_kg, high_kg):
            child = best_flow(network, child_low, child_high)
            made += 1
            if child is None or (best is not None and child.value <= best.value):
                continue
            if len(in_holes(network, child.kg)) == 0:
                best = child
            else:
                heappush(open_nodes, (-child.value, made, child, child_low, child_high))
    bounds = [-node[0] for node in open_nodes[:1]] + ([best.value] if best is not None else [])
    return Found(best, max(bounds, default=None))


def _halves(network: Network, flow: Flow, low_kg, high_kg):
    """The limits on either side of the hole that the flow lies in deepest."""
    arcs = in_holes(network, flow.kg)
    below, above = below_kg(network, flow.kg)[arcs], above_kg(network, flow.kg)[arcs]
    row = int(np.argmax(np.minimum(flow.kg[arcs] - below, above - flow.kg[arcs])))
    at_most, at_least = high_kg.copy(), low_kg.copy()
    at_most[arcs[row]], at_least[arcs[row]] = below[row], above[row]
    return (low_kg, at_most), (at_least, high_kg)
