"""The margins that a page tells are those that the engine scores by."""

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine.book import Book
from matching.engine.pairs import Pairs
from matching.engine.score import COMPONENTS, components
from matching.services.facts import Facts
from matching.why_not.margins import Margin, margins
from tests.matching.engine.markets import TODAY, as_market, market_rows

QUALITY = COMPONENTS.index("quality")


@settings(max_examples=60, deadline=None)
@given(market=market_rows())
def test_their_mean_is_the_quality_of_the_engine(market):
    book = Book(as_market(market), TODAY)
    need, capacity = (side.ravel() for side in np.meshgrid(range(len(book.needs.id)), range(len(book.capacities.id))))
    quality = components(Pairs(book, need, capacity))[:, QUALITY]
    facts = Facts(book, need, capacity)

    for i, wanted in enumerate(quality.tolist()):
        values = [one.value for one in margins(facts.of_pair(i)["parameters"])]
        if None in values:
            assert np.isnan(wanted)
        else:
            assert wanted == pytest.approx(sum(values) / len(values) if values else 1.0)


def test_room_beside_a_limit_of_nothing_loses_nothing():
    entry = {"key": "ffa", "answer": 1, "asked_low": 0.0, "offered_low": 0.1, "offered_high": 0.2}

    assert margins([entry]) == [Margin("ffa", "", 1.0, full_low=0.0)]
