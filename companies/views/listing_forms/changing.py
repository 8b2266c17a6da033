"""Changing a need or a capacity that stands."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from companies import services
from companies.addresses import listing_address
from companies.enums import CompanyStatus
from companies.forms.listings.base import ListingForm
from companies.forms.listings.beginning import form_again, form_looked_again, form_of
from companies.listing_states import KINDS, Listing
from companies.models import Company
from companies.services.editing import refuse_ended
from companies.services.locking import ChangedMeanwhile, refuse_suspended
from companies.views.finding import say_who_stands_in, signed_in
from companies.views.listing_forms.showing import form_page, looks_again, saved_words

EDIT = {"need": services.edit_need, "capacity": services.edit_capacity}


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what the company needs."""
    return listing_edit(request, "need", pk)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what the company offers."""
    return listing_edit(request, "capacity", pk)


def listing_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    own = Company.objects.acted_for_by(request.user)
    listing = get_object_or_404(KINDS[kind].objects.select_related("company__place").filter(company__in=own), pk=pk)
    company = listing.company
    say_who_stands_in(request, company)
    try:
        refuse_suspended(company)
        refuse_ended(listing)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(f"companies:{kind}-detail", pk)
    if request.method != "POST":
        return form_page(request, form_of(listing), listing=listing)
    do = request.POST.get("do", "save")
    if looks_again(request, do):
        return form_page(
            request, form_looked_again(company, kind, request.POST, stands=listing).quiet(), listing=listing
        )
    form = form_again(company, kind, request.POST, stands=listing)
    if do == "goods":
        return form_page(request, form.quiet(), listing=listing)
    return saved(request, form, listing)


def saved(request: HttpRequest, form: ListingForm, listing: Listing) -> HttpResponse:
    """Keep it, unless somebody else has changed it meanwhile: then both stand side by side."""
    if form.is_valid():
        try:
            EDIT[form.kind](**{form.kind: listing}, seen_at=form.cleaned_data["seen_at"] or "", **form.stated())
        except ChangedMeanwhile as refusal:
            listing = KINDS[form.kind].objects.select_related("company__place").get(pk=listing.pk)
            form.compare_with(form_of(listing))
            form.see(listing)
            form.add_refusal(refusal)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, saved_words(form, waits=form.company.status != CompanyStatus.ACTIVE))
            return redirect(listing_address(listing))
    return form_page(request, form, listing=listing, status=400)
