"""Near misses under edits: after any of them, what whoever takes all openings in their order would keep."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.near import edits
from matching.engine.fast.near.edits import CAPACITIES, NEEDS, Opening, differences


class Drawn:
    """Openings by chance, and what is kept of them."""

    def __init__(self, chance: random.Random, efforts: int, scores: int, density: float):
        self.chance, self.efforts, self.scores, self.density = chance, efforts, scores, density
        self.all: dict[tuple[int, int], Opening] = {}
        self.listings: tuple[set[int], set[int]] = (set(), set())
        self.kept: dict[tuple[int, int], Opening] = {}
        self.lists_looked_at = self.pairs_looked_at = 0

    def edit(self, side: int, id: int, *, stays: bool) -> None:
        self.all = {pair: opening for pair, opening in self.all.items() if pair[side] != id}
        self.listings[side].discard(id)
        if stays:
            self.listings[side].add(id)
            for other in self.listings[1 - side]:
                if self.chance.random() < self.density:
                    need, capacity = (id, other) if side == NEEDS else (other, id)
                    effort, score = self.chance.randint(1, self.efforts), self.chance.randint(0, self.scores) / 10
                    self.all[need, capacity] = Opening(effort, -score, need, capacity)

    def after(self, side, id, last):
        self.lists_looked_at += 1
        own = sorted(opening for opening in self.all.values() if opening.pair[side] == id)
        return iter([opening for opening in own if last is None or opening > last])

    def of_pairs(self, pairs):
        self.pairs_looked_at += len(pairs)
        return [self.all[pair] for pair in pairs]

    def partners(self, side, ids):
        return {id: [pair[1 - side] for pair in self.kept if pair[side] == id] for id in ids}

    def ends(self, side, ids):
        """As they are or rounded to the safe side, and never of every tenth: all is allowed."""
        ends = {}
        for id in ids:
            own = sorted(opening for opening in self.kept.values() if opening.pair[side] == id)
            if len(own) == MOST_PER_LISTING and id % 10:
                ends[id] = own[-1].effort, own[-1].minus_score + self.chance.choice([0, 0.01])
        return ends

    def expected(self) -> dict[tuple[int, int], Opening]:
        counts, kept = Counter(), {}
        for opening in sorted(self.all.values()):
            ends = (NEEDS, opening.need), (CAPACITIES, opening.capacity)
            if all(counts[end] < MOST_PER_LISTING for end in ends):
                counts.update(ends)
                kept[opening.pair] = opening
        return kept

    def carry_out(self, edited) -> None:
        found = differences(self, self, edited)
        assert found.gone <= self.kept.keys()
        assert list(found.come) == sorted(found.come)
        kept = {pair: opening for pair, opening in self.kept.items() if pair not in found.gone}
        assert not kept.keys() & {opening.pair for opening in found.come}
        self.kept = kept | {opening.pair: opening for opening in found.come}


def where_all_meet(size: int, *, seed: int) -> Drawn:
    """So many needs and capacities, every pair of which one change would open; what is kept is settled."""
    market = Drawn(random.Random(seed), 13, 1000, 1.0)
    for id in range(1, size + 1):
        market.edit(CAPACITIES, id, stays=True)
        market.edit(NEEDS, id, stays=True)
    market.kept = market.expected()
    return market


@settings(max_examples=60, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    efforts=st.sampled_from([1, 3, 13]),
    scores=st.sampled_from([0, 3, 1000]),
    density=st.sampled_from([0.2, 0.6, 1.0]),
    most=st.sampled_from([8, 25]),
    together=st.sampled_from([1, 3, edits.FETCHED_TOGETHER]),
)
def test_differences_lead_to_what_taking_all_in_order_keeps(chance, efforts, scores, density, most, together):
    market = Drawn(chance, efforts, scores, density)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(edits, "FETCHED_TOGETHER", together)
        for _ in range(60):
            edited = (set(), set())
            for _ in range(chance.choice([1, 1, 1, 3])):
                side, id = chance.randint(0, 1), chance.randint(1, most)
                edited[side].add(id)
                market.edit(side, id, stays=chance.random() < 0.75)
            market.carry_out(edited)
            assert market.kept == market.expected()


def test_differences_of_an_edit_that_changes_nothing_leave_the_others_alone():
    market = where_all_meet(20, seed=4)
    stood = {pair for pair in market.kept if pair[NEEDS] == 7}

    found = differences(market, market, ({7}, set()))

    assert (found.gone, {opening.pair for opening in found.come}) == (stood, stood)


def test_differences_look_at_few_lists_where_many_listings_hang_together():
    market = where_all_meet(200, seed=5)
    market.edit(CAPACITIES, 9, stays=False)

    market.carry_out((set(), {9}))

    assert market.kept == market.expected()
    assert market.lists_looked_at < 60


def test_differences_ask_hardly_anybody_whose_list_ends_before():
    market = where_all_meet(500, seed=7)
    market.edit(NEEDS, 9, stays=True)

    market.carry_out(({9}, set()))

    assert market.kept == market.expected()
    assert market.pairs_looked_at < 1500  # of everybody it would be 4,855


@pytest.mark.parametrize("side", [NEEDS, CAPACITIES])
def test_differences_of_a_listing_that_is_new_and_alone_are_none(side):
    market = Drawn(random.Random(6), 13, 1000, 1.0)
    market.edit(side, 1, stays=True)

    assert differences(market, market, ({1}, set()) if side == NEEDS else (set(), {1})) == (frozenset(), ())
