"""The best flow in Python integers, for values and kilograms of any size. Slow, short, and never rounded.

Primal-dual (successive shortest paths with node potentials, several paths a round): R. K. Ahuja, T. L. Magnanti and
J. B. Orlin, Network Flows, Prentice Hall 1993, sections 9.7 and 9.8.
"""

from heapq import heappop, heappush

import numpy as np

from matching.engine.plan.network import Network


class _Graph:
    """Residual arcs in pairs: arc a and its reverse a ^ 1."""

    def __init__(self, n_nodes: int):
        self.leaving = [[] for _ in range(n_nodes)]
        self.target, self.room, self.cost = [], [], []

    def add(self, tail: int, head: int, room: int, cost: int) -> None:
        self.leaving[tail].append(len(self.target))
        self.leaving[head].append(len(self.target) + 1)
        self.target += (head, tail)
        self.room += (room, 0)
        self.cost += (cost, -cost)


def exact_flow(network: Network, value, supply_kg, demand_kg, room_kg) -> np.ndarray | None:
    """Kilograms on each arc, as Python integers; shape (n_arcs,). None where the supplies cannot all be placed."""
    n_supplies, n_demands, n_arcs = len(supply_kg), len(demand_kg), len(value)
    bypass = n_supplies + n_demands
    graph = _Graph(bypass + 1)
    for tail, head, room, worth in zip(
        network.tail.tolist(), network.head.tolist(), room_kg.tolist(), value.tolist(), strict=True
    ):
        graph.add(tail, n_supplies + head, room, -worth)
    supplies, demands = supply_kg.tolist(), demand_kg.tolist()
    excess = supplies + [-kg for kg in demands] + [sum(demands) - sum(supplies)]
    if not network.ship_supply:
        for i, kg in enumerate(supplies):
            graph.add(i, bypass, kg, 0)
    if not network.fill_demand:
        for j, kg in enumerate(demands):
            graph.add(bypass, n_supplies + j, kg, 0)
    if not _place_everything(graph, excess, _first_potentials(graph, n_supplies, bypass)):
        return None
    flow = np.empty(n_arcs, dtype=object)
    flow[:] = graph.room[1 : 2 * n_arcs : 2]
    return flow


def _first_potentials(graph: _Graph, n_supplies: int, bypass: int) -> list[int]:
    """Potentials under which no arc has a negative cost: arcs lead from supplies and the bypass to demands only."""
    potential = [0] * len(graph.leaving)
    for tail in (*range(n_supplies), bypass):
        for arc in graph.leaving[tail]:
            head = graph.target[arc]
            if arc % 2 == 0 and head != bypass:
                potential[head] = min(potential[head], graph.cost[arc])
    return potential


def _place_everything(graph: _Graph, excess: list[int], potential: list[int]) -> bool:
    """Send every excess along cheapest paths, round by round. False where some of it cannot be placed."""
    while any(kg > 0 for kg in excess):
        distance, farthest = _distances(graph, excess, potential)
        if farthest is None:
            return False
        for node, length in enumerate(distance):
            potential[node] += farthest if length is None else min(length, farthest)
        _send_along_free_arcs(graph, excess, potential)
    return True


def _distances(graph: _Graph, excess, potential) -> tuple[list[int | None], int | None]:
    """Reduced cost from the nearest excess to each node (Dijkstra), and to the nearest deficit, where it stops."""
    distance: list[int | None] = [None] * len(excess)
    queue = []
    for node, kg in enumerate(excess):
        if kg > 0:
            distance[node] = 0
            queue.append((0, node))
    done = [False] * len(excess)
    while queue:
        length, node = heappop(queue)
        if done[node]:
            continue
        done[node] = True
        if excess[node] < 0:
            return distance, length
        for arc in graph.leaving[node]:
            if graph.room[arc]:
                head = graph.target[arc]
                there = length + graph.cost[arc] + potential[node] - potential[head]
                if distance[head] is None or there < distance[head]:
                    distance[head] = there
                    heappush(queue, (there, head))
    return distance, None


def _send_along_free_arcs(graph: _Graph, excess: list[int], potential: list[int]) -> None:
    """Push excess to deficits over arcs of reduced cost zero, each node looking at each of its arcs once a round."""
    looked_at = [0] * len(excess)
    for source in range(len(excess)):
        while excess[source] > 0:
            path = _free_path(graph, excess, potential, looked_at, source)
            if path is None:
                break
            end = graph.target[path[-1]]
            sent = min(excess[source], -excess[end], min(graph.room[arc] for arc in path))
            for arc in path:
                graph.room[arc] -= sent
                graph.room[arc ^ 1] += sent
            excess[source] -= sent
            excess[end] += sent


def _free_path(graph: _Graph, excess, potential, looked_at, source: int) -> list[int] | None:
    """Arcs of reduced cost zero from the source to a deficit, by depth-first search that forgets dead ends."""
    path, node, on_path = [], source, {source}
    while excess[node] >= 0:
        leaving = graph.leaving[node]
        while looked_at[node] < len(leaving):
            arc = leaving[looked_at[node]]
            head = graph.target[arc]
            if graph.room[arc] and head not in on_path and graph.cost[arc] + potential[node] == potential[head]:
                break
            looked_at[node] += 1
        else:
            if not path:
                return None
            arc = path.pop()
            on_path.discard(node)
            node = graph.target[arc ^ 1]
            looked_at[node] += 1
            continue
        path.append(arc)
        on_path.add(head)
        node = head
    return path
