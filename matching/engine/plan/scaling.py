"""A flow that is nearly the best, and nearly its prices: cost scaling by pushes and relabels, from wherever one stands.

A flow is epsilon-optimal when no residual arc gains more than epsilon by the prices. Each pass makes one from the last
with a smaller epsilon: arcs that gain are filled, and what then stands too much at a node is pushed on along arcs that
gain, while the node's price falls. Prices and flow of an earlier, smaller problem are a good start for a larger one.

Source: A. V. Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm", Journal of Algorithms 22
(1997), 1-29: first-in first-out, push look-ahead, global price updates.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.plan.residual import Residual

FINE = 8  # prices are kept in so many parts of a unit of value
STEP = 6  # how many times smaller epsilon becomes from pass to pass
FAR = 1 << 14  # in steps of epsilon: what is farther than this from a deficit is not told apart


def settle(residual: Residual, price: np.ndarray, coarse: int, fine: int) -> None:
    """Make flow and prices `fine`-optimal, from `coarse` down, in place. `price` in FINE parts of a unit of value."""
    epsilon, work = max(coarse, fine), _work_in(residual)
    while True:
        _refine(residual, price, epsilon, work)
        if epsilon <= fine:
            return
        epsilon = max(epsilon // STEP, fine)


class _Work(NamedTuple):
    """What a pass writes down, all (n_nodes,) but the last."""

    excess: np.ndarray  # int64
    queue: np.ndarray  # int32, a ring of the nodes that wait
    waits: np.ndarray  # bool
    current: np.ndarray  # int64, the arc of a node that is looked at next
    distance: np.ndarray  # int32, in steps of epsilon
    after: np.ndarray  # int32, the next node of the same distance, -1: none
    before: np.ndarray
    bucket: np.ndarray  # int32 (FAR + 1,), the first node of each distance


def _work_in(residual: Residual) -> _Work:
    n = len(residual.first) - 1
    rows = {name: np.zeros(n, np.int32) for name in ("queue", "distance", "after", "before")}
    return _Work(
        excess=np.zeros(n, np.int64),
        waits=np.zeros(n, bool),
        current=np.zeros(n, np.int64),
        bucket=np.zeros(FAR + 1, np.int32),
        **rows,
    )


@kernel
def _refine(residual, price, epsilon, work):
    """One pass. price[v] falls; an arc u-v gains when cost + price[u] - price[v] < 0."""
    first, head, reverse, room, cost = residual.first, residual.head, residual.reverse, residual.room, residual.cost
    excess, queue, waits, current = work.excess, work.queue, work.waits, work.current
    n = len(first) - 1
    excess[:] = 0
    waits[:] = False
    for u in range(n):
        current[u] = first[u]
        for a in range(first[u], first[u + 1]):
            if room[a] > 0 and cost[a] * FINE + price[u] - price[head[a]] < 0:
                excess[u] -= room[a]
                excess[head[a]] += room[a]
                room[reverse[a]] += room[a]
                room[a] = 0
    n_waiting = 0
    for v in range(n):
        if excess[v] > 0:
            queue[n_waiting] = v
            waits[v] = True
            n_waiting += 1
    if n_waiting == 0:
        return
    _update_prices(residual, price, epsilon, work)
    at, relabels = 0, 0
    while n_waiting > 0:
        u = queue[at]
        at = at + 1 if at + 1 < n else 0
        n_waiting -= 1
        waits[u] = False
        while excess[u] > 0:
            a, end = current[u], first[u + 1]
            while a < end and not (room[a] > 0 and cost[a] * FINE + price[u] - price[head[a]] < 0):
                a += 1
            current[u] = a
            if a == end:
                _relabel(residual, price, epsilon, current, u)
                relabels += 1
                continue
            v = head[a]
            if excess[v] >= 0 and not _can_pass_on(residual, price, current, v):
                # What v cannot pass on would come back: its price falls first, and perhaps the arc gains no more.
                _relabel(residual, price, epsilon, current, v)
                relabels += 1
                continue
            sent = min(excess[u], room[a])
            room[a] -= sent
            room[reverse[a]] += sent
            excess[u] -= sent
            excess[v] += sent
            if excess[v] > 0 and not waits[v]:
                last = at + n_waiting
                queue[last if last < n else last - n] = v
                waits[v] = True
                n_waiting += 1
        if relabels > n:
            relabels = 0
            for v in range(n):
                current[v] = first[v]
            _update_prices(residual, price, epsilon, work)


@kernel
def _relabel(residual, price, epsilon, current, u):
    """Lower the price of u until one of its arcs gains epsilon."""
    first, head, room, cost = residual.first, residual.head, residual.room, residual.cost
    highest = np.int64(-(2**62))
    for a in range(first[u], first[u + 1]):
        if room[a] > 0:
            reached = price[head[a]] - cost[a] * FINE
            if reached > highest:
                highest = reached
    price[u] = highest - epsilon
    current[u] = first[u]


@kernel
def _can_pass_on(residual, price, current, v):
    first, head, room, cost = residual.first, residual.head, residual.room, residual.cost
    a, end = current[v], first[v + 1]
    while a < end:
        if room[a] > 0 and cost[a] * FINE + price[v] - price[head[a]] < 0:
            current[v] = a
            return True
        a += 1
    current[v] = a
    return False


@kernel
def _update_prices(residual, price, epsilon, work):
    """Lower each price by how far its node is from the nearest deficit, in steps of epsilon (R. B. Dial's buckets)."""
    first, head, reverse, room, cost = residual.first, residual.head, residual.reverse, residual.room, residual.cost
    excess, distance, after, before, bucket = work.excess, work.distance, work.after, work.before, work.bucket
    n = len(first) - 1
    bucket[:] = -1
    distance[:] = FAR
    left = 0
    for v in range(n):
        if excess[v] > 0:
            left += 1
        elif excess[v] < 0:
            distance[v] = 0
            after[v] = bucket[0]
            before[v] = -1
            if bucket[0] >= 0:
                before[bucket[0]] = v
            bucket[0] = v
    level = 0
    while left > 0 and level < FAR:
        v = bucket[level]
        if v < 0:
            level += 1
            continue
        bucket[level] = after[v]
        if after[v] >= 0:
            before[after[v]] = -1
        if excess[v] > 0:
            left -= 1
        for a in range(first[v], first[v + 1]):
            u, back = head[a], reverse[a]
            if distance[u] <= level or room[back] <= 0:
                continue
            gain = cost[back] * FINE + price[u] - price[v]
            reached = level if gain < 0 else level + gain // epsilon + 1
            if reached >= distance[u]:
                continue
            if distance[u] < FAR:
                if before[u] >= 0:
                    after[before[u]] = after[u]
                else:
                    bucket[distance[u]] = after[u]
                if after[u] >= 0:
                    before[after[u]] = before[u]
            distance[u] = reached
            before[u] = -1
            after[u] = bucket[reached]
            if bucket[reached] >= 0:
                before[bucket[reached]] = u
            bucket[reached] = u
    for v in range(n):
        price[v] -= min(np.int64(distance[v]), np.int64(level)) * epsilon
