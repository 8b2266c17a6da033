"""What counts as a visit, and what is new since the last one."""

import datetime as dt

import pytest

from accounts.enums import Role
from desk.models import Desk
from desk.visits import SILENCE, desk_of, note_presence
from tests.companies.factories import CompanyFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def times(user) -> tuple:
    desk = Desk.objects.get(user=user)
    return desk.seen_until, desk.last_seen_at


def at_work_since(user, first: dt.datetime, *moments: dt.datetime) -> None:
    """A desk first seen at a moment, then at others."""
    Desk.objects.create(user=user, last_seen_at=first)
    for moment in moments:
        note_presence(user.pk, moment)


def test_first_visit_finds_everything_new():
    assert desk_of(person(Role.OFFICER)).seen_until is None


def test_visit_goes_on_as_long_as_there_is_no_silence():
    officer = person(Role.OFFICER)

    at_work_since(officer, MORNING, *(MORNING + dt.timedelta(minutes=20) * number for number in range(1, 7)))

    assert times(officer) == (None, MORNING + 120 * MINUTE)


def test_visit_after_silence_counts_from_the_end_of_the_one_before():
    officer = person(Role.OFFICER)
    end, back = MORNING + 10 * MINUTE, MORNING + dt.timedelta(days=1)

    at_work_since(officer, MORNING, end, back, back + 5 * MINUTE)

    assert times(officer) == (end, back + 5 * MINUTE)


@pytest.mark.parametrize(("silence", "seen_until"), [(SILENCE, None), (SILENCE + MINUTE, MORNING)])
def test_silence_of_half_an_hour_still_is_the_same_visit(silence, seen_until):
    officer = person(Role.OFFICER)

    at_work_since(officer, MORNING, MORNING + silence)

    assert times(officer) == (seen_until, MORNING + silence)


def test_pages_count_as_presence_also_when_the_home_is_not_opened(client, monkeypatch):
    officer = person(Role.OFFICER)
    client.force_login(officer)
    Desk.objects.create(user=officer, last_seen_at=MORNING)
    now = MORNING + dt.timedelta(days=1)
    monkeypatch.setattr("desk.visits.timezone.now", lambda: now)

    client.get("/matches/")
    client.get("/", headers={"HX-Request": "true"})

    assert times(officer) == (MORNING, now)


def test_what_a_page_asks_for_by_itself_is_no_presence(client):
    officer = person(Role.OFFICER)
    client.force_login(officer)
    Desk.objects.create(user=officer, last_seen_at=MORNING)

    client.get("/runs/", headers={"HX-Request": "true"})

    assert times(officer) == (None, MORNING)


def test_business_users_have_no_desk(client):
    client.force_login(member_of(CompanyFactory()))

    client.get("/")

    assert list(Desk.objects.all()) == []
