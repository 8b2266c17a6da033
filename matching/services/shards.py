"""One shard of a run: facts in, results out, both as bytes of the engine."""

import time

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from matching import engine
from matching.engine.market import Market
from matching.enums import Failure, ShardState
from matching.models import Run, RunShard
from matching.services.heartbeat import Work, heartbeat
from matching.services.runs import MOST_ATTEMPTS, Steps, fail_run, next_steps
from matching.services.steering import solve_steered
from matching.services.transactions import in_transaction
from matching.services.what_ifs import limits_of, score_table, weights_of


def carry_out_shard(shard_id: int) -> Steps:
    """Match one shard and keep what was found; the last of a run's shards lets it be closed."""
    run_id = RunShard.objects.values_list("run_id", flat=True).get(pk=shard_id)
    with heartbeat(Work.SHARD, shard_id, run_id=run_id) as beat:
        if beat is None:
            return Steps(run_id)
        shard = in_transaction(_claim, run_id, shard_id)
        if shard is None:
            return in_transaction(_what_is_left, run_id)
        started = time.perf_counter()
        solution = solve(shard, progress=beat.progress)
        return in_transaction(_keep, run_id, shard_id, solution, time.perf_counter() - started)


def solve(shard: RunShard, progress=None) -> engine.Solution:
    """What the engine makes of a shard. The same shard gives the same bytes, whoever asks and whenever."""
    return solve_steered(
        Market.from_bytes(bytes(shard.market)),
        score_table(weights_of(shard.run)),
        as_of=shard.run.as_of.toordinal(),
        asked=shard.instructions,
        limits=limits_of(shard.run),
        watch=[tuple(pair) for pair in shard.watch],
        threads=settings.ENGINE_THREADS,
        progress=progress,
    )


def _claim(run_id: int, shard_id: int) -> RunShard | None:
    """Count an attempt at a shard that waits; None when it is done, or was lost too often already."""
    run = Run.objects.select_for_update().select_related(None).get(pk=run_id)
    shard = RunShard.objects.select_for_update(of=("self",)).select_related("run__weights").get(pk=shard_id)
    if run.is_over or shard.state == ShardState.DONE:
        return None
    if shard.attempt >= MOST_ATTEMPTS:
        fail_run(run_id, Failure.LOST, f"matching the headings {', '.join(shard.headings)}")
        return None
    now = timezone.now()
    shard.attempt += 1
    shard.taken_at = now
    shard.save(update_fields=["attempt", "taken_at"])
    Run.objects.filter(pk=run_id).update(heartbeat_at=now)
    return shard


def _what_is_left(run_id: int) -> Steps:
    """After a message that came again: only closing may have been forgotten, other shards have their own messages."""
    steps = next_steps(Run.objects.get(pk=run_id))
    return Steps(run_id, close=steps.close)


def _keep(run_id: int, shard_id: int, solution: engine.Solution, seconds: float) -> Steps:
    run = Run.objects.select_for_update().get(pk=run_id)
    shard = RunShard.objects.select_for_update().defer("market").get(pk=shard_id)
    if run.is_over:
        return Steps(run_id)
    if shard.state != ShardState.DONE:
        shard.state = ShardState.DONE
        shard.result = solution.to_bytes()
        shard.done, shard.solve_s = shard.total, round(seconds, 3)
        shard.save(update_fields=["state", "result", "done", "solve_s"])
        run.done = run.shards.aggregate(sum=Sum("done"))["sum"]
        run.heartbeat_at = timezone.now()
        run.save(update_fields=["done", "heartbeat_at"])
    return _what_is_left(run_id)


def note_shard_error(shard_id: int, error: Exception) -> Steps:
    """After an error in a shard: try it again, or fail the run at the third. The words of the error stay in the log."""
    run_id = RunShard.objects.values_list("run_id", flat=True).get(pk=shard_id)
    run = Run.objects.select_for_update().get(pk=run_id)
    shard = RunShard.objects.select_for_update().defer("market").get(pk=shard_id)
    shard.last_error = type(error).__name__
    shard.save(update_fields=["last_error"])
    if run.is_over or shard.state == ShardState.DONE:
        return Steps(run_id)
    if shard.attempt < MOST_ATTEMPTS:
        return Steps(run_id, shards=[shard_id])
    fail_run(run_id, Failure.ERROR, f"matching the headings {', '.join(shard.headings)}: {shard.last_error}")
    return Steps(run_id)


def fail_shard_too_long(shard_id: int) -> None:
    shard = RunShard.objects.defer("market").get(pk=shard_id)
    fail_run(shard.run_id, Failure.TOO_LONG, f"matching the headings {', '.join(shard.headings)}")
