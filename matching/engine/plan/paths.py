"""What is too much at one node is carried along cheapest paths, exactly, and only near it.

`together.py` balances all nodes of a flow by it, `repair.py` those that a decision about a lot has moved. Prices are
whole numbers under which no arc gains. What is too much at one node, or too little at another, goes to the ground along
the cheapest path, which Dijkstra's search finds among the reduced costs: they are never negative. Only the prices of
the nodes that the search has passed change, so a small change costs a small search, however large the network.

Source: successive shortest paths, R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall 1993, section
9.7.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.plan.heap import enter, pop
from matching.engine.plan.journal import OF_PRICE, OF_ROOM, has_room, note
from matching.engine.plan.residual import Residual

FAR = np.int64(2**62)


class Walk(NamedTuple):
    """What a search writes down; one is enough for all searches in a network."""

    distance: np.ndarray  # int64 (n_nodes,), FAR where not reached
    came_by: np.ndarray  # int32 (n_nodes,), the place of the arc that reached it
    reached: np.ndarray  # int32 (n_nodes,), which nodes, in order
    heap: np.ndarray  # int32 (n_nodes,)
    in_heap: np.ndarray  # int32 (n_nodes,), -1: not
    lost: np.ndarray  # int64 (1,), what carrying has cost so far: by so much the prices' worth has risen
    may_lose: np.ndarray  # int64 (1,), what they may cost: a search that must cost more ends; FAR: anything
    may_reach: np.ndarray  # int64 (1,), how many nodes searches may still look at before they give up


def walk_in(residual: Residual) -> Walk:
    n_nodes = len(residual.first) - 1
    return Walk(
        distance=np.full(n_nodes, FAR),
        came_by=np.full(n_nodes, -1, np.int32),
        reached=np.empty(n_nodes, np.int32),
        heap=np.empty(n_nodes, np.int32),
        in_heap=np.full(n_nodes, -1, np.int32),
        lost=np.zeros(1, np.int64),
        may_lose=np.full(1, FAR),
        may_reach=np.full(1, FAR),
    )


@kernel
def fill_what_gains(residual, price, excess):
    """Fill each arc that gains by the prices; what then stands at each node too much goes into `excess`."""
    for u in range(len(residual.first) - 1):
        for a in range(residual.first[u], residual.first[u + 1]):
            v = residual.head[a]
            if residual.room[a] > 0 and residual.cost[a] + price[u] - price[v] < 0:
                excess[u] -= residual.room[a]
                excess[v] += residual.room[a]
                residual.room[residual.reverse[a]] += residual.room[a]
                residual.room[a] = 0


@kernel
def balance(residual, price, excess, node, walk, journal):
    """Carry what is too much at a node to where it lacks, or to the ground, and what lacks to it.

    False where there is no way, or the journal could not hold the next step.
    """
    while excess[node] != 0:
        if not has_room(journal, 3 * len(price)):
            return False
        if not _carry(excess[node] > 0, residual, price, excess, node, walk, journal):
            return False
    return True


@kernel
def _carry(onward, residual, price, excess, source, walk, journal):
    """Along one cheapest path from the source to the nearest node that takes it (`onward`), or gives it."""
    ground = len(residual.first) - 2
    sign = np.int64(1) if onward else np.int64(-1)
    distance, heap, in_heap = walk.distance, walk.heap, walk.in_heap
    distance[source] = 0
    walk.reached[0] = source
    n_reached = 1
    heap[0] = source
    in_heap[source] = 0
    n_heap = 1
    target, nearest = -1, FAR
    if walk.may_lose[0] < FAR:
        # Whatever is carried goes at least as far as the nearest: paths only grow longer.
        nearest = max(walk.may_lose[0] - walk.lost[0], 0) // abs(excess[source]) + 1
    while n_heap > 0:
        u = heap[0]
        if distance[u] >= nearest:
            break
        if n_reached > walk.may_reach[0]:
            target = -1
            break
        n_heap = pop(heap, in_heap, n_heap, distance)
        for a in range(residual.first[u], residual.first[u + 1]):
            way = a if onward else residual.reverse[a]
            if residual.room[way] <= 0:
                continue
            v = residual.head[a]
            there = distance[u] + residual.cost[way] + sign * (price[u] - price[v])
            if there >= distance[v] or there >= nearest:
                continue
            if distance[v] == FAR:
                walk.reached[n_reached] = v
                n_reached += 1
            distance[v] = there
            walk.came_by[v] = way
            if v == ground or sign * excess[v] < 0:
                target, nearest = v, there
                continue
            n_heap = enter(heap, in_heap, n_heap, v, distance)
    walk.may_reach[0] -= n_reached
    for at in range(n_reached):
        v = walk.reached[at]
        if target >= 0 and distance[v] < nearest:
            note(journal, OF_PRICE, v, price[v])
            price[v] += sign * (distance[v] - nearest)
            walk.lost[0] += sign * excess[v] * (nearest - distance[v])
        distance[v] = FAR
        in_heap[v] = -1
    if target >= 0:
        _send(onward, residual, excess, source, target, walk, journal)
    return target >= 0


@kernel
def _send(onward, residual, excess, source, target, walk, journal):
    """As much as the path carries, the source has and the target takes (the ground takes all)."""
    head, reverse, room, came_by = residual.head, residual.reverse, residual.room, walk.came_by
    sent = abs(excess[source])
    if target != len(excess) - 1:
        sent = min(sent, abs(excess[target]))
    v = target
    while v != source:
        way = came_by[v]
        sent = min(sent, room[way])
        v = head[reverse[way]] if onward else head[way]
    v = target
    while v != source:
        way = came_by[v]
        back = reverse[way]
        note(journal, OF_ROOM, way, room[way])
        note(journal, OF_ROOM, back, room[back])
        room[way] -= sent
        room[back] += sent
        v = head[back] if onward else head[way]
    moved = sent if onward else -sent
    excess[source] -= moved
    excess[target] += moved


@kernel
def measure_from_ground(residual, price, walk, from_ground):
    """What one more unit at each node would lose on its way from the ground, into int64 (n_nodes,); FAR: no way.

    The prices must be such that no arc gains.
    """
    n = len(residual.first) - 1
    distance, heap, in_heap = walk.distance, walk.heap, walk.in_heap
    distance[n - 1] = 0
    heap[0] = n - 1
    in_heap[n - 1] = 0
    n_heap = 1
    while n_heap > 0:
        u = heap[0]
        n_heap = pop(heap, in_heap, n_heap, distance)
        for a in range(residual.first[u], residual.first[u + 1]):
            v = residual.head[a]
            there = distance[u] + residual.cost[a] + price[u] - price[v]
            if residual.room[a] <= 0 or there >= distance[v]:
                continue
            distance[v] = there
            n_heap = enter(heap, in_heap, n_heap, v, distance)
    for v in range(n):
        from_ground[v] = FAR if distance[v] == FAR else distance[v] + price[v] - price[n - 1]
        distance[v] = FAR
        in_heap[v] = -1
