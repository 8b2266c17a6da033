"""Ending the work on a report that nobody wants any more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reports.enums import ReportState
from reports.models import Report
from reports.services.ordering import held, refuse_others


@transaction.atomic
def cancel(report: Report, user: User) -> None:
    """Let go of what is not made yet. Files that are whole stay; what is over already is left as it is.

    A worker that is at it sees it within a second or two, and ends it.
    """
    report = held(report)
    refuse_others(report, user)
    if report.is_over:
        return
    if report.state == ReportState.MAKING:
        if report.cancel_asked_at is None:
            report.cancel_asked_at = timezone.now()
            report.save(update_fields=["cancel_asked_at"])
        return
    end_cancelled(report)


def end_cancelled(report: Report) -> None:
    """With a whole file the report is ready, without those that are not; else nothing of it is kept but the order."""
    if report.files.made().exists():
        report.files.filter(sha256="").delete()
        report.state = ReportState.READY
    else:
        report.state = ReportState.CANCELLED
        forget_cut(report)
    report.finished_at = timezone.now()
    report.kept_until = report.kept_until or kept_until(report.finished_at)
    report.save()


def kept_until(finished_at: datetime) -> datetime:
    return finished_at + timedelta(days=settings.REPORTS_KEPT_DAYS)


def forget_cut(report: Report) -> None:
    """As if it had never been cut; what it rested on goes with its rows."""
    report.pieces.all().delete()
    report.cut_at = report.run = report.head = None
    report.data_sha256, report.rows, report.left_out, report.rests_on = "", 0, 0, {}
