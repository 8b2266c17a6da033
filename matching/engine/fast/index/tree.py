"""Rows of a market by the nodes of the commodity tree where they stand, and near each other what promises alike.

The entries of a node stand together, nodes in the order of the tree (a node before all within it). So the entries that
have to do with an interval of the tree are one run for all within it, and one for each node around it. Within a node
the entries are split in the middle of what tells most between them, again and again, down to blocks.

Source of the splitting: J. L. Bentley, "Multidimensional binary search trees used for associative searching",
Communications of the ACM 18 (1975), 509-517.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.index.numbers import LANES

MOST_DEPTH = 64


class Tree(NamedTuple):
    """Distinct nodes in the order of the tree; entries of node x stand at start[x] to start[x + 1]."""

    lo: np.ndarray  # int64 (nodes,)
    hi: np.ndarray
    start: np.ndarray  # int64 (nodes + 1,)
    around: np.ndarray  # int64 (nodes,), the nearest node before it that ends no earlier, -1: none
    nests: np.ndarray  # bool (1,), whether no two nodes overlap in part


def tree_of(lo: np.ndarray, hi: np.ndarray) -> tuple[Tree, np.ndarray]:
    """The tree of the entries' nodes, and the entries in its order; both int64 (e,)."""
    order = np.lexsort((-hi, lo))
    sorted_lo, sorted_hi = lo[order], hi[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (sorted_lo[1:] != sorted_lo[:-1]) | (sorted_hi[1:] != sorted_hi[:-1])
    first = np.flatnonzero(is_first)
    node_lo, node_hi = sorted_lo[first].astype(np.int64), sorted_hi[first].astype(np.int64)
    start = np.append(first, len(order)).astype(np.int64)
    around = np.empty(len(node_lo), np.int64)
    nests = _around(node_lo, node_hi, around)
    return Tree(node_lo, node_hi, start, around, np.array([nests])), order


@kernel
def _around(lo, hi, around):
    nests = True
    for node in range(len(lo)):
        at = node - 1
        while at >= 0 and hi[at] < hi[node]:
            nests = nests and hi[at] <= lo[node]
            at = around[at]
        around[node] = at
    return nests


@inner
def runs_of(tree, lo, hi, out, n_runs):
    """Adds the runs of entries that have to do with an interval to `out`, int64 (r, 2); returns how many there are.

    Runs that do not find room are counted and left out.
    """
    if not tree.nests[0]:
        for node in range(len(tree.lo)):
            within = lo <= tree.lo[node] and tree.hi[node] <= hi
            if within or (tree.lo[node] <= lo and hi <= tree.hi[node]):
                n_runs = _add(out, n_runs, tree.start[node], tree.start[node + 1])
        return n_runs
    low = _first_within(tree, lo, hi)
    around = low - 1
    while around >= 0:
        if tree.hi[around] >= hi:
            n_runs = _add(out, n_runs, tree.start[around], tree.start[around + 1])
        around = tree.around[around]
    end, high = low, len(tree.lo)
    while end < high:
        middle = (end + high) >> 1
        if tree.lo[middle] < hi:
            end = middle + 1
        else:
            high = middle
    # A node that only overlaps the interval at its end stands around the last of these, and has not to do with it.
    last = end - 1
    while last >= low:
        if tree.hi[last] > hi:
            if last + 1 < end:
                n_runs = _add(out, n_runs, tree.start[last + 1], tree.start[end])
            end = last
        last = tree.around[last]
    if low < end:
        n_runs = _add(out, n_runs, tree.start[low], tree.start[end])
    return n_runs


@inner
def runs_of_need(needs, tree, i, out):
    """The entries that may have the goods of a need, as runs in order; returns how many there are.

    Runs that do not find room are left out, and how many there would be is counted before any are joined.
    """
    n_runs = 0
    for entry in range(needs.accepted_start[i], needs.accepted_start[i + 1]):
        n_runs = runs_of(tree, needs.accepted_lo[entry], needs.accepted_hi[entry], out, n_runs)
    return n_runs if n_runs > len(out) else merge_runs(out, n_runs)


@inner
def _add(out, n_runs, first, last):
    if n_runs < len(out):
        out[n_runs, 0], out[n_runs, 1] = first, last
    return n_runs + 1


@inner
def merge_runs(runs, n_runs):
    """Sorts the runs and joins those that touch or overlap; returns how many are left."""
    for at in range(1, n_runs):
        first, last = runs[at, 0], runs[at, 1]
        hole = at
        while hole > 0 and runs[hole - 1, 0] > first:
            runs[hole, 0], runs[hole, 1] = runs[hole - 1, 0], runs[hole - 1, 1]
            hole -= 1
        runs[hole, 0], runs[hole, 1] = first, last
    kept = 0
    for at in range(n_runs):
        if kept and runs[at, 0] <= runs[kept - 1, 1]:
            runs[kept - 1, 1] = max(runs[kept - 1, 1], runs[at, 1])
        else:
            runs[kept, 0], runs[kept, 1] = runs[at, 0], runs[at, 1]
            kept += 1
    return kept


def split(start: np.ndarray, order: np.ndarray, places: np.ndarray) -> None:
    """Puts the entries of each node into blocks; `order` is changed.

    `places`, float32 (dimensions, e): where each entry stands in each dimension, in units that can be compared.
    """
    keys = np.empty(int(np.diff(start).max(initial=0)), np.float32)
    _split(start, order, np.ascontiguousarray(places), keys, np.empty((MOST_DEPTH, 2), np.int64))


@kernel
def _split(start, order, places, keys, waiting):
    for node in range(len(start) - 1):
        waiting[0, 0], waiting[0, 1], n_waiting = start[node], start[node + 1], 1
        while n_waiting:
            n_waiting -= 1
            first, last = waiting[n_waiting, 0], waiting[n_waiting, 1]
            if first // LANES >= (last - 1) // LANES:
                continue
            middle = _middle(first, last)
            widest = _widest(order, places, first, last)
            if widest >= 0:
                for at in range(first, last):
                    keys[at - first] = places[widest, order[at]]
                _select(keys, order, first, middle - first, last - first)
            waiting[n_waiting, 0], waiting[n_waiting, 1] = first, middle
            waiting[n_waiting + 1, 0], waiting[n_waiting + 1, 1] = middle, last
            n_waiting += 2


@inner
def _middle(first, last):
    """The edge of blocks nearest to the middle, strictly between both ends."""
    middle = (first + last + LANES) // 2 // LANES * LANES
    if middle <= first:
        middle += LANES
    return middle if middle < last else middle - LANES


@inner
def _widest(order, places, first, last):
    widest, width = -1, np.float32(0)
    for dimension in range(len(places)):
        least = most = places[dimension, order[first]]
        for at in range(first + 1, last):
            place = places[dimension, order[at]]
            least = min(least, place)
            most = max(most, place)
        if most - least > width:
            widest, width = dimension, most - least
    return widest


@inner
def _select(keys, order, offset, nth, n):
    """Quickselect: the nth smallest at its place, smaller or equal ones before it (Hoare, CACM 4, 1961, 321-322)."""
    low, high = 0, n - 1
    while low < high:
        pivot = keys[(low + high) >> 1]
        left, right = low, high
        while left <= right:
            while keys[left] < pivot:
                left += 1
            while keys[right] > pivot:
                right -= 1
            if left <= right:
                keys[left], keys[right] = keys[right], keys[left]
                order[offset + left], order[offset + right] = order[offset + right], order[offset + left]
                left += 1
                right -= 1
        if nth <= right:
            high = right
        elif nth >= left:
            low = left
        else:
            return


def most_runs(tree: Tree) -> int:
    """The most runs that an interval may have."""
    return 2 * int(_deepest(tree)) + 2 if tree.nests[0] else len(tree.lo)


@kernel
def _deepest(tree):
    deepest = 0
    for node in range(len(tree.lo)):
        depth, at = 1, tree.around[node]
        while at >= 0:
            depth, at = depth + 1, tree.around[at]
        deepest = max(deepest, depth)
    return deepest


def first_places(tree: Tree, lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
    """The first place within each interval, or behind it where there is none; int64 (x,)."""
    place = np.empty(len(lo), np.int64)
    _first_places(tree, lo, hi, place)
    return place


@kernel
def _first_places(tree, lo, hi, out):
    for at in range(len(lo)):
        out[at] = tree.start[_first_within(tree, lo[at], hi[at])]


@inner
def _first_within(tree, lo, hi):
    """The first node that does not come before an interval in the order of the tree."""
    low, high = 0, len(tree.lo)
    while low < high:
        middle = (low + high) >> 1
        if tree.lo[middle] < lo or (tree.lo[middle] == lo and tree.hi[middle] > hi):
            low = middle + 1
        else:
            high = middle
    return low
