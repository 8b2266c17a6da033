"""The matches of some companies, whichever side they stand on."""

import pytest

from accounts.enums import Role
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    client.force_login(person(Role.OFFICER))
    return client


@pytest.fixture
def three():
    """Matches of a seller, of a buyer, and of two others."""
    goods, run = CommodityFactory(), finished_run()
    open_corridor()
    seller, buyer = company("ID", name_registered="PT Dua"), company("KZ", name_registered="ТОО Екі")
    sides = [
        (need(goods), capacity(goods, company=seller)),
        (need(goods, company=buyer), capacity(goods)),
        (need(goods), capacity(goods)),
    ]
    return seller, buyer, [found(run, *pair).match_id for pair in sides]


def test_matches_of_companies_are_those_with_one_of_them_on_either_side(officer, three):
    seller, buyer, matches = three

    page = officer.get(f"/matches/?companies={seller.pk}&companies={buyer.pk}&sort=exporter")

    assert {result.match_id for result in page.context["page"].object_list} == set(matches[:2])
    assert {chip["text"] for chip in page.context["listing"].chips()} == {"PT Dua", "ТОО Екі"}


@pytest.mark.parametrize("key", ["0", "-1", "x", "9" * 30, "٣", "1\x00"])
def test_company_that_nobody_knows_is_refused(officer, three, key):
    assert officer.get("/matches/", {"companies": key}).status_code == 400


def test_hidden_company_is_refused_like_one_that_is_not_there(officer, three):
    hidden = company("ID", is_hidden=True)

    assert officer.get("/matches/", {"companies": hidden.pk}).status_code == 400


def test_more_companies_than_an_address_should_name_are_refused_in_words(officer, three):
    page = officer.get("/matches/", {"companies": list(range(51))})

    assert page.status_code == 400
    assert "Choose at most 50 companies." in page.content.decode()
