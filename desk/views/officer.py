"""The home of embassy officers: what is new in their sectors, and what they take to a meeting."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.lists.remembering import Memory
from corridor.enums import Country
from desk import queries
from desk.forms import SectorsForm
from desk.news import news
from desk.overview.today import plan_of_the_day, sector_asked
from desk.visits import desk_of
from notices.queries import latest_unread

SHOWN = 5


def officer_home(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    desk = desk_of(user)
    sector = sector_asked(request.GET.get("flows", ""))
    if sector is None:
        raise Http404
    today = timezone.localdate(now)
    runs = queries.state_of_runs(user, today)
    context = {
        "today": today,
        "since": desk.seen_until,
        "news": news(user, desk.sectors, desk.seen_until, SHOWN),
        "follows": bool(desk.sectors),
        "form": SectorsForm(initial={"sectors": desk.sectors}),
        "waiting": queries.waiting_for_verification(user, Country.KAZAKHSTAN, now),
        "runs": runs,
        **plan_of_the_day(user, now, runs, sector, Memory()),
        "told": latest_unread(user, queries.SHOWN),
    }
    return render(request, "desk/officer.html", context)
