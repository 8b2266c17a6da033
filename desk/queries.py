"""What today asks for: counts and short lists across companies and matches."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from companies.models import Capacity, Need
from companies.queue import WAITING, Age, queue_of
from desk.news import match_filter
from matching.enums import RestsOn, RunState
from matching.grounds import told_page
from matching.lists import newest_near_misses, with_sides
from matching.models import Match, Run

# New matches worth reading first, in the words of the list's own filter, so that figure and list are the same rows.
STRONG = "?state=new&obstacle=none&unknown=none&unknown=few&at_least_points=70"
PROPOSED = "?state=proposed"
SHOWN = 3
OLD_AFTER_DAYS = 3


def strong_matches(user) -> dict:
    """New matches with a high score and little unknown: how many, and the best few."""
    filters = match_filter(user, STRONG)
    rows = told_page(with_sides(filters.sorted())[:SHOWN])
    return {
        "count": filters.qs.count(),
        "rows": rows,
        "query": STRONG,
        "rests_on_examples": any(row.cost_rests_on == RestsOn.EXAMPLE for row in rows),
    }


def unmet_needs(user, on: date) -> QuerySet[Need]:
    """Open needs for which no pair may trade at all."""
    met = Match.objects.current().filter(need=OuterRef("pk"))
    return Need.objects.visible_to(user).in_book(on).filter(~Exists(met))


def unused_capacities(user, on: date) -> QuerySet[Capacity]:
    """Open capacities for which no pair may trade at all."""
    used = Match.objects.current().filter(capacity=OuterRef("pk"))
    return Capacity.objects.visible_to(user).in_book(on).filter(~Exists(used))


def need_rows(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Everything a row of needs shows."""
    return needs.select_related("company__region", "company__place", "destination").prefetch_related(
        "accepted__commodity", "accepted__group"
    )


def capacity_rows(capacities: QuerySet[Capacity]) -> QuerySet[Capacity]:
    """Everything a row of capacities shows."""
    return capacities.select_related("company__region", "company__place", "commodity", "place")


def near_misses_by_rule(user) -> list[dict]:
    """How many pairs fail at each rule alone, the most frequent first."""
    rows = newest_near_misses(user).values("rule").annotate(count=Count("pk"))
    return list(rows.order_by("-count", "rule"))


def waiting_for_verification(user, country: str, now: datetime) -> dict:
    """The companies of a country that wait: how many, the first few with for how many days, and where all are."""
    today = timezone.localdate(now)
    waiting = queue_of(user, today).filter(turn__in=WAITING, country=country).order_by("waiting_since", "pk")
    rows = [
        {
            "company": company,
            "days": (today - timezone.localdate(company.waiting_since)).days,
            "is_late": company.age == Age.LATE,
            "url": reverse("companies:verification", args=[company.pk]),
        }
        for company in waiting.select_related("region", "place")[:SHOWN]
    ]
    url = f"{reverse('companies:verification-queue')}?{urlencode({'country': country})}"
    return {"count": waiting.count(), "rows": rows, "url": url}


@dataclass(frozen=True)
class StateOfRuns:
    """Whether the figures of a page are fresh: what they rest on, and what has gone wrong since."""

    run: Run | None  # the newest finished one: what every page shows
    latest: Run | None
    failed: list[Run]  # after it, the newest first
    days_old: int

    @property
    def is_old(self) -> bool:
        return self.days_old >= OLD_AFTER_DAYS


def state_of_runs(user, today: date) -> StateOfRuns:
    official = Run.objects.visible_to(user).official()
    run, latest = official.finished().first(), official.first()
    since = official.filter(pk__gt=run.pk) if run else official
    return StateOfRuns(
        run=run,
        latest=latest,
        failed=list(since.filter(state=RunState.FAILED)[:SHOWN]),
        days_old=(today - run.as_of).days if run else 0,
    )


def proposed_matches(user) -> dict:
    """Matches that the city has proposed for an introduction: how many, and the best few."""
    filters = match_filter(user, PROPOSED)
    return {"count": filters.qs.count(), "rows": with_sides(filters.sorted())[:SHOWN], "query": PROPOSED}
