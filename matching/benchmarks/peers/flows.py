"""Other solvers for the plan without lots: the best flow through a graph, each as its own manual says."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linprog
from scipy.sparse import coo_array

from matching.benchmarks.graph import Graph


def by_linprog(graph: Graph) -> float:
    """SciPy's linear programme with HiGHS: a variable an arc, a row a slot."""
    n_supplies, n_slots = len(graph.supply_kg), len(graph.supply_kg) + len(graph.demand_kg)
    arc = np.arange(len(graph))
    rows = np.concatenate([graph.supply, n_supplies + graph.demand])
    uses = coo_array((np.ones(len(rows)), (rows, np.concatenate([arc, arc]))), shape=(n_slots, len(graph))).tocsr()
    holds = np.concatenate([graph.supply_kg, graph.demand_kg]).astype(float)
    bounds = np.stack([np.zeros(len(graph)), graph.kg], axis=1)
    answer = linprog(-graph.value.astype(float), A_ub=uses, b_ub=holds, bounds=bounds, method="highs")
    if not answer.success:
        raise ArithmeticError(answer.message)
    return -answer.fun


def by_networkx(graph: Graph) -> int:
    """NetworkX's network simplex; what is not shipped goes past everything at no cost."""
    import networkx as nx  # there for developers alone

    flows = nx.DiGraph()
    for supply, kg in enumerate(graph.supply_kg.tolist()):
        flows.add_edge("from", ("s", supply), capacity=kg, weight=0)
    for demand, kg in enumerate(graph.demand_kg.tolist()):
        flows.add_edge(("d", demand), "to", capacity=kg, weight=0)
    columns = (column.tolist() for column in (graph.supply, graph.demand, graph.kg, graph.value))
    for supply, demand, kg, value in zip(*columns, strict=True):
        flows.add_edge(("s", supply), ("d", demand), capacity=kg, weight=-value)
    everything = int(graph.supply_kg.sum())
    flows.add_edge("from", "to", weight=0)
    flows.nodes["from"]["demand"], flows.nodes["to"]["demand"] = -everything, everything
    return -nx.network_simplex(flows)[0]


def by_ortools(graph: Graph) -> int:
    """OR-Tools' min-cost flow over the whole graph at once: every arc laid out."""
    n_supplies, n_demands = len(graph.supply_kg), len(graph.demand_kg)
    supplies, demands = np.arange(n_supplies), n_supplies + np.arange(n_demands)
    past = n_supplies + n_demands
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([graph.supply, supplies, np.full(n_demands, past)]).astype(np.int32),
        np.concatenate([n_supplies + graph.demand, np.full(n_supplies, past), demands]).astype(np.int32),
        np.concatenate([graph.kg, graph.supply_kg, graph.demand_kg]).astype(np.int64),
        np.concatenate([-graph.value, np.zeros(past, np.int64)]).astype(np.int64),
    )
    balance = np.concatenate([graph.supply_kg, -graph.demand_kg, [graph.demand_kg.sum() - graph.supply_kg.sum()]])
    solver.set_nodes_supplies(np.arange(past + 1, dtype=np.int32), balance.astype(np.int64))
    if solver.solve() != SimpleMinCostFlow.OPTIMAL:
        raise ArithmeticError("no flow was found")
    return -solver.optimal_cost()
