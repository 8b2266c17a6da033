"""A company learns from its history neither what officials note about it nor that they did, nor when."""

import datetime as dt
import re

import pytest
from django.db.models import F

from accounts.enums import Role
from accounts.history import changes_by, forgetting
from companies.models import Company
from companies.services import screen
from tests.companies.factories import CompanyFactory
from tests.factories import RegionFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
EVENTS = Company.pgh_event_model
NOTES = {
    "screening": "clear",
    "screening_note": "looked at twice",
    "is_hidden": True,
    "source": "a register",
    "confidence": "verified",
    "kind": "example",
}


def earlier() -> None:
    """All that is kept so far was done a day ago."""
    with forgetting():
        EVENTS.objects.update(pgh_created_at=F("pgh_created_at") - dt.timedelta(days=1))


def page_of(client, made: Company, user, query: str = "") -> str:
    client.force_login(user)
    response = client.get(f"/history/company/{made.pk}/{query}")
    # But for what differs each time it is asked for.
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*|[0-9A-Z]{5}-[0-9A-Z]{5}', "", response.content.decode())


def changes_read(client, made: Company, user) -> int:
    client.force_login(user)
    response = client.get(f"/history/company/{made.pk}/")
    assert len(response.context["rows"]) == response.context["page"].paginator.count
    return len(response.context["rows"])


@pytest.fixture
def made():
    made = CompanyFactory(screening="not_screened", region=None)
    earlier()
    return made


def test_a_screening_leaves_no_trace_in_the_history_that_a_company_reads(client, made):
    owner, officer = member_of(made), person(Role.OFFICER)
    before = page_of(client, made, owner, "?size=10"), changes_read(client, made, owner)

    for screening, note in (("clear", ""), ("refused", "on the list since May"), ("clear", "a mistake")):
        earlier()
        with changes_by(user=officer.pk):
            screen(company=made, screening=screening, note=note)

    # The control: city and embassy read all three of them.
    assert changes_read(client, made, officer) == before[1] + 3
    assert changes_read(client, made, owner) == before[1]
    with forgetting():  # the days by which this test moved what both pages show
        EVENTS.objects.update(pgh_created_at=F("pgh_created_at") + dt.timedelta(days=3))
    assert page_of(client, made, owner, "?size=10") == before[0]


@pytest.mark.parametrize("noted", NOTES)
def test_no_note_of_officials_adds_a_row_a_count_or_a_page(client, made, noted):
    owner = member_of(made)
    before = changes_read(client, made, owner)

    for number in range(30):
        earlier()
        value = NOTES[noted] if number % 2 == 0 else Company._meta.get_field(noted).get_default()
        Company.objects.filter(pk=made.pk).update(**{noted: value})
    Company.objects.filter(pk=made.pk).update(is_hidden=False)

    assert EVENTS.objects.filter(pgh_obj=made).count() >= 30  # they are kept
    assert changes_read(client, made, owner) == before


@pytest.mark.parametrize("field", ["city", "region", "first_mile_km", "sectors"])
def test_what_a_company_may_know_is_told_though_something_was_noted_before_with_and_after_it(client, made, field):
    owner = member_of(made)
    before = changes_read(client, made, owner)
    filled = {"city": "Bontang", "region": RegionFactory(), "first_mile_km": 7, "sectors": ["metals"]}[field]
    empty = Company._meta.get_field(field).get_default()

    for facts in ({"source": "a"}, {field: filled}, {"source": "b"}, {field: empty, "source": "c"}, {"source": "d"}):
        earlier()
        Company.objects.filter(pk=made.pk).update(**facts)

    assert changes_read(client, made, owner) == before + 2


def test_a_change_before_which_nothing_was_kept_is_told_to_officials_alone(client, made):
    owner = member_of(made)
    with forgetting():
        EVENTS.objects.all().delete()
    before = changes_read(client, made, owner)
    with changes_by(user=person(Role.OFFICER).pk):
        screen(company=made, screening="clear")

    assert changes_read(client, made, person(Role.STAFF)) == before + 1
    assert changes_read(client, made, owner) == before
