"""Who fits a company, for those who act for it: the other side anonymised (docs/anonymity.md)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.filters import ListForm
from accounts.lists.pages import questions
from accounts.reading import NumberField
from matching.engine import RULE_CODES
from matching.enums import Side
from matching.lists import newest_official_run
from matching.told import partners
from matching.told.partners import Key, OwnListing, Viewpoint, viewpoint_of

LISTINGS_SHOWN = 10  # of one's own on a page
FITS_SHOWN = 3  # under each of several listings
FITS_OF_ONE = 25  # on a page of one listing


class ViewpointForm(ListForm):
    """On whose behalf the reader looks. The lists of partners have one order, and pages of one size."""

    sort = size = page = None
    company = NumberField(required=False, least=1, label=_("Company"))


class PartnerForm(ViewpointForm):
    """Which of one's own listings, and which page."""

    page = NumberField(required=False, least=1, most=1_000_000, label=_("Page"))
    need = NumberField(required=False, least=1, label=_("Need"))
    capacity = NumberField(required=False, least=1, label=_("Capacity"))


def may_act_for_a_company(user) -> bool:
    """Anybody with an open account may; for which company is asked of each page."""
    return user.is_authenticated and user.is_active


def asked(request: HttpRequest, form: ViewpointForm) -> Viewpoint:
    """On whose behalf a page is asked for; what one may not look from is not found."""
    form.full_clean()
    viewpoint = viewpoint_of(request.user, form.cleaned_data.get("company"))
    if viewpoint is None or "company" in form.errors:
        raise Http404
    return viewpoint


def refused(request: HttpRequest, form: ViewpointForm, viewpoint: Viewpoint) -> HttpResponse:
    """An address that makes no sense: what is wrong with it, and the way back to the whole list."""
    context = {"form": form, "questions": questions(request, form), "whole": request.path + viewpoint.query}
    return render(request, "ui/list_refused.html", context, status=400)


@only_for(may_act_for_a_company)
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """One's own listings with the partners that fit them; of one listing all of them, page by page."""
    form = PartnerForm(request.GET)
    viewpoint = asked(request, form)
    if not form.is_valid():
        return refused(request, form, viewpoint)
    keys, number, today = partners.own_keys(viewpoint), form.cleaned_data["page"] or 1, timezone.localdate()
    chosen = chosen_keys(form)
    if not set(chosen) <= set(keys) or len(chosen) > 1:
        raise Http404
    if chosen:
        first = (number - 1) * FITS_OF_ONE + 1
        listings = partners.own_listings(viewpoint, chosen, first, first + FITS_OF_ONE - 1, today)
        pages = Paginator(range(listings[0].count), FITS_OF_ONE)
    else:
        pages = Paginator(keys, LISTINGS_SHOWN)
        wanted = keys[(number - 1) * LISTINGS_SHOWN : number * LISTINGS_SHOWN]
        listings = partners.own_listings(viewpoint, wanted, 1, FITS_SHOWN, today)
    if number > pages.num_pages:
        words = _("There is no page %(number)s; the list has %(pages)s.")
        form.add_error("page", words % {"number": number, "pages": pages.num_pages})
        return refused(request, form, viewpoint)
    return shown(request, viewpoint, listings, pages.page(number), is_one=bool(chosen))


def shown(
    request: HttpRequest, viewpoint: Viewpoint, listings: list[OwnListing], page, *, is_one: bool
) -> HttpResponse:
    run = newest_official_run()
    context = {
        "viewpoint": viewpoint,
        "listings": listings,
        "page": page,
        "is_one": is_one,
        "run": {"read_at": run.book_cut_at} if run else None,
        "under_way": partners.is_run_under_way(),
        "rules": len(RULE_CODES),
        "links": page_links(request, page),
    }
    return render(request, "matching/partner_list.html", context)


def chosen_keys(form: PartnerForm) -> list[Key]:
    asked_for = ((Side.BUYER, "need"), (Side.SELLER, "capacity"))
    return [(side, form.cleaned_data[name]) for side, name in asked_for if form.cleaned_data.get(name)]


def page_links(request: HttpRequest, page) -> list[dict]:
    """The pages before and after, with everything else of the address."""
    links = []
    for label, there, number in (
        (_("Previous page"), page.has_previous(), page.number - 1),
        (_("Next page"), page.has_next(), page.number + 1),
    ):
        if there:
            query = request.GET.copy()
            query["page"] = str(number)
            links.append({"label": label, "url": f"?{query.urlencode()}"})
    return links


@only_for(may_act_for_a_company)
@require_safe
def partner_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner, anonymised: what it offers or wants, why it fits, what there is to ask, what comes next."""
    form = ViewpointForm(request.GET)
    viewpoint = asked(request, form)
    if not form.is_valid():
        return refused(request, form, viewpoint)
    found = partners.one_fit(viewpoint, pk, timezone.localdate())
    if found is None:
        raise Http404
    context = {
        "viewpoint": viewpoint,
        "own": found.listing,
        "fit": found.fit,
        "partner": found.fit.partner,
        "reasons": found.reasons,
        "questions": found.questions,
        "rules": len(RULE_CODES),
    }
    return render(request, "matching/partner_detail.html", context)
