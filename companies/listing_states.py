"""How a need or a capacity stands today: its status, and what the calendar makes of it.

The status is stored; that a listing has expired, or does soon, follows from the day and is stored nowhere.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Capacity, Need

Listing = Need | Capacity

SOON = timedelta(days=14)  # before the day of expiry: when its people are told, and may renew it
LAST = timedelta(days=3)  # when they are told once more
KINDS = {"need": Need, "capacity": Capacity}
LETTERS = {"need": "N", "capacity": "C"}  # of the references given here
DAYS = {"need": ("window_from", "window_until"), "capacity": ("available_from", "available_until")}


class ListingState(models.TextChoices):
    OPEN = "open", gettext_lazy("open")
    EXPIRING = "expiring", gettext_lazy("expires soon")
    PAUSED = "paused", gettext_lazy("paused")
    EXPIRED = "expired", gettext_lazy("expired")
    DRAFT = "draft", gettext_lazy("draft")
    CLOSED = "closed", gettext_lazy("closed")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


class Act(models.TextChoices):
    """What can be done with a listing that was saved, in the order of the buttons."""

    RENEW = "renew", gettext_lazy("Renew")
    RESUME = "resume", gettext_lazy("Resume")
    PAUSE = "pause", gettext_lazy("Pause")
    COPY = "copy", gettext_lazy("Copy")
    CLOSE = "close", gettext_lazy("Close")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")


ENDS = (Act.COPY, Act.CLOSE, Act.WITHDRAW)
POSSIBLE = {
    ListingState.OPEN: (Act.PAUSE, *ENDS),
    ListingState.EXPIRING: (Act.RENEW, Act.PAUSE, *ENDS),
    ListingState.PAUSED: (Act.RESUME, *ENDS),
    ListingState.EXPIRED: (Act.RENEW, *ENDS),
    ListingState.DRAFT: (Act.RESUME, *ENDS),
    ListingState.CLOSED: (Act.COPY,),
    ListingState.WITHDRAWN: (Act.COPY,),
}


def kind_of(listing: Listing) -> str:
    """The word of its addresses: need or capacity."""
    return "need" if isinstance(listing, Need) else "capacity"


def days_of(listing: Listing) -> tuple[date, date]:
    """The first and the last day on which it is to be delivered, or can be shipped."""
    first, last = DAYS[kind_of(listing)]
    return getattr(listing, first), getattr(listing, last)


def state_of(listing: Listing, today: date) -> ListingState:
    """How it stands on a day. The day until which it is valid is its last one."""
    until = listing.valid_until
    if listing.status in (ListingStatus.OPEN, ListingStatus.PAUSED) and until and until < today:
        return ListingState.EXPIRED
    if listing.status == ListingStatus.OPEN and until and until <= today + SOON:
        return ListingState.EXPIRING
    return ListingState(listing.status)


def in_state(states: Iterable[str], today: date) -> Q:
    """The listings that stand so on a day: `state_of` for the database."""
    over, soon = Q(valid_until__lt=today), Q(valid_until__gte=today, valid_until__lte=today + SOON)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    of = {
        ListingState.OPEN: Q(status=ListingStatus.OPEN)
        & (Q(valid_until__isnull=True) | Q(valid_until__gt=today + SOON)),
        ListingState.EXPIRING: Q(status=ListingStatus.OPEN) & soon,
        ListingState.PAUSED: Q(status=ListingStatus.PAUSED) & lasting,
        ListingState.EXPIRED: Q(status__in=[ListingStatus.OPEN, ListingStatus.PAUSED]) & over,
    }
    wanted = Q(pk__in=[])
    for state in states:
        wanted |= of.get(ListingState(state), Q(status=state))
    return wanted


def acts_on(listing: Listing, today: date) -> tuple[Act, ...]:
    """What its company may do with it now; one whose days are over can be renewed, valid as it may be."""
    acts = POSSIBLE[state_of(listing, today)]
    is_over = days_of(listing)[1] < today and listing.status in (ListingStatus.OPEN, ListingStatus.PAUSED)
    return acts if Act.RENEW in acts or not is_over else (Act.RENEW, *acts)


def said(listing: Listing, today: date) -> str:
    """How it stands, in words for whoever reads the list of a company."""
    state = state_of(listing, today)
    if state == ListingState.EXPIRED:
        return _("expired on %(day)s") % {"day": figures.day(listing.valid_until)}
    if state == ListingState.PAUSED:
        return _("paused: nobody is shown it")
    if state == ListingState.DRAFT:
        return _("draft: it is not in the book yet")
    if state in (ListingState.CLOSED, ListingState.WITHDRAWN):
        return str(state.label)
    if listing.company.is_suspended:
        return _("waits: the company is suspended")
    if listing.company.status != CompanyStatus.ACTIVE:
        return _("waits until the company is verified")
    if state == ListingState.EXPIRING:
        return _("open, expires on %(day)s") % {"day": figures.day(listing.valid_until)}
    if days_of(listing)[1] < today:
        return _("open, but its days are over")
    return str(state.label)
