"""One need or one capacity: what it says, and taking it out of the book."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_for
from companies import services
from companies.enums import ListingStatus
from companies.models import Capacity, Company, Need
from companies.views.finding import say_who_stands_in, signed_in, what_one_may

ENDABLE = (ListingStatus.OPEN, ListingStatus.DRAFT)


@dataclass(frozen=True)
class Ending:
    """One way in which a listing leaves the book."""

    action: str
    question: Promise
    meaning: Promise
    button: Promise
    done: Promise


WITHDRAW = Ending(
    "withdraw",
    gettext_lazy("Withdraw it?"),
    gettext_lazy("It leaves the book because you no longer want it. It cannot be opened again; a new one can."),
    gettext_lazy("Withdraw it"),
    gettext_lazy("It is withdrawn."),
)
CLOSE = Ending(
    "close",
    gettext_lazy("Close it?"),
    gettext_lazy("It leaves the book because it is met or sold. It cannot be opened again; a new one can."),
    gettext_lazy("Close it"),
    gettext_lazy("It is closed."),
)


def seen_needs(user) -> QuerySet[Need]:
    return Need.objects.visible_to(user).select_related(
        "company__region", "company__place", "destination", "named_place"
    )


def seen_capacities(user) -> QuerySet[Capacity]:
    return Capacity.objects.visible_to(user).select_related("company__region", "company__place", "commodity", "place")


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


def what_shows(request: HttpRequest, listing: Need | Capacity) -> dict:
    own = what_one_may(request, listing.company)
    return own | {
        "listing": listing,
        "parameters": listing.parameters.select_related("parameter"),
        "may_end": own["may_write"] and listing.status in ENDABLE,
    }


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def need_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The company no longer wants it."""
    need = get_object_or_404(acted_on(request, seen_needs(request.user)), pk=pk)
    return ended(request, need, "need", WITHDRAW, services.withdraw_need)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def need_close(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been met."""
    need = get_object_or_404(acted_on(request, seen_needs(request.user)), pk=pk)
    return ended(request, need, "need", CLOSE, services.close_need)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The company no longer offers it."""
    capacity = get_object_or_404(acted_on(request, seen_capacities(request.user)), pk=pk)
    return ended(request, capacity, "capacity", WITHDRAW, services.withdraw_capacity)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_close(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been sold."""
    capacity = get_object_or_404(acted_on(request, seen_capacities(request.user)), pk=pk)
    return ended(request, capacity, "capacity", CLOSE, services.close_capacity)


def acted_on(request: HttpRequest, listings: QuerySet) -> QuerySet:
    """Those of companies that the person acts for now."""
    return listings.filter(company__in=Company.objects.acted_for_by(request.user))


def ended(request: HttpRequest, listing: Need | Capacity, kind: str, ending: Ending, act) -> HttpResponse:
    """Ask first, then take it out of the book."""
    address = f"companies:{kind}-detail"
    say_who_stands_in(request, listing.company)
    if request.method == "POST":
        try:
            act(**{kind: listing})
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, ending.done)
        return redirect(address, listing.pk)
    context = what_one_may(request, listing.company) | {
        "listing": listing,
        "is_need": kind == "need",
        "ending": ending,
        "can_end": listing.status in ENDABLE and not listing.company.is_suspended,
    }
    return render(request, "companies/listing_end.html", context)
