"""Why a plan leaves a part of a need or of a capacity: from what the run found of its pairs."""

from dataclasses import dataclass

import numpy as np

from matching import engine
from matching.engine.market import Market
from matching.engine.solver import BEST_TOLD
from matching.enums import Rest
from matching.services.solved import is_found

Why = tuple[Rest, dict | None]


@dataclass(frozen=True)
class SideOfPlan:
    """The needs, or the capacities, of a part of the book with what the plan moves of each."""

    id: np.ndarray
    quantity_kg: np.ndarray
    planned_kg: np.ndarray

    @property
    def left_kg(self) -> np.ndarray:
        return self.quantity_kg - self.planned_kg


class Rests:
    """The pairs of a part of the book that fail no rule, by both sides, best first."""

    def __init__(self, market: Market, solution: engine.Solution, banned: set[tuple[int, int]]):
        pairs = solution.pairs
        chosen = np.flatnonzero(is_found(pairs) & (pairs.verdicts >= 0).all(axis=1))
        chosen = chosen[np.argsort(-pairs.score_ppm[chosen], kind="stable")]
        self.sides = {
            "need": _side(market.needs, pairs.need_id, pairs.planned_kg),
            "capacity": _side(market.capacities, pairs.capacity_id, pairs.planned_kg),
        }
        ends = {"need": pairs.need_id[chosen], "capacity": pairs.capacity_id[chosen]}
        self.row = {side: rows_among(self.sides[side].id, ids) for side, ids in ends.items()}
        self.planned_kg = pairs.planned_kg[chosen]
        lot = np.maximum(market.capacities.lot_kg, 0)[self.row["capacity"]]
        multiple = np.maximum(market.capacities.multiple_kg, 1)[self.row["capacity"]]
        least = np.maximum(np.maximum(lot, market.needs.smallest_share_kg[self.row["need"]]), 1)
        self.smallest_kg = -(-least // multiple) * multiple
        pairs_of = zip(ends["need"].tolist(), ends["capacity"].tolist(), strict=True)
        self.banned = np.array([pair in banned for pair in pairs_of], bool)
        self.order, self.first = {}, {}
        for side in self.sides:
            order = np.argsort(self.row[side], kind="stable")
            self.order[side] = order
            self.first[side] = np.searchsorted(self.row[side][order], np.arange(len(self.sides[side].id) + 1))
        self.near = _near_misses(solution)

    def side(self, side: str) -> SideOfPlan:
        return self.sides[side]

    def pairs_of(self, side: str, row: int) -> np.ndarray:
        """The pairs of a listing, best first."""
        return self.order[side][self.first[side][row] : self.first[side][row + 1]]

    def of(self, side: str, row: int) -> Why:
        """Why a listing keeps a rest, and the facts that a sentence about it needs."""
        pairs = self.pairs_of(side, row)
        other = "capacity" if side == "need" else "need"
        listing = int(self.sides[side].id[row])
        if not len(pairs):
            miss = self.near[side].get(listing)
            return (Rest.NEAR, miss) if miss else (Rest.FAR, None)
        are_all_told = len(pairs) < BEST_TOLD
        pairs = pairs[~self.banned[pairs]]
        if not len(pairs):
            return Rest.BANNED, None
        left = self.sides[other].left_kg[self.row[other][pairs]]
        has_left = pairs[left > 0]
        if not len(has_left):
            # There may be more pairs than are told: that all are given away is known only where nothing is left.
            if are_all_told or not self.sides[other].left_kg.any():
                return Rest.SCARCE, self._taken(side, other, row, pairs)
            return Rest.MONTHS, None
        can = np.minimum(left[left > 0], self.sides[side].left_kg[row])
        if (can >= self.smallest_kg[has_left]).any():
            pair = has_left[int(np.argmax(can >= self.smallest_kg[has_left]))]
            return Rest.MONTHS, {other: self._id(other, pair)}
        pair = has_left[int(np.argmin(self.smallest_kg[has_left]))]
        return Rest.LOTS, {other: self._id(other, pair), "smallest_kg": int(self.smallest_kg[pair])}

    def _taken(self, side: str, other: str, row: int, pairs: np.ndarray) -> dict:
        """Who has most of what the best partner can give; nobody else where it is this listing itself."""
        partner = int(self.row[other][pairs[0]])
        of_partner = self.pairs_of(other, partner)
        most = of_partner[int(np.argmax(self.planned_kg[of_partner]))]
        told = {other: int(self.sides[other].id[partner])}
        if int(self.row[side][most]) != row and self.planned_kg[most] > 0:
            told |= {side: self._id(side, most), "kg": int(self.planned_kg[most])}
        return told

    def _id(self, side: str, pair: int) -> int:
        return int(self.sides[side].id[self.row[side][pair]])


def _side(listings, ids: np.ndarray, kg: np.ndarray) -> SideOfPlan:
    quantity, planned = np.zeros((2, len(listings.id)), np.int64)
    np.add.at(quantity, listings.slot_of, listings.slot_kg)
    np.add.at(planned, rows_among(listings.id, ids), kg)
    return SideOfPlan(listings.id, quantity, planned)


def rows_among(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where some ids stand among all of a side."""
    order = np.argsort(ids)
    return order[np.searchsorted(ids, wanted, sorter=order)]


def _near_misses(solution: engine.Solution) -> dict[str, dict[int, dict]]:
    """Of each listing the near miss of the least effort: they come in that order."""
    found: dict[str, dict[int, dict]] = {"need": {}, "capacity": {}}
    for miss in solution.near_misses:
        told = {"rule": miss.rule, "side": miss.side, "change": miss.change, "score_ppm": miss.score_ppm}
        found["need"].setdefault(miss.need_id, told | {"capacity": miss.capacity_id})
        found["capacity"].setdefault(miss.capacity_id, told | {"need": miss.need_id})
    return found
