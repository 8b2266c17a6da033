"""What a plan moves by goods: the database adds up what `figures.moves` says of pairs."""

from decimal import Decimal

import pytest

from matching.figures.moves import PlannedPair, moved
from matching.models import MatchResult
from matching.queries import moved_by_goods, plan_moves
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found

pytestmark = pytest.mark.django_db
PRICES = [  # landed low, landed high, asked; None: not known
    (Decimal("900.12"), Decimal("950.5"), 800.0),
    (Decimal("900.12"), None, 800.005),
    (None, None, 799.99),
    (None, None, None),
]


def test_the_database_adds_up_what_is_said_of_pairs():
    open_corridor()
    run, one, other = finished_run(), CommodityFactory(), CommodityFactory()
    pairs = []
    for number, (low, high, ask) in enumerate(PRICES * 2):
        goods, kg = (one, 7_001 + number) if number < 6 else (other, 13)
        facts = {"price": {"ask_usd_per_t": ask}} if ask else {"price": {}}
        landed = {"landed_low_usd_per_t": low, "landed_high_usd_per_t": high}
        found(run, need(goods), capacity(goods), planned_kg=kg, facts=facts, **landed)
        pairs.append(PlannedPair(goods.code, kg, low, high, None if ask is None else Decimal(str(ask))))
    found(run, need(one), capacity(one))  # in no plan

    rows = moved_by_goods(MatchResult.objects.filter(run=run, planned_kg__gt=0))

    assert rows == moved(pairs)
    assert [(goods.code, row) for goods, row in plan_moves(run)] == [(row.commodity, row) for row in rows]
