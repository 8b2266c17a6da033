"""What becomes of the reports and schedules of a person who is erased."""

from django.utils import timezone

from accounts.models import User
from reports.models import Report, Schedule
from reports.services.cancelling import end_cancelled
from reports.services.keeping import remove


def forget_person(person: User) -> None:
    """Their schedules go, and so do their reports, but for those that colleagues still see; nothing is sent to them.

    The log of downloads stays, and names an account without a name. To be called within the transaction of an erasure.
    """
    Schedule.objects.filter(owner=person).delete()
    Schedule.recipients.through.objects.filter(user=person).delete()
    Report.shared_with.through.objects.filter(user=person).delete()
    theirs = (
        Report.objects.filter(maker=person, removed_at=None).select_for_update(of=("self",), no_key=True).order_by("pk")
    )
    for report in theirs:
        if not report.is_over:
            end_cancelled(report)
        if not report.shared_with.filter(is_active=True).exists():
            remove(report, timezone.now())
