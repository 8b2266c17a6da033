"""The market of now: a snapshot, and beside it the listings that are otherwise since. Who fits a listing, at once.

An edited or withdrawn listing is struck out of the snapshot; as it is now it stands in the overflow, a small market in
the words of the snapshot. After an edit of a listing x only these lists can be others than before: its own, those in
which it stands, and those into which it comes now: where it scores more than the last of a full list. Where a list of
the snapshot has lost somebody since, its end is not known any more, and it is looked at in any case.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import most_nodes
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.looking import search_capacities, search_needs
from matching.engine.fast.index.room import Room
from matching.engine.fast.live.snapshot import NO_END, Goods, Lists, Snapshot, nested, offered_by, wanted_by
from matching.engine.fast.tell import fitting, tell, weights_of
from matching.engine.fast.top import Top
from matching.engine.ragged import count_up
from matching.engine.score import ScoreTable

NEEDS, CAPACITIES = 0, 1
SIDES = (NEEDS, CAPACITIES)
THEN, NOW = 0, 1  # a listing as it stands in the snapshot, and one in the overflow
NOT_THERE = -1
MOST_REMEMBERED = 64  # answers of a whole heading each: a megabyte in a market of a million


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


# By side: for how many nodes of one listing there is room, and the room.
Rooms = dict[int, tuple[int, Room]]


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

    def __init__(
        self, snapshot: Snapshot, table: ScoreTable, edited: Facts, gone: Listings = NOTHING, rooms: Rooms | None = None
    ):
        """
        Args:
            snapshot: the market of then.
            table: what each component of the score weighs, as when the snapshot was made.
            edited: the listings that are otherwise since, or new, as they are now. Words, lanes and sets are those of
                the snapshot; lanes and sets may be more.
            gone: ids of listings that are no more in the market.
            rooms: of the same snapshot and table, handed from one question to the next by whoever asks one at a time.
        """
        self.snapshot, self.table, self.edited = snapshot, table, edited
        self.weights = weights_of(table)
        # By side, place or goods, and tier: both may be a whole heading, and are asked for again and again.
        self._met: dict[tuple, np.ndarray] = {}
        self._fit: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}
        self._rooms: Rooms = {} if rooms is None else rooms
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
        return self.lists(side, (id,))[id]

    def lists(self, side: int, ids: Collection[int]) -> dict[int, Best]:
        """The same for many at once."""
        asked = np.array(sorted(ids), np.int64)
        tier, row = self._places(side, asked)
        then = np.flatnonzero(tier == THEN)
        parts = [self._lists_of_then(side, row[then]).at(then)]
        parts += [self._list_of_now(side, place, int(row[place])) for place in np.flatnonzero(tier == NOW).tolist()]
        found = _Found.of(parts).best(self.snapshot.k)
        ends = np.searchsorted(found.position, np.arange(len(asked) + 1)).tolist()
        return {
            id: Best(found.id[start:end], found.score[start:end])
            for id, start, end in zip(asked.tolist(), ends[:-1], ends[1:], strict=True)
        }

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
        tier, row = self._places(side, ids)
        if (tier == NOT_THERE).any():
            raise NotThereError(f"{ids[tier == NOT_THERE][:5].tolist()}")
        return tier, row

    def search(self, side: int, rows: np.ndarray) -> "_Found":
        """The best of the snapshot for listings of the snapshot, by its index."""
        then, struck = self.snapshot, self._halves[1 - side].struck
        search, index = (search_needs, then.sellers) if side == NEEDS else (search_capacities, then.buyers)
        lists = Top.empty(len(rows), then.k)
        if len(index.row):
            room = self._room(side, index, most_nodes(then.facts, index, rows), is_alone=len(rows) == 1)
            search(then.facts, index, self.weights, rows, np.arange(len(rows)), struck, *lists, room)
        position, other, _rank = lists.ranked()
        return _Found(position, self.ids(1 - side, THEN)[other], lists.score[lists.is_taken])

    # --- how

    def _room(self, side: int, index: CapacityIndex | NeedIndex, nodes: int, *, is_alone: bool) -> Room:
        """What a search writes to. After one who asks alone nobody comes who would find a block filled in; but the next
        one alone is handed the same room, for a new one costs as much as a tenth of the search."""
        if not is_alone:
            return Room.of(index, self.weights, nodes)
        held, room = self._rooms.get(side, (0, None))
        if room is None or held < nodes:
            room = Room.of(index, self.weights, nodes, cached=1)
            self._rooms[side] = nodes, room
        return room

    def _places(self, side: int, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tiers and rows of listings, NOT_THERE for those that are not in the market of now."""
        half = self._halves[side]
        (then, is_then), (now, is_now) = (_rows_of(known, ids) for known in half.ids)
        is_then[is_then] = ~half.struck[then[is_then]]
        return np.where(is_now, NOW, np.where(is_then, THEN, NOT_THERE)), np.where(is_now, now, then)

    def _entered(self, side: int, id: int) -> Iterable[int]:
        """Ids of the other side whose lists a listing may come into."""
        other, place = self._halves[1 - side], self.find(side, id)
        if place is None:
            return
        for tier in (THEN, NOW):
            rows, score = self._fitting(side, place, tier)
            if tier == THEN:
                rows = rows[other.lists.takes_in(rows, score, id) | other.lost[rows]]
            yield from other.ids[tier][rows].tolist()

    def _lists_of_then(self, side: int, rows: np.ndarray) -> "_Found":
        """The lists of some listings of the snapshot, by their places among these.

        A list that has lost nobody is as it was, but for what comes of the overflow. Whoever stood in none of the lists
        comes behind their ends. So where somebody is struck out of a full list, and not so many come of the overflow
        that it ends where it ended or before, it is sought anew.
        """
        half, k = self._halves[side], self.snapshot.k
        position, others = half.lists.members(rows)
        stays = ~self._halves[1 - side].struck[others]
        kept = self._scored(side, (THEN, rows), THEN, position[stays], others[stays])
        come = self._scored(side, (THEN, rows), NOW, *self._met_in_overflow(side, rows))
        found = _Found.of([kept, come]).best(k)
        last = found.only(found.nth() == k - 1)
        reaches = np.zeros(len(rows), bool)
        reaches[last.position] = half.lists.reach(rows[last.position], last.score, last.id)
        unsure = np.flatnonzero(half.lost[rows] & (half.lists.last_score[rows] != NO_END) & ~reaches)
        if not len(unsure):
            return found
        sought = self.search(side, rows[unsure]).at(unsure)
        is_settled = ~np.isin(found.position, unsure)
        return _Found.of([found.only(is_settled), come.only(np.isin(come.position, unsure)), sought])

    def _list_of_now(self, side: int, position: int, row: int) -> "_Found":
        """The list of a listing of the overflow: its points may be such as the index does not know."""
        parts = []
        for tier in (THEN, NOW):
            others, score = self._fitting(side, (NOW, row), tier)
            parts.append(_Found(np.full(len(others), position), self.ids(1 - side, tier)[others], score))
        return _Found.of(parts).best(self.snapshot.k)

    def _met_in_overflow(self, side: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of listings of the snapshot and of the overflow whose goods may be the same.

        Places among the given rows, and rows of the overflow.
        """
        goods = self._halves[1 - side].goods[NOW]
        owner, lo, hi = self._entries(side, THEN, rows)
        entry, met = np.nonzero(nested(lo[:, None], hi[:, None], goods.lo, goods.hi))
        position, nth = count_up(goods.start[met + 1] - goods.start[met])
        others, n = goods.rows[goods.start[met[position]] + nth], len(self.ids(1 - side, NOW)) or 1
        return np.divmod(np.unique(owner[entry[position]] * n + others), n)  # a need may name goods twice over

    def _scored(
        self, side: int, own: tuple[int, np.ndarray], tier: int, position: np.ndarray, others: np.ndarray
    ) -> "_Found":
        """Those of some pairs that fit: `own` is a tier and its rows, `position` places among them."""
        score = self._score(side, own[0], own[1][position], tier, others)
        fits = score >= 0
        return _Found(position[fits], self.ids(1 - side, tier)[others[fits]], score[fits])

    def _fitting(self, side: int, place: tuple[int, int], tier: int) -> tuple[np.ndarray, np.ndarray]:
        """Everybody of a tier whom a listing fits, and the scores."""
        if (side, place, tier) not in self._fit:
            if len(self._fit) >= MOST_REMEMBERED:
                self._fit.clear()
            rows = self.met(side, place, tier)
            score = self._score(side, place[0], np.full(len(rows), place[1]), tier, rows)
            self._fit[side, place, tier] = rows[score >= 0], score[score >= 0]
        return self._fit[side, place, tier]

    def met(self, side: int, place: tuple[int, int], tier: int) -> np.ndarray:
        """Rows of a tier of the other side whose goods may be the same as those of the listing at a place."""
        _owner, lo, hi = self._entries(side, place[0], np.array(place[1:]))
        asked = side, lo.tobytes(), hi.tobytes(), tier  # many listings name the same goods
        if asked not in self._met:
            if len(self._met) >= MOST_REMEMBERED:
                self._met.clear()
            other = self._halves[1 - side]
            rows = other.goods[tier].met_by(lo, hi)
            self._met[asked] = rows[~other.struck[rows]] if tier == THEN else rows
        return self._met[asked]

    def _entries(self, side: int, tier: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The places in the tree that listings name: the listing's place among the rows, and [lo, hi)."""
        facts = (self.snapshot.facts, self.edited)[tier]
        if side == CAPACITIES:
            return np.arange(len(rows)), facts.capacities.node_lo[rows], facts.capacities.node_hi[rows]
        needs = facts.needs
        owner, nth = count_up(needs.accepted_start[rows + 1] - needs.accepted_start[rows])
        entries = needs.accepted_start[rows[owner]] + nth
        return owner, needs.accepted_lo[entries], needs.accepted_hi[entries]

    def _score(self, side: int, of_tier: int, own: np.ndarray, tier: int, rows: np.ndarray) -> np.ndarray:
        """What listings score with rows of the other side, pair by pair; less than 0 where they do not fit."""
        if side == NEEDS:
            return fitting(self.facts[of_tier, tier], self.table, own, rows)[0]
        return fitting(self.facts[tier, of_tier], self.table, rows, own)[0]


class _Found(NamedTuple):
    """Who fits some listings, by the places of these among those that are asked; all (x,)."""

    position: np.ndarray
    id: np.ndarray
    score: np.ndarray

    @classmethod
    def of(cls, parts: Sequence["_Found"]) -> "_Found":
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def only(self, some: np.ndarray) -> "_Found":
        return _Found(*(column[some] for column in self))

    def at(self, places: np.ndarray) -> "_Found":
        """The same, where the listings stand elsewhere."""
        return self._replace(position=places[self.position])

    def nth(self) -> np.ndarray:
        """How many stand before each of the same listing; they are in order."""
        return np.arange(len(self.position)) - np.searchsorted(self.position, self.position)

    def best(self, k: int) -> "_Found":
        """The best k of each listing, in order."""
        ordered = self.only(np.lexsort((self.id, -self.score, self.position)))
        return ordered.only(ordered.nth() < k)


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
