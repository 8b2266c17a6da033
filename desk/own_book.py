"""What the companies of a person have in the book, and what of it asks for something: plain data for their home."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from companies.listing_states import KINDS, ListingState, in_state


@dataclass(frozen=True)
class OwnBook:
    """How many needs and capacities of one company are open, and of both how many expire soon or rest."""

    needs: int = 0
    capacities: int = 0
    expiring: int = 0
    expires_on: date | None = None  # by when all of those do
    expired: int = 0
    paused: int = 0


def own_books(companies: Collection[int], on: date) -> dict[int, OwnBook]:
    """The book of each company; those without a listing have an empty one. Two queries, however many there are."""
    soon, still = in_state([ListingState.EXPIRING], on), in_state([ListingState.OPEN], on)
    which = {
        "open": Count("pk", filter=soon | still),
        "expiring": Count("pk", filter=soon),
        "expires_on": Max("valid_until", filter=soon),
        "expired": Count("pk", filter=in_state([ListingState.EXPIRED], on)),
        "paused": Count("pk", filter=in_state([ListingState.PAUSED], on)),
    }
    found: dict[int, list[dict]] = defaultdict(list)
    for model in KINDS.values():
        rows = {row["company"]: row for row in _counted(model, companies, which)}
        for company in companies:
            found[company].append(rows.get(company) or dict.fromkeys(which, 0) | {"expires_on": None})
    return {company: _both(*found[company]) for company in companies}


def _counted(model, companies: Collection[int], which: dict):
    return model.objects.filter(company__in=companies).order_by().values("company").annotate(**which)


def _both(needs: dict, capacities: dict) -> OwnBook:
    days = [rows["expires_on"] for rows in (needs, capacities) if rows["expires_on"]]
    return OwnBook(
        needs=needs["open"],
        capacities=capacities["open"],
        expires_on=max(days, default=None),
        **{name: needs[name] + capacities[name] for name in ("expiring", "expired", "paused")},
    )
