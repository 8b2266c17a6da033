"""How a need or a capacity rests, comes back and ends.

Each action holds the company first, then the listing, and looks at it as it is now: what a page showed may be old.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from companies.enums import ListingStatus
from companies.faults import Fault, refuse
from companies.listing_states import Act, ListingState, acts_on, state_of
from companies.models import Capacity, Company, Need
from companies.services.locking import locked, refuse_directory, refuse_suspended
from companies.signals import listing_changed

Listing = Need | Capacity


def next_reference(company: Company, model: type[Listing], letter: str) -> str:
    """The first free number of the company's own, where the person gives none: N-1, N-2, ..."""
    used = set(
        model.objects.filter(company=company, reference__startswith=f"{letter}-").values_list("reference", flat=True)
    )
    number = len(used) + 1
    while f"{letter}-{number}" in used:
        number += 1
    return f"{letter}-{number}"


@transaction.atomic
def pause_listing(*, listing: Listing) -> None:
    """Take a need or capacity out of the book and out of all matches for a while."""
    _move(listing, Act.PAUSE, ListingStatus.PAUSED)


@transaction.atomic
def resume_listing(*, listing: Listing) -> None:
    """Put one that rested, or was only drafted, in the book again."""
    _move(listing, Act.RESUME, ListingStatus.OPEN)


@transaction.atomic
def withdraw_listing(*, listing: Listing) -> None:
    """Take it out of the book for good, because the company no longer wants or offers it."""
    _move(listing, Act.WITHDRAW, ListingStatus.WITHDRAWN)


@transaction.atomic
def close_listing(*, listing: Listing) -> None:
    """Take it out of the book for good, because it has been met or sold."""
    _move(listing, Act.CLOSE, ListingStatus.CLOSED)


def held(listing: Listing) -> Listing:
    """The listing as it is now, held until the transaction ends, of a company that may change it."""
    company = locked(listing.company)
    refuse_suspended(company)
    refuse_directory(company)
    found = type(listing).objects.select_for_update(of=("self",)).filter(pk=listing.pk, company=company).first()
    if found is None:
        refuse([Fault("listing_gone", {"listing": str(listing)}, "status")])
    found.company = company
    return found


def refuse_act(listing: Listing, act: Act, today: date) -> None:
    """What cannot be done with it as it stands is refused with how it stands; done twice, so is the second time."""
    if act in acts_on(listing, today):
        return
    state = state_of(listing, today)
    shown = ListingState.OPEN if state == ListingState.EXPIRING else state
    facts = {"listing": str(listing), "status": str(shown.label)}
    if act == Act.RESUME and state == ListingState.EXPIRED:
        refuse([Fault("listing_expired", {"listing": str(listing), "day": listing.valid_until}, "status")])
    if act == Act.RESUME:
        refuse([Fault("listing_not_paused", facts, "status")])
    if act == Act.RENEW and state in (ListingState.OPEN, ListingState.PAUSED):
        refuse([Fault("listing_lasts", facts, "status")])
    if act == Act.RENEW:
        refuse([Fault("listing_not_to_renew", facts, "status")])
    refuse([Fault("listing_not_open", facts, "status")])


def change_status(listing: Listing, status: ListingStatus) -> None:
    """Store the status of a held listing and say so to whoever listens."""
    was_open, listing.status = listing.status == ListingStatus.OPEN, status
    listing.save(update_fields=["status", "changed_at"])
    listing_changed.send(sender=type(listing), listing=listing, was_open=was_open)


def _move(listing: Listing, act: Act, status: ListingStatus) -> None:
    found = held(listing)
    refuse_act(found, act, timezone.localdate())
    change_status(found, status)
    listing.status, listing.changed_at = found.status, found.changed_at
