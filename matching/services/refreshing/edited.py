"""What was edited since a snapshot was made, and whose lists are still to be settled for it.

Two tell of it: refreshes, which everybody asks for who writes a listing; and the history, which triggers of the
database keep of the tables that `heard` names, so that no way of writing passes it by.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Q, QuerySet, Value
from django.utils.dateparse import parse_datetime

from companies.models import Capacity, Company, Need
from matching.enums import Failure, MatchState, RunState
from matching.models import Match, Run
from matching.services.market import Only
from matching.services.refreshing.asking import CLOCKS_DIFFER, OF_BOOKS
from matching.services.refreshing.heard import HISTORY, READ_OF_COMPANY
from matching.services.transactions import THINKING_S

Named = dict[str, set[int]]  # companies, needs and capacities
Times = dict[str, dict[int, datetime]]  # of each of them the latest

LISTINGS = {"needs": Need, "capacities": Capacity}
NEVER = datetime.max.replace(tzinfo=UTC)


def edited_since(cut_at: datetime) -> Only:
    """Listings whose facts may be others than when the book was read, those that were deleted among them."""
    since = cut_at - CLOCKS_DIFFER
    return listings_of(told_by(refreshes_since(since)).named(), heard_since(since))


class Untold(NamedTuple):
    """What has changed since an official run read the book, and no refresh of its own has told of."""

    listings: Only  # whose facts may be others than any result says
    unsettled: Times  # those of them whose lists no refresh of another has settled either, and when that is due


def untold_since(cut_at: datetime) -> Untold:
    since = cut_at - CLOCKS_DIFFER
    told = told_by(refreshes_since(since))
    due = latest_of(told.due, heard_since(since))
    untold = later_than(due, with_those_of_companies(told.read, due))
    unsettled = later_than(untold, with_those_of_companies(told.settled, untold))
    return Untold(listings_of(untold), unsettled)


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


# --- what refreshes tell


class Told(NamedTuple):
    """What some refreshes say of all that they name."""

    due: Times  # when it has to be read at the earliest, because one has not ended well
    read: Times  # when one that ended well read it
    settled: Times  # up to when one that ended well has settled its lists, although it was of others

    def named(self) -> Named:
        """What they are of."""
        return {name: {*self.due[name], *self.read[name]} for name in OF_BOOKS}


def refreshes_since(since: datetime) -> QuerySet[Run]:
    later = Q(queued_at__gt=since) | Q(finished_at__gt=since) | Q(finished_at__isnull=True)
    return Run.objects.refreshes().filter(later).order_by()


def told_by(refreshes: QuerySet[Run]) -> Told:
    """One query."""
    told = Told(no_times(), no_times(), no_times())
    columns = ("need", "capacity", "options", "state", "reason_code", "book_cut_at", "finished_at")
    for need, capacity, options, state, reason_code, cut_at, finished_at in refreshes.values_list(*columns):
        own = {"needs": [need] if need else [], "capacities": [capacity] if capacity else []}
        names = {name: [*options.get(name, ()), *own.get(name, ())] for name in OF_BOOKS}
        if state == RunState.FINISHED and cut_at:
            note(told.read, names, cut_at)
            if settled := options.get("settled"):
                note(told.settled, settled, parse_datetime(settled["until"]))
        else:
            note(told.due, names, made_good_at(state, reason_code, finished_at))
    return told


def made_good_at(state: str, reason_code: str, finished_at: datetime | None) -> datetime:
    """When a listing has to be read at the earliest to make good a refresh that has not ended well.

    One that has failed while it was carried out had been asked for by an edit that was committed: whoever reads later
    reads it. One that was refused stands in the transaction of the edit, which may be committed as much later as a
    transaction may take. Both times are of clocks that differ. One that waits or is at work is made good by none.
    """
    if state != RunState.FAILED or finished_at is None:
        return NEVER
    is_refused = reason_code == Failure.TOO_OFTEN
    return finished_at + CLOCKS_DIFFER + timedelta(seconds=THINKING_S if is_refused else 0)


def settled_now(unsettled: Times, cut_at: datetime) -> dict:
    """What a refresh keeps of the lists that it settles beside its own: what it found had been written by `cut_at`."""
    until = cut_at - CLOCKS_DIFFER
    lists = {name: sorted(pk for pk, at in of_name.items() if at <= until) for name, of_name in unsettled.items()}
    return {"until": until.isoformat()} | lists if any(lists.values()) else {}


# --- what the history tells


def heard_since(since: datetime) -> Times:
    """What the history says has changed. Two queries."""
    first, *others = (
        of_times(name, model.pgh_event_model.objects.filter(pgh_created_at__gt=since), column)
        for model, (name, column) in HISTORY.items()
    )
    heard = no_times()
    for name, pk, at in first.union(*others, all=True):
        note(heard, {name: [pk]}, at)
    return latest_of(heard, {"companies": companies_heard_since(since)})


def of_times(name: str, events: QuerySet, column: str) -> QuerySet:
    """Rows of (name, whom the events name, the latest time)."""
    return events.order_by().values(column).annotate(at=Max("pgh_created_at")).values_list(Value(name), column, "at")


def companies_heard_since(since: datetime) -> dict[int, datetime]:
    """Companies of which something has changed that the market reads; what they say of themselves is nothing to it."""
    events = Company.pgh_event_model.objects.all()
    changed = events.filter(pgh_created_at__gt=since).order_by().values("pgh_obj_id")
    rows = events.filter(pgh_obj_id__in=changed).order_by("pgh_obj_id", "pgh_id")
    heard: dict[int, datetime] = {}
    before: tuple = ()
    for company, at, *facts in rows.values_list("pgh_obj_id", "pgh_created_at", *READ_OF_COMPANY):
        if at > since and (company, facts) != before:
            heard[company] = max(at, heard.get(company, at))
        before = (company, facts)
    return heard


# --- times of companies, needs and capacities


def no_times() -> Times:
    return {name: {} for name in OF_BOOKS}


def note(times: Times, names: Mapping[str, Iterable[int]], at: datetime | None) -> None:
    if at is not None:
        for name in OF_BOOKS:
            times[name].update((pk, max(at, times[name].get(pk, at))) for pk in names.get(name, ()))


def latest_of(*some: Mapping[str, Mapping[int, datetime]]) -> Times:
    latest = no_times()
    for times in some:
        for name, of_name in times.items():
            latest[name].update((pk, max(at, latest[name].get(pk, at))) for pk, at in of_name.items())
    return latest


def later_than(due: Times, read: Times) -> Times:
    """Those that were not read as late as they had to be."""
    return {
        name: {pk: at for pk, at in of_name.items() if pk not in read[name] or read[name][pk] < at}
        for name, of_name in due.items()
    }


def with_those_of_companies(read: Times, due: Times) -> Times:
    """The same, told of the listings that are due: whoever reads all of a company reads them too."""
    found = latest_of(read)
    for name, model in LISTINGS.items():
        if read["companies"] and due[name]:
            own = model.objects.filter(pk__in=due[name], company__in=read["companies"]).order_by()
            for pk, company in own.values_list("pk", "company"):
                note(found, {name: [pk]}, read["companies"][company])
    return found


def listings_of(*named: Mapping[str, Iterable[int]]) -> Only:
    """The needs and capacities that are named, and the open ones of the companies that are.

    What else a company has stood in no book since: to end, or to rest, is a change of the listing itself.
    """
    companies, needs, capacities = (set().union(*(some[name] for some in named)) for name in OF_BOOKS)
    return Only(needs | _open_of(Need, companies), capacities | _open_of(Capacity, companies))


def _open_of(listings, companies: set[int]) -> set[int]:
    if not companies:
        return set()
    return set(listings.objects.open().filter(company__in=companies).values_list("pk", flat=True))


def decided_among(pairs: Q) -> set[tuple[int, int]]:
    """Pairs that people decided upon."""
    return set(Match.objects.filter(pairs).exclude(state=MatchState.NEW).values_list("need_id", "capacity_id"))
