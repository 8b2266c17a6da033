"""What today asks for: counts and short lists across companies and matches."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.lists.among import among
from accounts.lists.counting import MOST_COUNTED, bounded
from accounts.lists.moments import as_written
from accounts.lists.remembering import Memory
from companies.models import BookChange, Capacity, Need
from companies.queue import WAITING, Age, queue_of
from desk.news import match_filter
from matching.enums import MatchState, RestsOn, RunState
from matching.lists import attach_pairs, newest_near_misses, with_sides
from matching.models import Decision, ListedChange, ListedMatch, Match, Run
from matching.one_match.grounds import told_page
from matching.tables.filters import STRONG
from matching.tallies import Tallies

PROPOSED = "?state=proposed"
SHOWN = 3
OLD_AFTER_DAYS = 3
OF_BOOK_AND_MATCHES = (BookChange, ListedChange)


def strong_matches(user, before: Run | None, memory: Memory | None = None) -> dict:
    """New matches with a high score and little unknown: how many, how many since a run, and the best few."""
    filters, tallies = match_filter(user, STRONG), Tallies(memory)
    since = f"{STRONG}&{urlencode({'new_since': as_written(before.finished_at)})}" if before else ""
    rows = told_page(with_sides(filters.sorted()[:SHOWN]))
    return {
        "count": tallies.number(filters.qs),
        "rows": rows,
        "query": STRONG,
        "since": since,
        "fresh": tallies.number(match_filter(user, since).qs) if since else None,
        "rests_on_examples": any(row.cost_rests_on == RestsOn.EXAMPLE for row in rows),
    }


def holding_pairs(on: date) -> QuerySet[ListedMatch]:
    """The pairs that may trade on a day, as `Match.objects.current()` has them: of one narrow table."""
    sides = {f"{side}_trades": True for side in ("exporter", "importer")}
    sides |= {f"{side}_open": True for side in ("need", "capacity")}
    found = ListedMatch.objects.filter(is_current=True, **sides)
    for side in ("need", "capacity"):
        found = found.filter(Q((f"{side}_until__isnull", True)) | Q((f"{side}_until__gte", on)))
    return found


def unmet_needs(user, on: date, memory: Memory | None = None) -> QuerySet[Need]:
    """Open needs for which no pair may trade at all."""
    met = holding_pairs(on).filter(need=OuterRef("pk"))
    visible = Need.objects.visible_to(user)
    return found_once(visible, lambda needs: needs.in_book(on).filter(~Exists(met)), memory or Memory())


def unused_capacities(user, on: date, memory: Memory | None = None) -> QuerySet[Capacity]:
    """Open capacities for which no pair may trade at all."""
    used = holding_pairs(on).filter(capacity=OuterRef("pk"))
    visible = Capacity.objects.visible_to(user)
    return found_once(visible, lambda capacities: capacities.in_book(on).filter(~Exists(used)), memory or Memory())


def found_once(visible: QuerySet, narrow: Callable[[QuerySet], QuerySet], memory: Memory) -> QuerySet:
    """Listings without a pair, looked for once as long as neither the book nor the list of matches changes.

    Where they are few, the database has to go through every pair to find them; where they are many it need not.
    """
    listings = narrow(visible)
    found = keys_of(listings, memory)
    return listings if len(found) > MOST_COUNTED else among(visible, found)


def keys_of(listings: QuerySet, memory: Memory) -> list[int]:
    """Their keys, as far as lists are counted, and one more where there are more."""

    def keys() -> list[int]:
        return list(listings.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])

    return memory.remembered(OF_BOOK_AND_MATCHES, listings, "keys", keys)


def need_rows(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Everything a row of needs shows."""
    return needs.select_related("company__region", "company__place", "destination").prefetch_related(
        "accepted__commodity", "accepted__group"
    )


def capacity_rows(capacities: QuerySet[Capacity]) -> QuerySet[Capacity]:
    """Everything a row of capacities shows."""
    return capacities.select_related("company__region", "company__place", "commodity", "place")


def first_of(listings: QuerySet, ready: Callable[[QuerySet], QuerySet], memory: Memory) -> dict:
    """How many there are, as far as their list counts, and the first few: looked for once, read by their keys."""
    keys = keys_of(listings, memory)
    rows = ready(listings.model.objects.filter(pk__in=sorted(keys)[:SHOWN])).order_by("pk")
    return {"count": bounded(len(keys)), "rows": rows}


def near_misses_by_rule(user, memory: Memory) -> list[dict]:
    """How many pairs fail at each rule alone, the most frequent first."""
    misses = newest_near_misses(user)
    rows = misses.order_by().values("rule").annotate(count=Count("pk")).order_by("-count", "rule")
    return memory.remembered(OF_BOOK_AND_MATCHES, misses, "by rule", lambda: list(rows))


def waiting_for_verification(user, country: str, now: datetime) -> dict:
    """The companies of a country that wait: how many, the first few with for how many days, and where all are."""
    today = timezone.localdate(now)
    waiting = queue_of(user, today).filter(turn__in=WAITING, country=country).order_by("waiting_since", "pk")
    counts = waiting.aggregate(
        count=Count("pk"), fresh=Count("pk", filter=Q(waiting_since__gte=start_of_yesterday(now)))
    )
    rows = [
        {
            "company": company,
            "days": (today - timezone.localdate(company.waiting_since)).days,
            "is_late": company.age == Age.LATE,
            "url": reverse("companies:verification", args=[company.pk]),
        }
        for company in (waiting.select_related("region", "place")[:SHOWN] if counts["count"] else ())
    ]
    url = f"{reverse('companies:verification-queue')}?{urlencode({'country': country})}"
    return counts | {"rows": rows, "url": url}


@dataclass(frozen=True)
class StateOfRuns:
    """Whether the figures of a page are fresh: what they rest on, and what has gone wrong since."""

    run: Run | None  # the newest finished one: what every page shows
    before: Run | None  # the finished one before it, which figures are compared with
    latest: Run | None
    failed: list[Run]  # after it, the newest first
    days_old: int

    @property
    def is_old(self) -> bool:
        return self.days_old >= OLD_AFTER_DAYS


def state_of_runs(user, today: date) -> StateOfRuns:
    official = Run.objects.visible_to(user).official()
    run, before = [*official.finished()[:2], None, None][:2]
    latest = official.first()
    since = official.filter(pk__gt=run.pk) if run else official
    return StateOfRuns(
        run=run,
        before=before,
        latest=latest,
        failed=list(since.filter(state=RunState.FAILED)[:SHOWN]),
        days_old=(today - run.as_of).days if run else 0,
    )


def proposed_matches(user, now: datetime, memory: Memory | None = None) -> dict:
    """Matches that the city has proposed for an introduction: how many, and those that wait longest for an answer."""
    proposed_at = (
        Decision.objects.filter(match=OuterRef("pk"), state=MatchState.PROPOSED)
        .order_by("-decided_at")
        .values("decided_at")
    )
    rows = Match.objects.visible_to(user).filter(state=MatchState.PROPOSED, latest__isnull=False)
    rows = rows.annotate(proposed_at=Subquery(proposed_at[:1]))
    yesterday, oldest = start_of_yesterday(now), (F("proposed_at").asc(nulls_last=True), "pk")

    def found() -> tuple[dict, list[int]]:
        counts = rows.aggregate(count=Count("pk"), fresh=Count("pk", filter=Q(proposed_at__gte=yesterday)))
        return counts, list(rows.order_by(*oldest).values_list("pk", flat=True)[:SHOWN])

    what = ("proposed", yesterday)
    counts, first = (memory or Memory()).remembered(OF_BOOK_AND_MATCHES, rows, what, found)
    told = list(rows.filter(pk__in=first).order_by(*oldest)) if first else []
    attach_pairs(told)
    today = timezone.localdate(now)
    for match in told:
        match.days = match.proposed_at and (today - timezone.localdate(match.proposed_at)).days
    return counts | {"count": bounded(counts["count"]), "rows": told, "query": PROPOSED}


def start_of_yesterday(now: datetime) -> datetime:
    """The first moment of the day before, on the clock of Balikpapan."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    return timezone.make_aware(datetime.combine(yesterday, time.min))
