"""The home of embassy officers: what is new in their sectors, and what they take to a meeting."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from corridor.enums import Country
from desk import queries
from desk.forms import SectorsForm
from desk.news import news
from desk.visits import desk_of
from notices.queries import latest_unread

SHOWN = 5


def officer_home(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    desk = desk_of(user)
    today = timezone.localdate(now)
    context = {
        "today": today,
        "since": desk.seen_until,
        "news": news(user, desk.sectors, desk.seen_until, SHOWN),
        "follows": bool(desk.sectors),
        "form": SectorsForm(initial={"sectors": desk.sectors}),
        "waiting": queries.waiting_for_verification(user, Country.KAZAKHSTAN, now),
        "runs": queries.state_of_runs(user, today),
        "told": latest_unread(user, queries.SHOWN),
    }
    return render(request, "desk/officer.html", context)
