"""The first page for whoever comes by: figures of which none points at a company, kept for some minutes."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import CompanyKind, CompanyStatus, ListingStatus
from desk.public import Figures, Row, Way, counted
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.companies.pages import words_of
from tests.factories import CommodityFactory, CommodityGroupFactory
from tests.matching.book import AS_OF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def sellers(count: int, country: str = "ID", sector: str = "fisheries", **facts) -> None:
    goods = CommodityFactory(sector=sector)
    for _number in range(count):
        seller = CompanyFactory(country=country, **facts)
        CapacityFactory(company=seller, commodity=goods)
        CapacityFactory(company=seller, commodity=goods)


def buyers(count: int, country: str = "KZ", goods=None, **facts) -> None:
    goods = goods or CommodityFactory(sector="fisheries")
    for _number in range(count):
        NeedFactory(company=CompanyFactory(country=country, **facts), commodity=goods)


def test_first_page_leads_to_where_a_file_is_verified(client):
    page = client.get("/").content.decode()

    assert '<a class="tm-link" href="/verify/">Verify a file</a>' in page


def test_figures_count_companies_and_not_listings():
    sellers(3)
    buyers(4)

    assert counted(AS_OF) == Figures(
        companies={"ID": 3, "KZ": 4},
        needs=4,
        capacities=6,
        ways=(Way("ID", "KZ", (Row("fisheries", 3, 4),)), Way("KZ", "ID")),
    )


def test_fewer_than_three_companies_are_no_figure():
    sellers(2)
    sellers(2, sector="metals")
    buyers(3)

    figures = counted(AS_OF)

    assert (figures.companies, figures.needs) == ({"ID": 4, "KZ": 3}, 3)
    assert figures.ways[0].rows == (Row("fisheries", None, 3),)  # of metals nothing is told


def test_two_companies_are_nothing_to_tell_of():
    sellers(2)

    figures = counted(AS_OF)

    assert (figures.are_empty, figures.are_examples) == (True, False)
    assert (figures.needs, figures.capacities, [way.rows for way in figures.ways]) == (None, None, [(), ()])


def test_need_for_a_group_counts_in_the_sector_of_the_group():
    group = CommodityGroupFactory(sector="metals")
    for _number in range(3):
        wanted = NeedFactory(company=CompanyFactory(country="KZ"))
        wanted.accepted.update(commodity=None, group=group)

    assert counted(AS_OF).ways[0].rows == (Row("metals", None, 3),)


@pytest.mark.parametrize(
    "facts",
    [
        {"status": CompanyStatus.SUSPENDED},
        {"status": CompanyStatus.SUBMITTED},
        {"is_hidden": True},
        {"kind": CompanyKind.DIRECTORY},
    ],
)
def test_companies_that_do_not_trade_here_are_not_counted(facts):
    sellers(3, **facts)

    assert counted(AS_OF).are_empty


def test_closed_listings_are_not_counted():
    sellers(3)
    CompanyFactory.create_batch(3)
    for seller in CompanyFactory.create_batch(3):
        CapacityFactory(company=seller, status=ListingStatus.CLOSED, commodity=CommodityFactory(sector="wood"))

    assert [row.sector for row in counted(AS_OF).ways[0].rows] == ["fisheries"]


def test_examples_are_shown_as_such_and_only_while_there_is_nothing_else():
    sellers(5, kind=CompanyKind.EXAMPLE)

    alone = counted(AS_OF)
    sellers(3)
    beside = counted(AS_OF)

    assert (alone.companies["ID"], alone.are_examples) == (5, True)
    assert (beside.companies["ID"], beside.are_examples) == (3, False)


def test_first_page_names_nobody(client):
    sellers(3, name_registered="PT Unmistakable", city="Unmistakable", description="Unmistakable")

    page = words_of(client.get("/"))

    assert "3 companies" in page
    assert "Unmistakable" not in page


def test_first_page_is_counted_once_for_many(client):
    sellers(3)
    client.get("/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/")

    assert len(queries) == 0


@pytest.mark.parametrize(
    ("asked", "language"), [("kk-KZ,ru;q=0.8", "kk"), ("id", "id"), ("ru-RU", "ru"), ("de", "en"), ("", "en")]
)
def test_first_page_speaks_as_the_browser_asks(client, asked, language):
    assert f'<html lang="{language}">' in client.get("/", headers={"accept-language": asked}).content.decode()


def test_language_that_was_chosen_is_remembered(client):
    client.post("/i18n/setlang/", {"language": "kk", "next": "/"})

    assert '<html lang="kk">' in client.get("/", headers={"accept-language": "id"}).content.decode()
