"""A list that is longer than anybody counts has pages that begin beside a row; they tile it in either direction."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from accounts.enums import Role
from accounts.figures import AtLeast, decimal
from accounts.lists import counting
from accounts.lists.pages import listing
from companies.filters import CompanyFilter
from companies.models import Company
from matching.lists import every_listed_result
from matching.models import ListedMatch
from matching.tables.filters import MatchFilter, MatchListForm
from tests.companies.factories import CompanyFactory
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
MATCHES = "/matches/"


@pytest.fixture
def _nobody_counts_far(monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)


@pytest.fixture
def rows():
    """Values that repeat, and values that are missing."""
    results = some_matches(CommodityFactory(), 23)
    for number, result in enumerate(results):
        result.score_ppm = 500_000 + 100_000 * (number % 3)
        result.movable_kg = None if number % 4 == 0 else number % 5 * 1000
        result.landed_high_usd_per_t = None if number % 2 else Decimal("1000.50") + number % 3
        result.days_high = None
        result.save()
    return results


def shown_of(filters, query: str):
    request = RequestFactory().get(f"/{query}")
    shown = listing(request, filters(request.GET))
    assert shown.is_valid, shown.filters.form.errors
    return shown


def matches(data: QueryDict) -> MatchFilter:
    return MatchFilter(data, queryset=every_listed_result())


def walk(filters, query: str, step: str) -> list[list]:
    """The pages from one on, by the links that a reader follows."""
    pages, url = [], query
    while url is not None:
        shown = shown_of(filters, url)
        pages.append([row.pk for row in shown.page.object_list])
        url = next((link["url"] for link in shown.page_links() if link["text"] == step), None)
    return pages


@pytest.mark.usefixtures("_nobody_counts_far")
@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in MatchListForm.sorts for sign in ("", "-")])
def test_pages_beside_rows_tile_the_list_forward_and_back(rows, sort):
    order = [row.pk for row in matches(QueryDict()).qs.model.objects.all()]
    whole = [row.pk for row in sorted_rows(sort)]

    forward = walk(matches, f"?size=10&sort={sort}", "Next page")
    last = shown_of(matches, f"?size=10&sort={sort}&after={key_of(sort, whole[19])}")
    back = walk(matches, last.page_links()[1]["url"], "Previous page")

    assert forward == [whole[:10], whole[10:20], whole[20:]]
    assert [row.pk for row in last.page.object_list] == whole[20:]
    assert back == [whole[10:20], whole[:10]]
    assert len(order) == 23


def sorted_rows(sort: str) -> list[ListedMatch]:
    """By a plain sort: rows without a value last, equals by number."""
    column = MatchListForm.sorts[sort.removeprefix("-")]
    rows = sorted(ListedMatch.objects.all(), key=lambda row: row.pk)
    known = [row for row in rows if getattr(row, column) is not None]
    known.sort(key=lambda row: getattr(row, column), reverse=sort.startswith("-"))
    if sort.startswith("-"):
        values = sorted({getattr(row, column) for row in known}, reverse=True)
        known = [row for value in values for row in rows if getattr(row, column) == value]
    return known + [row for row in rows if getattr(row, column) is None]


def key_of(sort: str, pk: int) -> str:
    value = getattr(ListedMatch.objects.get(pk=pk), MatchListForm.sorts[sort.removeprefix("-")])
    return f"{pk}" if value is None else f"{pk}:{value}"


@pytest.mark.usefixtures("_nobody_counts_far")
def test_any_list_has_pages_beside_rows(rf):
    CompanyFactory.create_batch(12)
    staff = person(Role.STAFF)

    def directory(data: QueryDict) -> CompanyFilter:
        return CompanyFilter(data, queryset=Company.objects.visible_to(staff).with_shown_name(), user=staff)

    whole = [row.pk for row in directory(QueryDict()).queryset.all()]
    pages = walk(directory, "?size=10", "Next page")

    assert [len(page) for page in pages] == [10, len(whole) - 10]
    assert sorted(pk for page in pages for pk in page) == sorted(whole)


def test_a_list_is_counted_exactly_up_to_the_bound(monkeypatch, rows):
    monkeypatch.setattr(counting, "MOST_COUNTED", 23)
    exactly = matches(QueryDict()).count()
    monkeypatch.setattr(counting, "MOST_COUNTED", 22)
    more = matches(QueryDict()).count()

    assert (exactly, type(exactly), decimal(exactly)) == (23, int, "23")
    assert (more, type(more), decimal(more)) == (22, AtLeast, "22+")


@pytest.mark.usefixtures("_nobody_counts_far")
def test_page_says_that_nobody_counted_on(client, rows):
    client.force_login(person(Role.STAFF))

    first = client.get(f"{MATCHES}?size=10")
    second = client.get(f"{MATCHES}{first.context['listing'].page_links()[0]['url']}")

    assert "Rows 1–10 of 3+" in first.content.decode()
    assert "10 rows of 3+" in second.content.decode()
    assert [link["text"] for link in second.context["listing"].page_links()] == [
        "First page",
        "Previous page",
        "Next page",
    ]


def test_a_list_that_is_counted_has_pages_with_numbers(rows):
    links = shown_of(matches, "?size=10&page=2").page_links()

    assert [link.get("number") or link["icon"] for link in links] == [1, 2, 3, "next"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("after=x", "“x” is no place in this list. Begin at its first page."),
        ("after=12:much", "“12:much” is no place in this list. Begin at its first page."),
        ("before=-1:3", "“-1:3” is no place in this list. Begin at its first page."),
        ("sort=landed&after=1:NaN", "“1:NaN” is no place in this list. Begin at its first page."),
        ("sort=landed&after=1:1e999999", "“1:1e999999” is no place in this list. Begin at its first page."),
        ("sort=landed&after=1:9e140000", "“1:9e140000” is no place in this list. Begin at its first page."),
        ("sort=landed&before=1:1e-20000", "“1:1e-20000” is no place in this list. Begin at its first page."),
        ("sort=landed&after=1:0e999999", "“1:0e999999” is no place in this list. Begin at its first page."),
        ("sort=landed&after=1:1.005", "“1:1.005” is no place in this list. Begin at its first page."),
        ("after=1:3&page=2", "Name one place in the list: a page, or the row before it or behind it."),
        ("after=1:3&before=9:3", "Name one place in the list: a page, or the row before it or behind it."),
    ],
)
def test_a_place_that_makes_no_sense_is_refused_in_words(client, rows, query, said):
    client.force_login(person(Role.STAFF))

    refused = client.get(f"{MATCHES}?{query}")

    assert (refused.status_code, said in refused.content.decode()) == (400, True)


def test_a_place_of_a_row_that_is_gone_still_leads_on(rows):
    whole = [row.pk for row in sorted_rows("-score")]
    key = key_of("-score", whole[4])
    rows[[row.match_id for row in rows].index(whole[4])].match.delete()

    after = shown_of(matches, f"?size=10&after={key}")

    assert [row.pk for row in after.page.object_list] == whole[5:15]


def test_a_list_that_sorts_its_rows_itself_has_no_places(client):
    client.force_login(person(Role.STAFF))

    refused = client.get("/notices/?after=1")

    assert (refused.status_code, "This list has pages with numbers only." in refused.content.decode()) == (400, True)
