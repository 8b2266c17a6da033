"""The snapshot of a large book that refreshes ask, and when it may be asked.

A refresh of a small book reads what it touches and solves it whole. A large one is kept as a snapshot in files, made
anew after each official run, and in between once much has been edited. It is asked only while it says of the lists
what stands in the database: made for the newest official run, under the same corridor, rules and weights.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from companies.models import Capacity, Company, Need
from corridor.engine.landed import Point
from matching import engine
from matching.engine.book import Book as EngineBook
from matching.engine.market import Market
from matching.enums import MatchState, RunState
from matching.models import Match, Run
from matching.services.heartbeat import Heartbeat, beating
from matching.services.market import Only, load_book, one_moment
from matching.services.refreshing import store
from matching.services.refreshing.asking import CLOCKS_DIFFER, OF_BOOKS
from matching.services.trips import Arrival, Departure

log = logging.getLogger(__name__)

LIST = 10  # so many best each listing has: what `engine.solve` lists by itself
MOST_EDITED = 1000  # listings, before the snapshot is made anew
WAITS_FOR = timedelta(minutes=15)  # after an official run, for its snapshot; then refreshes go without
WORDS = ("countries", "certificate_kinds", "parameters", "payment_terms")


@dataclass(frozen=True)
class Stored:
    """A snapshot as it lies in the files, and the words and points that it is numbered by."""

    manifest: store.Manifest
    snapshot: "Snapshot"  # noqa: F821 - of the compiled engine, which is imported only where it is asked
    words: "Words"  # noqa: F821
    departures: list[Departure]
    arrivals: list[Arrival]
    rests_on_examples: np.ndarray  # bool, by row of the lanes

    @property
    def as_of(self) -> date:
        return date.fromordinal(self.manifest.as_of)

    @property
    def cut_at(self) -> datetime:
        return parse_datetime(self.manifest.cut_at)


def newest_official() -> Run | None:
    return Run.objects.official().finished().select_related("weights").order_by("-pk").first()


def is_large(official: Run | None) -> bool:
    """Whether the book is one that is kept as a snapshot, by what its newest official run counted."""
    if official is None:
        return False
    return official.counts.get("needs", 0) + official.counts.get("capacities", 0) >= settings.SNAPSHOT_FROM


def is_awaited(official: Run | None) -> bool:
    """Whether a refresh should wait: the snapshot of a large book is being made, and will be there in a moment."""
    if not is_large(official) or official.finished_at < timezone.now() - WAITS_FOR:
        return False
    return not speaks_for(manifest_of_now(), official)


def manifest_of_now() -> store.Manifest | None:
    version = store.current_version()
    if version is None:
        return None
    try:
        return store.manifest_of(version)
    except store.DamagedError as fault:
        log.warning("the snapshot cannot be used: %s", fault)
        return None


def speaks_for(manifest: store.Manifest | None, official: Run) -> bool:
    """Whether a snapshot was made by this programme for this run of this database."""
    if manifest is None or manifest.run != official.pk:
        return False
    same = (manifest.rules_version, manifest.engine_version) == (engine.RULES_VERSION, engine.ENGINE_VERSION)
    # After a backup was put back, runs that the snapshot has seen are no more, or others under the same numbers.
    newest, queued_at = manifest.newest_run
    is_ours = Run.objects.filter(pk=newest, queued_at=parse_datetime(queued_at)).exists()
    return same and is_ours and manifest.weights == official.weights.values


def opened(official: Run | None) -> Stored | None:
    """The snapshot that refreshes may ask now; None where there is none, it is damaged, or speaks of something else."""
    if not is_large(official):
        return None
    manifest = manifest_of_now()
    if not speaks_for(manifest, official):
        return None
    try:
        return _opened(manifest.version)
    except store.DamagedError as fault:
        log.warning("the snapshot cannot be used: %s", fault)
        return None


_kept_open: dict[str, Stored] = {}  # by each process: mapping some hundred files anew takes a moment


def _opened(version: str) -> Stored:
    if version not in _kept_open:
        found = _read(version)
        _make_ready(found)
        _kept_open.clear()
        _kept_open[version] = found
    return _kept_open[version]


def _make_ready(stored: Stored) -> None:
    """Before a transaction is open that would wait for it: loading compiled code takes a second, to compile it many."""
    from matching.engine.fast.live.ready import make_ready

    make_ready(stored.snapshot, engine.ScoreTable.from_json(stored.manifest.weights))


def _read(version: str) -> Stored:
    from matching.engine.fast.live.snapshot import Snapshot
    from matching.engine.fast.live.words import Words

    manifest, arrays = store.read(version)
    said = manifest.words
    try:
        return Stored(
            manifest,
            Snapshot.of_arrays(arrays, manifest.as_of, manifest.k),
            Words(
                countries=tuple(said["countries"]),
                certificate_kinds=tuple(said["certificate_kinds"]),
                parameters=tuple((key, unit) for key, unit in said["parameters"]),
                payment_terms=tuple(said["payment_terms"]),
                value_sets=tuple(frozenset(values) for values in said["value_sets"]),
            ),
            [
                Departure(goods, origin, Point(**asked), home, shipment, unit)
                for goods, origin, asked, home, shipment, unit in said["departures"]
            ],
            [Arrival(Point(**limit), country) for limit, country in said["arrivals"]],
            arrays["rests_on_examples"],
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise store.DamagedError(f"{version}: {type(fault).__name__}") from fault


# --- making one


class Making(IntEnum):
    """First number of the advisory lock, beside those of `heartbeat.Work`."""

    SNAPSHOT = 7320


class SnapshotBeat(Heartbeat):
    """Holds the lock of the making; it belongs to no run and says nothing of itself."""

    def __init__(self):
        super().__init__(Making.SNAPSHOT, 0, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute("SELECT 1")  # that the connection lives


def make_snapshot() -> bool:
    """Keep the book as it is now, where it is large and no snapshot speaks for it, or much was edited; whether it was.

    One at a time; whoever comes meanwhile leaves it to the first.
    """
    if not is_snapshot_due():
        return False
    official = newest_official()
    with beating(SnapshotBeat()) as beat:
        if beat is None:
            return False
        with one_moment():
            cut_at = timezone.now()
            newest = Run.objects.recorded().order_by("-pk").values_list("pk", "queued_at").first()
            book = load_book(official.as_of)
        manifest, arrays = taken(official, book, cut_at, newest)
        store.write(manifest, arrays)
        if newest_official() != official:
            return False  # its own will be made
        store.make_current(manifest.version)
        return True


def is_snapshot_due() -> bool:
    """Whether the book is large, and no snapshot speaks for it, or much was edited since."""
    official = newest_official()
    if not is_large(official):
        return False
    manifest = manifest_of_now()
    if not speaks_for(manifest, official):
        return True
    edited = edited_since(parse_datetime(manifest.cut_at))
    return len(edited.needs) + len(edited.capacities) > MOST_EDITED


def taken(official: Run, book, cut_at: datetime, newest: tuple) -> tuple[store.Manifest, dict[str, np.ndarray]]:
    from matching.engine.fast.live.ready import make_ready
    from matching.engine.fast.live.snapshot import Snapshot

    table = engine.ScoreTable.from_json(official.weights.values)
    ordered = EngineBook(book.market, official.as_of.toordinal())
    snapshot = Snapshot.taken(ordered, table, LIST, threads=settings.ENGINE_THREADS)
    make_ready(snapshot, table)
    manifest = store.Manifest(
        version=f"{official.pk}-{cut_at:%Y%m%dT%H%M%S%f}",
        run=official.pk,
        newest_run=[newest[0], newest[1].isoformat()],
        cut_at=cut_at.isoformat(),
        as_of=official.as_of.toordinal(),
        corridor_version=book.corridor_version,
        weights=official.weights.values,
        k=LIST,
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
        words=words_of(book.market) | {"departures": book.departures, "arrivals": book.arrivals},
    )
    return manifest, snapshot.arrays() | {"rests_on_examples": ordered.lanes.rests_on_examples}


def words_of(market: Market) -> dict:
    return {name: getattr(market, name) for name in WORDS} | {
        "value_sets": [sorted(values) for values in market.value_sets]
    }


# --- what was edited since


def edited_since(cut_at: datetime) -> Only:
    """Listings whose facts may be others than when the book was read, those that were deleted among them."""
    return named_by(since_cut(cut_at), cut_at)


def unsettled_since(cut_at: datetime) -> Only:
    """Those of them whose lists may still be as before: no refresh that named them has ended well, or none had to."""
    return named_by(since_cut(cut_at).exclude(state=RunState.FINISHED), cut_at)


def since_cut(cut_at: datetime) -> QuerySet[Run]:
    since = cut_at - CLOCKS_DIFFER
    later = Q(queued_at__gt=since) | Q(finished_at__gt=since) | Q(finished_at__isnull=True)
    return Run.objects.refreshes().filter(later).order_by()


def named_by(refreshes: QuerySet[Run], cut_at: datetime) -> Only:
    """The listings of some refreshes, and those that change without one: who is suspended, what is deleted."""
    since = cut_at - CLOCKS_DIFFER
    named: dict[str, set[int]] = {name: set() for name in OF_BOOKS}
    for need, capacity, options in refreshes.values_list("need", "capacity", "options"):
        for name in OF_BOOKS:
            named[name].update(options.get(name, ()))
        named["needs"] |= {need} - {None}
        named["capacities"] |= {capacity} - {None}
    named["companies"].update(Company.objects.filter(changed_at__gt=since).values_list("pk", flat=True))
    return Only(
        named["needs"] | _of_companies(Need, named["companies"]) | _deleted(Need, since),
        named["capacities"] | _of_companies(Capacity, named["companies"]) | _deleted(Capacity, since),
    )


def _of_companies(listings, companies: set[int]) -> set[int]:
    return set(listings.objects.filter(company__in=companies).values_list("pk", flat=True)) if companies else set()


def _deleted(listings, since: datetime) -> Iterable[int]:
    events = listings.pgh_event_model.objects.filter(pgh_created_at__gt=since, pgh_label="delete")
    return set(events.values_list("pgh_obj_id", flat=True))


def decided_among(pairs: Q) -> set[tuple[int, int]]:
    """Pairs that people decided upon."""
    return set(Match.objects.filter(pairs).exclude(state=MatchState.NEW).values_list("need_id", "capacity_id"))
