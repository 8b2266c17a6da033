"""One pair in compiled code is judged, scored and laid out in months as the reference does it, to the last bit."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import ScoreTable, months
from matching.engine.book import Book
from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.judging import pair
from matching.engine.fast.tell import fitting, tell
from matching.engine.pairs import Pairs
from matching.engine.rules import FAIL, judge
from matching.engine.score import components
from matching.engine.solver import _facts
from tests.matching.engine.edges import edge_rows
from tests.matching.engine.markets import TODAY, as_market, market_rows, random_rows

TABLES = (ScoreTable(), ScoreTable((0, 1, 0, 0, 0, 0, 0)), ScoreTable((0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1)))


def every_pair_of(book: Book) -> tuple[np.ndarray, np.ndarray]:
    n, m = len(book.needs.id), len(book.capacities.id)
    return np.repeat(np.arange(n), m), np.tile(np.arange(m), n)


def assert_told_as_the_reference_does(market: dict, table: ScoreTable) -> None:
    book = Book(as_market(market), TODAY)
    need, capacity = every_pair_of(book)

    told = tell(Facts.of(book), table, need, capacity)

    expected = _facts(Pairs(book, need, capacity), table)
    assert list(told) == list(expected)
    for name, column in expected.items():
        assert (told[name].dtype, told[name].tobytes()) == (column.dtype, column.tobytes()), name


def assert_fits_as_the_reference_does(market: dict, table: ScoreTable) -> None:
    book = Book(as_market(market), TODAY)
    pairs = Pairs(book, *every_pair_of(book))
    verdicts = judge(pairs)
    same_goods = pairs.where(verdicts[:, 1] != FAIL)  # the rule commodity, which `fits` leaves to who lists the pairs
    fits = (verdicts[verdicts[:, 1] != FAIL] != FAIL).all(axis=1)

    scores, values = fitting(Facts.of(book), table, same_goods.need, same_goods.capacity)

    parts = components(same_goods)
    assert scores.tolist() == np.where(fits, table.score(parts), pair.DOES_NOT_FIT).tolist()
    assert values.tolist() == np.where(fits, table.plan_value(parts), 0).tolist()


@settings(max_examples=100, deadline=None)
@given(market=market_rows(), table=st.sampled_from(TABLES))
def test_pair_is_told_as_the_reference_tells_it(market, table):
    assert_told_as_the_reference_does(market, table)


@settings(max_examples=100, deadline=None)
@given(market=market_rows(), table=st.sampled_from(TABLES))
def test_pair_fits_where_it_fits_in_the_reference(market, table):
    assert_fits_as_the_reference_does(market, table)


@settings(max_examples=100, deadline=None)
@given(market=edge_rows(), table=st.sampled_from(TABLES))
def test_pair_at_the_edges_of_facts_is_told_as_the_reference_tells_it(market, table):
    assert_told_as_the_reference_does(market, table)
    assert_fits_as_the_reference_does(market, table)


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.7])
def test_pairs_of_larger_markets_are_told_as_the_reference_tells_them(unknown):
    for seed in range(10):
        market = random_rows(random.Random(seed), 40, 40, unknown)

        assert_told_as_the_reference_does(market, TABLES[0])
        assert_fits_as_the_reference_does(market, TABLES[0])


@kernel
def arcs_of_pair(facts, i, j, out):
    return pair.arcs_of(facts, i, j, pair.route(facts, i, j), out)


@settings(max_examples=100, deadline=None)
@given(market=market_rows(most=3) | edge_rows(most=3))
def test_months_of_a_pair_are_those_of_the_reference(market):
    book = Book(as_market(market), TODAY)
    facts = Facts.of(book)
    for i, j in zip(*(rows.tolist() for rows in every_pair_of(book)), strict=True):
        pairs = Pairs(book, np.array([i]), np.array([j]))
        arcs = months.arcs(pairs)
        enough = arcs.kg >= pairs.smallest_kg[0]
        columns = (arcs.supply, arcs.demand, arcs.ship_day, arcs.deliver_day, arcs.kg)
        expected = [list(arc) for arc in zip(*(column[enough].tolist() for column in columns), strict=True)]
        out = np.empty((len(expected), 5), np.int64)

        assert arcs_of_pair(facts, i, j, out[:0]) == arcs_of_pair(facts, i, j, out) == len(expected)

        assert out.tolist() == expected
