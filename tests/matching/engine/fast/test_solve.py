"""The fast way gives the same bytes as the reference, whatever the market."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import ScoreTable, solve, solver
from matching.engine.book import Book
from matching.engine.division import NO_LIMITS
from matching.engine.fast import candidates
from matching.engine.fast.solve import solve_book
from tests.matching.engine.edges import edge_rows
from tests.matching.engine.markets import (
    TODAY,
    as_market,
    capacity,
    every_pair,
    market_rows,
    monthly,
    need,
    permuted,
    random_rows,
    rows,
)

TABLE = ScoreTable()
EVEN = ScoreTable((0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1))
OPTIONS = {"k": 10, "watch": (), "pins": (), "bans": (), "divides": True, "limits": NO_LIMITS, "progress": None}
WINDOW = TODAY + 30, TODAY + 150


def fast(market: dict, table: ScoreTable = TABLE, threads: int = 1, **options) -> bytes:
    return solve_book(Book(as_market(market), TODAY), table, **OPTIONS | options, threads=threads).to_bytes()


def reference(market: dict, table: ScoreTable = TABLE, **options) -> bytes:
    return solver.solve_by_reference(Book(as_market(market), TODAY), table, **OPTIONS | options).to_bytes()


def one_heading(n: int = 40) -> dict:
    """Everybody trades the same goods at the same price: nothing but ids tells the listings apart."""
    needs = [need(100 + i, slots=monthly(60_000, *WINDOW), window=WINDOW) for i in range(n)]
    return rows(needs, [capacity(300 + i, slots=monthly(21_000, TODAY, TODAY + 60)) for i in range(n)])


@settings(max_examples=40, deadline=None)
@given(
    market=market_rows(),
    k=st.sampled_from([1, 2, 10]),
    table=st.sampled_from([TABLE, EVEN]),
    divides=st.booleans(),
    threads=st.sampled_from([1, 2]),
)
def test_solve_gives_the_bytes_of_the_reference(market, k, table, divides, threads):
    options = {"k": k, "divides": divides}

    assert fast(market, table, threads, **options) == reference(market, table, **options)


@settings(max_examples=40, deadline=None)
@given(market=edge_rows(most=10), threads=st.sampled_from([1, 2]))
def test_solve_gives_the_bytes_of_the_reference_at_the_edges_of_facts(market, threads):
    assert fast(market, threads=threads, divides=False) == reference(market, divides=False)


def test_solve_takes_as_many_terms_as_one_number_has_bits_and_refuses_more():
    market = rows([need(1, terms={0, 61})], [capacity(2, terms={61}), capacity(3, terms={60})])

    assert fast(market | {"n_terms": 62}) == reference(market | {"n_terms": 62})

    with pytest.raises(ValueError, match="more than 62 terms"):
        fast(market | {"n_terms": 63})


@settings(max_examples=20, deadline=None)
@given(market=market_rows(), order=st.randoms(use_true_random=False))
def test_solve_gives_the_same_bytes_in_whatever_order_the_rows_come(market, order):
    assert fast(permuted(market, order)) == reference(market)


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.7])
def test_solve_gives_the_bytes_of_the_reference_on_larger_markets(unknown):
    market = random_rows(random.Random(7), 40, 40, unknown)

    assert fast(market, k=3) == reference(market, k=3)


def test_solve_breaks_ties_in_one_huge_heading_by_the_smaller_id():
    assert fast(one_heading(), k=3, divides=False) == reference(one_heading(), k=3, divides=False)


def test_solve_with_many_threads_gives_the_bytes_of_one(monkeypatch):
    market = random_rows(random.Random(8), 30, 30)
    alone = fast(market)
    monkeypatch.setattr(candidates, "CHUNK_PAIRS", 50)

    assert fast(market, threads=4) == alone == reference(market)


@pytest.mark.parametrize("sides", [(0, 0), (3, 0), (0, 3)])
def test_solve_of_a_market_with_an_empty_side_is_that_of_the_reference(sides):
    market = random_rows(random.Random(9), *sides)

    assert fast(market) == reference(market)


def test_solve_holds_to_pins_and_bans_and_tells_of_what_is_watched():
    market = one_heading(4)
    arc = solve(as_market(market), TABLE, as_of=TODAY).allocations
    pin = tuple(int(column[0]) for column in (arc.need_id, arc.capacity_id, arc.ship_month, arc.deliver_month))
    options = {"pins": [(*pin, 21_000)], "bans": [(101, 301)], "watch": [*every_pair(market), (1, 1)]}

    assert fast(market, **options) == reference(market, **options)


def test_solve_refuses_a_pin_as_the_reference_does():
    for way in (fast, reference):
        with pytest.raises(ValueError, match="nothing can flow from capacity 300 to need 100"):
            way(one_heading(2), pins=[(100, 300, 1, 1, 5)])


@pytest.mark.parametrize("threads", [1, 3])
def test_solve_tells_its_progress_and_stops_where_it_is_told_to(monkeypatch, threads):
    monkeypatch.setattr(candidates, "CHUNK_PAIRS", 200)
    told = []

    fast(one_heading(), threads=threads, divides=False, progress=lambda done, of: told.append((done, of)))

    assert told == [(done, 40) for done in range(5, 41, 5)]

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fast(one_heading(), threads=threads, progress=stop)


def test_solve_goes_the_fast_way_where_there_are_many_pairs(monkeypatch):
    market = as_market(one_heading(8))
    small = solve(market, TABLE, as_of=TODAY, k=3).to_bytes()
    monkeypatch.setattr(solver, "MOST_PAIRS_OF_REFERENCE", 8 * 8 - 1)
    monkeypatch.setattr(solver, "solve_by_reference", None)

    assert solve(market, TABLE, as_of=TODAY, k=3, threads=2).to_bytes() == small


def test_market_is_large_by_the_pairs_whose_goods_may_be_the_same(monkeypatch):
    apart = [capacity(300 + i, node=(i, i + 1)) for i in range(10)]
    book = Book(as_market(rows([need(i, accepts=[(0, 2)]) for i in range(1, 11)], apart)), TODAY)
    monkeypatch.setattr(solver, "MOST_PAIRS_OF_REFERENCE", 19)

    assert solver.is_large(book)

    monkeypatch.setattr(solver, "MOST_PAIRS_OF_REFERENCE", 20)

    assert not solver.is_large(book)
