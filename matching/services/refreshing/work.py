"""A refresh, carried out in one piece: read a part of the book, match it, write what has come out otherwise.

Of a large book the snapshot is asked instead: see `snapshots`. Where it cannot say, the part is read all the same.
"""

import logging
import time
from datetime import date, timedelta
from enum import Enum

from django.utils import timezone

from matching import engine
from matching.enums import Failure, RunState
from matching.models import Run
from matching.services import news
from matching.services.heartbeat import RefreshBeat, beating
from matching.services.market import one_moment
from matching.services.refreshing import asking, snapshots
from matching.services.refreshing.differences import Solved, save_differences
from matching.services.refreshing.edited import cut_of_now, settled_now
from matching.services.refreshing.parts import Part, last_saved, read_part
from matching.services.refreshing.stored import Stored
from matching.services.runs import MOST_ATTEMPTS, Steps, fail_run
from matching.services.saving import may_save
from matching.services.transactions import in_transaction
from matching.services.what_ifs import score_table, weights_of

log = logging.getLogger(__name__)

MOST_READINGS = 3  # of the book, where somebody wrote meanwhile who fits whom


class Kept(Enum):
    """What came of writing."""

    YES = "yes"
    OUTDATED = "outdated"  # somebody has written since the book was read, and it is to be read again
    BUSY = "busy"  # somebody is writing, which may take minutes


def carry_out_refresh(run_id: int, *, worker: str = "") -> Steps | None:
    """Seek anew who fits a listing. Delivering it twice does no harm; None where somebody else calls the next one.

    That is the refresh that is at work, the task that makes a snapshot, or the official run that is saving. Whoever
    reads the book later also writes later: else the facts of the earlier one would stand.
    """
    with beating(RefreshBeat(run_id)) as beat:
        if beat is None or snapshots.is_awaited(snapshots.newest_official()):
            return None
        steps = _read_and_write(run_id, worker, beat.progress) if in_transaction(may_save) else None
    # Whoever was saving may have ended, and called the next one, while we held the lock by which there is only one.
    return Steps(run_id) if steps is None and in_transaction(may_save) else steps


def _read_and_write(run_id: int, worker: str, progress) -> Steps | None:
    """None where an official run is saving: the refresh is given back, and no attempt counted."""
    run = in_transaction(_begin, run_id, worker)
    if run is None:
        return Steps(run_id)
    as_of = run.as_of
    for _reading in range(MOST_READINGS):
        run.as_of, official = as_of, snapshots.newest_official()
        if snapshots.is_awaited(official):
            break  # an official run has ended meanwhile
        stored = snapshots.opened(official)  # which may take long, so before a transaction waits for it
        started, cut_at = time.perf_counter(), timezone.now()
        seen_until = cut_of_now(cut_at)  # before the moment that is read, for whoever is writing then is not read
        with one_moment():
            has_come_back = asking.has_come_back(run)
            part = None if has_come_back else read(run, stored)
        if has_come_back:
            in_transaction(fail_run, run_id, Failure.TOO_OFTEN, "")
            return Steps(run_id)
        if part is None:
            continue
        in_transaction(_note_cut, run, part, cut_at)
        read_s = time.perf_counter() - started
        solved = solve(run, part, progress)
        timings = {"cut_s": round(read_s, 3), "solve_s": round(time.perf_counter() - started - read_s, 3)}
        kept = in_transaction(_keep, run_id, part, solved, timings, settled_now(part.settles, seen_until))
        if kept == Kept.YES:
            return Steps(run_id)
        if kept == Kept.BUSY:
            in_transaction(_give_back, run_id, as_of)
            return None
    return in_transaction(_give_back, run_id, as_of)


def _begin(run_id: int, worker: str) -> Run | None:
    """Count an attempt; None where it is over, or its worker was lost too often."""
    run = Run.objects.refreshes().select_for_update(of=("self",)).select_related("weights").filter(pk=run_id).first()
    if run is None or run.is_over:
        return None
    if run.attempt >= MOST_ATTEMPTS:
        fail_run(run_id, Failure.LOST, "refreshing a listing")
        return None
    now = timezone.now()
    if run.started_at is None:
        # The day goes on while it waits.
        waited = timezone.localdate(now) - timezone.localdate(run.queued_at)
        run.as_of += max(waited, timedelta(0))
    run.state = RunState.RUNNING
    run.rules_version, run.engine_version = engine.RULES_VERSION, engine.ENGINE_VERSION  # it may have waited for others
    run.attempt += 1
    run.worker = worker or run.worker
    run.started_at = run.started_at or now
    run.heartbeat_at = now
    versions = ("rules_version", "engine_version")
    run.save(update_fields=["as_of", "state", *versions, "attempt", "worker", "started_at", "heartbeat_at"])
    return run


def read(run: Run, stored: Stored | None) -> Part | None:
    """What the edit can touch: of the snapshot of a large book, else of the book itself. Within `one_moment`.

    The lists of a large book are those of one day, until the next official run: `run.as_of` becomes that. None where
    the snapshot said something of the moment it was opened, and says nothing of this one: it is to be opened anew.
    """
    if stored is None:
        return read_part(run)
    if not snapshots.still_speaks(stored):
        return None
    # Compiled code is loaded only where there is a snapshot.
    from matching.services.refreshing.overflow import SnapshotCannotSayError
    from matching.services.refreshing.through import read_through

    try:
        part = read_through(run, stored)
    except SnapshotCannotSayError as reason:
        log.info("run %s goes without the snapshot: %s", run.pk, reason)
        return read_part(run)
    run.as_of = stored.as_of
    return part


def _note_cut(run: Run, part: Part, cut_at) -> None:
    Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        as_of=run.as_of,
        book_cut_at=cut_at,
        input_hash=part.book.input_hash,
        corridor_version=part.book.corridor_version,
        total=part.listings,
        heartbeat_at=timezone.now(),
    )


def solve(run: Run, part: Part, progress) -> Solved:
    """The same engine as in an official run, but for the plan: that stays as the last official run made it."""
    if part.solved is not None:
        return [(part.book.market, part.solved)]
    table, solved, done = score_table(weights_of(run)), [], 0
    for market, watch in part.markets():
        solution = engine.solve(market, table, as_of=run.as_of.toordinal(), watch=watch, divides=False)
        solved.append((market, solution))
        done += len(market.needs.id) + len(market.capacities.id)
        progress(done, part.listings)
    return solved


def _keep(run_id: int, part: Part, solved: Solved, timings: dict, settled: dict) -> Kept:
    """Write what was found, where nobody writes or has written since the book was read."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_over:
        return Kept.YES
    if not may_save():
        return Kept.BUSY
    if last_saved() != part.last_saved:
        return Kept.OUTDATED
    began = time.perf_counter()
    run.counts = counts_of(part, solved) | save_differences(run, part, solved)
    run.state, run.finished_at, run.done = RunState.FINISHED, timezone.now(), run.total
    if settled:
        run.options |= {"settled": settled}
    total_s = (run.finished_at - run.started_at).total_seconds()
    run.timings = timings | {"close_s": round(time.perf_counter() - began, 3), "total_s": round(total_s, 3)}
    run.save()
    news.tell_of_refreshed(run, companies_of(run))
    return Kept.YES


def companies_of(run: Run) -> set[int]:
    """Whose listings were edited."""
    own = {listing.company_id for listing in (run.need, run.capacity) if listing}
    return own | set(run.options.get("companies", ()))


def counts_of(part: Part, solved: Solved) -> dict:
    """Of the part of the book that was read; matches and near misses are those of the edited listings."""
    market = part.book.market
    matches = near_misses = pairs = 0
    for _market, solution in solved:
        found = part.of_edited(solution.pairs.need_id, solution.pairs.capacity_id)
        matches += int((found & (solution.pairs.verdicts >= 0).all(axis=1)).sum())
        near_misses += sum(
            miss.need_id in part.edited.needs or miss.capacity_id in part.edited.capacities
            for miss in solution.near_misses
        )
        pairs += solution.counts["pairs"]
    return {
        "needs": len(market.needs.id),
        "capacities": len(market.capacities.id),
        "pairs": pairs,
        "matches": matches,
        "near_misses": near_misses,
        "lists": part.lists,
    }


def _give_back(run_id: int, as_of: date) -> Steps:
    """Others keep writing: it waits again, as if it had never begun, and is begun anew after them."""
    Run.objects.filter(pk=run_id, state=RunState.RUNNING).update(attempt=0, as_of=as_of)
    return Steps(run_id, refresh=True)
