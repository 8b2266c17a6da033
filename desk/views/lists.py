"""The lists behind the figures of the homes of staff and officers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.filters import SortedFilter
from accounts.lists.pages import listing, refused
from accounts.permissions import may_see_every_company
from desk import queries
from desk.filters import CapacityFilter, EndingFilter, NeedFilter
from desk.overview import ending
from matching.figures.balance import balances
from matching.lists import newest_run


@only_for(may_see_every_company)
@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    """Every kind of goods: wanted, offered, planned."""
    today = timezone.localdate()
    rows = balances(request.user, today, newest_run(request.user))
    return render(request, "desk/balance.html", {"balances": rows, "today": today})


@only_for(may_see_every_company)
@require_safe
def unmet(request: HttpRequest) -> HttpResponse:
    """The needs that nobody can meet today."""
    needs = queries.unmet_needs(request.user, timezone.localdate())
    return listings(request, NeedFilter(request.GET, queryset=needs), queries.need_rows, "desk/unmet_needs.html")


@only_for(may_see_every_company)
@require_safe
def unused(request: HttpRequest) -> HttpResponse:
    """The capacities that nobody asks for today."""
    found = queries.unused_capacities(request.user, timezone.localdate())
    filters = CapacityFilter(request.GET, queryset=found)
    return listings(request, filters, queries.capacity_rows, "desk/unused_capacities.html")


@only_for(may_see_every_company)
@require_safe
def ending_needs(request: HttpRequest) -> HttpResponse:
    """The needs that leave the book soon unless they are renewed."""
    needs = ending.ending_needs(request.user, timezone.localdate())
    return listings(request, EndingFilter(request.GET, queryset=needs), queries.need_rows, "desk/ending_needs.html")


@only_for(may_see_every_company)
@require_safe
def ending_capacities(request: HttpRequest) -> HttpResponse:
    """The capacities that leave the book soon unless they are renewed."""
    found = ending.ending_capacities(request.user, timezone.localdate())
    filters = EndingFilter(request.GET, queryset=found)
    return listings(request, filters, queries.capacity_rows, "desk/ending_capacities.html")


def listings(request: HttpRequest, filters: SortedFilter, ready, template: str) -> HttpResponse:
    """A list of needs or capacities."""
    shown = listing(request, filters, ready)
    if not shown.is_valid:
        return refused(request, filters)
    return render(request, template, {"listing": shown, "page": shown.page, "sorts": shown.sort_links()})
