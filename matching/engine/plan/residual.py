"""The residual network of a flow in flat arrays, as the compiled solvers walk it.

Nodes are the supplies, then the demands, then the ground: what a supply does not ship goes to the ground for nothing,
and the ground fills for nothing what a demand is not given. So every supply is sent and every demand is met, and the
ground takes the rest. Each arc stands twice, at its tail and at its head: there as its own reverse.

Source: R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall 1993, section 2.4.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel


class Residual(NamedTuple):
    """Arcs that leave node v: first[v] to first[v + 1]. Costs are what a unit loses: minus its value, or plus, back."""

    first: np.ndarray  # int64 (n_nodes + 1,)
    head: np.ndarray  # int32 (2 x (n_arcs + n_nodes - 1),)
    reverse: np.ndarray  # int32, where the same arc stands at its other end
    room: np.ndarray  # int64, how much more may flow
    cost: np.ndarray  # int64
    place: np.ndarray  # int32 (n_arcs,), where each arc of the problem stands at its tail

    @property
    def n_nodes(self) -> int:
        return len(self.first) - 1


def residual_of(supply_kg, demand_kg, tail, head, value, low_kg, high_kg, kg) -> Residual:
    """The residual network of a flow that keeps every limit: low <= kg <= high, and no end beyond what it has."""
    n_supplies, n_nodes = len(supply_kg), len(supply_kg) + len(demand_kg) + 1
    degree = np.bincount(tail, minlength=n_nodes) + np.bincount(head + n_supplies, minlength=n_nodes)
    degree[:-1] += 1  # its arc to or from the ground
    degree[-1] = n_nodes - 1
    first = np.zeros(n_nodes + 1, np.int64)
    np.cumsum(degree, out=first[1:])
    n_places = int(first[-1])
    residual = Residual(
        first=first,
        head=np.empty(n_places, np.int32),
        reverse=np.empty(n_places, np.int32),
        room=np.empty(n_places, np.int64),
        cost=np.zeros(n_places, np.int64),
        place=np.empty(len(tail), np.int32),
    )
    left_kg, unmet_kg = supply_kg.copy(), demand_kg.copy()
    _lay_out(
        residual, first[:-1].copy(), tail, head, value, low_kg, high_kg, kg, supply_kg, demand_kg, left_kg, unmet_kg
    )
    return residual


def flow_of(residual: Residual, low_kg: np.ndarray) -> np.ndarray:
    """Kilograms on each arc of the problem; int64 (n_arcs,)."""
    return low_kg + residual.room[residual.reverse[residual.place]]


@kernel
def _lay_out(residual, free, tail, head, value, low_kg, high_kg, kg, has_kg, wants_kg, left_kg, unmet_kg):
    """Fill in the arcs. `left_kg` and `unmet_kg` come as what the ends have and want, and end as what is left of it."""
    heads, reverse, room, cost = residual.head, residual.reverse, residual.room, residual.cost
    n_supplies, ground = len(left_kg), len(left_kg) + len(unmet_kg)
    for a in range(len(tail)):
        i, j = tail[a], n_supplies + head[a]
        here, there = free[i], free[j]
        free[i] += 1
        free[j] += 1
        heads[here], heads[there] = j, i
        reverse[here], reverse[there] = there, here
        room[here], room[there] = high_kg[a] - kg[a], kg[a] - low_kg[a]
        cost[here], cost[there] = -value[a], value[a]
        residual.place[a] = here
        left_kg[tail[a]] -= kg[a]
        unmet_kg[head[a]] -= kg[a]
    for v in range(ground):
        here, there = free[v], residual.first[ground] + v
        heads[here], heads[there] = ground, v
        reverse[here], reverse[there] = there, here
        if v < n_supplies:
            room[here], room[there] = has_kg[v] - left_kg[v], left_kg[v]
        else:
            room[here], room[there] = unmet_kg[v - n_supplies], wants_kg[v - n_supplies] - unmet_kg[v - n_supplies]
