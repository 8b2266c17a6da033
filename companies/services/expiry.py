"""What is valid until a day: its people are told twice before it, and the matching once it is over.

A round may come late, twice, or be cut off in the middle: what a listing keeps of it (`reminded_for`, `reminded_on`)
says what is still to be said. A listing whose last day is changed begins anew by itself.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from companies.enums import CompanyStatus, ListingStatus
from companies.listing_states import LAST, SOON, Listing, kind_of
from companies.models import Capacity, Company, Membership, Need
from companies.queries import members_of
from companies.services.locking import locked
from companies.signals import book_changed, listing_changed
from notices.enums import NoticeKind
from notices.services import tell

MODELS = (Need, Capacity)
BATCH = 200  # companies looked up at once
ONE_BY_ONE = 10  # listings of a company that are refreshed each by itself; of more, the whole book is


def remind_of_expiry(today: date) -> int:
    """Tell the people of each company what of theirs expires soon, in one notice a day; say how many were told of."""
    return sum(_remind(company, today) for company in _companies_with(lambda: to_remind(today) & _has_people()))


def tell_of_expired(today: date) -> int:
    """Say of each listing that its last day is over, so that it leaves the matches of others; say of how many."""
    return sum(_tell(company, today) for company in _companies_with(lambda: to_tell(today)))


def to_remind(today: date) -> Q:
    """Open listings whose people are to be told now: from two weeks before the last day, once more in its last days.

    Of one that was entered when that time had begun already, nobody needs to be told what they have just typed.
    """
    untold = Q(reminded_for__isnull=True) | ~Q(reminded_for=F("valid_until"))
    first = untold & _reached(SOON, today)
    last = (untold | Q(reminded_on__lt=F("valid_until") - LAST)) & _reached(LAST, today)
    standing = Q(company__is_hidden=False) & ~Q(company__status=CompanyStatus.SUSPENDED)
    return Q(status=ListingStatus.OPEN, valid_until__gte=today) & standing & (first | last)


def to_tell(today: date) -> Q:
    """Open listings whose last day is over and of which the matching has not been told."""
    told = Q(reminded_for=F("valid_until"), reminded_on__gt=F("valid_until"), reminded_for__isnull=False)
    return Q(status=ListingStatus.OPEN, valid_until__lt=today) & (
        Q(reminded_for__isnull=True) | Q(reminded_on__isnull=True) | ~told
    )


def _reached(ahead: timedelta, today: date) -> Q:
    return Q(valid_until__lte=today + ahead, created_at__date__lte=F("valid_until") - ahead)


def _has_people() -> Q:
    people = Membership.objects.filter(user__is_active=True)
    return Q(company__in=people.values("company"))


def _companies_with(which) -> Iterator[Company]:
    """Each company that has such listings, once, in batches by its number."""
    after = 0
    while True:
        found: set[int] = set()
        for model in MODELS:
            rows = model.objects.filter(which(), company__gt=after).order_by("company")
            found |= set(islice(rows.values_list("company", flat=True).distinct()[:BATCH], BATCH))
        batch = sorted(found)[:BATCH]
        if not batch:
            return
        yield from Company.objects.filter(pk__in=batch).order_by("pk")
        after = batch[-1]


@transaction.atomic
def _remind(company: Company, today: date) -> int:
    """Everything of one company that is due, in one notice. What becomes due later on the day waits for the next."""
    company = locked(company)
    if any(_said_today(model.objects.filter(company=company), today).exists() for model in MODELS):
        return 0
    due = [one for model in MODELS for one in _held(model, company, to_remind(today))]
    if not due:
        return 0
    due.sort(key=lambda one: (one.valid_until, kind_of(one), one.pk))
    tell(
        users=members_of(company),
        kind=NoticeKind.LISTING_EXPIRING,
        event=f"company:{company.pk}:expiring:{today.isoformat()}",
        facts={
            "company": str(company),
            "count": len(due),
            "listing": due[0].reference,
            "day": due[0].valid_until.isoformat(),
        },
        address=_where(company, due),
    )
    _mark(due, today)
    return len(due)


@transaction.atomic
def _tell(company: Company, today: date) -> int:
    company = locked(company)
    over = [one for model in MODELS for one in _held(model, company, to_tell(today))]
    if len(over) > ONE_BY_ONE:
        book_changed.send(sender=Company, companies=[company], by_company=False)
    else:
        for one in over:
            listing_changed.send(sender=type(one), listing=one, by_company=False)
    _mark(over, today)
    return len(over)


def _said_today(rows: models.QuerySet, today: date) -> models.QuerySet:
    return rows.filter(reminded_on=today, reminded_for__gte=today)


def _held(model: type[Listing], company: Company, due: Q) -> list[Listing]:
    rows = model.objects.select_for_update(of=("self",)).filter(due, company=company).order_by("pk")
    return list(rows.select_related("company"))


def _mark(told: list[Listing], today: date) -> None:
    """Keep what was said, of each for its own last day. It is no change of the listing."""
    for model in MODELS:
        of_model = [one.pk for one in told if isinstance(one, model)]
        model.objects.filter(pk__in=of_model).update(reminded_for=F("valid_until"), reminded_on=today)


def _where(company: Company, due: list[Listing]) -> str:
    """The page of the one listing, or the list of those that expire soon."""
    if len(due) == 1:
        return reverse(f"companies:{kind_of(due[0])}-detail", args=[due[0].pk])
    return reverse("companies:own-listings", args=[company.pk]) + "?state=expiring&sort=until"
