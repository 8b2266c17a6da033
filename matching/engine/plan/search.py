"""Exact search over the holes: branch and bound in whole numbers.

A flow that lies in a hole is split into "at most what lies below" and "at least what lies above"; the best flow of each
half bounds every plan in it. What remains open when the budget ends still has its bound.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import above_kg, below_kg, in_holes
from matching.engine.plan.network import Network


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
