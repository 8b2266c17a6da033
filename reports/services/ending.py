"""How the making of a report ends: ready, failed, cancelled, or queued once more."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from reports.enums import Failure, ReportState
from reports.models import Report
from reports.services import telling
from reports.services.beat import Work
from reports.services.cancelling import end_cancelled, kept_until

MOST_ATTEMPTS = 3


def end(pk: int, attempt: int) -> None:
    """All that can be made is made: ready with at least one file, else failed as its first file did."""
    report = _of_attempt(pk, attempt)
    if report is not None:
        _end(report, "", "")


def end_as_cancelled(pk: int, attempt: int) -> None:
    report = _of_attempt(pk, attempt)
    if report is not None:
        end_cancelled(report)


def give_up(report: Report, failure: Failure, reason: str) -> None:
    """End a report that is held, with what is there of it."""
    report.files.filter(sha256="", failure="").update(failure=failure)
    _end(report, failure, reason)


def fail(pk: int, failure: Failure, reason: str) -> None:
    """End a report that cannot end well. One that is over stays as it is."""
    report = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if report is not None and not report.is_over:
        give_up(report, failure, reason)


def note_error(pk: int, step: str, error: Exception) -> bool:
    """After an error: whether to try again. At the third it is given up; its words stay in the log."""
    report = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if report is None or report.is_over:
        return False
    if report.attempt >= MOST_ATTEMPTS:
        give_up(report, Failure.ERROR, f"{step}: {type(error).__name__}")
        return False
    return True


def _end(report: Report, failure: str, reason: str) -> None:
    if report.files.made().exists():
        report.state, report.failure = ReportState.READY, ""
    else:
        failed = report.files.exclude(failure="").order_by("pk").first()
        report.state = ReportState.FAILED
        report.failure = failure or (failed.failure if failed else Failure.ERROR)
    report.reason = reason
    report.finished_at = timezone.now()
    report.kept_until = report.kept_until or kept_until(report.finished_at)
    report.done = report.total
    report.cancel_asked_at = None
    report.save()
    telling.tell_of_end(report)


def _of_attempt(pk: int, attempt: int) -> Report | None:
    report = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    is_ours = report is not None and report.state == ReportState.MAKING and report.attempt == attempt
    return report if is_ours else None


def sweep() -> list[int]:
    """Reports whose message or worker was lost: they are to be queued again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [int(Work.SWEEP_REPORTS)])
        if not cursor.fetchone()[0]:
            return []  # another sweeper is at it
    now = timezone.now()
    unheard, unqueued = (
        now - timedelta(seconds=seconds) for seconds in (settings.RUN_HEARTBEAT_LOST_S, settings.RUN_SWEEP_S)
    )
    lost = Report.objects.filter(
        Q(state=ReportState.MAKING, heartbeat_at__lt=unheard) & (Q(published_at=None) | Q(published_at__lt=unheard))
        | Q(state=ReportState.QUEUED, queued_at__lt=unqueued) & (Q(published_at=None) | Q(published_at__lt=unqueued))
    )
    found = list(lost.order_by("pk").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    Report.objects.filter(pk__in=found).update(published_at=now)
    return found
