"""The snapshot of a large book that refreshes ask, and when it may be asked.

A refresh of a small book reads what it touches and solves it whole. A large one is kept as a snapshot in files, made
anew after each official run, and in between once much has been edited. It is asked only while it says of the lists
what stands in the database: made for the newest official run, under the same corridor, rules and weights.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from matching import engine
from matching.engine.book import Book as EngineBook
from matching.engine.market import Market
from matching.engine.solver import BEST_TOLD
from matching.models import Run
from matching.services.heartbeat import Heartbeat, Work, beating
from matching.services.market import load_book, one_moment
from matching.services.refreshing import programme, store, tries
from matching.services.refreshing.catalogue import version_of_catalogue
from matching.services.refreshing.edited import cut_of_now, edited_since
from matching.services.refreshing.stored import Stored, opened_version

log = logging.getLogger(__name__)

T = TypeVar("T")

LIST = BEST_TOLD  # so many best each listing has
MOST_EDITED = 1000  # listings, before the snapshot is made anew
LISTING_BYTES = 1000  # that one takes in the files, as far as nobody has measured it here
WAITS_FOR = timedelta(minutes=15)  # after an official run, for its snapshot; then refreshes go without
WORDS = ("countries", "certificate_kinds", "parameters", "payment_terms")


def newest_official() -> Run | None:
    return Run.objects.official().finished().select_related("weights").order_by("-pk").first()


def is_large(official: Run | None) -> bool:
    """Whether the book is one that is kept as a snapshot, by what its newest official run counted."""
    if official is None:
        return False
    return listings_of(official) >= settings.SNAPSHOT_FROM


def listings_of(official: Run) -> int:
    return official.counts.get("needs", 0) + official.counts.get("capacities", 0)


def is_awaited(official: Run | None) -> bool:
    """Whether a refresh should wait: the snapshot of a large book is being made, and will be there in a moment.

    Where making it has failed nobody knows when it will be there; then refreshes go without.
    """
    if not is_large(official) or official.finished_at < timezone.now() - WAITS_FOR or tries.noted().has_failed:
        return False
    return not speaks_for(manifest_of_now(), official)


def manifest_of_now() -> store.Manifest | None:
    return of_current(store.manifest_of)


def of_current(read: Callable[[str], T]) -> T | None:
    """What `read` makes of the version that counts; None where there is none, or it is damaged.

    A version that was replaced while it was read is no damaged one: then the newer is read.
    """
    version = store.current_version()
    while version is not None:
        try:
            return read(version)
        except store.DamagedError as fault:
            failed, version = version, store.current_version()
            if version == failed:
                log.warning("the snapshot cannot be used: %s", fault)
                return None
    return None


def speaks_for(manifest: store.Manifest | None, official: Run) -> bool:
    """Whether a snapshot was made by this programme for this run of this database, and its words mean the same."""
    if manifest is None or manifest.run != official.pk or manifest.programme != programme.stamp():
        return False
    # After a backup was put back, runs that the snapshot has seen are no more, or others under the same numbers.
    newest, queued_at = manifest.newest_run
    is_ours = Run.objects.filter(pk=newest, queued_at=parse_datetime(queued_at)).exists()
    return (
        is_ours and manifest.weights == official.weights.values and manifest.catalogue_version == version_of_catalogue()
    )


def opened(official: Run | None) -> Stored | None:
    """The snapshot that refreshes may ask now; None where there is none, it is damaged, or speaks of something else.

    Before a transaction begins: loading it may take long.
    """
    if not is_large(official):
        return None

    def open_it(version: str) -> Stored | None:
        return opened_version(version) if speaks_for(store.manifest_of(version), official) else None

    return of_current(open_it)


def open_beforehand() -> None:
    """In a process that has just begun: to load what is compiled takes seconds, and somebody would wait before a page.

    Whatever fails here, fails again where it is asked for.
    """
    try:
        opened(newest_official())
    except Exception as fault:
        log.info("no snapshot was opened beforehand: %s", type(fault).__name__)


def still_speaks(stored: Stored) -> bool:
    """Within the transaction that reads the book: whether what was opened before it may be asked."""
    official = newest_official()
    return is_large(official) and speaks_for(stored.manifest, official)


# --- making one


class SnapshotBeat(Heartbeat):
    """Holds the lock of the making; it belongs to no run and says nothing of itself."""

    def __init__(self):
        super().__init__(Work.SNAPSHOT, 0, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute("SELECT 1")  # that the connection lives


def make_snapshot() -> bool:
    """Keep the book as it is now, where it is large and no snapshot speaks for it, or much was edited; whether it was.

    One at a time; whoever comes meanwhile leaves it to the first. Raises OSError and store.NoPlaceError where it cannot
    be written; the next try then waits.
    """
    if not is_snapshot_due():
        return False
    official = newest_official()
    with beating(SnapshotBeat()) as beat:
        if beat is None or not is_snapshot_due():
            return False
        with tries.trying(official.pk):
            return _make(official)


def _make(official: Run) -> bool:
    store.make_room(_expected_bytes(official))  # before both cores are busy for minutes
    cut_at = cut_of_now(timezone.now())
    with one_moment():
        newest = Run.objects.recorded().order_by("-pk").values_list("pk", "queued_at").first()
        catalogue, book = version_of_catalogue(), load_book(official.as_of)
    manifest, arrays = taken(official, book, cut_at, newest, catalogue)
    store.write(manifest, arrays)
    if newest_official() != official:
        store.remove(manifest.version)
        return False  # its own will be made
    store.make_current(manifest.version)
    return True


def _expected_bytes(official: Run) -> int:
    """As many as the last one took."""
    return of_current(store.size_of) or LISTING_BYTES * listings_of(official)


def is_snapshot_due() -> bool:
    """Whether the book is large, and no snapshot speaks for it, or much was edited since; not while a try waits."""
    official = newest_official()
    if not is_large(official) or not tries.noted().may_begin(official.pk, timezone.now()):
        return False
    manifest = manifest_of_now()
    if not speaks_for(manifest, official):
        return True
    edited = edited_since(parse_datetime(manifest.cut_at))
    return len(edited.needs) + len(edited.capacities) > MOST_EDITED


def taken(
    official: Run, book, cut_at: datetime, newest: tuple, catalogue: str
) -> tuple[store.Manifest, dict[str, np.ndarray]]:
    from matching.engine.fast.live.ready import make_ready
    from matching.engine.fast.live.snapshot import Snapshot

    table = engine.ScoreTable.from_json(official.weights.values)
    ordered = EngineBook(book.market, official.as_of.toordinal())
    snapshot = Snapshot.taken(ordered, table, LIST, threads=settings.ENGINE_THREADS)
    make_ready(snapshot, table)
    manifest = store.Manifest(
        version=f"{official.pk}-{timezone.now():%Y%m%dT%H%M%S%f}",
        programme=programme.stamp(),
        run=official.pk,
        newest_run=[newest[0], newest[1].isoformat()],
        cut_at=cut_at.isoformat(),
        as_of=official.as_of.toordinal(),
        corridor_version=book.corridor_version,
        catalogue_version=catalogue,
        weights=official.weights.values,
        k=LIST,
        words=words_of(book.market) | {"departures": book.departures, "arrivals": book.arrivals},
    )
    return manifest, snapshot.arrays() | {"rests_on_examples": ordered.lanes.rests_on_examples}


def words_of(market: Market) -> dict:
    return {name: getattr(market, name) for name in WORDS} | {
        "value_sets": [sorted(values) for values in market.value_sets]
    }
