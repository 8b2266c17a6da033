"""The search index finds what the reference finds: the same lists, equals in the same order."""

import random
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.benchmarks import making
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import best_for_capacities, best_for_needs
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.promised import candidates_of_capacity, candidates_of_need
from matching.engine.fast.live.now import CAPACITIES, NEEDS, Listings, Live
from matching.engine.fast.live.ready import without_listings
from matching.engine.fast.live.snapshot import Snapshot
from matching.engine.score import ScoreTable
from matching.engine.search import search
from tests.matching.engine.markets import TODAY, as_market, capacity, market_rows, need, random_rows, rows

STARTING = ScoreTable()
TABLES = (STARTING, ScoreTable((0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0)), ScoreTable((1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)))


def assert_same_as_reference(market, table: ScoreTable = STARTING, k: int = 3, as_of: int = TODAY, threads: int = 1):
    book = Book(market, as_of)
    facts, weights = Facts.of(book), np.array(table.weights)
    capacities, needs = CapacityIndex.of(facts), NeedIndex.of(facts)

    found = search(book, table, k)
    for_needs = best_for_needs(facts, capacities, weights, k, threads)
    for_capacities = best_for_capacities(facts, needs, weights, k, threads)

    for expected, lists in ((found.best_for_need, for_needs), (found.best_for_capacity, for_capacities)):
        assert [column.tolist() for column in expected] == [column.tolist() for column in lists.ranked()]
    pairs = list(zip(found.candidate_need.tolist(), found.candidate_capacity.tolist(), strict=True))
    for i in range(min(len(facts.needs.id), 10)):
        every = candidates_of_need(facts, capacities, weights, i)
        assert [(i, j) for j in every.row.tolist()] == [pair for pair in pairs if pair[0] == i]
        assert every.value.tolist() == found.candidate_value[found.candidate_need == i].tolist()
    for j in range(min(len(facts.capacities.id), 10)):
        every = candidates_of_capacity(facts, needs, weights, j)
        assert [(i, j) for i in every.row.tolist()] == [pair for pair in pairs if pair[1] == j]


@given(market=market_rows(), table=st.sampled_from(TABLES), k=st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_index_finds_the_best_of_random_markets(market, table, k):
    assert_same_as_reference(as_market(market), table, k)


@pytest.mark.parametrize(("seed", "unknown"), [(1, 0.0), (2, 0.3), (3, 0.7)])
def test_index_finds_the_best_of_markets_of_several_hundred(seed, unknown):
    market = random_rows(random.Random(seed), 250, 400, unknown)

    assert_same_as_reference(as_market(market), k=10)


@pytest.mark.parametrize("sizes", [making.Sizes(700, 900), making.Sizes(600, 2000, 0.0, headings=1)])
def test_index_finds_the_best_of_made_markets(sizes):
    assert_same_as_reference(making.make_market(sizes), k=10, as_of=making.TODAY, threads=2)


def test_index_finds_the_best_where_points_of_way_are_grouped():
    market = making.make_market(making.Sizes(500, 2000, headings=1, departures=70, arrivals=90))

    assert_same_as_reference(market, k=5, as_of=making.TODAY)


def test_index_finds_the_best_of_goods_that_are_all_the_same():
    market = making.make_market(making.Sizes(300, 3000))
    one = np.zeros_like(market.capacities.node_lo)
    needs = replace(
        market.needs, accepted_lo=market.needs.accepted_lo * 0, accepted_hi=market.needs.accepted_hi * 0 + 9
    )
    market = replace(market, needs=needs, capacities=replace(market.capacities, node_lo=one, node_hi=one + 1))

    assert_same_as_reference(market, k=10, as_of=making.TODAY)


def test_index_finds_the_best_of_nodes_that_overlap_in_part():
    nodes = [(0, 5), (3, 8), (2, 4), (6, 9), (0, 9), (4, 6)]
    market = rows(
        [need(1 + at, accepts=[node]) for at, node in enumerate(nodes)],
        [capacity(101 + at, node=node) for at, node in enumerate(nodes)],
    )

    assert_same_as_reference(as_market(market))


def test_index_keeps_equals_in_the_order_of_their_ids():
    market = rows([need(1), need(2)], [capacity(id) for id in range(301, 100, -1)])

    assert_same_as_reference(as_market(market), k=7)


def test_index_lists_a_need_that_accepts_several_nodes_once():
    market = rows([need(1, accepts=[(0, 1), (0, 4), (1, 2)]), need(2)], [capacity(11, node=(0, 8))])

    assert_same_as_reference(as_market(market))


@pytest.mark.parametrize("sides", [(0, 0), (0, 3), (3, 0)])
def test_index_of_an_empty_side_finds_nothing(sides):
    market = random_rows(random.Random(5), *sides)

    assert_same_as_reference(as_market(market))


@pytest.mark.parametrize("side", [NEEDS, CAPACITIES])
@pytest.mark.parametrize("together", [1, 3])
def test_search_of_some_listings_leaves_out_what_is_struck(side, together):
    book = Book(as_market(random_rows(random.Random(7), 40, 60)), TODAY)
    snapshot, none = Snapshot.taken(book, STARTING, 60), without_listings(Facts.of(book))
    own, others = (book.needs.id, book.capacities.id)[:: 1 if side == NEEDS else -1]
    of_all = Live(snapshot, STARTING, none).search(side, np.arange(len(own)))
    busiest = np.argsort(-np.bincount(of_all.position, minlength=len(own)), kind="stable")[:together]
    lists = [of_all.only(of_all.position == row) for row in busiest.tolist()]
    gone = set(lists[0].id[:2].tolist())

    rest = struck(snapshot, none, side, gone).search(side, busiest)

    for place, before in enumerate(lists):
        stays = ~np.isin(before.id, list(gone))
        assert rest.id[rest.position == place].tolist() == before.id[stays].tolist()
        assert rest.score[rest.position == place].tolist() == before.score[stays].tolist()
    assert (rest.position == 0).sum() > 2
    assert struck(snapshot, none, side, others.tolist()).search(side, busiest).id.tolist() == []


def few_and_unlike() -> Book:
    return Book(as_market(random_rows(random.Random(7), 40, 60)), TODAY)


def many_of_one_heading() -> Book:
    """More blocks of listings than are looked at without blocks of blocks."""
    return Book(making.make_market(making.Sizes(1500, 1500, headings=1)), making.TODAY)


@pytest.mark.parametrize("made", [few_and_unlike, many_of_one_heading])
@pytest.mark.parametrize("side", [NEEDS, CAPACITIES])
def test_who_asks_alone_finds_the_same_after_others_have_asked(side, made):
    book = made()
    live = Live(Snapshot.taken(book, STARTING, 60), STARTING, without_listings(Facts.of(book)))
    n = (len(book.needs.id), len(book.capacities.id))[side]
    together = live.search(side, np.arange(n))

    alone = [live.search(side, np.array([row])) for row in [*range(n), *range(n)]]

    assert max(len(found.id) for found in alone) > 2
    for place, found in enumerate(alone):
        there = together.only(together.position == place % n)
        assert (found.id.tolist(), found.score.tolist()) == (there.id.tolist(), there.score.tolist())


def test_room_of_one_refresh_is_handed_to_the_next():
    book = many_of_one_heading()
    snapshot, none, rooms = Snapshot.taken(book, STARTING, 10), without_listings(Facts.of(book)), {}
    fewest, most = (by(np.diff(Facts.of(book).needs.accepted_start)) for by in (np.argmin, np.argmax))

    found = [
        Live(snapshot, STARTING, none, rooms=rooms).search(NEEDS, np.array([row])) for row in (fewest, most, fewest)
    ]

    assert (found[0].id.tolist(), found[0].score.tolist()) == (found[2].id.tolist(), found[2].score.tolist())
    assert rooms.keys() == {NEEDS}
    assert rooms[NEEDS][0] == 2  # nodes of the need that accepts most


def struck(snapshot: Snapshot, none: Facts, side: int, gone: Collection[int]) -> Live:
    """The market of then, without some listings of the other side."""
    return Live(snapshot, STARTING, none, Listings.of(**{"capacities" if side == NEEDS else "needs": gone}))


def test_best_of_an_edited_need_is_asked_against_the_index_of_the_others():
    market = random_rows(random.Random(9), 30, 50)
    facts, weights = Facts.of(Book(as_market(market), TODAY)), np.array(STARTING.weights)
    index = CapacityIndex.of(facts)
    edited = market["needs"][4] | {"limit": 1300.0, "requires": set(), "accepts": [(0, 8)], "asked": {}}
    alone = Facts.of(Book(as_market(market | {"needs": [edited]}), TODAY))

    best = best_for_needs(facts._replace(needs=alone.needs), index, weights, 5).ranked()

    found = search(Book(as_market(market | {"needs": [edited]}), TODAY), STARTING, 5)
    assert [column.tolist() for column in best] == [column.tolist() for column in found.best_for_need]
    assert len(best[0]) > 1
