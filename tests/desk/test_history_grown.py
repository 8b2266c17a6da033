"""History only grows: what is asked of many kept rows is found by an index, and counted to a ceiling."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.db.models import F, Q

from accounts.enums import Role
from accounts.history import forgetting
from companies.models import Company, Consent
from desk.history.kinds import KINDS
from tests.companies.factories import CompanyFactory, ContactPersonFactory
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def changes(made: Company, count: int) -> None:
    """So many changes of one company, a day after another."""
    for number in range(count):
        with forgetting():
            Company.pgh_event_model.objects.update(pgh_created_at=F("pgh_created_at") - dt.timedelta(days=1))
        Company.objects.filter(pk=made.pk).update(city=f"Town {number}")


def test_changes_are_counted_to_a_ceiling_and_the_list_says_so(staff, monkeypatch):
    changes(CompanyFactory(), 12)  # and that it was registered

    def counted(most: int) -> str:
        monkeypatch.setattr("desk.history.changes.MOST", most)
        page = staff.get("/history/?kind=company&size=10").content.decode()
        return re.search(r"(at least )?\d+ changes", page)[0]

    assert [counted(14), counted(13), counted(12)] == ["13 changes", "13 changes", "at least 12 changes"]


def test_a_page_beyond_the_ceiling_is_none(staff, monkeypatch):
    changes(CompanyFactory(), 12)
    address = "/history/?kind=company&size=10&page=2"
    assert staff.get(address).status_code == 200

    monkeypatch.setattr("desk.history.changes.MOST", 10)

    assert staff.get(address).status_code == 400


@pytest.mark.parametrize("kind", KINDS)
def test_the_changes_of_one_thing_are_found_by_an_index(kind):
    admin = person(Role.ADMIN)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # small tables are read whole even where an index serves

    plans = [rows.explain() for rows in KINDS[kind].changes(admin, only=Q(shown_on=1))]

    assert len(plans) == len(KINDS[kind].sources)
    assert [plan for plan in plans if re.search(r"Seq Scan on \w+event\b", plan)] == []


def test_a_company_reads_of_consents_of_its_own_contact_persons_alone(staff):
    own, other = CompanyFactory(), CompanyFactory()
    for made in (own, other, own):
        contact = ContactPersonFactory(company=made, countries=[])
        Consent.objects.create(contact=contact, wording="1", countries=["ID"], given_on=dt.date(2027, 1, 1))

    (change,) = staff.get(f"/history/company/{own.pk}/").context["rows"]

    assert [part.name for part in change.parts] == ["", "consent of a contact person", "consent of a contact person"]
