"""The market of now: a snapshot, and beside it the listings that are otherwise since. Who fits a listing, at once.

An edited or withdrawn listing is struck out of the snapshot; as it is now it stands in the overflow, a small market in
the words of the snapshot. After an edit of a listing x only these lists can be others than before: its own, those in
which it stands, and those into which it comes now: where it scores more than the last of a full list. Where a list of
the snapshot has lost somebody since, its end is not known any more, and it is looked at in any case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import best_of_capacity, best_of_need
from matching.engine.fast.live.snapshot import Goods, Lists, Snapshot, offered_by, wanted_by
from matching.engine.fast.tell import fitting, tell, weights_of
from matching.engine.score import ScoreTable

NEEDS, CAPACITIES = 0, 1
SIDES = (NEEDS, CAPACITIES)
THEN, NOW = 0, 1  # a listing as it stands in the snapshot, and one in the overflow


class Listings(NamedTuple):
    """Some needs and some capacities, by their ids."""

    needs: frozenset[int]
    capacities: frozenset[int]

    @classmethod
    def of(cls, needs: Iterable[int] = (), capacities: Iterable[int] = ()) -> "Listings":
        return cls(frozenset(needs), frozenset(capacities))


NOTHING = Listings.of()


class NotThereError(LookupError):
    """Somebody is asked for who is not in the market of now."""


class Standing(Protocol):
    """The lists as they stand before an edit, wherever they are kept."""

    def holders(self, side: int, ids: Collection[int]) -> Iterable[int]:
        """Ids of the other side in whose lists one of these listings stands."""


class Best(NamedTuple):
    """A list: ids of the other side and their scores, the best first."""

    ids: np.ndarray
    score: np.ndarray


@dataclass(frozen=True)
class _Half:
    """One side of the market, in the snapshot and in the overflow."""

    ids: tuple[np.ndarray, np.ndarray]  # by THEN and NOW, ascending
    goods: tuple[Goods, Goods]
    lists: Lists  # where the lists of this side ended
    struck: np.ndarray  # bool, rows of the snapshot that are otherwise now, or gone
    lost: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))  # whose list had somebody who is struck out


class Live:
    """Questions about the market of now."""

    def __init__(self, snapshot: Snapshot, table: ScoreTable, edited: Facts, gone: Listings = NOTHING):
        """
        Args:
            snapshot: the market of then.
            table: what each component of the score weighs, as when the snapshot was made.
            edited: the listings that are otherwise since, or new, as they are now. Words, lanes and sets are those of
                the snapshot; lanes and sets may be more.
            gone: ids of listings that are no more in the market.
        """
        self.snapshot, self.table, self.edited = snapshot, table, edited
        self.weights = weights_of(table)
        then = snapshot.facts
        shared = {"lanes": edited.lanes, "set_members": edited.set_members}
        self.facts = {
            (need, capacity): then._replace(
                needs=(then.needs, edited.needs)[need],
                capacities=(then.capacities, edited.capacities)[capacity],
                **shared,
            )
            for need in (THEN, NOW)
            for capacity in (THEN, NOW)
        }
        self._halves = self._linked(
            _half(then.needs, edited.needs, snapshot.wanted, wanted_by(edited), snapshot.of_needs, gone.needs),
            _half(
                then.capacities,
                edited.capacities,
                snapshot.offered,
                offered_by(edited),
                snapshot.of_capacities,
                gone.capacities,
            ),
        )

    @staticmethod
    def _linked(*halves: _Half) -> tuple[_Half, ...]:
        """With the lists that have lost somebody: of each side those that held what is struck out of the other."""
        linked = []
        for half, other in zip(halves, halves[::-1], strict=True):
            lost = np.zeros(len(half.struck), bool)
            lost[half.lists.holders(np.flatnonzero(other.struck))] = True
            linked.append(_Half(half.ids, half.goods, half.lists, half.struck, lost))
        return tuple(linked)

    # --- questions

    def touched(self, edited: Listings, standing: Standing) -> Listings:
        """Whose lists an edit of these listings can have changed: at least those whose lists it has."""
        found = tuple(set(ids) for ids in edited)
        for side in SIDES:
            other = 1 - side
            found[other].update(standing.holders(side, edited[side]))
            for id in edited[side]:
                found[other].update(self._entered(side, id))
        return Listings.of(*found)

    def best(self, side: int, id: int) -> Best:
        """The best k for a need or a capacity; nothing where it is no more in the market."""
        ids, scores = [np.zeros(0, np.int64)], [np.zeros(0)]
        place = self.find(side, id)
        if place is None:
            return Best(ids[0], scores[0])
        if place[0] == NOW:  # its points may be such as the index does not know
            found = [self._fitting(side, place, tier) for tier in (THEN, NOW)]
        else:
            found = [self._best_of_then(side, place[1]), self._fitting(side, place, NOW)]
        for tier, rows, score in found:
            ids.append(self._halves[1 - side].ids[tier][rows])
            scores.append(score)
        ids, scores = np.concatenate(ids), np.concatenate(scores)
        order = np.lexsort((ids, -scores))[: self.snapshot.k]
        return Best(ids[order], scores[order])

    def find(self, side: int, id: int) -> tuple[int, int] | None:
        """Where a listing stands now: in the overflow or the snapshot, and its row there."""
        half = self._halves[side]
        for tier in (NOW, THEN):
            row = int(np.searchsorted(half.ids[tier], id))
            if row < len(half.ids[tier]) and half.ids[tier][row] == id:
                return None if tier == THEN and half.struck[row] else (tier, row)
        return None

    def tell(self, needs: np.ndarray, capacities: np.ndarray) -> dict[str, np.ndarray]:
        """The columns of `PairTable` that are facts of pairs of the market of now, given by their ids; (x,)."""
        tier, row = zip(*(self.where(side, ids) for side, ids in enumerate((needs, capacities))), strict=True)
        columns = {}
        for of_need, of_capacity in self.facts:
            some = np.flatnonzero((tier[NEEDS] == of_need) & (tier[CAPACITIES] == of_capacity))
            told = tell(self.facts[of_need, of_capacity], self.table, row[NEEDS][some], row[CAPACITIES][some])
            for name, values in told.items():
                column = columns.setdefault(name, np.zeros((len(needs), *values.shape[1:]), values.dtype))
                column[some] = values
        return columns

    def ids(self, side: int, tier: int) -> np.ndarray:
        """The ids of a tier by its rows."""
        return self._halves[side].ids[tier]

    def where(self, side: int, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tiers and rows of listings that are in the market of now. Compiled code looks there unasked.

        Raises NotThereError for one that is not.
        """
        half = self._halves[side]
        (then, is_then), (now, is_now) = (_rows_of(known, ids) for known in half.ids)
        is_then[is_then] = ~half.struck[then[is_then]]
        if not (is_then | is_now).all():
            raise NotThereError(f"{ids[~(is_then | is_now)][:5].tolist()}")
        return np.where(is_now, NOW, THEN), np.where(is_now, now, then)

    # --- how

    def _entered(self, side: int, id: int) -> Iterable[int]:
        """Ids of the other side whose lists a listing may come into."""
        other = self._halves[1 - side]
        for tier, rows, score in self._candidates(side, id):
            if tier == THEN:
                rows = rows[other.lists.takes_in(rows, score, id) | other.lost[rows]]
            yield from other.ids[tier][rows].tolist()

    def _best_of_then(self, side: int, row: int) -> tuple[int, np.ndarray, np.ndarray]:
        """The best of the snapshot for one of the snapshot, by its index."""
        then, struck = self.snapshot, self._halves[1 - side].struck
        if side == NEEDS:
            return THEN, *best_of_need(then.facts, then.sellers, self.weights, then.k, row, struck)
        return THEN, *best_of_capacity(then.facts, then.buyers, self.weights, then.k, row, struck)

    def _candidates(self, side: int, id: int) -> Iterable[tuple[int, np.ndarray, np.ndarray]]:
        """Everybody whom a listing fits: tier, rows and scores."""
        place = self.find(side, id)
        return () if place is None else (self._fitting(side, place, tier) for tier in (THEN, NOW))

    def _fitting(self, side: int, place: tuple[int, int], tier: int) -> tuple[int, np.ndarray, np.ndarray]:
        """Likewise, of one tier."""
        rows = self.met(side, place, tier)
        score = self._score(side, place, tier, rows)
        return tier, rows[score >= 0], score[score >= 0]

    def met(self, side: int, place: tuple[int, int], tier: int) -> np.ndarray:
        """Rows of a tier of the other side whose goods may be the same as those of the listing at a place."""
        other = self._halves[1 - side]
        rows = other.goods[tier].met_by(*self._places(side, place))
        return rows[~other.struck[rows]] if tier == THEN else rows

    def _places(self, side: int, place: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """The places in the tree that a listing names, [lo, hi)."""
        tier, row = place
        facts = (self.snapshot.facts, self.edited)[tier]
        if side == NEEDS:
            entries = slice(facts.needs.accepted_start[row], facts.needs.accepted_start[row + 1])
            return facts.needs.accepted_lo[entries], facts.needs.accepted_hi[entries]
        return facts.capacities.node_lo[row : row + 1], facts.capacities.node_hi[row : row + 1]

    def _score(self, side: int, place: tuple[int, int], tier: int, rows: np.ndarray) -> np.ndarray:
        """What a listing scores with rows of the other side; less than 0 where they do not fit."""
        own = np.full(len(rows), place[1])
        if side == NEEDS:
            return fitting(self.facts[place[0], tier], self.table, own, rows)[0]
        return fitting(self.facts[tier, place[0]], self.table, rows, own)[0]


def _rows_of(known: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row of each of some ids among those that are known, and whether it is there at all."""
    row = np.searchsorted(known, ids)
    is_known = row < len(known)
    is_known[is_known] = known[row[is_known]] == ids[is_known]
    return row, is_known


def _half(then, now, goods_then: Goods, goods_now: Goods, lists: Lists, gone: Collection[int]) -> _Half:
    struck = np.zeros(len(then.id), bool)
    otherwise = np.unique(np.concatenate([now.id, np.array(sorted(gone), np.int64)]))
    row = np.minimum(np.searchsorted(then.id, otherwise), max(len(then.id) - 1, 0))
    if len(then.id):
        struck[row[then.id[row] == otherwise]] = True
    return _Half((then.id, now.id), (goods_then, goods_now), lists, struck)
