"""Until when a report is kept, and what stays of it: its row, its digests and who took it away."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reports.document import Document
from reports.enums import ReportState
from reports.models import FilePiece, Report
from reports.services.ordering import UNFINISHED, held, refuse_others

AT_ONCE = 100


@transaction.atomic
def forget(report: Report, user: User) -> None:
    """Remove the rows and files of one's own report before its time."""
    report = held(report)
    refuse_others(report, user)
    if not report.is_over:
        raise ValidationError(_("This report is still being made. Cancel it first."))
    remove(report, timezone.now())


def remove(report: Report, now: datetime) -> None:
    """Take away the rows and the files of a report that is held. Of one that has no whole file nothing stays."""
    if report.removed_at is not None:
        return
    if not report.files.made().exists() and not report.downloads.exists():
        report.delete()
        return
    FilePiece.objects.filter(file__report=report).delete()
    report.files.filter(sha256="").delete()
    report.pieces.all().delete()
    report.head = cover_of(report.document).to_json()
    report.state, report.failure = ReportState.READY, ""
    report.removed_at, report.cancel_asked_at = now, None
    report.finished_at = report.finished_at or now
    report.save()


def cover_of(document: Document) -> Document:
    """What somebody who holds a file may be told of it later: its title and what it rests on, no figure."""
    return Document(
        subject=document.subject,
        title=document.title,
        subtitle=document.subtitle,
        about=document.about,
        has_examples=document.has_examples,
        has_contacts=document.has_contacts,
        left_out=document.left_out,
    )


def remove_what_is_over(now: datetime) -> int:
    """Remove some reports whose time is over, each in a transaction of its own; how many that were."""
    over = Report.objects.filter(kept_until__lt=now, removed_at=None).exclude(state__in=UNFINISHED)
    found = list(over.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        with transaction.atomic():
            report = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
            if report is not None and report.is_over:
                remove(report, now)
    return len(found)
