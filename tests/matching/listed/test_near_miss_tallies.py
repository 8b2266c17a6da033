"""Each figure beside near misses is the number of rows behind its link, also right after anything has changed."""

import random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.figures import AtLeast
from accounts.lists import counting
from accounts.lists.remembering import Memory
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Company, Need
from corridor.models import Region
from desk.queries import near_misses_by_rule
from matching.lists import newest_near_misses
from matching.models import NearMiss
from matching.tables.filters import COUNTED_TOGETHER, NearMissFilter
from matching.tallies import Tallies
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, near_miss
from tests.people import person

pytestmark = pytest.mark.django_db
RULES = ("price", "payment", "certificates")
CHANGES = (
    *("taken away", "no longer current", "another rule", "one more", "suspended", "hidden", "another region"),
    *("paused", "another sector", "another country"),
)


@pytest.fixture
def misses() -> list[NearMiss]:
    """Of several goods, rules and regions, by chance; some companies are in no region."""
    chance, run = random.Random(11), finished_run()
    open_corridor()
    goods = [CommodityFactory(sector=sector) for sector in ("palm_oil", "fisheries", "metals")]
    regions = [None, *Region.objects.order_by("pk")[:2]]
    found = []
    for _miss in range(30):
        kind = chance.choice(goods)
        found.append(near_miss(run, need(kind), capacity(kind), rule=chance.choice(RULES)))
        for company in (found[-1].need.company, found[-1].capacity.company):
            Company.objects.filter(pk=company.pk).update(region=chance.choice(regions))
    return found


def filters_of(query: str = "") -> NearMissFilter:
    filters = NearMissFilter(QueryDict(query), queryset=newest_near_misses(person(Role.STAFF)))
    assert filters.form.is_valid(), filters.form.errors
    return filters


def counts_of(filters: NearMissFilter) -> dict[str, dict]:
    return {name: filters.counts(name, *columns) for name, columns in COUNTED_TOGETHER.items()}


def counted_anew(filters: NearMissFilter) -> dict[str, dict]:
    """Row by row, without any memory."""
    counts = {}
    for name, columns in COUNTED_TOGETHER.items():
        found = counts.setdefault(name, {})
        for row in filters.without(name).values_list(*columns):
            key = row[0] if len(row) == 1 else row
            found[key] = found.get(key, 0) + 1
    return counts


@pytest.mark.usefixtures("misses")
@pytest.mark.parametrize(
    "query", ["", "rule=price", "sector=metals", "rule=price&rule=payment&sector=palm_oil", "direction=ID-KZ"]
)
def test_counts_in_one_look_are_those_of_the_rows(query):
    filters = filters_of(query)

    assert counts_of(filters) == counted_anew(filters)
    assert filters.count() == filters.qs.count()


@pytest.mark.usefixtures("misses")
def test_more_than_are_counted_is_said_to_be_more(monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 5)

    counts = Tallies().by_columns(filters_of().qs, {"rule": ("rule",)})["rule"]

    assert set(counts) == set(RULES)
    assert all(isinstance(number, AtLeast) and number == 5 for number in counts.values())


def changes(miss: NearMiss) -> dict:
    """What makes others of the figures, each by a way of its own."""
    company, goods, place = miss.need.company, miss.capacity.commodity, miss.need.destination
    other = NearMiss.objects.exclude(rule=miss.rule).first().rule
    return {
        "taken away": miss.delete,
        "no longer current": lambda: NearMiss.objects.filter(pk=miss.pk).update(is_current=False),
        "another rule": lambda: NearMiss.objects.filter(pk=miss.pk).update(rule=other),
        "one more": lambda: near_miss(miss.run, need(goods), miss.capacity),
        "suspended": lambda: Company.objects.filter(pk=company.pk).update(status=CompanyStatus.SUSPENDED),
        "hidden": lambda: Company.objects.filter(pk=company.pk).update(is_hidden=True),
        "another region": lambda: Company.objects.filter(pk=company.pk).update(region=Region.objects.last()),
        "paused": lambda: Need.objects.filter(pk=miss.need_id).update(status=ListingStatus.PAUSED),
        "another sector": lambda: type(goods).objects.filter(pk=goods.pk).update(sector="wood"),
        "another country": lambda: type(place).objects.filter(pk=place.pk).update(country="ID"),
    }


@pytest.mark.parametrize("change", CHANGES)
def test_figures_follow_whatever_changes(misses, change):
    before = counts_of(filters_of())

    changes(misses[0])[change]()

    after = filters_of()
    assert counts_of(after) == counted_anew(after) != before


def test_readers_after_the_first_count_nothing(misses):
    first = counts_of(filters_of())

    filters = filters_of()
    with CaptureQueriesContext(connection) as asked:
        again = counts_of(filters)

    assert again == first
    assert not [query["sql"] for query in asked if "matching_nearmiss" in query["sql"]]
    assert len(misses) == filters.count()


def test_home_counts_each_rule_as_its_list_does(misses):
    by_rule = {row["rule"]: row["count"] for row in near_misses_by_rule(person(Role.STAFF), Memory())}

    assert by_rule == counts_of(filters_of())["rule"]
    misses[0].delete()
    after = {row["rule"]: row["count"] for row in near_misses_by_rule(person(Role.STAFF), Memory())}
    assert sum(after.values()) == sum(by_rule.values()) - 1
