"""Openings of single listings, found in a market in pieces: in order, and leading to what the reference keeps."""

import random

import numpy as np
import pytest

from matching.engine import ScoreTable, take
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.edits import CAPACITIES, NEEDS, Opening, differences
from matching.engine.fast.near.streams import FoundOpenings, Meetings, told
from matching.engine.miss import near_misses, open_each
from matching.engine.search import search
from tests.matching.engine.markets import TODAY, as_market, random_rows

TABLE = ScoreTable()
NAMES = ("needs", "capacities")


class Pieces:
    """A market whose needs with odd ids lie in one piece and those with even ids in another."""

    def __init__(self, rows: dict):
        self.book = Book(as_market(rows), TODAY)
        self.search = search(self.book, TABLE, 1)
        market, self.pieces = self.book.market, []
        for is_odd in (0, 1):
            some = take(market, np.flatnonzero(market.needs.id % 2 == is_odd), np.arange(len(market.capacities.id)))
            self.pieces.append(Facts.of(Book(some, TODAY)))
        self.openings = FoundOpenings(TABLE, self.pieces, self.of_listing, self.of_pairs)

    def reference(self):
        found = self.search
        return near_misses(self.book, TABLE, found.near_need, found.near_capacity, found.near_rule)

    def every_opening(self) -> list[Opening]:
        """By the reference, in order; without the steps."""
        found = self.search
        opened = open_each(self.book, TABLE, found.near_need, found.near_capacity, found.near_rule)
        needs, capacities = self.book.needs.id[opened.need], self.book.capacities.id[opened.capacity]
        columns = opened.effort, -opened.score_after, needs, capacities, opened.rule, opened.place
        return sorted(Opening(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    def of_listing(self, side: int, id: int):
        for facts in self.pieces:
            ids = (facts.needs.id, facts.capacities.id)
            some = [range(len(rows)) for rows in ids]
            some[side] = np.flatnonzero(ids[side] == id)
            yield self.with_goods_in_common(facts, *(rows.reshape(-1) for rows in np.meshgrid(*some, indexing="ij")))

    def of_pairs(self, pairs):
        for is_odd, facts in enumerate(self.pieces):
            some = np.array([pair for pair in pairs if pair[NEEDS] % 2 == is_odd], np.int64).reshape(-1, 2)
            ids = facts.needs.id, facts.capacities.id
            yield Meetings(facts, *(np.searchsorted(ids[side], some[:, side]) for side in (NEEDS, CAPACITIES)))

    def with_goods_in_common(self, facts, need, capacity) -> Meetings:
        start, lo, hi = facts.needs.accepted_start, facts.needs.accepted_lo, facts.needs.accepted_hi
        node_lo, node_hi = facts.capacities.node_lo[capacity], facts.capacities.node_hi[capacity]
        meets = [
            any(
                (lo[k] <= node_lo[x] and node_hi[x] <= hi[k]) or (node_lo[x] <= lo[k] and hi[k] <= node_hi[x])
                for k in range(start[i], start[i + 1])
            )
            for x, i in enumerate(need)
        ]
        return Meetings(facts, need[meets], capacity[meets])


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.7])
def test_openings_of_a_listing_come_in_order_and_are_those_of_the_reference(unknown):
    market = Pieces(random_rows(random.Random(21), 25, 25, unknown))
    every = market.every_opening()

    for side, ids in enumerate((market.book.needs.id.tolist(), market.book.capacities.id.tolist())):
        for id in ids:
            own = [opening for opening in every if opening.pair[side] == id]
            assert [opening[:6] for opening in market.openings.after(side, id, None)] == [own[:6] for own in own]
            for at, last in enumerate(own):
                assert [opening[:6] for opening in market.openings.after(side, id, last)] == [
                    later[:6] for later in own[at + 1 :]
                ]


def test_openings_of_pairs_are_those_of_the_reference():
    market = Pieces(random_rows(random.Random(22), 30, 30))
    every = market.every_opening()

    found = market.openings.of_pairs([opening.pair for opening in every])

    assert sorted(opening[:6] for opening in found) == [opening[:6] for opening in every]


class Kept:
    """Near misses as they stand, by their pair."""

    def __init__(self, misses):
        self.misses = {(miss.need_id, miss.capacity_id): miss for miss in misses}

    def partners(self, side, ids):
        return {id: [pair[1 - side] for pair in self.misses if pair[side] == id] for id in ids}

    def ends(self, side, ids):
        return {}


@pytest.mark.parametrize("seed", range(4))
def test_differences_of_edited_facts_lead_to_what_the_reference_keeps(seed):
    chance = random.Random(seed)
    rows = random_rows(chance, 18, 18, chance.choice([0.0, 0.3, 0.7]))
    kept = Kept(Pieces(rows).reference())

    for _ in range(12):
        side = chance.randint(NEEDS, CAPACITIES)
        listings = list(rows[NAMES[side]])
        old = listings.pop(chance.randrange(len(listings)))
        if chance.random() < 0.8:
            new = random_rows(chance, 1, 1)[NAMES[side]][0]
            listings.append(new | {"id": old["id"]})
        rows = rows | {NAMES[side]: listings}
        market = Pieces(rows)
        edited = ({old["id"]}, set()) if side == NEEDS else (set(), {old["id"]})

        found = differences(market.openings, kept, edited)

        kept.misses = {pair: miss for pair, miss in kept.misses.items() if pair not in found.gone} | {
            (miss.need_id, miss.capacity_id): miss for miss in told(market.book, found.come)
        }
        expected = market.reference()
        assert kept.misses == {(miss.need_id, miss.capacity_id): miss for miss in expected}
