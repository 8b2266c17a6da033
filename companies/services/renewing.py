"""A need or capacity that still stands when its days are over: a new listing with the same facts, for days to come.

What was matched and decided belongs to the old one, which ends. The new one begins afresh, under its own reference.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models, transaction
from django.utils import timezone

from companies.enums import ListingStatus
from companies.faults import Fault, refuse
from companies.listing_faults import window_faults
from companies.listing_states import DAYS, LETTERS, Act, days_of, kind_of
from companies.models import Capacity, Certificate, Need
from companies.services.listings import change_status, held, next_reference, refuse_act
from companies.signals import listing_changed

Listing = Need | Capacity
SHORTEST, LONGEST, USUAL = timedelta(days=30), timedelta(days=180), timedelta(days=90)


@dataclass(frozen=True)
class Days:
    """Until when a listing is valid, and its first and last day of delivery or shipping."""

    valid_until: date
    first: date
    last: date


def days_ahead(listing: Listing, today: date) -> Days:
    """What renewing begins with: valid as long as it was before; days that are over moved to come, as many as were."""
    term = USUAL
    if listing.valid_until:
        term = min(max(listing.valid_until - timezone.localdate(listing.created_at), SHORTEST), LONGEST)
    first, last = days_of(listing)
    if last <= today:
        first, last = today, today + max(last - first, SHORTEST)
    return Days(today + term, first, last)


@transaction.atomic
def renew_listing(*, listing: Listing, valid_until: date, first: date, last: date) -> Listing:
    """Open a new listing from one that expires or has expired, and close that one."""
    today, old = timezone.localdate(), held(listing)
    refuse_act(old, Act.RENEW, today)
    kind = kind_of(old)
    first_name, last_name = DAYS[kind]
    faults = window_faults(first, last, "last", today)
    if valid_until <= today:
        faults.append(Fault("renewed_until_over", {"until": valid_until}, "valid_until"))
    refuse(faults)
    facts = {"valid_until": valid_until, first_name: first, last_name: last, "status": ListingStatus.OPEN}
    new = _made_from(old, reference=next_reference(old.company, type(old), LETTERS[kind]), **facts)
    change_status(old, ListingStatus.CLOSED)
    listing_changed.send(sender=type(new), listing=new)
    return new


def _made_from(old: Listing, **facts) -> Listing:
    """A new row with the same facts and all that hangs on it; the papers of a capacity go along."""
    new = _again(old, made_from=old, reminded_for=None, reminded_on=None, sent_as=None, **facts)
    new.full_clean(exclude=["made_from"])
    new.save()
    kind = kind_of(old)
    _copy_rows(old.parameters.all(), **{kind: new})
    if kind == "need":
        _copy_rows(old.accepted.all(), need=new)
        new.required_certificates.set(old.required_certificates.all())
    else:
        Certificate.objects.filter(capacity=old).update(capacity=new)
    return new


def _copy_rows(rows: models.QuerySet, **owner) -> None:
    rows.model.objects.bulk_create([_again(row, **owner) for row in rows])


def _again(row: models.Model, **facts) -> models.Model:
    """The same facts as a row that is not saved yet."""
    new = copy(row)
    new._state = copy(row._state)
    new._state.adding, new._state.fields_cache, new.pk = True, {}, None
    for name, value in facts.items():
        setattr(new, name, value)
    return new
