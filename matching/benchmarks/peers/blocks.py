"""NumPy: blocks of needs that take the same goods, against the capacities of these goods sorted by price.

Cheap conditions on whole blocks first, everything else only for the pairs that are left ("late materialisation").
"""

from collections.abc import Iterator

import numpy as np

from matching.benchmarks.peers import columns
from matching.benchmarks.peers.base import Peer, Top
from matching.benchmarks.wide import Columns, Wide
from matching.engine.ragged import Ragged

BLOCK = 1 << 18  # pairs looked at together: what stays in the cache
BATCH = 1 << 18  # pairs that are left, before the dear rules are asked


class Gathered:
    """Columns of pairs, fetched when they are asked for."""

    def __init__(self, wide: Wide, need: np.ndarray, capacity: np.ndarray, route: np.ndarray | None = None):
        self.wide, self.need, self.capacity, self.route = wide, need, capacity, route
        self.lane = None

    def __getitem__(self, name: str) -> np.ndarray:
        if name.startswith("n_"):
            return self.wide.needs[name][self.need]
        if name.startswith("c_"):
            return self.wide.capacities[name][self.capacity]
        if name.startswith("r_"):
            return self.wide.routes[name][self.route]
        if self.lane is None:
            n_arrivals = int(self.wide.lanes["arrival"].max()) + 1
            self.lane = self["c_departure"] * n_arrivals + self["n_arrival"]
        return self.wide.lanes[name][self.lane]

    def where(self, keep: np.ndarray, *more: np.ndarray) -> "Gathered":
        return Gathered(self.wide, self.need[keep], self.capacity[keep], *(column[keep] for column in more))


class NumPyBlocks(Peer):
    name = "NumPy blocks"

    def load(self) -> None:
        self.supply = columns.padded(self.wide.supply, int(self.wide.capacities["c_capacity"].max(initial=0)) + 1)
        self.demand = columns.padded(self.wide.demand, int(self.wide.needs["n_need"].max(initial=0)) + 1)

    def best(self) -> Top:
        found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for need, capacity in batches(self.pairs()):
            pairs = Gathered(self.wide, need, capacity)
            found.append(columns.best_of_each(*candidates(pairs, self), self.k))
        # The needs of a batch are whole, so nothing is left to merge.
        return Top(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def pairs(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Pairs that pass the cheap conditions, all pairs of a need together."""
        needs, capacities = self.wide.needs, self.wide.capacities
        room = needs["n_room"]
        of_node = Ragged.of(capacities["c_node"], int(capacities["c_node"].max(initial=-1)) + 1)
        for rows, nodes in groups(self.wide):
            mine = of_node.expand(nodes[nodes < len(of_node.start) - 1])[1]
            ask = capacities["c_least"][mine]
            order = np.argsort(ask, kind="stable")
            mine, ask = mine[order], ask[order]
            rows = rows[np.argsort(-room[rows], kind="stable")]
            theirs = {name: capacities[name][mine] for name in CHEAP if name.startswith("c_")}
            height = max(1, BLOCK // max(len(mine), 1))
            for start in range(0, len(rows), height):
                block = rows[start : start + height]
                affordable = int(np.searchsorted(ask, room[block[0]], side="right"))
                keep = ask[:affordable] <= room[block][:, None]
                cheap = {name: needs[name][block][:, None] for name in CHEAP if name.startswith("n_")}
                keep &= columns.fits_at_all(cheap | {name: column[:affordable] for name, column in theirs.items()})
                keep &= theirs["c_first"][:affordable] <= cheap["n_until"]
                at, which = np.nonzero(keep)
                yield block[at], mine[which]


CHEAP = ("n_company", "n_opens", "n_terms", "n_largest", "n_share", "n_until")
CHEAP += ("c_company", "c_origin", "c_terms", "c_largest", "c_lot", "c_multiple", "c_first")


def groups(wide: Wide) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Needs that take the same goods: rows of the table, and the nodes."""
    row_of = np.zeros(int(wide.needs["n_need"].max(initial=-1)) + 1, np.int64)
    row_of[wide.needs["n_need"]] = np.arange(len(wide.needs["n_need"]))
    of_need = Ragged.of(row_of[wide.accepts["n_need"]], len(wide.needs["n_need"]))
    together: dict[bytes, list[int]] = {}
    node = wide.accepts["c_node"][of_need.order]
    for row, (start, end) in enumerate(zip(of_need.start[:-1].tolist(), of_need.start[1:].tolist(), strict=True)):
        together.setdefault(node[start:end].tobytes(), []).append(row)
    for key, rows in together.items():
        yield np.array(rows), np.frombuffer(key, node.dtype)


def batches(blocks: Iterator[tuple[np.ndarray, np.ndarray]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    waiting, n_waiting = [], 0
    for need, capacity in blocks:
        waiting.append((need, capacity))
        n_waiting += len(need)
        if n_waiting >= BATCH:
            yield tuple(np.concatenate(column) for column in zip(*waiting, strict=True))
            waiting, n_waiting = [], 0
    if waiting:
        yield tuple(np.concatenate(column) for column in zip(*waiting, strict=True))


def candidates(pairs: Gathered, peer: NumPyBlocks) -> tuple[Columns, ...]:
    """Need, capacity and score of the pairs that fail no rule; rows of the book."""
    wide = peer.wide
    route = columns.route_in_time(pairs, wide.n_routes)
    pairs = pairs.where(route >= 0, route)
    pairs = pairs.where(columns.within_price(pairs, wide.n_lines), pairs.route)
    fits, margin = columns.quality(pairs, wide.n_parameters)
    pairs, margin = pairs.where(fits, pairs.route), margin[fits]
    days = columns.days_of(pairs)
    fits, certain = columns.papers(pairs, days, wide.n_kinds)
    pairs, margin, certain = pairs.where(fits, pairs.route), margin[fits], certain[fits]
    days = {name: column[fits] for name, column in days.items()}
    month_kg, moved = columns.kilograms(pairs, days, peer.supply, peer.demand)
    fits = month_kg >= columns.smallest_kg(pairs)
    pairs, margin, certain, moved = pairs.where(fits, pairs.route), margin[fits], certain[fits], moved[fits]
    days = {name: column[fits] for name, column in days.items()}
    score = columns.scored(pairs, days, margin, certain, moved, wide.n_lines, peer.weights)
    return pairs["n_need"], pairs["c_capacity"], score
