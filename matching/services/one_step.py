"""What is done with background work that is one piece and whose row is the truth: a `OneStep`."""

from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from matching.enums import Failure, RunState
from matching.models.one_step import OneStep
from matching.services.runs import MOST_ATTEMPTS

M = TypeVar("M", bound=OneStep)


def claim(model: type[M], pk: int) -> M | None:
    """Count an attempt; None where the work is over, or its worker was lost too often."""
    row = model.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.is_over:
        return None
    if row.attempt >= MOST_ATTEMPTS:
        _fail(row, Failure.LOST)
        return None
    now = timezone.now()
    row.state = RunState.RUNNING
    row.attempt += 1
    row.started_at = row.started_at or now
    row.heartbeat_at = now
    row.save(update_fields=["state", "attempt", "started_at", "heartbeat_at"])
    return row


def finish(model: type[M], pk: int, **found) -> None:
    """Keep what was found and end the work. What is over stays as it is."""
    row = model.objects.select_for_update().get(pk=pk)
    if row.is_over:
        return
    found |= {"state": RunState.FINISHED, "finished_at": timezone.now(), "done": row.total}
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=list(found))


def _fail(row: OneStep, code: Failure, reason: str = "") -> None:
    row.state, row.reason_code, row.reason = RunState.FAILED, code, reason
    row.finished_at = timezone.now()
    row.save(update_fields=["state", "reason_code", "reason", "finished_at"])


def fail(model: type[M], pk: int, code: Failure) -> None:
    row = model.objects.select_for_update().get(pk=pk)
    if not row.is_over:
        _fail(row, code)


def note_error(model: type[M], pk: int, error: Exception) -> bool:
    """After an error: whether to try again. At the third it is given up; its words stay in the log."""
    row = model.objects.select_for_update().get(pk=pk)
    if row.is_over:
        return False
    if row.attempt >= MOST_ATTEMPTS:
        _fail(row, Failure.ERROR, type(error).__name__)
        return False
    return True


def sweep(model: type[M]) -> list[int]:
    """Rows whose message or worker was lost: they are to be queued again."""
    now = timezone.now()
    unheard, unqueued = (
        now - timedelta(seconds=seconds) for seconds in (settings.RUN_HEARTBEAT_LOST_S, settings.RUN_SWEEP_S)
    )
    lost = model.objects.filter(
        Q(state=RunState.RUNNING, heartbeat_at__lt=unheard) & (Q(published_at=None) | Q(published_at__lt=unheard))
        | Q(state=RunState.QUEUED, asked_at__lt=unqueued) & (Q(published_at=None) | Q(published_at__lt=unqueued))
    )
    found = list(lost.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    model.objects.filter(pk__in=found).update(published_at=now)
    return found


def note_published(model: type[M], pk: int) -> None:
    model.objects.filter(pk=pk).update(published_at=timezone.now())
