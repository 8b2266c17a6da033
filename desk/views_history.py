"""Who changed what: the history of one thing, and of the whole product."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import Listing, listing, refused
from accounts.permissions import may_read_all_history
from companies.models import Company
from desk.history.kinds import KINDS
from desk.history.pages import ChangeFilter, OneThing, rows_for


@login_required
@never_cache
@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One thing's changes, the newest first, for whoever may see the thing."""
    if kind not in KINDS:
        raise Http404
    seen = KINDS[kind]
    thing = get_object_or_404(seen.visible(request.user).select_related(*seen.joins), pk=pk)
    shown = listing(request, OneThing(request.GET, seen, request.user, pk))
    if not shown.is_valid:
        return refused(request, shown.filters)
    context = {"kind": seen, "thing": thing, "title": seen.title(thing), **page_of(request, shown)}
    context["all"] = may_read_all_history(request.user)
    context["others"] = entries_of(thing) if kind == "company" else []
    return render(request, "desk/history.html", context)


def entries_of(company: Company) -> list[Company]:
    """The other entries of one company, whose histories are kept apart: those merged into it, or the one it is now."""
    if company.merged_into_id:
        return [company.merged_into]
    return list(company.merged_companies.order_by("pk"))


@only_for(may_read_all_history)
@require_safe
def history_list(request: HttpRequest) -> HttpResponse:
    """Every change of the product, filtered by kind, person and days."""
    shown = listing(request, ChangeFilter(request.GET, request.user))
    if not shown.is_valid:
        return refused(request, shown.filters)
    return render(request, "desk/history_list.html", page_of(request, shown))


def page_of(request: HttpRequest, shown: Listing) -> dict:
    return {"listing": shown, "page": shown.page, "rows": rows_for(request.user, shown.page.object_list)}
