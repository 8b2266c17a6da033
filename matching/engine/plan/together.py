"""The best flow from a nearly best one, exactly: what is too much at many nodes is carried to where it lacks, in turns.

One search from all nodes that have too much finds how far each place is; prices follow it, and what then costs nothing
carries as much as it can. Where many arcs are worth the same, as where facts are unknown, a search from one node alone
(`paths.py`) would walk through all that is equally far, once for each node.

Sources: primal-dual method, R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall 1993, section 9.8;
E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", Soviet Mathematics
Doklady 11 (1970), 1277-1280.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.plan.heap import enter, pop
from matching.engine.plan.journal import journal_of
from matching.engine.plan.paths import FAR, balance, fill_what_gains, walk_in
from matching.engine.plan.residual import Residual

NOWHERE = -1


def balance_all(residual: Residual, price: np.ndarray) -> bool:
    """The best flow and its prices, in place, from one that keeps every limit; False where a node cannot be balanced.

    Prices, int64 (n_nodes,), may be any whole numbers, the nearer the quicker.
    """
    excess, walk, n_nodes = np.zeros_like(price), walk_in(residual), residual.n_nodes
    fill_what_gains(residual, price, excess)
    layers = Layers(np.empty(n_nodes, np.int32), np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int32))
    return _balance_in_turns(residual, price, excess, walk, layers, journal_of(0))


class Layers(NamedTuple):
    """What a walk along arcs that cost nothing writes down, all (n_nodes,)."""

    level: np.ndarray  # int32, how many arcs that cost nothing lead to a node; NOWHERE: none
    current: np.ndarray  # int64, the arc of a node that is looked at next
    path: np.ndarray  # int32, places of arcs


@kernel
def _balance_in_turns(residual, price, excess, walk, layers, journal):
    """One search from all nodes, then searches from one node each, which together look at about as many as there are.

    Where few things change far apart, searches of their own cost next to nothing; where much is equally far, the common
    one does. Each turn carries something, so it ends.
    """
    while _is_unbalanced(excess):
        if not _approach(residual, price, excess, walk):
            return False
        while _reaches(residual, price, excess, walk.reached, layers):
            for v in range(len(excess)):
                if excess[v] > 0:
                    _carry_from(residual, price, excess, v, layers)
        walk.may_reach[0] = len(excess)
        for v in range(len(excess) - 1):
            if walk.may_reach[0] <= 0:
                break
            balance(residual, price, excess, v, walk, journal)
        walk.may_reach[0] = FAR
    return True


@kernel
def _is_unbalanced(excess):
    """Whether something stands anywhere but at the ground: what stands there adds up to nothing with the others."""
    n = 0
    for v in range(len(excess) - 1):
        n += excess[v] != 0
    return n > 0


@kernel
def _approach(residual, price, excess, walk):
    """Prices by which the cheapest way to each place that lacks costs nothing; False where none can be reached."""
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
            n_heap = enter(heap, in_heap, n_heap, v, distance)
    for v in range(n):
        if distance[v] < farthest:
            price[v] += distance[v] - farthest
        distance[v] = FAR
        in_heap[v] = -1
    return farthest >= 0


@kernel
def _reaches(residual, price, excess, queue, layers):
    """How many arcs that cost nothing lead to each node, into `layers.level`; whether any leads to one that lacks."""
    first, head, level, current = residual.first, residual.head, layers.level, layers.current
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
            if level[v] == NOWHERE and _is_free(residual, price, u, a):
                level[v] = level[u] + 1
                queue[n_queue] = v
                n_queue += 1
                reaches |= excess[v] < 0
    return reaches


@inner
def _is_free(residual, price, u, a):
    """Whether an arc of u has room and costs nothing by the prices."""
    return residual.room[a] > 0 and residual.cost[a] + price[u] - price[residual.head[a]] == 0


@kernel
def _carry_from(residual, price, excess, source, layers):
    """All that goes from a node along arcs that cost nothing, each leading one level on."""
    first, head, reverse, room = residual.first, residual.head, residual.reverse, residual.room
    level, current, path = layers
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
        while a < end and not (level[head[a]] == level[u] + 1 and _is_free(residual, price, u, a)):
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
