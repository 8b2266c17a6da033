"""Where a page leads that this app does not own: by name, so that the apps above stay unknown here."""

from django.urls import NoReverseMatch, reverse

from companies.listing_states import Listing, kind_of


def listing_address(listing: Listing) -> str:
    """Where one goes once a listing is saved: to who fits it, or to the listing itself where nothing shows that."""
    kind = kind_of(listing)
    try:
        return reverse("matching:listing-fits", kwargs={"kind": kind, "pk": listing.pk})
    except NoReverseMatch:
        return reverse(f"companies:{kind}-detail", args=[listing.pk])
