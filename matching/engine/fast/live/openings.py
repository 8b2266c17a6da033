"""What one change would open in the market of now: the openings of single listings, for `near/streams.py`."""

from collections.abc import Iterator, Sequence

import numpy as np

from matching.engine.fast.live.now import CAPACITIES, NEEDS, NOW, THEN, Live
from matching.engine.fast.near.edits import Pair
from matching.engine.fast.near.streams import FoundOpenings, Meetings


def openings_of(live: Live) -> FoundOpenings:
    """All openings of the market of now, found where they are asked for."""

    def of_listing(side: int, id: int) -> Iterator[Meetings]:
        place = live.find(side, id)
        if place is None:
            return
        for tier in (THEN, NOW):
            others = live.met(side, place, tier)
            own = np.full(len(others), place[1])
            if side == NEEDS:
                yield Meetings(live.facts[place[0], tier], own, others)
            else:
                yield Meetings(live.facts[tier, place[0]], others, own)

    def of_pairs(pairs: Sequence[Pair]) -> Iterator[Meetings]:
        there = [pair for pair in pairs if live.find(NEEDS, pair[0]) and live.find(CAPACITIES, pair[1])]
        need, capacity = np.array(there, np.int64).reshape(-1, 2).T
        (of_need, row), (of_capacity, column) = live.where(NEEDS, need), live.where(CAPACITIES, capacity)
        for tiers, facts in live.facts.items():
            some = (of_need == tiers[NEEDS]) & (of_capacity == tiers[CAPACITIES])
            if some.any():
                yield Meetings(facts, row[some], column[some])

    return FoundOpenings(live.table, (live.facts[THEN, THEN], live.facts[NOW, NOW]), of_listing, of_pairs)
