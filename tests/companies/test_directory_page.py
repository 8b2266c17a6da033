"""The list of companies: who sees it, what narrows and sorts it, what it costs, what it refuses."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.enums import Role
from companies.enums import CompanyKind, CompanyStatus, FactKind
from companies.models import Company, VerificationFact
from tests.companies.factories import CompanyFactory
from tests.companies.pages import words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
LIST = "/companies/"


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def shown(response) -> list[Company]:
    return list(response.context["page"].object_list)


def checked(company: Company, *kinds: FactKind) -> Company:
    for kind in kinds:
        VerificationFact.objects.create(company=company, kind=kind, checked_on=dt.date(2026, 11, 1))
    return company


def test_list_is_for_those_who_see_every_company(client):
    company = CompanyFactory()
    answers = {}

    for role, user in {role: person(role) for role in (Role.OFFICER, Role.STAFF, Role.ADMIN)}.items():
        client.force_login(user)
        answers[role] = shown(client.get(LIST))
    client.force_login(member_of(company))

    assert answers == {Role.OFFICER: [company], Role.STAFF: [company], Role.ADMIN: [company]}
    assert client.get(LIST).status_code == 404


def test_hidden_company_is_not_listed_found_or_counted(staff):
    CompanyFactory(is_hidden=True, name_registered="PT Hidden")

    response = staff.get(LIST, {"name": "Hidden"})

    assert shown(response) == []
    assert [
        facet["choices"][0]["count"] for facet in staff.get(LIST).context["facets"] if facet["name"] == "country"
    ] == [0]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"country": "KZ"}, ["Алтын"]),
        ({"country": ["KZ", "ID"]}, ["Алтын", "Samudra", "Sawit"]),
        ({"status": "suspended"}, ["Sawit"]),
        ({"sector": "palm_oil"}, ["Sawit"]),
        ({"sector": ["palm_oil", "fisheries"]}, ["Samudra", "Sawit"]),
        ({"checked": "visited"}, ["Samudra"]),
        ({"checked": ["visited", "nothing"]}, ["Samudra", "Sawit"]),
        ({"checked": "nothing"}, ["Sawit"]),
        ({"kind": "example"}, ["Алтын"]),
        ({"name": "samudra"}, ["Samudra"]),
        ({"name": "АЛТЫН"}, ["Алтын"]),
        ({"name": "Altyn"}, ["Алтын"]),
        ({"name": "9120"}, ["Samudra"]),
        ({"name": "%"}, []),
        ({"name": "Samudra", "country": "KZ"}, []),
    ],
)
def test_list_is_narrowed(staff, query, names):
    checked(
        CompanyFactory(name_registered="Samudra", sectors=["fisheries"], registration_number="9120000000001"),
        FactKind.VISITED,
        FactKind.NUMBER_CHECKED,
    )
    CompanyFactory(name_registered="Sawit", sectors=["palm_oil", "wood"], status=CompanyStatus.SUSPENDED)
    checked(
        CompanyFactory(
            name_registered="Алтын", name_latin="Altyn", country="KZ", kind=CompanyKind.EXAMPLE, sectors=["metals"]
        ),
        FactKind.NUMBER_CHECKED,
    )

    response = staff.get(LIST, query)

    assert [company.name_registered for company in shown(response)] == names


def test_counts_beside_the_choices_are_those_of_the_list(staff):
    checked(CompanyFactory(sectors=["fisheries", "palm_oil"]), FactKind.VISITED, FactKind.NUMBER_CHECKED)
    checked(CompanyFactory(sectors=["fisheries"], country="KZ"), FactKind.NUMBER_CHECKED)
    CompanyFactory(status=CompanyStatus.DRAFT)

    facets = staff.get(LIST).context["facets"]

    for facet in facets:
        for choice in facet["choices"]:
            response = staff.get(LIST, {facet["name"]: choice["value"]})
            assert len(shown(response)) == choice["count"], (facet["name"], choice["value"])


def test_list_is_sorted_by_the_name_that_is_read(staff):
    first = CompanyFactory(name_registered="PT Zamrud", name_short="anggur")
    second = CompanyFactory(name_registered="ТОО Алтын", name_latin="Bolat", country="KZ")
    third = CompanyFactory(name_registered="Cahaya")

    rising, falling = shown(staff.get(LIST)), shown(staff.get(LIST, {"sort": "-company"}))
    with translation.override("ru"):
        in_russian = list(Company.objects.with_shown_name().order_by("shown_name"))

    assert rising == [first, second, third]
    assert falling == [third, second, first]
    assert in_russian == [first, third, second]


def test_list_is_paged_and_keeps_its_filter(staff):
    CompanyFactory.create_batch(11)
    CompanyFactory(country="KZ")

    response = staff.get(LIST, {"country": "ID", "size": 10, "page": 2})

    assert len(shown(response)) == 1
    assert "country=ID" in response.context["listing"].page_links()[0]["url"]


def test_chip_of_a_search_says_what_was_searched(staff):
    CompanyFactory(name_registered="Samudra")

    page = words_of(staff.get(LIST, {"name": "samu", "country": "ID"}))

    assert 'href="?country=ID"' in page
    assert "Samu" in page


@pytest.mark.parametrize(
    "query",
    [
        {"country": "XX"},
        {"status": "ruined"},
        {"sector": "weapons"},
        {"checked": "all"},
        {"sort": "screening_note"},
        {"page": "99"},
        {"page": "1" + "0" * 39},
        {"size": "7"},
        {"name": "a\0b"},
        {"name": "a" * 101},
        {"name": ["a", "b"]},
        {"owner": "1"},
    ],
)
def test_list_refuses_what_makes_no_sense(staff, query):
    CompanyFactory()

    response = staff.get(LIST, query)

    assert response.status_code == 400
    assert "This list cannot be shown" in words_of(response)


def test_list_costs_the_same_for_one_row_and_for_three(staff):
    def queries() -> int:
        cache.clear()  # every figure is counted anew, as for the first reader after a change
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(LIST).status_code == 200
        return len(captured)

    checked(CompanyFactory(), FactKind.VISITED)
    queries()
    for_one = queries()
    for _ in range(2):
        checked(CompanyFactory(country="KZ", sectors=["metals"]), FactKind.VISITED, FactKind.NUMBER_CHECKED)

    assert queries() == for_one


def test_empty_list_says_why(staff):
    assert "No company is here yet." in words_of(staff.get(LIST))
    assert "No company passes this filter." in words_of(staff.get(LIST, {"country": "KZ"}))
