"""What Celery does for the matching. A task fetches by id, makes one call, and queues what comes next."""

import logging
from collections.abc import Callable
from threading import Thread

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerFault
from redis.exceptions import RedisError

from accounts.lists.remembering import forget_changes
from matching import services
from matching.enums import Failure
from matching.models import Comparison, ListedChange, PlanChange, Run, RunDifference
from matching.models.one_step import OneStep
from matching.plan_page import ready
from matching.services import listed, one_step
from matching.services.transactions import in_transaction

log = logging.getLogger(__name__)

BOOKS_OF_A_DIFFERENCE = 4
PLAN_ASKED_S = 120
REFRESHING = "refreshing a listing"  # the step, as the reason of a failure names it

# Nothing can be noted while the database is away; the sweeper takes the step up again.
DATABASE_IS_AWAY = (OperationalError, InterfaceError)


class StepTask(DjangoTask):
    """A step of a run. When the broker is away the row stays as it is, and `sweep_runs` finds it later."""

    priority = 6  # in the queue, as Redis reads it: 0 is taken first

    def publish(self, **arguments) -> bool:
        """Queue now; whether the broker took it."""
        try:
            self.delay(**arguments)
        except (BrokerFault, RedisError, OSError, RuntimeError) as fault:
            log.warning("%s %s: not queued now, the sweeper will: %s", self.name, arguments, type(fault).__name__)
            return False
        return True

    def delay_on_commit(self, *, run_id: int) -> None:
        """Queue once the change is committed. The work is saved by then, so a dead broker is no error."""
        transaction.on_commit(lambda: queue(services.Steps(run_id, cut=True)))


@shared_task(base=StepTask, bind=True)
def carry_out_run(self, *, run_id: int) -> None:
    """Cut the book and queue its shards. Delivering it twice does no harm."""
    try:
        steps = services.cut_book(run_id, worker=self.request.hostname or "")
    except SoftTimeLimitExceeded:
        steps = in_transaction(services.fail_run, run_id, Failure.TOO_LONG, "cutting the book")
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("run %s: cutting the book", run_id)
        steps = in_transaction(services.note_error, run_id, "cutting the book", error)
    queue(steps)


@shared_task(base=StepTask, bind=True)
def match_shard(self, *, shard_id: int) -> None:
    """Match one shard. The last one queues the closing of its run."""
    try:
        steps = services.carry_out_shard(shard_id)
    except SoftTimeLimitExceeded:
        steps = in_transaction(services.fail_shard_too_long, shard_id)
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("shard %s", shard_id)
        steps = in_transaction(services.note_shard_error, shard_id, error)
    queue(steps)


@shared_task(base=StepTask, bind=True)
def close_run(self, *, run_id: int) -> None:
    """Save what the shards found and end the run."""
    try:
        services.close_run(run_id, worker=self.request.hostname or "")
        steps = None
        if listed.is_book_in_doubt():
            in_transaction(listed.settle)  # what changed beside the run while it was saved
        queue_snapshot()
        queue_next_refresh()  # what was edited since the book was cut
        while in_transaction(services.prune_refreshes, timezone.now()):
            pass  # each in a transaction of its own, for there may be thousands
        while in_transaction(services.prune_plans, timezone.now()):
            pass
        make_plan_ready.publish(run_id=run_id)
    except SoftTimeLimitExceeded:
        steps = in_transaction(services.fail_run, run_id, Failure.TOO_LONG, "closing the run")
        queue_next_refresh()  # it may have met this run while it was saving
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("run %s: closing", run_id)
        steps = in_transaction(services.note_error, run_id, "closing the run", error)
        queue_next_refresh()
    queue(steps)


class PlanTask(StepTask):
    """Readers of a page may wait for it, but never whoever runs or refreshes."""

    priority = 9  # the last list that Redis has

    def ask(self, *, run_id: int, direction: str = "") -> bool:
        """Queue it, once in a while for the same; whether a worker will do it, as far as is known."""
        if not cache.add(f"plan-asked-{run_id}-{direction}", True, PLAN_ASKED_S):
            return True
        return self.publish(run_id=run_id, direction=direction)


@shared_task(base=PlanTask)
def make_plan_ready(*, run_id: int, direction: str = "") -> None:
    """Sum up a plan before somebody opens its page. Nothing is lost if it fails: a page sums up what it lacks."""
    run = Run.objects.finished().filter(pk=run_id).first()
    if run is not None:
        ready.make_ready(run, direction)


class RefreshTask(StepTask):
    """Somebody waits for it before their page: it is taken before any shard of an official run."""

    priority = 0

    def delay_on_commit(self, *, run_id: int) -> None:
        transaction.on_commit(lambda: queue(services.Steps(run_id, refresh=True)))


@worker_process_init.connect
def open_the_snapshot(**_more) -> None:
    """Each process that carries out tasks, as soon as it begins; it takes tasks meanwhile."""

    def work() -> None:
        services.open_snapshot_beforehand()
        connection.close()  # a thread has its own

    Thread(target=work, daemon=True).start()


@shared_task(base=RefreshTask, bind=True)
def refresh_listing(self, *, run_id: int) -> None:
    """Seek anew who fits a listing that was edited, then call the refresh that waits longest."""
    try:
        steps = services.carry_out_refresh(run_id, worker=self.request.hostname or "")
    except SoftTimeLimitExceeded:
        steps = in_transaction(services.fail_run, run_id, Failure.TOO_LONG, REFRESHING)
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("run %s: refreshing", run_id)
        steps = in_transaction(services.note_error, run_id, REFRESHING, error)
    queue(steps)
    queue_snapshot()
    if steps is not None:
        queue_next_refresh()


@shared_task(base=StepTask)
def keep_snapshot() -> None:
    """Keep a large book as it is, so that edits are matched at once, and call the refresh that waited for it."""
    try:
        services.make_snapshot()
    except DATABASE_IS_AWAY:
        raise
    except Exception:
        log.exception("no snapshot of the book was kept: refreshes will go without")
    queue_next_refresh()


def queue_snapshot() -> None:
    """Where one is due: after an official run of a large book, and once much of it was edited."""
    if services.is_snapshot_due():
        keep_snapshot.publish()


def queue_next_refresh() -> None:
    """One refresh at a time: whoever ends one calls the next, also when that one's own message came too early."""
    waiting = services.next_waiting()
    if waiting is not None:
        queue(services.Steps(waiting, refresh=True))


def is_over(carry_out: Callable[[int], None], model: type[OneStep], pk: int) -> bool:
    """Carry out work that is one piece; False: it ended with an error and is to be tried again."""
    try:
        carry_out(pk)
    except SoftTimeLimitExceeded:
        in_transaction(one_step.fail, model, pk, Failure.TOO_LONG)
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("%s %s", model.__name__, pk)
        return not in_transaction(one_step.note_error, model, pk, error)
    return True


class ComparisonTask(StepTask):
    def delay_on_commit(self, *, comparison_id: int) -> None:
        transaction.on_commit(lambda: queue_comparison(comparison_id))


@shared_task(base=ComparisonTask, bind=True)
def compare(self, *, comparison_id: int) -> None:
    """Match the book without and with an agreement. Delivering it twice does no harm."""
    if not is_over(services.carry_out_comparison, Comparison, comparison_id):
        queue_comparison(comparison_id)


class DifferenceTask(StepTask):
    def delay_on_commit(self, *, difference_id: int) -> None:
        transaction.on_commit(lambda: queue_difference(difference_id))


@shared_task(
    base=DifferenceTask,
    bind=True,
    # Up to four books, each of which a run may take so long for. A message that is delivered anew meanwhile finds the
    # work in living hands.
    soft_time_limit=BOOKS_OF_A_DIFFERENCE * settings.CELERY_TASK_SOFT_TIME_LIMIT,
    time_limit=BOOKS_OF_A_DIFFERENCE * settings.CELERY_TASK_TIME_LIMIT,
)
def differ(self, *, difference_id: int) -> None:
    """Split what one run found otherwise than another by its causes. Delivering it twice does no harm."""
    if not is_over(services.carry_out_difference, RunDifference, difference_id):
        queue_difference(difference_id)


@shared_task(expires=settings.RUN_SWEEP_S)
def sweep_runs() -> None:
    """Queue again what was lost. Each minute, by Celery's beat; two at once do no harm."""
    for steps in in_transaction(services.sweep):
        queue(steps)
    queue_snapshot()
    in_transaction(listed.settle_doubts)
    forget_changes(ListedChange)
    forget_changes(PlanChange)
    for comparison_id in in_transaction(one_step.sweep, Comparison):
        queue_comparison(comparison_id)
    for difference_id in in_transaction(one_step.sweep, RunDifference):
        queue_difference(difference_id)


def queue(steps: services.Steps | None) -> None:
    """Queue what a run needs next, the heaviest shards first."""
    if not steps:
        return
    published = True
    if steps.refresh:
        published = refresh_listing.publish(run_id=steps.run_id)
    if steps.cut:
        published = carry_out_run.publish(run_id=steps.run_id)
    for shard_id in steps.shards:
        published = published and match_shard.publish(shard_id=shard_id)
    if steps.close:
        published = close_run.publish(run_id=steps.run_id)
    if published:
        services.note_published(steps.run_id)


def queue_comparison(comparison_id: int) -> None:
    if compare.publish(comparison_id=comparison_id):
        one_step.note_published(Comparison, comparison_id)


def queue_difference(difference_id: int) -> None:
    if differ.publish(difference_id=difference_id):
        one_step.note_published(RunDifference, difference_id)
