"""Balancing many nodes at once: what is too much anywhere goes to the nearest places that lack, in rounds.

One search from all nodes that have too much finds how far each place is; prices follow it, and what then costs nothing
carries as much as it can. Where many arcs are worth the same, as where facts are unknown, a search from one node alone
would walk through all that is equally far; together, each round walks through it once.

Sources: primal-dual method, R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall 1993, section 9.8;
E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", Soviet Mathematics
Doklady 11 (1970), 1277-1280.
"""

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.plan.heap import pop, sift_up
from matching.engine.plan.paths import FAR, Walk
from matching.engine.plan.residual import Residual

FEW = 16  # nodes that have too much: these are quicker carried one by one
NOWHERE = -1


def balance_together(residual: Residual, price: np.ndarray, excess: np.ndarray, walk: Walk) -> None:
    """Carry until few nodes have too much, in place. No arc may gain by the prices; `excess` adds up to nothing."""
    n_nodes = residual.n_nodes
    level, path = np.empty(n_nodes, np.int32), np.empty(n_nodes, np.int32)
    current = np.empty(n_nodes, np.int64)
    _balance(residual, price, excess, walk, level, current, path)


@kernel
def _balance(residual, price, excess, walk, level, current, path):
    while _too_many(excess):
        if not _approach(residual, price, excess, walk):
            return
        while _reaches(residual, price, excess, walk.reached, level, current):
            for v in range(len(excess)):
                if excess[v] > 0:
                    _carry_from(residual, price, excess, v, level, current, path)


@kernel
def _too_many(excess):
    n = 0
    for v in range(len(excess)):
        n += excess[v] > 0
    return n > FEW


@kernel
def _approach(residual, price, excess, walk):
    """Prices by which what is nearest costs nothing to reach; False where nothing that lacks can be reached."""
    first, head, room, cost = residual.first, residual.head, residual.room, residual.cost
    distance, heap, in_heap = walk.distance, walk.heap, walk.in_heap
    n, n_heap, n_lack, farthest = len(excess), 0, 0, np.int64(-1)
    for v in range(n):
        n_lack += excess[v] < 0
        if excess[v] > 0:
            distance[v] = 0
            heap[n_heap] = v
            in_heap[v] = n_heap
            n_heap += 1
    while n_heap > 0 and n_lack > 0:
        u = heap[0]
        n_heap = pop(heap, in_heap, n_heap, distance)
        if excess[u] < 0:
            n_lack -= 1
            farthest = distance[u]
        for a in range(first[u], first[u + 1]):
            v = head[a]
            there = distance[u] + cost[a] + price[u] - price[v]
            if room[a] <= 0 or there >= distance[v]:
                continue
            distance[v] = there
            if in_heap[v] < 0:
                heap[n_heap] = v
                in_heap[v] = n_heap
                n_heap += 1
            sift_up(heap, in_heap, in_heap[v], distance)
    for v in range(n):
        if distance[v] < farthest:
            price[v] += distance[v] - farthest
        distance[v] = FAR
        in_heap[v] = -1
    return farthest >= 0


@kernel
def _reaches(residual, price, excess, queue, level, current):
    """How many arcs that cost nothing lead to each node, into `level`; whether any leads to one that lacks."""
    first, head, room, cost = residual.first, residual.head, residual.room, residual.cost
    n_queue, at, reaches = 0, 0, False
    for v in range(len(excess)):
        level[v], current[v] = NOWHERE, first[v]
        if excess[v] > 0:
            level[v] = 0
            queue[n_queue] = v
            n_queue += 1
    while at < n_queue:
        u = queue[at]
        at += 1
        for a in range(first[u], first[u + 1]):
            v = head[a]
            if level[v] == NOWHERE and room[a] > 0 and cost[a] + price[u] - price[v] == 0:
                level[v] = level[u] + 1
                queue[n_queue] = v
                n_queue += 1
                reaches |= excess[v] < 0
    return reaches


@kernel
def _carry_from(residual, price, excess, source, level, current, path):
    """All that goes from a node along arcs that cost nothing, each leading one level on."""
    first, head, reverse, room, cost = residual.first, residual.head, residual.reverse, residual.room, residual.cost
    u, depth = source, 0
    while excess[source] > 0:
        if excess[u] < 0:
            sent = min(excess[source], -excess[u])
            for step in range(depth):
                sent = min(sent, room[path[step]])
            for step in range(depth - 1, -1, -1):
                a = path[step]
                room[a] -= sent
                room[reverse[a]] += sent
                if room[a] == 0:
                    depth = step  # whatever lies behind is no longer reached this way
            excess[source] -= sent
            excess[u] += sent
            u = source if depth == 0 else head[path[depth - 1]]
            continue
        a, end = current[u], first[u + 1]
        while a < end and not (
            room[a] > 0 and level[head[a]] == level[u] + 1 and cost[a] + price[u] - price[head[a]] == 0
        ):
            a += 1
        current[u] = a
        if a < end:
            path[depth] = a
            depth += 1
            u = head[a]
        elif depth == 0:
            return
        else:
            level[u] = NOWHERE
            depth -= 1
            u = source if depth == 0 else head[path[depth - 1]]
