"""One need or one capacity: what it says, how it stands, and what its company may do with it now."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import only_for
from companies.listing_states import Act, Listing, ListingState, acts_on, kind_of, said, state_of
from companies.models import Capacity, Need
from companies.views.finding import signed_in, what_one_may

# What the buttons say beside one listing, where the word of the act alone would not say enough.
BUTTONS = {
    ("need", Act.CLOSE): gettext_lazy("It is met: close it"),
    ("capacity", Act.CLOSE): gettext_lazy("It is sold: close it"),
    Act.PAUSE: gettext_lazy("Pause it"),
    Act.RESUME: gettext_lazy("Resume it"),
    Act.RENEW: gettext_lazy("Renew it"),
    Act.COPY: gettext_lazy("Copy it"),
    Act.WITHDRAW: gettext_lazy("Withdraw it"),
}
OPEN_DRAFT = gettext_lazy("Put it in the book")
ICONS = {Act.RENEW: "calendar", Act.CLOSE: "pass", Act.WITHDRAW: "close"}
AT_ONCE = (Act.PAUSE, Act.RESUME)  # done by the button; the others open a page first
NEVER_EDITED = (ListingState.CLOSED, ListingState.WITHDRAWN)


def seen_needs(user) -> QuerySet[Need]:
    return Need.objects.visible_to(user).select_related(
        "company__region", "company__place", "destination", "named_place", "made_from"
    )


def seen_capacities(user) -> QuerySet[Capacity]:
    return Capacity.objects.visible_to(user).select_related(
        "company__region", "company__place", "commodity", "place", "made_from"
    )


@only_for(signed_in)
@require_safe
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What an importer wants, as it was stated."""
    need = get_object_or_404(seen_needs(request.user), pk=pk)
    context = what_shows(request, need) | {
        "need": need,
        "accepted": need.accepted.select_related("commodity", "group"),
        "required": need.required_certificates.all(),
    }
    return render(request, "companies/need_detail.html", context)


@only_for(signed_in)
@require_safe
def capacity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What an exporter can supply, as it was stated."""
    capacity = get_object_or_404(seen_capacities(request.user), pk=pk)
    context = what_shows(request, capacity) | {
        "capacity": capacity,
        "certificates": capacity.own_certificates.select_related("kind"),
    }
    return render(request, "companies/capacity_detail.html", context)


def what_shows(request: HttpRequest, listing: Listing) -> dict:
    """What the pages of a need and of a capacity show alike."""
    own, today = what_one_may(request, listing.company), timezone.localdate()
    return own | {
        "listing": listing,
        "parameters": listing.parameters.select_related("parameter"),
        "said": said(listing, today),
        "tone": tone_of(listing),
        "made_of_it": type(listing).objects.filter(made_from=listing),
        "buttons": buttons_of(listing) if own["may_write"] else [],
        "done": just_done(request),
        "fits": address_of_fits(listing) if own["acts"] and is_matched(listing) else "",
    }


def is_matched(listing: Listing) -> bool:
    """Whether it is in the book, so that there may be somebody who fits it."""
    return state_of(listing, timezone.localdate()) in (ListingState.OPEN, ListingState.EXPIRING)


def tone_of(listing: Listing) -> str:
    """The tint of its state: what asks for something stands out."""
    state = state_of(listing, timezone.localdate())
    return "warn" if state in (ListingState.EXPIRING, ListingState.EXPIRED) else "line"


def buttons_of(listing: Listing) -> list[dict]:
    """What its company may do with it now: each button, in order, the one that asks to be pressed first."""
    today, kind = timezone.localdate(), kind_of(listing)
    acts, state = acts_on(listing, today), state_of(listing, today)
    shown = [
        {
            "act": str(act),
            "text": OPEN_DRAFT
            if act == Act.RESUME and state == ListingState.DRAFT
            else BUTTONS.get((kind, act)) or BUTTONS[act],
            "icon": ICONS.get(act, ""),
            "url": address_of(listing, act),
            "at_once": act in AT_ONCE,
            "is_first": act in (Act.RENEW, Act.RESUME),
        }
        for act in acts
    ]
    if state in NEVER_EDITED:
        return shown
    edit = {"act": "edit", "text": gettext_lazy("Edit it"), "icon": "edit", "at_once": False, "is_first": False}
    return [shown[0], edit | {"url": reverse(f"companies:{kind}-edit", args=[listing.pk])}, *shown[1:]]


def address_of(listing: Listing, act: Act) -> str:
    """The page, or the form, of one act."""
    kind = kind_of(listing)
    if act == Act.COPY:
        return f"{new_address(kind, listing.company_id)}?copy={listing.pk}"
    return reverse(f"companies:{kind}-{act}", args=[listing.pk])


def new_address(kind: str, company: int) -> str:
    """The form of a new one."""
    return reverse(f"companies:{kind}-new", args=[company])


def address_of_listing(listing: Listing) -> str:
    return reverse(f"companies:{kind_of(listing)}-detail", args=[listing.pk])


def address_of_fits(listing: Listing) -> str:
    """Who fits it: the page that a person comes to right after saving."""
    return reverse("matching:listing-fits", kwargs={"kind": kind_of(listing), "pk": listing.pk})


DONE = "listing_done"


def remember_done(request: HttpRequest, listing: Listing, act: Act) -> None:
    """For the next page, which says what was done and how to take it back."""
    request.session[DONE] = [kind_of(listing), listing.pk, str(listing.reference), str(act)]


def just_done(request: HttpRequest) -> dict | None:
    """What was done a moment ago, said once."""
    kept = request.session.pop(DONE, None)
    if not kept:
        return None
    kind, pk, reference, act = kept
    undo = {Act.PAUSE: Act.RESUME, Act.RESUME: Act.PAUSE}[Act(act)]
    return {"reference": reference, "act": act, "undo": reverse(f"companies:{kind}-{undo}", args=[pk])}
