"""Each figure beside a choice is the number of rows behind its link, or says that there are more than are counted."""

import random

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from accounts.enums import Role
from accounts.figures import AtLeast
from accounts.lists import counting
from desk.queries import proposed_matches
from matching import services
from matching.engine import RULE_CODES
from matching.enums import MatchState
from matching.lists import every_listed_result, every_result_of
from matching.models import ListedChange, ListedMatch
from matching.tables.filters import MatchFilter
from matching.views.goods import trade_of
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db
SECTORS = ("palm_oil", "fisheries", "metals")
CHOICES = {
    "sector": SECTORS,
    "state": MatchState.values,
    "obstacle": ("none", "some"),
    "unknown": ("none", "few", "many"),
}


@pytest.fixture
def book():
    """Matches of several goods, states and gaps, by chance."""
    chance, run = random.Random(7), finished_run()
    open_corridor()
    goods = [CommodityFactory(sector=sector) for sector in SECTORS]
    for _match in range(40):
        kind = chance.choice(goods)
        state = chance.choice(MatchState.values)
        failed = RULE_CODES[:1] if state != MatchState.NEW and chance.random() < 0.5 else ()
        unknown = RULE_CODES[-chance.choice([0, 1, 2, 4]) :] if chance.random() < 0.8 else ()
        found(run, need(kind), capacity(kind), state=state, failed=failed, unknown=unknown)
    return run


def filters_of(query: str, rows=None) -> MatchFilter:
    filters = MatchFilter(QueryDict(query), queryset=every_listed_result() if rows is None else rows)
    assert filters.form.is_valid(), filters.form.errors
    return filters


def counts_of(filters: MatchFilter) -> dict[str, dict]:
    return {
        "sector": filters.counts("sector", "sector"),
        "state": filters.counts("state", "state"),
        "obstacle": filters.obstacle_counts(),
        "unknown": filters.unknown_counts(),
    }


def some_query(chance: random.Random) -> dict[str, list[str]]:
    chosen = {name: chance.sample(values, chance.randrange(len(values))) for name, values in CHOICES.items()}
    return {name: values for name, values in chosen.items() if values and chance.random() < 0.5}


def address(query: dict[str, list[str]]) -> str:
    return "&".join(f"{name}={value}" for name, values in query.items() for value in values)


def rows_behind(query: dict[str, list[str]], name: str, value: str) -> int:
    return len(list(filters_of(address(query | {name: [value]})).qs))


@pytest.mark.parametrize("most", [10_000, 5])
def test_each_figure_is_the_number_of_rows_behind_its_link(book, monkeypatch, most):
    monkeypatch.setattr(counting, "MOST_COUNTED", most)
    chance = random.Random(most)
    for _time in range(12):
        query = some_query(chance)
        told = counts_of(filters_of(address(query)))
        for name, values in CHOICES.items():
            for value in values:
                number, rows = told[name].get(value, 0), rows_behind(query, name, value)
                assert (number, isinstance(number, AtLeast)) == (min(rows, most), rows > most), (query, name, value)


def test_figures_follow_a_decision_at_once(book):
    staff = person(Role.STAFF)
    before = counts_of(filters_of(""))["state"]
    match = ListedMatch.objects.filter(state=MatchState.NEW).first().match

    services.decide(match=match, state=MatchState.SHORTLISTED, decided_by=staff)

    after = counts_of(filters_of(""))["state"]
    assert after == before | {"new": before["new"] - 1, "shortlisted": before["shortlisted"] + 1}


def test_figures_that_are_remembered_cost_one_query(book, django_assert_num_queries):
    counts_of(filters_of("sector=palm_oil"))

    with django_assert_num_queries(1):
        counts_of(filters_of("sector=palm_oil"))


def test_results_of_one_run_are_counted_under_the_same_names(book):
    listed, of_run = filters_of(""), filters_of("", every_result_of(book))

    assert counts_of(of_run) == counts_of(listed)


def test_choices_of_a_list_that_is_not_narrowed_are_counted_in_one_look(book, django_assert_num_queries):
    ListedChange.objects.create()

    with django_assert_num_queries(2):  # which change was the last, and all of them at once
        filters = filters_of("")
        told = [filters.band_counts(), filters.missing_counts(), filters.obstacle_counts(), filters.unknown_counts()]

    assert [sum(counts.values()) for counts in (told[0], told[2], told[3])] == [40, 40, 40]


def test_that_there_are_many_is_remembered_beside_a_decision(book, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(counting, "MOST_COUNTED", 7)
    before = filters_of("").count()
    services.decide(match=ListedMatch.objects.first().match, state=MatchState.PROPOSED, decided_by=person(Role.STAFF))

    with django_assert_num_queries(1):  # which change was the last
        after = filters_of("").count()

    assert (before, after, type(after)) == (7, 7, AtLeast)


def test_figures_that_lead_to_a_list_say_no_more_than_it_counts(book, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    staff = person(Role.STAFF)
    goods = ListedMatch.objects.first().commodity
    request = RequestFactory().get("/")
    request.user = staff

    matches = trade_of(request, goods)["matches"]
    proposed = proposed_matches(staff, timezone.now())["count"]

    assert [(number, type(number)) for number in (matches, proposed)] == [(3, AtLeast), (3, AtLeast)]


def test_counts_around_an_address_that_is_looked_up_are_not_kept_by_it(book):
    goods = ListedMatch.objects.first().commodity

    kept = {query: filters_of(query).answers is not None for query in ("", "sector=metals&state=new", "text=palm")}

    assert kept == {"": True, "sector=metals&state=new": True, "text=palm": False}
    assert filters_of(f"commodity={goods.code}").answers is None
    assert filters_of("new=run").answers is None
    assert filters_of("", every_result_of(book)).answers is None
