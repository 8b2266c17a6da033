"""What each role sees first, and the lists behind the figures of the overview."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.filters import SortedFilter
from accounts.lists.pages import listing, refused
from accounts.permissions import may_run_matching, may_see_every_company
from companies.models import Capacity, Company, Need
from desk import queries
from desk.balance import balances, most_telling
from desk.filters import CapacityFilter, NeedFilter
from matching.lists import newest_run
from matching.models import Run

BALANCE_ROWS = 12


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The overview of staff and officers; a business user's own company."""
    if may_see_every_company(request.user):
        return overview(request)
    return own_company(request)


def overview(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    run = newest_run(user)
    unmet, unused = queries.unmet_needs(user, today), queries.unused_capacities(user, today)
    waiting = queries.waiting_companies(user)
    rules = queries.near_misses_by_rule(run)
    rows = balances(user, today, run)
    context = {
        "today": today,
        "run": run,
        "latest": Run.objects.visible_to(user).official().first(),
        "strong": queries.strong_matches(user),
        "near": {"count": sum(rule["count"] for rule in rules), "rules": rules[: queries.SHOWN]},
        "unmet": {"count": unmet.count(), "rows": queries.need_rows(unmet)[: queries.SHOWN]},
        "unused": {"count": unused.count(), "rows": queries.capacity_rows(unused)[: queries.SHOWN]},
        "waiting": {"count": waiting.count(), "rows": waiting.select_related("region", "place")[: queries.SHOWN]},
        "balances": most_telling(rows, BALANCE_ROWS),
        "balance_count": len(rows),
        "may_start": may_run_matching(user),
    }
    return render(request, "desk/overview.html", context)


def own_company(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "companies": Company.objects.visible_to(user).select_related("region", "place").prefetch_related("facts"),
        "needs": queries.with_candidates(queries.need_rows(Need.objects.visible_to(user))),
        "capacities": queries.with_candidates(queries.capacity_rows(Capacity.objects.visible_to(user))),
        "today": timezone.localdate(),
    }
    return render(request, "desk/own_company.html", context)


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


def listings(request: HttpRequest, filters: SortedFilter, ready, template: str) -> HttpResponse:
    """A list of needs or capacities."""
    shown = listing(request, filters, ready)
    if not shown.is_valid:
        return refused(request, filters)
    return render(request, template, {"listing": shown, "page": shown.page, "sorts": shown.sort_links()})
