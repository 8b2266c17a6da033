"""What a shard keeps of the points between which its lanes run."""

import json

import pytest

from commodities.models import Commodity
from matching.engine.market import Market
from matching.services.market import load_book
from matching.services.runs import cut
from tests.matching.book import AS_OF, small_book
from tests.matching.faults import start

pytestmark = pytest.mark.django_db


def test_shard_keeps_the_names_of_the_points_that_its_listings_speak_of():
    small_book(headings=2)
    book = load_book(AS_OF)

    shards = cut(book, start(), [])

    goods = list(Commodity.objects.order_by("pk").values_list("pk", flat=True))
    for shard, commodity in zip(shards, goods, strict=True):
        market, points = Market.from_bytes(shard.market), json.loads(json.dumps(shard.points))
        row, column = {*market.capacities.departure.tolist()}, {*market.needs.arrival.tolist()}
        assert points == {
            "departures": {str(*row): [commodity, "ID", ["FOB", "IDKRG"], "IDKRG", 20_000, 0]},
            "arrivals": {str(*column): [["DAP", "KZALA"], "KZ"]},
        }
