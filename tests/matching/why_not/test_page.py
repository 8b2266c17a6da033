"""The page of a match says why it does not score higher, and who else could stand in the place of either side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import CompanyStatus
from matching.engine import COMPONENTS
from matching.models import Match
from matching.why_not.of_match import MOST_ALTERNATIVES, alternatives_for
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    open_corridor()
    return CommodityFactory()


def page_of(client, match):
    client.force_login(person(Role.STAFF))
    return client.get(f"/matches/{match.pk}/")


def test_the_page_tells_the_worst_part_in_a_sentence_and_all_in_order(client, goods):
    values = dict.fromkeys(COMPONENTS, 1.0) | {"price": 0.5, "logistics": None}
    result = found(finished_run(), need(goods), capacity(goods), components=values)

    response = page_of(client, result.match)

    page = response.content.decode().replace("\xa0", " ")
    assert [(row.component, row.lost_ppm) for row in response.context["lost"]] == [
        ("price", 150_000),
        ("logistics", 100_000),
    ]
    assert "Price loses most: 15.0 points." in page
    assert "A tonne arrives for up to 1,030 USD/t, 10.4% under the limit of 1,150 USD/t." in page


def test_a_match_with_every_point_says_so(client, goods):
    values = dict.fromkeys(COMPONENTS, 1.0)
    result = found(finished_run(), need(goods), capacity(goods), components=values, score_ppm=1_000_000)

    assert "Nothing is missing: it has every point." in page_of(client, result.match).content.decode()


def test_other_candidates_of_each_side_stand_by_rank_with_what_is_better_and_worse(client, goods):
    run, wanted, offered = finished_run(), need(goods), capacity(goods)
    own = found(run, wanted, offered, rank_for_need=1, rank_for_capacity=2)
    third = found(run, wanted, capacity(goods), rank_for_need=3, score_ppm=600_000)
    better = dict.fromkeys(COMPONENTS, 0.8) | {"price": 0.9, "trust": 0.2}
    second = found(run, wanted, capacity(goods), rank_for_need=2, score_ppm=770_000, components=better)
    other_buyer = found(run, need(goods), offered, rank_for_capacity=1)

    response = page_of(client, own.match)

    sellers = response.context["other_sellers"]
    assert [(one.match, one.rank, one.apart_ppm) for one in sellers] == [
        (second.match, 2, -30_000),
        (third.match, 3, -200_000),
    ]
    assert (sellers[0].better, sellers[0].worse) == (["Price"], ["Trust"])
    assert [(one.match, one.rank) for one in response.context["other_buyers"]] == [(other_buyer.match, 1)]


def test_who_does_not_trade_or_fails_now_is_no_alternative(goods):
    run, wanted = finished_run(), need(goods)
    own = found(run, wanted, capacity(goods))
    suspended = capacity(goods)
    suspended.company.status = CompanyStatus.SUSPENDED
    suspended.company.save()
    found(run, wanted, suspended)
    found(run, wanted, capacity(goods), failed=("price",))

    assert alternatives_for(own.match, Match.objects.all(), "need") == []


def test_the_page_costs_the_same_for_one_alternative_as_for_many_and_shows_the_first(client, goods):
    run, wanted, offered = finished_run(), need(goods), capacity(goods)
    own = found(run, wanted, offered, rank_for_need=1)
    found(run, wanted, capacity(goods), rank_for_need=2)
    page_of(client, own.match)
    with CaptureQueriesContext(connection) as of_one:
        client.get(f"/matches/{own.match_id}/")
    for rank in range(3, 3 + MOST_ALTERNATIVES):
        found(run, wanted, capacity(goods), rank_for_need=rank)

    with CaptureQueriesContext(connection) as of_many:
        response = client.get(f"/matches/{own.match_id}/")

    assert len(response.context["other_sellers"]) == MOST_ALTERNATIVES
    assert len(of_many) == len(of_one)
