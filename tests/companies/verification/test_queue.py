"""The queue of those who verify companies: who waits, how long, whose turn it is, and who finds whom."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies import services
from companies.enums import CompanyKind, CompanyStatus, Screening
from companies.models import Claim, Company
from companies.queue import working_days
from companies.services.asking import answer_question, ask_company
from tests.companies.factories import CompanyFactory, MembershipFactory, StandInFactory
from tests.companies.pages import whole_company, words_of
from tests.factories import RegionFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
QUEUE = "/companies/verification/"


def waiting(days: int = 0, **facts) -> Company:
    """A company that asked so many days ago."""
    facts = {"status": CompanyStatus.SUBMITTED, "submitted_at": timezone.now() - dt.timedelta(days=days)} | facts
    return CompanyFactory(**facts)


def asked(company: Company, answer: str = "") -> Company:
    question = ask_company(company=company, words="Which deed?", asked_by=person(Role.ADMIN))
    if answer:
        answer_question(company=company, question=question.pk, words=answer, answered_by=member_of(company))
    return company


def rows(client, query: str = "") -> list[Company]:
    return client.get(QUEUE + query).context["rows"]


@pytest.fixture
def staff(client):
    user = person(Role.STAFF)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-11-20", "2026-11-20", 0),  # a Friday
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-20", "2026-11-27", 5),
        ("2026-11-22", "2026-11-30", 6),
        ("2025-11-24", "2026-11-23", 260),
        ("2026-11-23", "2026-11-20", 0),  # a clock that was set back
    ],
)
def test_working_days_are_those_from_monday_to_friday(since, until, days):
    assert working_days(dt.date.fromisoformat(since), dt.date.fromisoformat(until)) == days


@pytest.mark.parametrize(("role", "found"), [(Role.STAFF, ["ID"]), (Role.OFFICER, ["KZ"]), (Role.ADMIN, ["ID", "KZ"])])
def test_each_finds_at_first_the_countries_that_are_theirs_to_verify(client, role, found):
    waiting(country="ID", days=2), waiting(country="KZ", days=1)
    client.force_login(person(role))

    assert [company.country for company in rows(client)] == found
    assert [company.country for company in rows(client, "?country=ID&country=KZ")] == ["ID", "KZ"]


def test_longest_waiting_comes_first_and_what_does_not_wait_is_not_there(client, staff):
    second, first = waiting(days=3), waiting(days=20)
    waiting(is_hidden=True), waiting(kind=CompanyKind.DIRECTORY), waiting(merged_into=second)
    CompanyFactory(status=CompanyStatus.DRAFT), CompanyFactory()

    assert [(company, company.days, company.is_late) for company in rows(client)] == [
        (first, 20, True),
        (second, 3, False),
    ]


def test_turns_are_told_apart_and_a_suspended_company_is_shown_when_asked_for(client, staff):
    new, question, answered = waiting(days=9), asked(waiting(days=8)), asked(waiting(days=7), "The deed of 2019.")
    suspended = CompanyFactory(status=CompanyStatus.SUSPENDED)

    assert [(company, company.turn) for company in rows(client)] == [
        (new, "new"),
        (question, "asked"),
        (answered, "answered"),
    ]
    assert rows(client, "?turn=asked") == [question]
    assert rows(client, "?turn=suspended") == [suspended]


def test_counts_by_age_are_the_rows_behind_their_links(client, staff, settings):
    settings.VERIFICATION_WORKING_DAYS = 5
    waiting(days=0), waiting(days=30), waiting(days=31)

    ages = client.get(QUEUE).context["ages"]

    assert [(age["count"], age["is_late"]) for age in ages] == [(1, False), (0, False), (2, True)]
    assert [len(rows(client, age["url"])) for age in ages] == [1, 0, 2]


def test_queue_is_narrowed_by_who_entered_region_screening_and_number(client, staff):
    by_staff = waiting(days=5, registration_number="9120101234567")
    StandInFactory(company=by_staff)
    itself = waiting(days=4, screening=Screening.CLEAR)
    MembershipFactory(company=itself)
    of_book = waiting(days=3, region=RegionFactory())

    assert [rows(client, f"?came_by={way}") for way in ("staff", "itself", "book")] == [[by_staff], [itself], [of_book]]
    assert rows(client, "?screening=clear") == [itself]
    assert rows(client, f"?region={of_book.region_id}") == [of_book]
    assert rows(client, "?name=91201012") == [by_staff]
    assert client.get(f"{QUEUE}?turn=lost").status_code == 400


def test_row_leads_to_the_verification_for_whoever_may_decide_and_else_to_the_company(client, staff):
    mine, kazakh = waiting(days=3), waiting(days=2, country="KZ")
    own = waiting(days=1)
    StandInFactory(company=own, user=staff)

    page = words_of(client.get(f"{QUEUE}?country=ID&country=KZ"))

    assert f'href="/companies/{mine.pk}/verification/"' in page
    assert f'href="/companies/{kazakh.pk}/"' in page
    assert f'href="/companies/{kazakh.pk}/verification/"' not in page
    assert f'href="/companies/{own.pk}/"' in page
    assert f'href="/companies/{own.pk}/verification/"' not in page


def test_company_waits_from_when_it_asks_until_somebody_decides():
    company = whole_company(status=CompanyStatus.DRAFT)

    services.submit_company(company=company)
    company.refresh_from_db()
    since = company.submitted_at
    services.send_back(company=company, reason="The deed is missing.")
    company.refresh_from_db()

    assert timezone.now() - since < dt.timedelta(minutes=5)
    assert company.submitted_at is None
    assert [step.act for step in company.verification_steps.all()] == ["submitted", "sent_back"]


def test_queue_costs_the_same_queries_for_one_row_and_for_three(client, staff):
    client.get(QUEUE)
    counts = []
    for number in (1, 3):
        while Company.objects.count() < number:
            company = asked(waiting(region=RegionFactory()))
            MembershipFactory(company=company), StandInFactory(company=company)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(client)) == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_claims_that_wait_stand_below_the_queue_of_those_who_decide_about_them(client, staff):
    ours, theirs = (CompanyFactory(kind=CompanyKind.DIRECTORY, country=country) for country in ("ID", "KZ"))
    facts = {"made_by": person(Role.BUSINESS), "file": "x.pdf", "file_kind": "pdf", "size": 1, "digest": "x"}
    claim, _other = (Claim.objects.create(company=company, **facts) for company in (ours, theirs))

    response = client.get(QUEUE)

    assert list(response.context["claims"]) == [claim]
    assert f'href="/claims/{claim.pk}/"' in words_of(response)
