"""What was edited since a snapshot was made, and whose lists are still to be settled for it.

Three tell of it: refreshes, which everybody asks for who writes a listing; the history, which triggers of the database
keep of the tables that `heard.HISTORY` names, so that no way of writing passes it by; and the times of companies.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q, QuerySet, Value

from companies.models import Capacity, Company, Need
from matching.enums import Failure, MatchState, RunState
from matching.models import Match, Run
from matching.services.market import Only
from matching.services.refreshing.asking import CLOCKS_DIFFER, OF_BOOKS
from matching.services.refreshing.heard import HISTORY
from matching.services.transactions import THINKING_S

Named = dict[str, set[int]]  # companies, needs and capacities
Times = dict[str, dict[int, datetime]]  # of each of them the latest


def edited_since(cut_at: datetime) -> Only:
    """Listings whose facts may be others than when the book was read, those that were deleted among them."""
    since = cut_at - CLOCKS_DIFFER
    return listings_of(named_by(refreshes_since(since)), heard_since(since))


def unsettled_since(cut_at: datetime) -> Only:
    """Those of them whose lists may still be as before: no refresh that named them has ended well, or none had to."""
    since = cut_at - CLOCKS_DIFFER
    refreshes = refreshes_since(since)
    read = read_by(refreshes.filter(state=RunState.FINISHED, book_cut_at__isnull=False))
    # One that failed while it was carried out is made good by a later one. One that was refused is not: when it was
    # refused, what was to be read had not been written yet.
    failed = refreshes.filter(state=RunState.FAILED, finished_at__isnull=False).exclude(reason_code=Failure.TOO_OFTEN)
    unread = [not_read_since(times, read) for times in (heard_since(since), read_by(failed, "finished_at"))]
    return listings_of(named_by(refreshes.exclude(state=RunState.FINISHED).exclude(pk__in=failed)), *unread)


def not_read_since(times: Times, read: Times) -> Named:
    """Those of which no refresh that has ended well read anything as late as these times."""
    return {
        name: {pk for pk, at in of_name.items() if pk not in read[name] or read[name][pk] < at}
        for name, of_name in times.items()
    }


def cut_of_now(now: datetime) -> datetime:
    """Up to when all that was written can be read now, by the times that it bears: those when a transaction began.

    One that is open may still write as of its beginning, but none is open for longer than a step may take.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        oldest = cursor.fetchone()[0]
    return now if oldest is None else min(now, max(oldest, now - timedelta(seconds=THINKING_S)))


def refreshes_since(since: datetime) -> QuerySet[Run]:
    later = Q(queued_at__gt=since) | Q(finished_at__gt=since) | Q(finished_at__isnull=True)
    return Run.objects.refreshes().filter(later).order_by()


def named_by(refreshes: QuerySet[Run]) -> Named:
    return {name: set(times) for name, times in read_by(refreshes).items()}


def read_by(refreshes: QuerySet[Run], time: str = "book_cut_at") -> Times:
    """What some refreshes name, and when the last of them read the book, or another of their times."""
    read: Times = {name: {} for name in OF_BOOKS}
    for need, capacity, options, at in refreshes.order_by(time).values_list("need", "capacity", "options", time):
        for name, own in zip(OF_BOOKS, (None, need, capacity), strict=True):
            read[name].update(dict.fromkeys([*options.get(name, ()), *([own] if own else [])], at))
    return read


def heard_since(since: datetime) -> Times:
    """What the history says has changed, and the times of companies. One query."""
    told = [
        of_times(name, model.pgh_event_model.objects.filter(pgh_created_at__gt=since), column, "pgh_created_at")
        for model, (name, column) in HISTORY.items()
    ]
    companies = of_times("companies", Company.objects.filter(changed_at__gt=since), "pk", "changed_at")
    heard: Times = {name: {} for name in OF_BOOKS}
    for name, pk, at in companies.union(*told, all=True):
        heard[name][pk] = max(at, heard[name].get(pk, at))
    return heard


def of_times(name: str, rows: QuerySet, column: str, time: str) -> QuerySet:
    """Rows of (name, whom the rows name, the latest time)."""
    return rows.order_by().values(column).annotate(at=Max(time)).values_list(Value(name), column, "at")


def listings_of(*named: Mapping[str, Iterable[int]]) -> Only:
    """The needs and capacities that are named, and those of the companies that are."""
    companies, needs, capacities = (set().union(*(some[name] for some in named)) for name in OF_BOOKS)
    return Only(needs | _of_companies(Need, companies), capacities | _of_companies(Capacity, companies))


def _of_companies(listings, companies: set[int]) -> set[int]:
    return set(listings.objects.filter(company__in=companies).values_list("pk", flat=True)) if companies else set()


def decided_among(pairs: Q) -> set[tuple[int, int]]:
    """Pairs that people decided upon."""
    return set(Match.objects.filter(pairs).exclude(state=MatchState.NEW).values_list("need_id", "capacity_id"))
