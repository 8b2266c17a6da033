"""A new need or capacity: one's own words first, then the form filled from them. Nothing is stored before saving."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from companies import services
from companies.addresses import listing_address
from companies.enums import CompanyStatus
from companies.forms.listings.base import ListingForm
from companies.forms.listings.beginning import form_again, form_from_words, form_looked_again, form_of_copy
from companies.forms.listings.words import WordsForm
from companies.listing_states import KINDS, Listing
from companies.models import Company
from companies.services.locking import refuse_suspended
from companies.views.finding import own_company, signed_in
from companies.views.listing_forms.showing import form_page, looks_again, saved_words

OPEN = {"need": services.open_need, "capacity": services.open_capacity}


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def need_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What the company needs."""
    return listing_new(request, own_company(request, pk), "need")


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What the company offers."""
    return listing_new(request, own_company(request, pk), "capacity")


def listing_new(request: HttpRequest, company: Company, kind: str) -> HttpResponse:
    try:
        refuse_suspended(company)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("companies:company-detail", company.pk)
    if request.method != "POST":
        return begun(request, company, kind)
    do = request.POST.get("do", "save")
    if do == "words":
        return read_page(request, company, kind)
    if do == "back":
        return words_page(request, company, kind, WordsForm(initial={"own_words": request.POST.get("own_words", "")}))
    if looks_again(request, do):
        return form_page(request, form_looked_again(company, kind, request.POST).quiet())
    form = form_again(company, kind, request.POST)
    if do == "goods":
        return form_page(request, form.quiet())
    return saved(request, form)


def begun(request: HttpRequest, company: Company, kind: str) -> HttpResponse:
    """The box for one's own words; the form at once where it is asked for, or where a listing is copied."""
    if "copy" in request.GET:
        return form_page(request, form_of_copy(copied(request.GET["copy"], company, kind)))
    if "blank" in request.GET:
        return form_page(request, form_from_words(company, kind, ""))
    return words_page(request, company, kind, WordsForm())


def copied(text: str, company: Company, kind: str) -> Listing:
    """A listing of the same company, to copy."""
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    listing = KINDS[kind].objects.filter(company=company, pk=int(text)).first() if is_number else None
    if listing is None:
        raise Http404
    return listing


def read_page(request: HttpRequest, company: Company, kind: str) -> HttpResponse:
    """The form as far as the words fill it."""
    words = WordsForm(request.POST)
    if not words.is_valid():
        return words_page(request, company, kind, words, status=400)
    return form_page(request, form_from_words(company, kind, words.cleaned_data["own_words"]))


def words_page(request: HttpRequest, company: Company, kind: str, form: WordsForm, *, status: int = 200):
    context = {"company": company, "form": form, "is_need": kind == "need", "kind": kind}
    return render(request, "companies/listing/words.html", context, status=status)


def saved(request: HttpRequest, form: ListingForm) -> HttpResponse:
    """Keep it and go on to who fits; where it is refused, all that was typed stays."""
    if form.is_valid():
        try:
            listing = OPEN[form.kind](**form.stated(), made_from_id=made_from(form))
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, saved_words(form, waits=form.company.status != CompanyStatus.ACTIVE))
            return redirect(listing_address(listing))
    return form_page(request, form, status=400)


def made_from(form: ListingForm) -> int | None:
    """The listing that was copied, where it is one of the same company."""
    pk = form.cleaned_data["made_from"]
    is_own = pk and KINDS[form.kind].objects.filter(pk=pk, company=form.company).exists()
    return pk if is_own else None
