"""What opening, closing and withdrawing a need and a capacity have in common."""

from companies.enums import ListingStatus
from companies.faults import Fault, refuse
from companies.models import Capacity, Company, Need
from companies.services.locking import locked, refuse_suspended

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


def end(listing: Listing, status: ListingStatus) -> None:
    """Take an open or drafted listing out of the book; what has ended already stays as it ended."""
    refuse_suspended(locked(listing.company))
    model = type(listing)
    listing.refresh_from_db(from_queryset=model.objects.select_for_update())
    if listing.status not in (ListingStatus.OPEN, ListingStatus.DRAFT):
        status_words = ListingStatus(listing.status).label
        refuse([Fault("listing_not_open", {"listing": str(listing), "status": str(status_words)}, "status")])
    listing.status = status
    listing.save(update_fields=["status", "changed_at"])
