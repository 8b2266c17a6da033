"""What one more kilogram is worth stays in the result of a shard; results of older programmes are read without."""

import random

from matching import engine
from matching.engine.packing import pack, unpack
from matching.engine.solution import Solution
from tests.matching.engine.markets import TODAY, as_market, random_rows


def solved() -> Solution:
    market = as_market(random_rows(random.Random(5), 20, 20, unknown=0.5))
    return engine.solve(market, engine.ScoreTable(), as_of=TODAY)


def test_prices_come_back_from_the_bytes():
    prices = solved().prices

    again = Solution.from_bytes(solved().to_bytes()).prices

    assert len(prices) > 0
    assert {name: column.tolist() for name, column in vars(again).items()} == {
        name: column.tolist() for name, column in vars(prices).items()
    }
    assert (prices.ppm > 0).all()


def test_result_of_an_older_programme_is_read_without_prices():
    arrays, words = unpack(solved().to_bytes())
    older = pack({name: array for name, array in arrays.items() if not name.startswith("prices.")}, words)

    read = Solution.from_bytes(older)

    assert (len(read.prices), read.plan_value) == (0, solved().plan_value)
