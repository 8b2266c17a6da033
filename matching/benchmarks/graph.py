"""The graph that a plan flows through: slots that supply, slots that demand, and the arcs of all pairs given."""

from dataclasses import dataclass

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.judging.months import smallest_kg
from matching.engine.fast.judging.pair import arcs_of
from matching.engine.fast.judging.timing import route

MOST_ARCS_OF_A_PAIR = 512


@dataclass(frozen=True)
class Graph:
    """Slots as `Facts` lays them out; arcs in the order of the pairs."""

    supply_kg: np.ndarray  # int64 (s,)
    demand_kg: np.ndarray  # int64 (d,)
    supply: np.ndarray  # int32 (a,)
    demand: np.ndarray  # int32 (a,)
    value: np.ndarray  # int32 (a,), millionths a kilogram
    kg: np.ndarray  # int32 (a,), the smaller of both slots
    least_kg: np.ndarray  # int32 (a,), of an arc that carries anything
    step_kg: np.ndarray  # int32 (a,)

    def __len__(self) -> int:
        return len(self.supply)


def graph_of(facts: Facts, need: np.ndarray, capacity: np.ndarray, value: np.ndarray) -> Graph:
    """The arcs on which the smallest quantity of their pair can flow."""
    pairs = tuple(np.ascontiguousarray(column, np.int32) for column in (need, capacity, value))
    room = np.empty((MOST_ARCS_OF_A_PAIR, 5), np.int64)
    nothing = [np.empty(0, np.int32) for _ in range(6)]
    n_arcs = _lay_out(facts, *pairs, room, *nothing)
    columns = [np.empty(n_arcs, np.int32) for _ in range(6)]
    _lay_out(facts, *pairs, room, *columns)
    return Graph(facts.capacities.slot_kg, facts.needs.slot_kg, *columns)


@kernel
def _lay_out(facts, need, capacity, value, room, supply, demand, worth, kg, least_kg, step_kg):
    """Writes the arcs where there is room for them; returns how many there are."""
    n_arcs = 0
    for pair in range(len(need)):
        i, j = need[pair], capacity[pair]
        n_found = min(arcs_of(facts, i, j, route(facts, i, j), room), len(room))
        if len(supply):
            for nth in range(n_found):
                at = n_arcs + nth
                supply[at], demand[at], kg[at] = room[nth, 0], room[nth, 1], room[nth, 4]
                worth[at], step_kg[at] = value[pair], facts.capacities.multiple_kg[j]
                least_kg[at] = smallest_kg(facts, i, j)
        n_arcs += n_found
    return n_arcs


def greedy(graph: Graph) -> tuple[int, int]:
    """The best arc first, each given all that is left: what it is worth, and the kilograms it moves."""
    order = np.argsort(-graph.value, kind="stable")
    left_supply, left_demand = graph.supply_kg.copy(), graph.demand_kg.copy()
    worth = np.zeros(2, np.int64)
    _give(
        order, graph.supply, graph.demand, graph.value, graph.least_kg, graph.step_kg, left_supply, left_demand, worth
    )
    return int(worth[0]), int(worth[1])


@kernel
def _give(order, supply, demand, value, least_kg, step_kg, left_supply, left_demand, worth):
    for arc in order:
        kg = min(left_supply[supply[arc]], left_demand[demand[arc]])
        kg -= kg % step_kg[arc]
        if kg < least_kg[arc]:
            continue
        left_supply[supply[arc]] -= kg
        left_demand[demand[arc]] -= kg
        worth[0] += kg * value[arc]
        worth[1] += kg
