"""The list of what a company needs and can supply: what it shows, to whom, in which order."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from companies.listing_states import KINDS, ListingState, in_state, state_of
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.companies.pages import words_of
from tests.factories import CommodityFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def shown(client, company, query: str = "") -> list[str]:
    """The references of the rows, in their order."""
    answer = client.get(f"/companies/{company.pk}/listings/{query}")
    assert answer.status_code == 200, query
    return [row.listing.reference for row in answer.context["rows"]]


@pytest.fixture
def company(client):
    company = CompanyFactory()
    client.force_login(member_of(company))
    return company


@pytest.fixture
def book(company):
    """Five listings of a company, one a state; and one of somebody else."""
    today = timezone.localdate()
    olein, shrimp = CommodityFactory(name_en="Palm olein", name_ru="Олеин"), CommodityFactory(name_en="Frozen shrimp")
    NeedFactory(company=company, reference="A", commodity=shrimp, own_words="udang beku 31/40", quantity_kg=9_000)
    CapacityFactory(company=company, reference="B", commodity=olein, valid_until=today + 10 * DAY)
    CapacityFactory(company=company, reference="C", commodity=olein, valid_until=today - DAY)
    NeedFactory(company=company, reference="D", commodity=olein, status=ListingStatus.PAUSED)
    CapacityFactory(company=company, reference="E", commodity=shrimp, status=ListingStatus.WITHDRAWN)
    NeedFactory(reference="of somebody else")
    return company


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["E", "D", "C", "B", "A"]),
        ("?sort=until", ["C", "B", "E", "A", "D"]),
        ("?sort=goods", ["E", "A", "B", "C", "D"]),
        ("?sort=-quantity", ["B", "C", "E", "D", "A"]),
        ("?kind=need", ["D", "A"]),
        ("?state=open", ["A"]),
        ("?state=expiring&state=expired", ["C", "B"]),
        ("?state=paused", ["D"]),
        ("?state=draft", []),
        ("?text=BEKU", ["A"]),
        ("?text=олеин", ["D", "C", "B"]),
        ("?text=shrimp+31/40", ["A"]),
        ("?size=10&page=1&kind=capacity&kind=need&text=palm&state=paused", ["D"]),
    ],
)
def test_list_is_narrowed_and_sorted(client, book, query, expected):
    assert shown(client, book, query) == expected


@pytest.mark.parametrize("query", ["?state=sold", "?kind=wish", "?sort=price", "?page=9", "?colour=red"])
def test_address_that_makes_no_sense_is_refused_in_words(client, book, query):
    assert client.get(f"/companies/{book.pk}/listings/{query}").status_code == 400


def test_list_counts_what_each_choice_would_show(client, book):
    answer = client.get(f"/companies/{book.pk}/listings/?kind=capacity")

    facets = {
        facet["name"]: {one["value"]: one["count"] for one in facet["choices"]} for facet in answer.context["facets"]
    }
    assert facets == {
        "state": {"expiring": 1, "expired": 1, "withdrawn": 1},
        "kind": {"need": 2, "capacity": 3},
    }


def test_rows_say_how_each_stands(client, book):
    answer = client.get(f"/companies/{book.pk}/listings/")
    day = timezone.localdate() - DAY

    said = {row.listing.reference: row.said for row in answer.context["rows"]}

    assert said["A"] == "open"
    assert said["C"] == f"expired on {day.day} {day:%b %Y}"
    assert (said["D"], said["E"]) == ("paused: nobody is shown it", "withdrawn")


def test_rows_of_a_company_that_waits_say_so(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    NeedFactory(company=company)
    client.force_login(member_of(company))

    assert "Waits until the company is verified" in words_of(client.get(f"/companies/{company.pk}/listings/"))


def test_list_is_read_by_those_who_see_every_company_and_acted_on_by_its_own(client, book):
    found = {}

    for who, user in {
        "own": member_of(book),
        "officer": person(Role.OFFICER),
        "staff": person(Role.STAFF),
        "other": member_of(CompanyFactory()),
    }.items():
        client.force_login(user)
        answer = client.get(f"/companies/{book.pk}/listings/")
        found[who] = (answer.status_code, "/pause/" in answer.content.decode())

    assert found == {"own": (200, True), "officer": (200, False), "staff": (200, False), "other": (404, False)}


def test_list_costs_the_same_for_one_row_and_for_three(client, company):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/companies/{company.pk}/listings/")
        return len(queries)

    costs = []
    for rows in (1, 3):
        while company.needs.count() < rows:
            NeedFactory(company=company)
            CapacityFactory(company=company)
        cost()
        costs.append(cost())

    assert costs[0] == costs[1]


def test_state_is_told_alike_by_the_row_and_by_the_database():
    today = timezone.localdate()
    for status in ListingStatus:
        for days in (-1, 0, 14, 15, None):
            until = None if days is None else today + days * DAY
            NeedFactory(status=status, valid_until=until)
            CapacityFactory(status=status, valid_until=until)

    for model in KINDS.values():
        by_row = {one.pk: state_of(one, today) for one in model.objects.all()}
        by_database = {
            pk: state
            for state in ListingState
            for pk in model.objects.filter(in_state([state], today)).values_list("pk", flat=True)
        }
        assert by_database == by_row
