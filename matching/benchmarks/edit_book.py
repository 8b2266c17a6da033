"""A market in the database with all that a refresh reads of it, without the plan and the lists that no edit reaches.

An official run of a million needs and as many capacities would write some ten million pairs, which takes half an hour
and more disk than there is here. What an edit changes stays within what is joined by goods: so lists and near misses
are sought and written, as a run writes them, for some headings, and only their listings are edited. Everything else of
the book stands, and the snapshot is made of all of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from companies.models import Capacity, Need
from matching import engine
from matching.benchmarks.measuring import Cost, measured_here
from matching.engine.book import Book
from matching.engine.market import Market
from matching.enums import RunKind, RunState
from matching.models import Decision, ListedDoubt, ListedMatch, Match, MatchResult, NearMiss, Run, Weights
from matching.services.made_book import Wanted, make_book, remove_book
from matching.services.made_book.marks import made
from matching.services.market import load_book, one_moment
from matching.services.refreshing import snapshots, store
from matching.services.results import hold_saving, look_at_the_tables
from matching.services.staging import Staging, lock_rows
from matching.services.what_ifs import score_table, weights_of

MARK = "benchmark_edit"
MOST_LISTINGS = 400_000  # whose lists are written, both sides together; of smaller books all
TAKEN_EVERY = (0, 1, 3, 6, 12, 24, 48)  # which headings are, by their size: the largest is always one

Tell = Callable[[str], None]
Part = tuple[np.ndarray, np.ndarray]  # rows of needs and of capacities that are joined by goods


class NoSnapshotError(Exception):
    """The book is not large enough for one."""


class OthersError(Exception):
    """The database holds runs or decisions that no measurement made."""


@dataclass(frozen=True)
class StoodBook:
    """What stands in the database, and what making it took."""

    run: Run
    size: int  # needs, and as many capacities
    needs: np.ndarray  # ids whose lists stand
    capacities: np.ndarray
    headings: int  # of so many
    headings_of_all: int
    pairs: int
    near_misses: int
    snapshot: Cost
    snapshot_mb: float  # on disk


@contextmanager
def stood_book(size: int, *, seed: int, as_of: date, tell: Tell) -> Iterator[StoodBook]:
    """Stands as long as it is looked at, in a database without any run or match.

    Raises ValidationError where real listings are in the book, or a made one stands already: that stays.
    """
    make_book(Wanted(size, size, seed, 0.3, as_of), tell=tell)
    try:
        yield _written(begun_run(as_of), size, tell)
    finally:
        remove(tell)


def left_behind() -> bool:
    """Whether a measurement was broken off."""
    return Run.objects.filter(options__has_key=MARK).exists()


def remove(tell: Tell) -> None:
    """All that was made, with what refreshes wrote of it: nothing of the kind was there before.

    Raises OthersError, and takes nothing away, where somebody has run or decided something since.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = ", ".join(model._meta.db_table for model in (Run, Decision))
        cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")  # nobody runs or decides meanwhile
        if runs_of_others().exists() or Decision.objects.exists():
            raise OthersError(
                "There are runs or decisions that no measurement made, so nothing is taken away. "
                "`make_market --remove` takes the made book alone, with what was found and decided of it."
            )
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables_of_matches()))}")  # row by row it would take an hour
        Run.objects.all().delete()
    tell("matches and near misses: taken away")
    version = store.current_version()
    remove_book(tell)  # from then on no snapshot counts
    if version:
        store.remove(version)


def runs_of_others() -> QuerySet[Run]:
    """All but the marked one and the refreshes of the made listings, which an edit asks for."""
    listings = Q(need__company__in=made()) | Q(capacity__company__in=made())
    ours = Run.objects.filter(Q(options__has_key=MARK) | Q(listings, kind=RunKind.REFRESH))
    return Run.objects.exclude(pk__in=ours.values("pk"))


def tables_of_matches() -> set[str]:
    """Those of what runs find, and of all that hangs on it; nothing else refers to them."""
    models = {Match, MatchResult, NearMiss, ListedMatch, ListedDoubt}
    while more := {model for one in models for model in referring_to(one)} - models:
        models |= more
    return {model._meta.db_table for model in models}


def referring_to(model: type[Model]) -> Iterator[type[Model]]:
    """Those with a key of it, whether or not it has a name for them."""
    for link in model._meta.get_fields(include_hidden=True):
        if link.auto_created and not link.concrete and (link.one_to_many or link.one_to_one):
            yield link.related_model


def begun_run(as_of: date) -> Run:
    return Run.objects.create(
        kind=RunKind.OFFICIAL,
        state=RunState.RUNNING,
        as_of=as_of,
        weights=Weights.objects.in_force(),
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
        book_cut_at=timezone.now(),
        started_at=timezone.now(),
        options={MARK: True},
    )


def _written(run: Run, size: int, tell: Tell) -> StoodBook:
    with one_moment():
        book = load_book(run.as_of)
    market, run.corridor_version = book.market, book.corridor_version
    del book
    tell("the book is read")
    parts = engine.components(market)
    some = chosen(parts)
    pairs = near_misses = 0
    for part in some:
        written = _write_lists(run, engine.take(market, *part))
        pairs, near_misses = pairs + written[0], near_misses + written[1]
        tell(f"a heading of {len(part[0]):,} x {len(part[1]):,} listings: {written[0]:,} pairs")
    needs, capacities = (np.concatenate([part[side] for part in some]) for side in (0, 1))
    needs, capacities = market.needs.id[needs], market.capacities.id[capacities]
    run.counts = {"needs": len(market.needs.id), "capacities": len(market.capacities.id), "pairs": pairs}
    run.state, run.finished_at = RunState.FINISHED, timezone.now()
    run.save()
    look_at_the_tables()
    del market
    snapshot = measured_here(snapshots.make_snapshot)
    version = store.current_version()
    if version is None:
        raise NoSnapshotError("No snapshot was kept of so small a book: see TM_SNAPSHOT_FROM.")
    tell(f"the snapshot: {snapshot.wall_s:.1f} s")
    return StoodBook(
        run, size, needs, capacities, len(some), len(parts), pairs, near_misses, snapshot, store.size_of(version) / 1e6
    )


def chosen(parts: list[Part], most: int = MOST_LISTINGS) -> list[Part]:
    """The parts whose lists are written: all of a small book, else the largest and some of the others by their size."""
    ordered = sorted(parts, key=lambda part: -len(part[0]) - len(part[1]))
    if sum(len(part[0]) + len(part[1]) for part in ordered) <= most:
        return ordered
    return [ordered[place] for place in TAKEN_EVERY if place < len(ordered)]


@transaction.atomic
def _write_lists(run: Run, market: Market) -> tuple[int, int]:
    """Lists and near misses of a part of the book, in the way of a run that saves; how many pairs and near misses."""
    solution = solved(run, market)
    hold_saving()
    staging = Staging(
        run,
        lock_rows(Need._meta.db_table, market.needs.id.tolist()),
        lock_rows(Capacity._meta.db_table, market.capacities.id.tolist()),
    )
    staging.bring_pairs(Book(market, run.as_of.toordinal()), solution.pairs, None, None)
    staging.bring_near_misses(solution.near_misses)
    return len(solution.pairs), len(solution.near_misses)


def solved(run: Run, market: Market) -> engine.Solution:
    """A part of the book solved anew, but for the plan."""
    return engine.solve(
        market,
        score_table(weights_of(run)),
        as_of=run.as_of.toordinal(),
        divides=False,
        threads=settings.ENGINE_THREADS,
    )
