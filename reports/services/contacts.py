"""What happens to reports when a contact person withdraws, agrees to less, or is removed: what held them goes.

What somebody took away already is not ours to take back; the log of downloads says who has it.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from companies.models import Merge
from reports.enums import ReportState
from reports.models import FilePiece, Report
from reports.services.beat import Work
from reports.services.cancelling import forget_cut
from reports.services.keeping import remove
from reports.services.ordering import requeue


def wait_for_withdrawals() -> None:
    """Let withdrawals that are being written be written before contact persons are cut: later ones find the report."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [int(Work.CONTACTS)])


@transaction.atomic
def remove_those_with(companies: Iterable[int]) -> None:
    """Remove the rows and files of all reports that hold a contact person of these companies.

    One that is being made is made anew, without the person; whether it holds them is not known before it is cut.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [int(Work.CONTACTS)])
    theirs = with_those_merged(companies)
    asked = (
        Report.objects.filter(order__contacts=True, removed_at=None)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for report in asked:
        if report.cut_at is None:
            if report.state == ReportState.MAKING and report.cancel_asked_at is None:
                requeue(report)
        elif theirs & set(report.rests_on.get("contacts_of", ())):
            _remove(report)


def _remove(report: Report) -> None:
    if report.is_over or report.files.made().exists():
        remove(report, timezone.now())
        return
    FilePiece.objects.filter(file__report=report).delete()
    forget_cut(report)
    requeue(report)


def with_those_merged(companies: Iterable[int]) -> set[int]:
    """These companies, and the entries that were brought together with one of them: contact persons move with it."""
    theirs = set(companies)
    for stays, goes in Merge.objects.filter(Q(stays__in=theirs) | Q(goes__in=theirs)).values_list("stays", "goes"):
        theirs |= {stays, goes}
    return theirs
