"""Near misses of the fast path: the same as the reference's, pair by pair and word by word."""

import random

import numpy as np
import pytest
from hypothesis import given, settings

from matching.benchmarks.making import TODAY as MADE_TODAY
from matching.benchmarks.making import Sizes, make_market
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.changes import CHANGES
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.near import whole as near
from matching.engine.fast.near.lists import Lists
from matching.engine.fast.near.steps import KNOWN_CHANGES
from matching.engine.fast.near.whole import near_misses_fast
from matching.engine.miss import near_misses
from matching.engine.pairs import Pairs
from matching.engine.rules import FAIL, RULE_CODES, judge
from matching.engine.search import search
from tests.matching.engine.markets import NODES, TODAY, as_market, capacity, market_rows, need, random_rows, rows

TABLE = ScoreTable()


def by_reference(book: Book, table: ScoreTable = TABLE):
    found = search(book, table, 1)
    return near_misses(book, table, found.near_need, found.near_capacity, found.near_rule)


def test_every_change_is_known_to_the_fast_path():
    assert {
        rule: tuple(type(change).__name__ for change in changes) for rule, changes in CHANGES.items()
    } == KNOWN_CHANGES


@settings(max_examples=100, deadline=None)
@given(market=market_rows(10))
def test_near_misses_are_those_of_the_reference(market):
    book = Book(as_market(market), TODAY)

    assert near_misses_fast(book, TABLE) == by_reference(book)


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.7])
def test_near_misses_of_a_made_market_are_those_of_the_reference(unknown):
    market = make_market(Sizes(needs=300, capacities=250, unknown=unknown, headings=3), seed=5)
    book = Book(market, MADE_TODAY)

    assert near_misses_fast(book, TABLE, threads=2) == by_reference(book)


def test_near_misses_of_equal_listings_are_divided_by_their_ids():
    market = rows([need(id, terms={1}) for id in range(1, 31)], [capacity(id) for id in range(101, 121)])
    book = Book(as_market(market), TODAY)

    misses = near_misses_fast(book, TABLE)

    assert misses == by_reference(book)
    assert len(misses) == 20 * MOST_PER_LISTING  # every capacity has all it may have


def test_near_misses_of_a_capacity_that_everybody_would_like_go_to_those_it_suits_best(monkeypatch):
    monkeypatch.setattr(near, "LIST_LENGTH", 1)  # so that every list is at its end, and made anew, all the time
    monkeypatch.setattr(near, "CHUNK_NEEDS", 7)
    monkeypatch.setattr(near, "CHUNK_PAIRS", 50)
    chance = random.Random(3)
    needs = [need(id, trust=chance.random(), limit=float(chance.randint(820, 1000))) for id in range(1, 61)]
    capacities = [capacity(id, trust=chance.random(), ask=float(chance.randint(800, 1000))) for id in range(101, 141)]
    capacities[20] |= {"trust": 1.0, "ask": 801.0, "terms": {1}}
    book = Book(as_market(rows(needs, capacities)), TODAY)

    misses = near_misses_fast(book, TABLE, threads=3)

    assert misses == by_reference(book)
    assert [miss.capacity_id for miss in misses if miss.effort == 1] == [121] * MOST_PER_LISTING


@pytest.mark.parametrize("weights", [(1.0, 0, 0, 0, 0, 0, 0), (0, 0.5, 0, 0, 0.5, 0, 0)])
def test_near_misses_follow_the_table_of_weights(weights):
    book = Book(as_market(random_rows(random.Random(11), 30, 30)), TODAY)

    assert near_misses_fast(book, ScoreTable(weights)) == by_reference(book, ScoreTable(weights))


@pytest.mark.parametrize(("n_needs", "n_capacities"), [(0, 0), (0, 3), (3, 0)])
def test_there_are_no_near_misses_where_one_side_is_empty(n_needs, n_capacities):
    book = Book(as_market(random_rows(random.Random(1), n_needs, n_capacities)), TODAY)

    assert near_misses_fast(book, TABLE) == ()


def test_kept_openings_do_not_depend_on_threads_lists_or_chunks(monkeypatch):
    market = make_market(Sizes(needs=400, capacities=300, unknown=0.3, headings=2), seed=8)
    facts = near.Facts.of(Book(market, MADE_TODAY))
    usual = near.kept_openings(facts, TABLE)
    monkeypatch.setattr(near, "LIST_LENGTH", 3)
    monkeypatch.setattr(near, "CHUNK_NEEDS", 33)
    monkeypatch.setattr(near, "BANDS", ((1, 13),))

    other = near.kept_openings(facts, TABLE, threads=2)

    assert np.array_equal(np.array(list(vars(usual).values())), np.array(list(vars(other).values())))


OVERLAPPING = [*NODES, (3, 6), (7, 9)]


@pytest.mark.parametrize(("wanted", "nodes"), [(NODES, NODES), (OVERLAPPING, NODES), (NODES, OVERLAPPING)])
def test_needs_meet_the_capacities_whose_goods_may_be_the_same(wanted, nodes):
    chance = random.Random(5)
    needs = [need(id, accepts=chance.sample(wanted, chance.randint(0, 3))) for id in range(1, 30)]
    book = Book(as_market(rows(needs, [capacity(id, node=chance.choice(nodes)) for id in range(101, 141)])), TODAY)
    facts, some = near.Facts.of(book), np.array([3, 0, 28, 7])
    lists = Lists.of(facts, np.flatnonzero(np.arange(40) % 3))

    position, first, end = lists.meeting(facts, some)

    met = [(at, row) for at, a, b in zip(position, first, end, strict=True) for row in lists.rows[a:b].tolist()]
    pairs = Pairs(book, np.repeat(some, len(lists.rows)), np.tile(lists.rows, len(some)))
    may_be = np.flatnonzero(judge(pairs)[:, RULE_CODES.index("commodity")] != FAIL)
    assert sorted(met) == sorted((at // len(lists.rows), int(pairs.capacity[at])) for at in may_be.tolist())
    assert position.tolist() == sorted(position)
