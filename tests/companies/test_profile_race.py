"""Two people act on one company at the same moment: one goes first, and the other is told."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from companies import services
from companies.enums import CompanyStatus
from companies.models import Company, ContactPerson, Membership, StandIn
from companies.services.contacts import MOST_CONTACTS
from notices.models import Notice
from tests.companies.factories import CompanyFactory, ContactPersonFactory, MembershipFactory
from tests.companies.pages import whole_company
from tests.people import member_of, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _addresses_are_known():
    """The first address that is asked for loads every page, which is too long to hold a lock for."""
    reverse("desk:home")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of some people is told who act at the same moment: done, or why not."""
    start = Barrier(len(acts), timeout=60)

    def carry_out(act: Callable[[], object]) -> str:
        try:
            start.wait()
            act()
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(future.result(timeout=60) for future in [people.submit(carry_out, act) for act in acts])


def test_of_two_tabs_that_save_at_once_one_is_refused():
    company = whole_company()
    seen_at = company.changed_at.isoformat()

    answers = at_once(
        lambda: services.edit_profile(company=company, seen_at=seen_at, city="Bontang"),
        lambda: services.edit_profile(company=company, seen_at=seen_at, city="Samarinda"),
    )

    assert [answer.split(".")[0] for answer in answers] == [
        "Somebody has changed this since you opened the page",
        "done",
    ]
    assert Company.objects.get().city in ("Bontang", "Samarinda")


def test_of_two_companies_that_enter_one_number_at_once_one_is_refused():
    first, second = whole_company(registration_number=""), whole_company(registration_number="")

    answers = at_once(
        *[
            lambda company=company: services.edit_profile(
                company=company, seen_at=company.changed_at.isoformat(), registration_number="9120000000001"
            )
            for company in (first, second)
        ]
    )

    assert answers == ["A company with this registration number is here already.", "done"]
    assert Company.objects.filter(registration_number="9120000000001").count() == 1


def test_company_that_is_let_in_and_sent_back_at_once_is_one_of_both():
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    member_of(company)

    answers = at_once(
        lambda: services.let_in(company=company, reason="A test."),
        lambda: services.send_back(company=company, reason="The deed is missing."),
    )

    company.refresh_from_db()
    was_let_in = company.status == CompanyStatus.ACTIVE
    assert [answer.split(" while ")[0] for answer in answers] == ["This is not possible", "done"]
    assert company.status_reason == ("" if was_let_in else "The deed is missing.")
    assert [notice.kind for notice in Notice.objects.all()] == ["company_active" if was_let_in else "company_sent_back"]


def test_of_two_companies_that_one_person_sends_at_once_only_as_many_wait_as_may(monkeypatch):
    monkeypatch.setattr("companies.services.profiles.MOST_WAITING", 1)
    first, second = (
        whole_company(status=CompanyStatus.DRAFT, registration_number=f"912010123456{number}") for number in (1, 2)
    )
    user = member_of(first)
    MembershipFactory(company=second, user=user)

    answers = at_once(
        lambda: services.submit_company(company=first, sent_by=user),
        lambda: services.submit_company(company=second, sent_by=user),
    )

    assert [answer.split(" wait to")[0] for answer in answers] == ["1 companies of yours", "done"]
    assert Company.objects.filter(status=CompanyStatus.SUBMITTED).count() == 1


def test_staff_who_begins_twice_at_once_stands_in_once():
    company, staff = CompanyFactory(), person(Role.STAFF)

    answers = at_once(*[lambda: services.begin_stand_in(company=company, user=staff, reason="They asked for it.")] * 2)

    assert answers == [f"You stand in for {company} already.", "done"]
    assert StandIn.objects.count() == 1


def test_last_place_for_a_contact_person_is_given_once():
    company = CompanyFactory()
    user = member_of(company)
    ContactPersonFactory.create_batch(MOST_CONTACTS - 1, company=company)

    def add():
        services.add_contact(
            company=company,
            recorded_by=user,
            name="Budi",
            phone="+62 542 123456",
            countries=["ID"],
            given_on=dt.date(2026, 11, 1),
        )

    answers = at_once(add, add)

    assert answers == ["A company has at most 20 contact persons. Remove one first.", "done"]
    assert ContactPerson.objects.count() == MOST_CONTACTS


def test_of_two_members_who_are_removed_at_once_one_stays():
    memberships = [MembershipFactory(company=company) for company in [CompanyFactory()] * 2]

    answers = at_once(*[lambda one=one: services.part_member(membership=one) for one in memberships])

    assert [" is the only one who acts for " in answer or answer for answer in answers] == ["done", True]
    assert Membership.objects.count() == 1


def test_of_two_taps_that_begin_one_registration_there_is_one_company():
    owner = person(Role.BUSINESS)
    facts = {"country": "ID", "registration_number": "9120000000001", "name_registered": "PT A"}

    answers = at_once(*[lambda: services.begin_registration(user=owner, **facts)] * 2)

    assert (answers, Company.objects.count()) == (["done", "done"], 1)


def test_of_two_people_that_begin_with_one_number_at_once_one_is_refused():
    people = [person(Role.BUSINESS, email=f"{name}@example.test") for name in "ab"]
    facts = {"country": "ID", "registration_number": "9120000000001", "name_registered": "PT A"}

    answers = at_once(*[lambda user=user: services.begin_registration(user=user, **facts) for user in people])

    assert [answer.split(".")[0] for answer in answers] == ["A company with this number is here already", "done"]
    assert Company.objects.count() == 1


def test_company_that_is_sent_twice_at_once_is_sent_once():
    company, staff = whole_company(status=CompanyStatus.DRAFT, legal_form="pt"), person(Role.STAFF)
    seen_at = company.changed_at.isoformat()

    answers = at_once(*[lambda: services.send_registration(company=company, seen_at=seen_at)] * 2)

    assert answers == ["done", "done"]
    assert Notice.objects.filter(user=staff).count() == 1
