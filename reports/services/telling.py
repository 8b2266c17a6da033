"""Whom reports are told to: whoever ordered one and did not just wait for it, and those it is shared with."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from accounts.permissions import may_export
from notices.enums import NoticeKind
from notices.services import tell
from reports.enums import ReportState
from reports.models import Report

LONG_S = 10  # whoever has waited for so long may have left the page


def tell_of_end(report: Report) -> None:
    """Within the transaction that ends it, so that nobody is told of what is not kept. Schedules tell of theirs."""
    if report.schedule_id is not None:
        return
    is_ready = report.state == ReportState.READY
    waited_s = (report.finished_at - (report.queued_at or report.ordered_at)).total_seconds()
    people = []
    if report.maker is not None and waited_s > LONG_S:
        people.append(report.maker)
    if is_ready:
        people += report.shared_with.all()
    _tell(people, NoticeKind.REPORT_READY if is_ready else NoticeKind.REPORT_FAILED, report)


def tell_of_sharing(report: Report, people: Iterable[User]) -> None:
    _tell(people, NoticeKind.REPORT_SHARED, report, by=str(report.maker or ""))


def _tell(people: Iterable[User], kind: NoticeKind, report: Report, **facts) -> None:
    tell(
        users=[person for person in people if may_export(person)],
        kind=kind,
        event=f"report:{report.pk}:{kind}:{report.finished_at.isoformat()}",
        facts={"name": report.name, "subject": report.subject, **facts},
        address=reverse("reports:report-detail", args=[report.public_id]),
    )
