"""Near misses under edits: which come and which go when listings come, go or change.

The near misses that are kept are those that one gets by taking all openings in their order, each while both its
listings have room. So when a listing leaves, or loses a near miss to a better one, only it may take another, and only
one that stands behind what it had. The first of all that may be taken now is taken, then the first again: what that
displaces stands behind it, so what was decided stays, and a few steps later nothing is left to do.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple, Protocol

from matching.engine.effort import MOST_PER_LISTING

NEEDS, CAPACITIES = 0, 1
FETCHED_TOGETHER = 32  # at first; each time twice as many, for in a hot heading thousands have no room
MOST_FETCHED = 2048

Pair = tuple[int, int]  # ids of a need and of a capacity
End = tuple[int, float]  # effort and minus score, as in an opening


class Opening(NamedTuple):
    """What opens a pair. They compare in the order in which near misses are kept."""

    effort: int
    minus_score: float  # the score after the change, negative: the best first
    need: int  # ids
    capacity: int
    rule: int = 0  # index into RULES
    place: int = 0  # in CHANGES of the rule
    step: int = 0

    @property
    def order(self) -> tuple:
        return self[:4]

    @property
    def pair(self) -> Pair:
        return self.need, self.capacity


class Openings(Protocol):
    """All openings of the market as it is now, whoever looks for them."""

    def after(self, side: int, id: int, last: Opening | None) -> Iterator[Opening]:
        """Those of a listing that come after the last, in order; None: all."""

    def of_pairs(self, pairs: Sequence[Pair]) -> Iterable[Opening]:
        """Those of some pairs."""


class Kept(Protocol):
    """The near misses that were kept before, wherever they stand."""

    def partners(self, side: int, ids: Sequence[int]) -> Mapping[int, Collection[int]]:
        """Ids of the other side with which each of these listings has a near miss; it may leave out those without."""

    def ends(self, side: int, ids: Sequence[int]) -> Mapping[int, End]:
        """Where the near misses of listings end that have as many as are kept: no earlier than they do end.

        It may leave out any listing: then what that one has is looked up. All that is kept opens still, but for what
        was edited.
        """


class Differences(NamedTuple):
    """Pairs whose near miss goes, and openings of those that come; a pair whose near miss is another now is in both."""

    gone: frozenset[Pair]
    come: tuple[Opening, ...]  # in order


def differences(openings: Openings, kept: Kept, edited: Sequence[Collection[int]]) -> Differences:
    """What becomes of the near misses by an edit.

    Args:
        openings: of the market as it is now.
        kept: the near misses as they stood before.
        edited: ids of needs and of capacities that are new, otherwise now, or no more in the market.
    """
    division = _Division(openings, kept, edited)
    division.settle()
    return division.differences()


class _Waits(NamedTuple):
    """What a listing that has room would take next; or, not found yet, what that comes behind.

    They compare: of two at one opening the one that is not found yet comes first.
    """

    at: Opening
    is_found: bool
    side: int
    id: int
    is_looked_up: bool = True  # whether what the listing holds is known; else that is what it waits for


class _Division:
    """The near misses of the listings that have been looked at so far.

    A question of what is kept answers for one listing as for many. So a listing that loses a near miss is looked up, or
    asks on, only when all that comes before is settled, and with it all others that wait for that.
    """

    def __init__(self, openings: Openings, kept: Kept, edited: Sequence[Collection[int]]):
        self.openings, self.kept, self.edited = openings, kept, tuple(frozenset(ids) for ids in edited)
        self.held: tuple[dict[int, list[Opening]], ...] = ({}, {})  # by side and id, in order
        self.before: dict[Pair, Opening] = {}
        self.struck: set[Pair] = set()  # near misses with an edited listing as it was
        self.ends: tuple[dict[int, End | None], ...] = ({}, {})  # as they were before, by side and id
        self.streams: dict[tuple[int, int], Iterator[Opening]] = {}
        self.losing: tuple[dict[int, list[Opening]], ...] = ({}, {})  # of those that are not looked up yet
        self.waiting: list[_Waits] = []

    def settle(self) -> None:
        self._ask(list(self._with_room()))
        while self.waiting:
            first = heapq.heappop(self.waiting)
            if not first.is_found:
                self._find(first)
                continue
            opening, side, id = first.at, first.side, first.id
            if self._has_room(1 - side, opening) and self._has_room(side, opening):
                self._take(opening)
            if self._is_short(side, id):
                self._ask_on(side, id)

    def differences(self) -> Differences:
        now = {opening.pair: opening for lists in self.held[NEEDS].values() for opening in lists}
        now |= {opening.pair: opening for lists in self.held[CAPACITIES].values() for opening in lists}
        gone = self.struck | (self.before.keys() - now.keys())
        come = (opening for pair, opening in now.items() if pair not in self.before)
        return Differences(frozenset(gone), tuple(sorted(come)))

    def _with_room(self) -> Iterator[tuple[int, int, Opening | None]]:
        """Who has room by the edit itself: those that were full and lost a near miss, and those that are edited."""
        for side in (NEEDS, CAPACITIES):
            partners = self.kept.partners(side, sorted(self.edited[side]))
            pairs = [(one, other) for one, others in partners.items() for other in others]
            self.struck.update(pair if side == NEEDS else pair[::-1] for pair in pairs)
        for side in (NEEDS, CAPACITIES):
            lost = {pair[side] for pair in self.struck} - self.edited[side]
            was_full = self._fetch(side, sorted(lost))
            for id in sorted(was_full):
                held = self.held[side][id]
                yield side, id, held[-1] if held else None
            for id in sorted(self.edited[side]):
                self.held[side][id] = []
        for side in (NEEDS, CAPACITIES):
            for id in sorted(self.edited[side]):
                yield side, id, None

    def _fetch(self, side: int, ids: Sequence[int]) -> list[int]:
        """Look up what listings held; returns those that were full. Near misses with edited listings are struck."""
        partners = self.kept.partners(side, ids)
        pairs = []
        for id in ids:
            self.held[side][id] = []
            others = partners.get(id, ())
            pairs += [(id, other) for other in others if other not in self.edited[1 - side]]
        pairs = [pair if side == NEEDS else pair[::-1] for pair in pairs]
        for opening in sorted(self.openings.of_pairs(pairs)):
            self.held[side][opening.pair[side]].append(opening)
            self.before[opening.pair] = opening
        return [id for id in ids if len(partners.get(id, ())) == MOST_PER_LISTING]

    def _find(self, first: _Waits) -> None:
        """What listings wait for that have lost a near miss: of all of them at once."""
        for side in (NEEDS, CAPACITIES):
            self._fetch_new(side, list(self.losing[side]))
        asking = {}
        for one in (first, *self.waiting):
            if not one.is_found and one.is_looked_up and self._is_short(one.side, one.id):
                asked = one.side, one.id
                asking[asked] = min(one.at, asking.get(asked, one.at))
        self.waiting = [one for one in self.waiting if one.is_found]
        heapq.heapify(self.waiting)
        self._ask([(*asked, last) for asked, last in asking.items()])

    def _ask(self, asking: Sequence[tuple[int, int, Opening | None]]) -> None:
        """Let listings, each by its side, id and last near miss, wait for the first opening after it."""
        streams = [(side, id, self.openings.after(side, id, last)) for side, id, last in asking]
        firsts = [list(islice(stream, FETCHED_TOGETHER)) for _side, _id, stream in streams]
        for side in (NEEDS, CAPACITIES):
            of_side = [
                opening for (own, *_), some in zip(streams, firsts, strict=True) if own == side for opening in some
            ]
            self._look_up(1 - side, of_side)
        for (side, id, stream), some in zip(streams, firsts, strict=True):
            self.streams[side, id] = chain(self._of_known(1 - side, some), self._looked_up(side, stream))
        for side, id, _stream in streams:
            self._ask_on(side, id)

    def _looked_up(self, side: int, stream: Iterator[Opening]) -> Iterator[Opening]:
        """The same openings, with what the other side holds looked up for many at once.

        Those are left out that come behind the end of a listing that has lost nothing so far: most of them. Should it
        lose something later, it asks by itself.
        """
        together = 2 * FETCHED_TOGETHER
        while some := list(islice(stream, together)):
            together = min(2 * together, MOST_FETCHED)
            self._look_up(1 - side, some)
            yield from self._of_known(1 - side, some)

    def _look_up(self, side: int, openings: list[Opening]) -> None:
        """Where the near misses of listings end, and what those hold that might take one of these openings."""
        ends = self.ends[side]
        if new := sorted(
            {opening.pair[side] for opening in openings if self._is_untouched(side, opening)} - ends.keys()
        ):
            ends.update(dict.fromkeys(new))
            ends.update(self.kept.ends(side, new))
        have_a_chance = (
            opening.pair[side]
            for opening in openings
            if not self._is_untouched(side, opening) or (end := ends[opening.pair[side]]) is None or opening[:2] <= end
        )
        self._fetch_new(side, list(have_a_chance))

    def _of_known(self, side: int, openings: list[Opening]) -> list[Opening]:
        """Those whose listing was looked up: no other would take them."""
        return [opening for opening in openings if opening.pair[side] in self.held[side]]

    def _is_untouched(self, side: int, opening: Opening) -> bool:
        """Whether a listing has what it had before."""
        id = opening.pair[side]
        return id not in self.held[side] and id not in self.losing[side]

    def _fetch_new(self, side: int, ids: Sequence[int]) -> None:
        new = [id for id in dict.fromkeys(ids) if id not in self.held[side]]
        if new:
            self._fetch(side, new)
        for id in new:
            for lost in self.losing[side].pop(id, ()):
                self._give_up(side, lost)

    def _ask_on(self, side: int, id: int) -> None:
        """Wait for the next opening that both listings would take."""
        for opening in self.streams[side, id]:
            if self._has_room(1 - side, opening) and opening not in self.held[side][id]:
                heapq.heappush(self.waiting, _Waits(opening, True, side, id))
                return

    def _has_room(self, side: int, opening: Opening) -> bool:
        id = opening.pair[side]
        return self._is_short(side, id) or opening < self.held[side][id][-1]

    def _is_short(self, side: int, id: int) -> bool:
        return len(self.held[side][id]) < MOST_PER_LISTING

    def _take(self, opening: Opening) -> None:
        if opening in self.held[NEEDS][opening.need]:
            return  # the other side was the first to ask for it
        displaced = []
        for side in (NEEDS, CAPACITIES):
            held = self.held[side][opening.pair[side]]
            if len(held) == MOST_PER_LISTING:
                displaced.append((1 - side, held.pop()))
            held.append(opening)
            held.sort()
        for side, lost in displaced:
            self._give_up(side, lost)

    def _give_up(self, side: int, lost: Opening) -> None:
        """A listing loses an opening to a better one of the other side: where it was full, it asks on."""
        id = lost.pair[side]
        if id not in self.held[side]:
            self.losing[side].setdefault(id, []).append(lost)
            heapq.heappush(self.waiting, _Waits(lost, False, side, id, False))
            return
        held = self.held[side][id]
        was_full, last = len(held) == MOST_PER_LISTING, held[-1]
        held.remove(lost)
        if was_full:
            heapq.heappush(self.waiting, _Waits(last, False, side, id))
