"""What the index promises holds: nobody promises less than the exact score, and what surely fails does fail."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from matching.benchmarks import making
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.lanes import judge_capacities, judge_needs
from matching.engine.fast.index.numbers import LANES, at_least, at_most, down, up
from matching.engine.fast.index.promised import (
    block_promises_of_capacity,
    block_promises_of_need,
    promised_capacities,
    promised_needs,
)
from matching.engine.fast.index.ways import LOGISTICS, LOW_LEAST, Ways
from matching.engine.pairs import Pairs
from matching.engine.rules import FAIL, RULE_CODES, judge
from matching.engine.score import ScoreTable, components
from tests.matching.engine.edges import edge_market, edge_rows
from tests.matching.engine.markets import TODAY, as_market, market_rows, random_rows

COMMODITY, STANDING = RULE_CODES.index("commodity"), RULE_CODES.index("standing")


def assert_promises_hold(market, table: ScoreTable, as_of: int = TODAY, some: int = 30) -> int:
    """Every lane and every block, asked by some needs and some capacities; returns how many pairs were looked at."""
    book = Book(market, as_of)
    facts, weights = Facts.of(book), np.array(table.weights)
    by_node, of_needs = CapacityIndex.of(facts), NeedIndex.of(facts)
    looked_at = 0
    for asks, index, promised, of_blocks, n in (
        ("need", by_node, promised_capacities, block_promises_of_need, len(facts.needs.id)),
        ("capacity", of_needs, promised_needs, block_promises_of_capacity, len(facts.capacities.id)),
    ):
        for row in range(min(n, some)):
            every, blocks = promised(facts, index, weights, row), of_blocks(facts, index, weights, row)
            own = np.full(len(every.row), row)
            pairs = Pairs(book, *((own, every.row) if asks == "need" else (every.row, own)))
            verdicts = judge(pairs)
            assert (verdicts[:, COMMODITY] != FAIL).all()
            surely = (every.fails[:, None] >> np.arange(len(RULE_CODES))) & 1
            assert (verdicts[surely == 1] == FAIL).all()
            fits = ~(verdicts == FAIL).any(axis=1)
            score = table.score(components(pairs))
            assert (every.best[fits] >= score[fits]).all()
            by_row = {other: at for at, other in enumerate(every.row.tolist())}
            for place, other in enumerate(index.row.tolist()):
                at, block = by_row.get(other), place // LANES
                if at is None:
                    continue
                assert blocks.fails[block] & ~every.fails[at] == 0
                assert blocks.best[block] >= score[at] or not fits[at]
            looked_at += len(own)
    return looked_at


@given(
    market=market_rows(most=8),
    weights=st.lists(st.integers(0, 5), min_size=7, max_size=7).filter(any),
)
@settings(max_examples=100, deadline=None)
def test_index_promises_no_less_than_the_score_of_random_markets(market, weights):
    table = ScoreTable(tuple(weight / sum(weights) for weight in weights))

    assert_promises_hold(as_market(market), table)


@given(market=edge_rows(most=8), weights=st.lists(st.integers(0, 5), min_size=7, max_size=7).filter(any))
@settings(max_examples=100, deadline=None)
def test_index_promises_no_less_than_the_score_at_the_edges_of_facts(market, weights):
    table = ScoreTable(tuple(weight / sum(weights) for weight in weights))

    assert_promises_hold(as_market(market), table)


@pytest.mark.parametrize("seed", range(6))
def test_index_promises_no_less_than_the_score_at_the_edges_where_blocks_are_full(seed):
    market = as_market(edge_market(random.Random(seed), 100, 300))

    assert assert_promises_hold(market, ScoreTable()) > 1000


@pytest.mark.parametrize("unknown", [0.0, 0.3, 0.7])
def test_index_promises_no_less_than_the_score_where_blocks_are_full(unknown):
    market = as_market(random_rows(random.Random(3), 300, 500, unknown))

    assert assert_promises_hold(market, ScoreTable()) > 5000


def test_index_promises_no_less_than_the_score_of_a_made_market():
    market = making.make_market(making.Sizes(1500, 1500, headings=2, departures=70, arrivals=90))

    assert assert_promises_hold(market, ScoreTable(), making.TODAY, some=40) > 5000


@given(value=st.floats(allow_nan=False, min_value=-1e29, max_value=1e29))
def test_narrow_numbers_lie_on_the_side_they_are_rounded_to(value):
    below, above = at_least(np.array([value]))[0], at_most(np.array([value]))[0]

    assert float(below) <= value <= float(above)
    assert below == above or np.nextafter(below, np.float32(np.inf)) == above


EDGES = [0.0, -0.0, 1.0, -1.0, 1e-46, -1e-46, 5e-324, -5e-324, 1e-40, -1e-40, 1e31, -1e31, np.inf, -np.inf]


@given(value=st.floats() | st.sampled_from(EDGES))
def test_compiled_code_rounds_one_number_as_arrays_are_rounded(value):
    below, above = rounded(value)

    np.testing.assert_array_equal([below, above], [at_least(np.array([value]))[0], at_most(np.array([value]))[0]])


@njit
def rounded(value):
    return down(value), up(value)


def test_ways_of_a_lane_with_several_routes_promise_the_best_of_each():
    facts = Facts.of(Book(making.make_market(making.Sizes(5, 5)), making.TODAY))

    ways = Ways.by_arrival(facts)

    several = np.flatnonzero(facts.lanes.next >= 0)
    following = facts.lanes.next[several]
    assert (ways.numbers[several, LOGISTICS] >= ways.numbers[following, LOGISTICS]).all()
    assert (ways.numbers[several, LOW_LEAST] <= ways.numbers[following, LOW_LEAST]).all()
    assert len(several) > 100


@pytest.mark.parametrize("judge_lanes", [judge_capacities, judge_needs])
def test_lanes_are_judged_many_at_once(judge_lanes):
    """The loop over the 64 lanes is made of packed instructions (on machines that have them by these names)."""
    numbers, flags = np.zeros(40 * LANES, np.float32), np.zeros(40 * LANES, np.int32)
    # Compiled anew: what is kept on disk cannot be looked into.
    compiled = njit(nogil=True, error_model="numpy", _nrt=False)(judge_lanes.py_func)
    compiled(numbers, flags, numbers, flags, 0, numbers, 0, numbers, 0, flags, 0, numbers, flags, numbers)

    (assembly,) = compiled.inspect_asm().values()

    packed = sum(assembly.count(name) for name in ("mulps", "fmul\tv", "fmul.4s"))
    assert packed >= 15
