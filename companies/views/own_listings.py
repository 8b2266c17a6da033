"""What one company needs and can supply, in every state: the list from which its people keep it true."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from companies.listing_states import Listing, kind_of, said
from companies.own_listings import OwnListingFilter, listings_of, loaded
from companies.views.finding import seen_company, signed_in, what_one_may
from companies.views.listings import (
    address_of_fits,
    address_of_listing,
    buttons_of,
    is_matched,
    just_done,
    new_address,
    tone_of,
)

# What a row offers; closing and withdrawing ask for a second look, on the page of the listing.
SHORT = ("renew", "resume", "pause", "edit", "copy")


@dataclass(frozen=True)
class Row:
    """One need or capacity as a row shows it."""

    listing: Listing
    said: str
    tone: str
    address: str
    fits: str
    buttons: list[dict]

    @property
    def is_need(self) -> bool:
        return kind_of(self.listing) == "need"


@only_for(signed_in)
@require_safe
def own_listings(request: HttpRequest, pk: int) -> HttpResponse:
    """For its own people and for those who see every company; only those who act for it find buttons."""
    company, today = seen_company(request, pk), timezone.localdate()
    own = what_one_may(request, company)
    filters = OwnListingFilter(request.GET, queryset=listings_of(company, request.user), on=today)
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    rows = [
        Row(
            listing=one,
            said=said(one, today),
            tone=tone_of(one),
            address=address_of_listing(one),
            fits=address_of_fits(one) if own["acts"] and is_matched(one) else "",
            buttons=[button for button in buttons_of(one) if button["act"] in SHORT] if own["may_write"] else [],
        )
        for one in loaded(shown.page.object_list)
    ]
    context = own | {
        "listing": shown,
        "page": shown.page,
        "rows": rows,
        "sorts": shown.sort_links(),
        "facets": [
            shown.facet("state", filters.state_counts(), hide_empty=True),
            shown.facet("kind", filters.kind_counts()),
        ],
        "back": request.get_full_path(),
        "done": just_done(request),
        "new_need": new_address("need", company.pk),
        "new_capacity": new_address("capacity", company.pk),
    }
    return render(request, "companies/own_listings.html", context)
