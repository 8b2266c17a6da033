"""The list of matches narrowed to those that are new since a moment, as homes and notices lead to it."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.lists.moments import as_written
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2027, 1, 5, 6, 30, 0, 123456, tzinfo=dt.UTC)


@pytest.fixture
def officer(client):
    client.force_login(person(Role.OFFICER))
    return client


def matches_of(*moments: dt.datetime) -> list[int]:
    open_corridor()
    goods = CommodityFactory()
    return [found(finished_run(finished_at=at), need(goods), capacity(goods)).pk for at in moments]


def test_match_is_new_when_its_first_run_finished_after_the_moment(officer):
    _before, _at, after = matches_of(*(MOMENT + dt.timedelta(microseconds=step) for step in (-1, 0, 1)))

    page = officer.get("/matches/", {"new_since": as_written(MOMENT)}).context["page"]

    assert [result.pk for result in page] == [after]


def test_moment_may_be_written_on_any_clock(officer):
    _before, after = matches_of(MOMENT - dt.timedelta(hours=1), MOMENT + dt.timedelta(hours=1))

    page = officer.get("/matches/", {"new_since": "2027-01-05T14:30:00+08:00"}).context["page"]

    assert [result.pk for result in page] == [after]


def test_chip_says_since_when_on_the_clock_of_balikpapan_and_takes_the_filter_off(officer):
    response = officer.get("/matches/", {"new_since": as_written(MOMENT), "sort": "-score"})

    assert response.context["listing"].chips() == [{"text": "new since 5 Jan 2027, 14:30", "url": "?sort=-score"}]


def test_another_filter_keeps_the_moment(officer):
    response = officer.get("/matches/", {"new_since": as_written(MOMENT)})

    assert '<input type="hidden" name="new_since" value="2027-01-05T06:30:00.123456Z">' in response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2027-01-05",
        "2027-01-05T06:30",
        "2027-13-05T06:30:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_what_is_no_moment_is_refused_in_words(officer, text):
    response = officer.get("/matches/", {"new_since": text})

    assert response.status_code == 400
    assert "Enter a moment such as 2026-11-25T08:00:00Z." in response.content.decode()


def test_two_moments_are_refused(officer):
    assert officer.get("/matches/?new_since=2027-01-05T06:30:00Z&new_since=2027-01-06T06:30:00Z").status_code == 400
