"""Cutting a market: into the parts that cannot touch each other, and down to some of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from matching.engine.market import Capacities, Market, Needs
from matching.engine.ragged import Ragged, is_sorted

# What orders the entries of one listing, so that the order in which they come means nothing.
_ENTRY_KEYS = {
    "accepted": ("accepted_lo", "accepted_hi"),
    "slot": ("slot_first", "slot_last"),
    "asked": ("asked_parameter",),
    "offered": ("offered_parameter",),
}


def take(market: Market, need_rows: np.ndarray, capacity_rows: np.ndarray) -> Market:
    """The market of these needs and capacities alone, sorted by id."""
    needs, capacities = market.needs, market.capacities
    need_rows, capacity_rows = np.asarray(need_rows, np.int64), np.asarray(capacity_rows, np.int64)
    return replace(
        market,
        needs=pick(needs, need_rows[np.argsort(needs.id[need_rows], kind="stable")]),
        capacities=pick(capacities, capacity_rows[np.argsort(capacities.id[capacity_rows], kind="stable")]),
    )


def in_order(market: Market) -> Market:
    """The whole market sorted by id, with the entries of each listing together.

    What stands so already, as a book is read, is handed on as it is and not copied.
    """
    return replace(market, needs=_in_order(market.needs), capacities=_in_order(market.capacities))


def _in_order(listings: Needs | Capacities) -> Needs | Capacities:
    if not is_sorted((listings.id,)):
        return pick(listings, np.argsort(listings.id, kind="stable"))
    moved = {}
    for group, ragged in _entries_of(listings):
        if not ragged.is_in_order:
            names = [one.name for one in fields(listings) if one.name.startswith(f"{group}_")]
            moved |= {name: ragged.ordered(getattr(listings, name)) for name in names}
    return replace(listings, **moved) if moved else listings


def _entries_of(listings: Needs | Capacities) -> Iterator[tuple[str, Ragged]]:
    """The groups of entries that these listings have, each in its order."""
    for group, keys in _ENTRY_KEYS.items():
        owner = getattr(listings, f"{group}_of", None)
        if owner is not None:
            yield group, Ragged.of(owner, len(listings.id), tuple(getattr(listings, key) for key in keys))


def pick(listings: Needs | Capacities, rows: np.ndarray) -> Needs | Capacities:
    """These rows in this order, with the entries that belong to them. A row may be picked twice."""
    columns = {f.name: getattr(listings, f.name) for f in fields(listings)}
    picked = {}
    for group, ragged in _entries_of(listings):
        position, entry = ragged.expand(rows)
        picked |= {name: column[entry] for name, column in columns.items() if name.startswith(f"{group}_")}
        picked[f"{group}_of"] = position
    picked |= {name: column[rows] for name, column in columns.items() if name not in picked}
    return type(listings)(**picked)


def components(market: Market) -> list[tuple[np.ndarray, np.ndarray]]:
    """The parts of the book that share no commodity: rows of needs and of capacities, ordered by the smallest need id.

    A need that accepts several headings, or a capacity that spans several, joins them. Listings whose commodity nobody
    of the other side trades are in no part: there is nothing to match.
    """
    needs, capacities = market.needs, market.capacities
    n, m = len(needs.id), len(capacities.id)
    lo = np.concatenate([needs.accepted_lo, capacities.node_lo])
    hi = np.concatenate([needs.accepted_hi, capacities.node_hi])
    owner = np.concatenate([needs.accepted_of, n + np.arange(m)])
    stretch = _stretches(lo, hi)
    groups = _Groups(n + m + (int(stretch.max()) + 1 if len(stretch) else 0))
    for listing, node in zip(owner.tolist(), (n + m + stretch).tolist(), strict=True):
        groups.join(listing, node)
    root = np.array([groups.find(row) for row in range(n + m)], np.int64)
    parts = []
    for group in np.intersect1d(root[:n], root[n:]):
        need_rows, capacity_rows = np.flatnonzero(root[:n] == group), np.flatnonzero(root[n:] == group)
        parts.append((_by_id(needs, need_rows), _by_id(capacities, capacity_rows)))
    return sorted(parts, key=lambda part: int(needs.id[part[0][0]]))


def joined(owner: np.ndarray, lo: np.ndarray, hi: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Which listings lie in the same part of the book as one of the seeds; bool (n,).

    Args:
        owner: the listing, from 0, of each place in the tree that it takes: [lo, hi).
        seeds: bool (n,), one entry for every listing of both sides.
    """
    stretch, n = _stretches(lo, hi), len(seeds)
    groups = _Groups(n + (int(stretch.max()) + 1 if len(stretch) else 0))
    for listing, node in zip(owner.tolist(), (n + stretch).tolist(), strict=True):
        groups.join(listing, node)
    root = np.array([groups.find(row) for row in range(n)], np.int64)
    return np.isin(root, np.unique(root[seeds]))


def _by_id(listings: Needs | Capacities, rows: np.ndarray) -> np.ndarray:
    return rows[np.argsort(listings.id[rows], kind="stable")]


def _stretches(lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
    """Numbers the stretches of the tree that overlapping intervals cover together; (len(lo),)."""
    order = np.lexsort((hi, lo))
    number = np.zeros(len(lo), np.int64)
    if len(lo):
        reach = np.maximum.accumulate(hi[order])
        starts_anew = np.r_[False, lo[order][1:] >= reach[:-1]]
        number[order] = np.cumsum(starts_anew)
    return number


@dataclass
class _Groups:
    """Union-find."""

    parent: list[int]

    def __init__(self, size: int):
        self.parent = list(range(size))

    def find(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        self.parent[self.find(one)] = self.find(other)
