"""Waiting for a run at the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from celery import current_app
from django.core.management.base import CommandError
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerFault
from redis.exceptions import RedisError

from matching.enums import RunState
from matching.models import Run, RunDifference

LOOK_EVERY_S = 0.1
ASK_FOR_WORKERS_AFTER_S = 3
ANSWER_WITHIN_S = 5  # a busy machine is no missing worker
WIDTH = 30


@dataclass(frozen=True)
class Words:
    """How what is waited for is told of."""

    failed: str
    without_broker: str
    without_worker: str


OF_A_RUN = Words(
    failed=_("The run failed: %(why)s (%(details)s)."),
    without_broker=_(
        "The message broker at REDIS_URL does not answer. Run %(run)s stays queued and begins once the broker "
        "and a worker are there."
    ),
    without_worker=_(
        "No worker answers. Run %(run)s stays queued; start a worker with "
        "`celery -A tradematch worker --beat --queues matching,reports,mail,default`, or use `python3 run.py manage`, "
        "which starts one by itself."
    ),
)
OF_A_DIFFERENCE = Words(
    failed=_("The comparison failed: %(why)s (%(details)s)."),
    without_broker=_(
        "The message broker at REDIS_URL does not answer. The comparison stays queued and begins once the broker "
        "and a worker are there."
    ),
    without_worker=_(
        "No worker answers. The comparison stays queued; start a worker with "
        "`celery -A tradematch worker --beat --queues matching,reports,mail,default`, or use `python3 run.py manage`, "
        "which starts one by itself."
    ),
)

Followed = TypeVar("Followed", Run, RunDifference)


def follow(run: Followed, out=None, told: Words = OF_A_RUN) -> Followed:
    """Wait until a run is over and show how far it is; refuse to wait for a worker that is not there."""
    with progress(out or sys.stderr) as show:
        waits_since = time.monotonic()
        while True:
            run.refresh_from_db()
            show(run)
            if run.is_over:
                break
            if run.state != RunState.QUEUED:
                waits_since = time.monotonic()
            elif time.monotonic() - waits_since > ASK_FOR_WORKERS_AFTER_S:
                refuse_without_worker(run, told)
                waits_since = time.monotonic()  # it is there, but busy
            time.sleep(LOOK_EVERY_S)
    if run.state == RunState.FAILED:
        raise CommandError(told.failed % {"why": run.get_reason_code_display(), "details": run.reason})
    return run


def refuse_without_worker(run: Followed, told: Words) -> None:
    """A queued run begins as soon as a worker is there; nobody should sit and wait for it."""
    try:
        is_there = bool(current_app.control.ping(timeout=ANSWER_WITHIN_S, limit=1))
    except (BrokerFault, RedisError, OSError):
        raise CommandError(told.without_broker % {"run": run.pk}) from None
    if not is_there:
        raise CommandError(told.without_worker % {"run": run.pk})


@contextmanager
def progress(out) -> Iterator:
    """A bar that redraws itself on a terminal; elsewhere one line for each tenth."""
    is_terminal = out.isatty()
    shown = None

    def show(run: Followed) -> None:
        nonlocal shown
        share = run.done / run.total if run.total else 0.0
        step = (run.state, int(share * (100 if is_terminal else 10)))
        if step == shown:
            return
        shown = step
        words = _("%(state)s, %(done)s of %(total)s listings") % {
            "state": run.get_state_display(),
            "done": run.done,
            "total": run.total,
        }
        filled = round(WIDTH * share)
        bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {words}"
        out.write(f"\r{bar}\033[K" if is_terminal else f"{bar}\n")
        out.flush()

    yield show
    if is_terminal and shown is not None:
        out.write("\n")
