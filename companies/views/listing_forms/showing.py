"""What the pages of a new and of a changed listing share."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from companies.forms.listings.base import ListingForm
from companies.listing_states import Listing


def looks_again(request: HttpRequest, do: str) -> bool:
    """Other words for the goods are to be looked up: by their button, or by Enter in their box."""
    words = request.POST.get("look", "").strip()
    return do == "look" or (do == "save" and bool(words) and words != request.POST.get("looked", ""))


def form_page(
    request: HttpRequest, form: ListingForm, *, listing: Listing | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "company": form.company,
        "form": form,
        "kind": form.kind,
        "is_need": form.is_need,
        "listing": listing,
        "goods": form[form.goods_field],
    }
    return render(request, "companies/listing/form.html", context, status=status)


def saved_words(form: ListingForm, *, waits: bool) -> str:
    """That it is kept, how much in kilograms, and whether it waits for the company to be let in."""
    echo = form.echo()
    told = _("Saved: %(echo)s.") % {"echo": echo} if echo else _("Saved.")
    if waits:
        told += " " + _("It takes part once the company is verified.")
    return told
