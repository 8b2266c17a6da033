"""Pairs of two plans beside each other: a plan that moves nothing, and one that was put away."""

import pytest

from matching.models import PlanFlow, Run
from matching.run_pages.beside import pairs_by_way, pairs_of
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving() -> Run:
    """Its plan moves goods of one pair."""
    open_corridor()
    goods, run = CommodityFactory(), finished_run()
    planned(found(run, need(goods), capacity(goods)))
    return run


@pytest.fixture
def still(moving) -> Run:
    """Its plan has the rows of listings, and moves nothing."""
    goods, run = CommodityFactory(), finished_run()
    planned(found(run, need(goods), capacity(goods)))
    PlanFlow.objects.filter(run=run).delete()
    return run


def test_plan_that_moves_nothing_has_no_pairs_and_one_that_was_put_away_is_not_known(moving, still):
    assert [pairs_of(run) for run in (moving, still, finished_run())] == [{("ID", "KZ"): 1}, {}, None]


def test_plan_that_moves_nothing_stands_beside_one_that_moves(moving, still):
    lines = [pairs_by_way(*runs) for runs in ((moving, still), (still, moving), (moving, finished_run()))]

    told = [[(line.way, line.official, line.what_if, line.difference) for line in some] for some in lines]
    way = ("ID", "KZ")
    assert told == [[(way, "1", "0", "\u22121")], [(way, "0", "1", "+1")], [(way, "1", None, None)]]
