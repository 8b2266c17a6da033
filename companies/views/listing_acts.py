"""What a company does with a need or capacity that it saved: pause, resume, withdraw, close, renew."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import figures
from accounts.access import only_for
from companies import services
from companies.forms.renewing import RenewForm
from companies.listing_states import Act, Listing, acts_on, said
from companies.models import Company
from companies.views.finding import say_who_stands_in, signed_in, what_one_may
from companies.views.listings import (
    address_of_fits,
    address_of_listing,
    remember_done,
    seen_capacities,
    seen_needs,
)
from notices.services import is_path_within


@dataclass(frozen=True)
class Ending:
    """One way in which a listing leaves the book."""

    act: Act
    question: Promise
    meaning: Promise
    button: Promise
    done: Promise
    carry_out: Callable


WITHDRAW = Ending(
    Act.WITHDRAW,
    gettext_lazy("Withdraw it?"),
    gettext_lazy("It leaves the book because you no longer want it. It cannot be opened again; a new one can."),
    gettext_lazy("Withdraw it"),
    gettext_lazy("It is withdrawn."),
    services.withdraw_listing,
)
CLOSE = Ending(
    Act.CLOSE,
    gettext_lazy("Close it?"),
    gettext_lazy("It leaves the book because it is met or sold. It cannot be opened again; a new one can."),
    gettext_lazy("Close it"),
    gettext_lazy("It is closed."),
    services.close_listing,
)


def acted_on(request: HttpRequest, kind: str, pk: int) -> Listing:
    """One of a company that the person acts for now."""
    seen = (seen_needs if kind == "need" else seen_capacities)(request.user)
    listing = get_object_or_404(seen, pk=pk, company__in=Company.objects.acted_for_by(request.user))
    say_who_stands_in(request, listing.company)
    return listing


@only_for(signed_in)
@require_POST
def listing_pause(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Out of the book for a while."""
    return moved(request, acted_on(request, kind, pk), Act.PAUSE, services.pause_listing)


@only_for(signed_in)
@require_POST
def listing_resume(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """In the book again."""
    return moved(request, acted_on(request, kind, pk), Act.RESUME, services.resume_listing)


def moved(request: HttpRequest, listing: Listing, act: Act, carry_out: Callable) -> HttpResponse:
    """Do it at once; the page that follows says so and offers to take it back."""
    try:
        carry_out(listing=listing)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        remember_done(request, listing, act)
    back = request.POST.get("back", "")
    return redirect(back if is_path_within(back) else address_of_listing(listing))


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_withdraw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The company no longer wants or offers it."""
    return ended(request, acted_on(request, kind, pk), WITHDRAW)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_close(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """It has been met, or sold."""
    return ended(request, acted_on(request, kind, pk), CLOSE)


def ended(request: HttpRequest, listing: Listing, ending: Ending) -> HttpResponse:
    """Ask first, and say what is lost; then take it out of the book."""
    if request.method == "POST":
        try:
            ending.carry_out(listing=listing)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, ending.done)
        return redirect(address_of_listing(listing))
    context = about(request, listing) | {
        "ending": ending,
        "can_end": is_possible(listing, ending.act),
        "can_pause": is_possible(listing, Act.PAUSE),
    }
    return render(request, "companies/listing_end.html", context)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_renew(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Show the days of the new listing, then open it and close the old one."""
    listing = acted_on(request, kind, pk)
    if request.method != "POST":
        return renewing_page(request, listing, RenewForm(listing=listing))
    form = RenewForm(request.POST, listing=listing)
    if form.is_valid():
        try:
            new = services.renew_listing(listing=listing, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, renewed(listing, new))
            return redirect(address_of_fits(new))
    listing.refresh_from_db(fields=["status", "valid_until"])
    return renewing_page(request, listing, form, status=400)


def renewed(old: Listing, new: Listing) -> str:
    return _("Renewed: %(new)s is valid until %(day)s, and %(old)s is closed.") % {
        "new": new.reference,
        "old": old.reference,
        "day": figures.day(new.valid_until),
    }


def renewing_page(request: HttpRequest, listing: Listing, form: RenewForm, *, status: int = 200) -> HttpResponse:
    context = about(request, listing) | {"form": form, "can_renew": is_possible(listing, Act.RENEW)}
    return render(request, "companies/listing_renew.html", context, status=status)


def about(request: HttpRequest, listing: Listing) -> dict:
    return what_one_may(request, listing.company) | {
        "listing": listing,
        "said": said(listing, timezone.localdate()),
        "address": address_of_listing(listing),
    }


def is_possible(listing: Listing, act: Act) -> bool:
    return act in acts_on(listing, timezone.localdate()) and not listing.company.is_suspended
