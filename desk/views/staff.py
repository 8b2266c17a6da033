"""The home of city staff and administrators: what deserves the day, and where demand, supply and the plan stand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.lists.remembering import Memory
from accounts.permissions import may_manage_people, may_run_matching
from companies.models import StandIn
from desk import queries
from desk.house import state_of_house
from desk.overview.today import plan_of_the_day, questions_of_today, sector_asked
from matching.figures.balance import balance_figures, most_telling, with_goods
from notices.queries import latest_unread

BALANCE_ROWS = 12


def staff_home(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    sector = sector_asked(request.GET.get("flows", ""))
    if sector is None:
        raise Http404
    today = timezone.localdate(now)
    runs = queries.state_of_runs(user, today)
    memory = Memory()
    rows = balance_figures(user, today, runs.run, memory)
    context = {
        "today": today,
        **questions_of_today(user, now, runs, memory),
        **plan_of_the_day(user, now, runs, sector, memory),
        "balances": with_goods(most_telling(rows, BALANCE_ROWS)),
        "balance_count": len(rows),
        "told": latest_unread(user, queries.SHOWN),
        "stand_ins": StandIn.objects.open().filter(user=user).select_related("company"),
        "may_start": may_run_matching(user),
        "house": state_of_house() if may_manage_people(user) else None,
    }
    return render(request, "desk/staff.html", context)
