"""Who fits one listing: the page a person sees right after saving it, and comes back to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from matching.engine import RULE_CODES
from matching.told import fits
from matching.views.partners import may_act_for_a_company

FITS_SHOWN = 10  # as many as the matching keeps for a listing


@only_for(may_act_for_a_company)
@require_safe
def listing_fits(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """How far the look for partners is, who fits and why, and what would bring more."""
    if may_see_every_company(request.user) and fits.found_for(request.user, kind, pk) is None:
        return to_the_listing(request, kind, pk)
    return render(request, "matching/listing_fits.html", asked(request, kind, pk))


@only_for(may_act_for_a_company)
@require_safe
def listing_fits_progress(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The part of the page that changes while partners are looked for."""
    return render(request, "matching/_listing_fits.html", asked(request, kind, pk))


def asked(request: HttpRequest, kind: str, pk: int) -> dict:
    found = fits.found_for(request.user, kind, pk)
    if found is None:
        raise Http404
    viewpoint, listing = found
    shown = fits.listing_fits(viewpoint, kind, listing, FITS_SHOWN, timezone.localdate())
    return {
        "viewpoint": viewpoint,
        "shown": shown,
        "own": shown.own,
        "company": shown.listing.company,
        "rules": len(RULE_CODES),
        "edit": reverse(f"companies:{kind}-edit", args=[pk]),
        "detail": reverse(f"companies:{kind}-detail", args=[pk]),
        "progress": reverse("matching:listing-fits-progress", kwargs={"kind": kind, "pk": pk}),
    }


def to_the_listing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Those who see every company look at matches themselves, not through the eyes of one side."""
    if not fits.MODELS[kind][1].objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return redirect(f"companies:{kind}-detail", pk)
