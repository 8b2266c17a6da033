"""The peers answer as the engine does: each rule is written four times, and all agree to the last bit of a score."""

import numpy as np
import pytest

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.benchmarks.peers.base import Top
from matching.benchmarks.peers.blocks import NumPyBlocks
from matching.benchmarks.peers.duck import DuckDB
from matching.benchmarks.peers.frames import PandasChunks
from matching.benchmarks.peers.postgres import CoveringPostgreSQL, PostgreSQL
from matching.benchmarks.peers.reference import reference_top
from matching.benchmarks.wide import widened
from matching.engine import ScoreTable
from matching.engine.book import Book

# One heading, so that lists are full and scores meet.
MARKETS = [
    Sizes(needs=500, capacities=600, unknown=share, headings=1, departures=12, arrivals=9) for share in (0, 0.3, 0.7)
]
TABLE = ScoreTable()


def columns_of(top: Top) -> list[list]:
    order = np.lexsort((top.capacity, -top.score, top.need))
    return [column[order].tolist() for column in (top.need, top.capacity, top.score)]


@pytest.mark.parametrize("sizes", MARKETS, ids=lambda sizes: f"{sizes.unknown:.0%}")
@pytest.mark.parametrize("peer", [NumPyBlocks, PandasChunks, DuckDB])
def test_peer_finds_the_same_ten_with_the_same_scores(peer, sizes):
    market = make_market(sizes, seed=5)
    expected = reference_top(Book(market, TODAY), TABLE, 10)

    found = peer(widened(market, TODAY), TABLE.weights, 10).best()

    assert len(expected.need) > 400
    assert columns_of(found) == columns_of(expected)


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", MARKETS, ids=lambda sizes: f"{sizes.unknown:.0%}")
@pytest.mark.parametrize("peer", [PostgreSQL, CoveringPostgreSQL])
def test_postgresql_finds_the_same_for_the_needs_that_it_is_asked_about(peer, sizes):
    market = make_market(sizes, seed=5)
    asked = np.arange(100, 180)
    expected = reference_top(Book(market, TODAY), TABLE, 10).of_needs(asked)

    found = peer(widened(market, TODAY).of_needs(asked), TABLE.weights, 10).best()

    assert len(expected.need) > 50
    assert columns_of(found) == columns_of(expected)


def test_market_with_sets_or_choices_is_refused():
    market = make_market(Sizes(needs=3, capacities=3))
    market.capacities.offered_is_choice[:] = True

    with pytest.raises(ValueError, match="choices"):
        widened(market, TODAY)
