"""Who is told that something expires, when, how often; and that what has expired leaves the matches of others."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.enums import CompanyStatus, ListingStatus
from companies.models import Capacity, Company, Need
from companies.services.expiry import ONE_BY_ONE, remind_of_expiry, tell_of_expired
from companies.signals import book_changed, listing_changed
from companies.tasks import look_what_expires
from notices.models import Notice
from notices.texts import sentence
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.people import member_of

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2026, 12, 20)


def days_before(days: int) -> dt.date:
    return LAST_DAY - dt.timedelta(days=days)


def entered(factory, *, days: int = 90, **facts):
    """A listing that was entered some days before its last one."""
    listing = factory(**{"valid_until": LAST_DAY} | facts)
    made = dt.datetime.combine(days_before(days), dt.time(4), tzinfo=dt.UTC)
    type(listing).objects.filter(pk=listing.pk).update(created_at=made)
    return listing


@pytest.fixture
def heard():
    """What the matching is told, in order."""
    told = []

    def one(sender, listing, **facts):
        told.append(listing.reference)

    def book(sender, companies, **facts):
        told.append([company.code for company in companies])

    listing_changed.connect(one)
    book_changed.connect(book)
    yield told
    listing_changed.disconnect(one)
    book_changed.disconnect(book)


def test_reminder_is_given_two_weeks_before_and_once_more_in_the_last_days():
    need = entered(NeedFactory, reference="N-7")
    user = member_of(need.company)
    days = [20, 15, 14, 13, 8, 4, 3, 2, 1, 0, -1]

    told = [remind_of_expiry(days_before(day)) for day in days]

    assert dict(zip(days, told, strict=True)) == dict.fromkeys(days, 0) | {14: 1, 3: 1}
    assert [sentence(notice) for notice in Notice.objects.filter(user=user).order_by("pk")] == [
        f"N-7 of {need.company} expires on 20 December 2026. Renew it if it still stands."
    ] * 2


def test_reminder_that_comes_late_is_given_once():
    member_of(entered(CapacityFactory).company)

    assert [remind_of_expiry(days_before(day)) for day in (2, 2, 1)] == [1, 0, 0]


def test_reminder_gathers_what_a_company_has_and_leads_to_the_list():
    company = CompanyFactory()
    user = member_of(company)
    for days in (0, 1, 2):
        entered(NeedFactory, company=company, valid_until=days_before(days))
    entered(CapacityFactory, company=company, valid_until=days_before(-40))

    told = remind_of_expiry(days_before(13)), remind_of_expiry(days_before(13))

    notice = Notice.objects.get(user=user)
    assert told == (3, 0)
    assert sentence(notice) == (
        f"3 needs and capacities of {company} expire soon, the first on 18 December 2026. Renew what still stands."
    )
    assert notice.address == f"/companies/{company.pk}/listings/?state=expiring&sort=until"


def test_what_becomes_due_on_a_day_that_was_told_of_waits_for_the_next():
    company = CompanyFactory()
    member_of(company)
    entered(NeedFactory, company=company)
    first = remind_of_expiry(days_before(14))
    entered(NeedFactory, company=company, valid_until=days_before(1))

    told = [remind_of_expiry(days_before(day)) for day in (14, 13, 12)]

    assert (first, told) == (1, [0, 1, 0])


def test_reminder_begins_anew_with_a_new_last_day():
    need = entered(NeedFactory)
    member_of(need.company)
    before = remind_of_expiry(days_before(14))
    Need.objects.update(valid_until=LAST_DAY + dt.timedelta(days=30))

    assert (before, remind_of_expiry(days_before(1)), remind_of_expiry(days_before(-16))) == (1, 0, 1)


def test_what_was_entered_a_moment_ago_is_not_reminded_of_at_once():
    member_of(entered(NeedFactory, days=10).company)

    assert [remind_of_expiry(days_before(day)) for day in (10, 9, 4, 3)] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": ListingStatus.PAUSED},
        {"status": ListingStatus.DRAFT},
        {"status": ListingStatus.CLOSED},
        {"status": ListingStatus.WITHDRAWN},
        {"valid_until": None},
    ],
)
def test_nobody_is_reminded_of_what_is_not_open_or_never_ends(facts):
    member_of(entered(CapacityFactory, **facts).company)

    assert remind_of_expiry(days_before(2)) == 0


@pytest.mark.parametrize("facts", [{"status": CompanyStatus.SUSPENDED}, {"is_hidden": True}])
def test_nobody_is_reminded_who_cannot_renew(facts):
    member_of(entered(NeedFactory, company=CompanyFactory(country="KZ", **facts)).company)

    assert remind_of_expiry(days_before(2)) == 0


def test_reminder_waits_for_somebody_to_tell():
    need = entered(NeedFactory)
    nobody = remind_of_expiry(days_before(10))
    member_of(need.company)

    assert (nobody, remind_of_expiry(days_before(9))) == (0, 1)


def test_reminder_is_no_change_of_the_listing():
    need = entered(NeedFactory)
    member_of(need.company)
    before = Need.objects.values_list("changed_at", flat=True).get()

    remind_of_expiry(days_before(10))

    assert Need.objects.values_list("changed_at", flat=True).get() == before


def test_matching_is_told_once_that_a_last_day_is_over(heard):
    entered(NeedFactory, reference="N-7")
    entered(CapacityFactory, reference="C-7", status=ListingStatus.PAUSED)

    told = [tell_of_expired(days_before(day)) for day in (0, -1, -1, -2)]

    assert (told, heard) == ([0, 1, 0, 0], ["N-7"])


def test_matching_is_told_of_what_had_been_reminded_of(heard):
    member_of(entered(NeedFactory, reference="N-7").company)
    remind_of_expiry(days_before(0))

    assert (tell_of_expired(days_before(-1)), heard) == (1, ["N-7"])


def test_matching_is_told_that_the_calendar_did_it_and_no_company():
    told = []

    def hear(sender, by_company, **facts):
        told.append((sender, by_company))

    large = CompanyFactory()
    entered(NeedFactory)
    for _ in range(ONE_BY_ONE + 1):
        entered(CapacityFactory, company=large)
    for signal in (listing_changed, book_changed):
        signal.connect(hear)

    tell_of_expired(days_before(-1))
    for signal in (listing_changed, book_changed):
        signal.disconnect(hear)

    assert sorted(told, key=str) == [(Company, False), (Need, False)]


def test_matching_is_told_of_many_at_once_by_their_company(heard):
    company = CompanyFactory(code="large")
    for _ in range(ONE_BY_ONE + 1):
        entered(CapacityFactory, company=company)

    assert (tell_of_expired(days_before(-1)), heard) == (ONE_BY_ONE + 1, [["large"]])
    assert Capacity.objects.filter(reminded_for=LAST_DAY, reminded_on=days_before(-1)).count() == ONE_BY_ONE + 1


@pytest.mark.parametrize(
    ("clock", "heard_by_then"),
    [
        ("2026-12-20T15:59:00Z", []),  # 23:59 in Balikpapan, 20:59 in Astana: still its last day
        ("2026-12-20T16:01:00Z", ["N-7"]),  # the day after in Balikpapan, whose clock the product goes by
    ],
)
def test_last_day_ends_at_midnight_in_balikpapan(heard, monkeypatch, clock, heard_by_then):
    entered(NeedFactory, reference="N-7")
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromisoformat(clock))

    look_what_expires()

    assert heard == heard_by_then
