"""The home of city staff and administrators: what waits to be done, and where demand and supply stand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import may_manage_people, may_run_matching
from companies.models import StandIn
from corridor.enums import Country
from desk import queries
from desk.balance import balances, most_telling
from desk.house import state_of_house
from notices.queries import latest_unread

BALANCE_ROWS = 12


def staff_home(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    today = timezone.localdate(now)
    runs = queries.state_of_runs(user, today)
    unmet, unused = queries.unmet_needs(user, today), queries.unused_capacities(user, today)
    rules = queries.near_misses_by_rule(user)
    rows = balances(user, today, runs.run)
    context = {
        "today": today,
        "runs": runs,
        "strong": queries.strong_matches(user),
        "proposed": queries.proposed_matches(user),
        "near": {"count": sum(rule["count"] for rule in rules), "rules": rules[: queries.SHOWN]},
        "unmet": {"count": unmet.count(), "rows": queries.need_rows(unmet)[: queries.SHOWN]},
        "unused": {"count": unused.count(), "rows": queries.capacity_rows(unused)[: queries.SHOWN]},
        "waiting": queries.waiting_for_verification(user, Country.INDONESIA, now),
        "balances": most_telling(rows, BALANCE_ROWS),
        "balance_count": len(rows),
        "told": latest_unread(user, queries.SHOWN),
        "stand_ins": StandIn.objects.open().filter(user=user).select_related("company"),
        "may_start": may_run_matching(user),
        "house": state_of_house() if may_manage_people(user) else None,
    }
    return render(request, "desk/staff.html", context)
