"""How a run begins, goes on and ends. The Run row is the truth; what must be done next is read from it.

Each step returns the `Steps` that are to be queued now; `matching/tasks.py` queues them. A step that comes twice finds
its work done, or in other hands, and leaves it alone. Locks are taken in this order: run, shards, needs, capacities.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from matching import engine
from matching.engine.market import Market
from matching.enums import Failure, MatchState, RunKind, RunState, ShardState
from matching.models import ListedDoubt, Match, Run, RunShard, Weights
from matching.services import news, plan_rows, results
from matching.services.heartbeat import Work, heartbeat
from matching.services.market import Book, hash_of_book, load_book, one_moment
from matching.services.plans import PlanOverflowError
from matching.services.refreshing import asking
from matching.services.steering import asked_now, of_part
from matching.services.transactions import in_transaction
from matching.services.trips import in_words
from matching.services.what_ifs import assumed_by, check_options

MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Steps:
    """What is to be queued for a run."""

    run_id: int
    cut: bool = False
    shards: list[int] = field(default_factory=list)
    close: bool = False
    refresh: bool = False

    def __bool__(self) -> bool:
        return self.cut or self.close or self.refresh or bool(self.shards)


def start_run(
    *, kind: RunKind = RunKind.OFFICIAL, started_by=None, as_of: date | None = None, options: Mapping | None = None
) -> Run:
    """Record that the book is to be matched. Whoever asks queues `carry_out_run` once this is committed.

    Options of a what-if: `weights` (component -> weight) instead of those in force, `need` and `capacity` (primary
    keys) to match only what can touch them, `freight_percent` and `preferences` (schemes of duties) that are taken to
    hold instead of the corridor as it is.
    """
    options = dict(options or {})
    if options and kind != RunKind.WHAT_IF:
        raise ValidationError(_("Only a what-if may change the weights or leave out parts of the book."))
    check_options(options)
    run = Run(
        kind=kind,
        started_by=started_by,
        as_of=as_of or timezone.localdate(),
        options=options,
        weights=Weights.objects.in_force(),
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
    )
    run.full_clean()
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:  # somebody was faster between the check and here
        raise ValidationError(_("A run is under way already.")) from error
    return run


def next_steps(run: Run) -> Steps:
    """What is still missing of a run, by what is stored of it."""
    if run.is_over:
        return Steps(run.pk)
    if run.kind == RunKind.REFRESH:
        return Steps(run.pk, refresh=True)
    if run.book_cut_at is None:
        return Steps(run.pk, cut=True)
    waiting = run.shards.filter(state=ShardState.WAITING).order_by("-weight", "number")
    shards = list(waiting.values_list("pk", flat=True))
    return Steps(run.pk, shards=shards, close=not shards)


# --- the first step: cutting the book


def cut_book(run_id: int, *, worker: str = "") -> Steps:
    """Load the book of one moment and cut it into shards that cannot touch each other."""
    with heartbeat(Work.CUT, run_id, run_id=run_id) as beat:
        if beat is None or not in_transaction(_begin_step, run_id, worker, cutting=True):
            return Steps(run_id)
        run = Run.objects.select_related("weights").get(pk=run_id)
        started = time.perf_counter()
        with one_moment():
            cut_at = timezone.now()
            book = load_book(run.as_of, assumed_by(run))
            decided, asked = decided_pairs(book.market), asked_now()
        read_s = time.perf_counter() - started
        shards = cut(book, run, decided, asked)
        timings = {"read_s": round(read_s, 3), "cut_s": round(time.perf_counter() - started, 3)}
        return in_transaction(_keep_cut, run_id, book, shards, asked, cut_at, timings)


def _begin_step(run_id: int, worker: str, *, cutting: bool) -> bool:
    """Count an attempt at cutting or closing; whether it is to be made."""
    run = Run.objects.select_for_update().get(pk=run_id)
    is_cut = run.book_cut_at is not None
    if run.is_over or is_cut == cutting:
        return False
    if run.attempt >= MOST_ATTEMPTS:
        _fail(run, Failure.LOST, "cutting the book" if cutting else "closing the run")
        return False
    now = timezone.now()
    run.state = RunState.RUNNING
    run.attempt += 1
    run.worker = worker or run.worker
    run.started_at = run.started_at or now
    run.heartbeat_at = now
    run.save(update_fields=["state", "attempt", "worker", "started_at", "heartbeat_at"])
    return True


def cut(book: Book, run: Run, decided: list[tuple[int, int]], asked: Sequence[dict] = ()) -> list[RunShard]:
    """One shard for each part of the book whose goods touch no other part's. Goods of one side alone are in none."""
    market = book.market
    shards = []
    for need_rows, capacity_rows in engine.components(market):
        part = engine.take(market, need_rows, capacity_rows)
        needs, capacities = set(part.needs.id.tolist()), set(part.capacities.id.tolist())
        if run.options.get("need", part.needs.id[0]) not in needs:
            continue
        if run.options.get("capacity", part.capacities.id[0]) not in capacities:
            continue
        shards.append(
            RunShard(
                run=run,
                number=len(shards),
                headings=book.headings(need_rows, capacity_rows),
                total=len(needs) + len(capacities),
                weight=len(part.needs.slot_of) * len(part.capacities.slot_of),
                market=part.to_bytes(),
                points=points_of(book, part, need_rows, capacity_rows),
                watch=[list(pair) for pair in decided if pair[0] in needs and pair[1] in capacities],
                instructions=of_part(asked, needs, capacities),
            )
        )
    return shards


def points_of(book: Book, part: Market, need_rows: np.ndarray, capacity_rows: np.ndarray) -> dict[str, dict]:
    """Which points the goods of a shard leave from and arrive at, by the row and the column of its own Lanes.of.

    So the lanes of one run can be found again for the listings of another.
    """
    leaving = book.market.capacities.departure[capacity_rows].tolist()
    arriving = book.market.needs.arrival[need_rows].tolist()
    rows, columns = part.capacities.departure.tolist(), part.needs.arrival.tolist()
    return {
        "departures": {str(row): in_words(book.departures[at]) for row, at in zip(rows, leaving, strict=True)},
        "arrivals": {str(column): in_words(book.arrivals[at]) for column, at in zip(columns, arriving, strict=True)},
    }


def decided_pairs(market) -> list[tuple[int, int]]:
    """Pairs that people decided upon: looked at again in every run, whether or not they are still among the best.

    They bring in results of their own, and change nothing else that the run finds.
    """
    decided = Match.objects.exclude(state=MatchState.NEW).order_by("need_id", "capacity_id")
    needs, capacities = set(market.needs.id.tolist()), set(market.capacities.id.tolist())
    return [
        pair for pair in decided.values_list("need_id", "capacity_id") if pair[0] in needs and pair[1] in capacities
    ]


def _keep_cut(run_id: int, book: Book, shards: list[RunShard], asked: list[dict], cut_at, timings: dict) -> Steps:
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_over or run.book_cut_at is not None:
        return Steps(run_id)
    for shard in shards:
        shard.pk = None  # this may be the second try
    RunShard.objects.bulk_create(shards, batch_size=200)
    plan_rows.keep_without_other_side(run, book.market)
    run.book_cut_at = cut_at
    run.input_hash = book.input_hash
    run.corridor_version = book.corridor_version
    run.total = sum(shard.total for shard in shards)
    run.counts = {
        "needs": len(book.market.needs.id),
        "capacities": len(book.market.capacities.id),
        "shards": len(shards),
    }
    if asked:
        run.counts["instructions"] = [told["id"] for told in asked]
    run.timings = timings
    run.attempt = 0
    run.heartbeat_at = timezone.now()
    run.save()
    return next_steps(run)


# --- the last step: closing


def close_run(run_id: int, *, worker: str = "") -> None:
    """Save what the shards found, all of it or nothing, and end the run."""
    with heartbeat(Work.CLOSE, run_id, run_id=run_id) as beat:
        if beat is None or not in_transaction(_begin_step, run_id, worker, cutting=False):
            return
        started = time.perf_counter()
        run = Run.objects.get(pk=run_id)
        try:
            summary = results.summarize(run)
        except PlanOverflowError as overflow:
            in_transaction(fail_run, run_id, Failure.PLAN_OVERFLOW, str(overflow))
            return
        counted = time.perf_counter()
        # Before anything is locked, for edits of listings wait until the results are saved.
        with one_moment():
            has_changed = hash_of_book(run.as_of, assumed_by(run)) != run.input_hash
        timings = {"count_s": round(counted - started, 3), "look_s": round(time.perf_counter() - counted, 3)}
        in_transaction(_finish, run_id, summary, has_changed, timings)


def _finish(run_id: int, summary: results.Summary, has_changed: bool, timings: dict[str, float]) -> None:
    started = time.perf_counter()
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_over or run.shards.filter(state=ShardState.WAITING).exists():
        return
    run.counts |= summary.counts
    if run.kind != RunKind.WHAT_IF:
        run.counts |= results.save(run, summary)
        # Should the worker die before it has settled what changed beside the saving, the sweeper does it.
        ListedDoubt.objects.create(source=ListedDoubt.Source.BOOK, source_id=run.pk)
        asking.ask_again_after(run)
    run.counts |= plan_rows.keep(run)
    if has_changed:
        run.counts["book_changed_since"] = True
    run.state = RunState.FINISHED
    run.finished_at = timezone.now()
    run.done = run.total
    save_s = time.perf_counter() - started
    run.timings |= timings | {
        "solve_s": round(run.shards.aggregate(sum=Sum("solve_s"))["sum"] or 0, 3),
        "save_s": round(save_s, 3),
        "close_s": round(sum(timings.values()) + save_s, 3),
        "total_s": round((run.finished_at - run.started_at).total_seconds(), 3),
    }
    run.save()
    news.tell_of_new_matches(run)


# --- what goes wrong


def fail_run(run_id: int, code: Failure, reason: str) -> None:
    """End a run that cannot end well, with its reason. One that is over stays as it is."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if not run.is_over:
        _fail(run, code, reason)


def _fail(run: Run, code: Failure, reason: str) -> None:
    run.state, run.reason_code, run.reason = RunState.FAILED, code, reason
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "reason_code", "reason", "finished_at"])
    news.tell_of_failure(run)


def note_error(run_id: int, step: str, error: Exception) -> Steps:
    """After an error in cutting or closing: try again, or give up at the third. Its words stay in the log."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if not run.is_over and run.attempt >= MOST_ATTEMPTS:
        _fail(run, Failure.ERROR, f"{step}: {type(error).__name__}")
    return next_steps(run)


def note_published(run_id: int) -> None:
    Run.objects.filter(pk=run_id).update(published_at=timezone.now())


def sweep() -> list[Steps]:
    """Runs whose message or worker was lost, with what is to be queued again; not those in somebody's hands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [int(Work.SWEEP)])
        if not cursor.fetchone()[0]:
            return []  # another sweeper is at it
    now = timezone.now()
    unheard, unqueued = (
        now - timedelta(seconds=seconds) for seconds in (settings.RUN_HEARTBEAT_LOST_S, settings.RUN_SWEEP_S)
    )
    lost = Run.objects.filter(
        Q(state=RunState.RUNNING, heartbeat_at__lt=unheard) & (Q(published_at=None) | Q(published_at__lt=unheard))
        | Q(state=RunState.QUEUED, queued_at__lt=unqueued) & (Q(published_at=None) | Q(published_at__lt=unqueued))
    )
    steps = [next_steps(run) for run in lost.order_by("pk").select_for_update(skip_locked=True)]
    Run.objects.filter(pk__in=[step.run_id for step in steps]).update(published_at=now)
    return steps
