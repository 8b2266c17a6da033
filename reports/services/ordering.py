"""Ordering reports: what is asked is checked while the person is there, and made by a worker."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import may_export
from reports.cutting.redaction import refuse_what_may_not_leave
from reports.cutting.subjects import SUBJECTS
from reports.enums import Format, ReportState
from reports.models import Report, ReportFile, Schedule
from reports.orders import Order
from reports.services.calling import call_on_commit

MOST_UNFINISHED = 10  # of one person
MOST_FILES = 16  # of one report: each format in each language
MOST_QUERY = 8_000  # letters of a filter, as its address holds it
MOST_COMPANIES = 1_000
MOST_WORDS = 300
UNFINISHED = (ReportState.QUEUED, ReportState.MAKING)
LANGUAGES = [code for code, _name in settings.LANGUAGES]

Asked = tuple[Format, tuple[str, ...]]


def order_report(
    *,
    user: User,
    order: Order,
    files: Sequence[Asked],
    name: str = "",
    schedule: Schedule | None = None,
    due_at=None,
) -> Report:
    """Keep what is asked for and call a worker once that is committed.

    Of a schedule each moment is ordered once: whoever comes second is handed the report that is there.
    """
    check_order(order, user)
    wanted = checked_files(files)
    if schedule is not None and (there := Report.objects.filter(schedule=schedule, due_at=due_at).first()):
        return there
    report = Report(
        subject=order.subject,
        name=name.strip(),
        order=order.to_json(),
        maker=user,
        schedule=schedule,
        due_at=due_at,
        queued_at=timezone.now(),
    )
    report.full_clean()
    try:
        with transaction.atomic():
            if schedule is None:
                _refuse_too_many(user)
            report.save()
            ReportFile.objects.bulk_create(
                ReportFile(report=report, format=kind, languages=list(languages)) for kind, languages in wanted
            )
    except IntegrityError:
        if schedule is None:
            raise
        return Report.objects.get(schedule=schedule, due_at=due_at)  # somebody was faster between the look and here
    call_on_commit(report)
    return report


def check_order(order: Order, user: User) -> None:
    """Refuse in words what cannot be answered for this user."""
    if not may_export(user):
        raise ValidationError(_("Only city staff and embassy officers carry reports away."))
    if order.subject not in SUBJECTS:
        raise ValidationError(_("There is no report of this kind."))
    words = (order.recipient, order.purpose_words)
    if len(order.query) > MOST_QUERY or max(map(len, words)) > MOST_WORDS:
        raise ValidationError(_("The filter or the words are too long. Make them shorter."))
    if len(order.companies) > MOST_COMPANIES:
        raise ValidationError(
            _("At most %(most)s companies fit into one report. Choose fewer."), params={"most": MOST_COMPANIES}
        )
    refuse_what_may_not_leave(order, user)
    SUBJECTS[order.subject].check(order, user)


def add_file(*, report: Report, user: User, format: Format, languages: tuple[str, ...]) -> ReportFile:
    """A further file of the same cut. One that is there, or is being made, is not made twice."""
    ((kind, languages),) = checked_files([(format, languages)])
    with transaction.atomic():
        report = held(report)
        if not Report.objects.visible_to(user).filter(pk=report.pk).exists():
            raise ValidationError(_("This report is not shared with you any more."))
        if report.removed_at is not None:
            raise ValidationError(_("The rows of this report are removed. Order it anew."))
        if report.state == ReportState.CANCELLED:
            raise ValidationError(_("This report was cancelled. Order it anew."))
        file = report.files.filter(format=kind, languages=list(languages)).first()
        if file is not None and not file.failure:
            return file
        if file is None:
            if report.files.count() >= MOST_FILES:
                raise ValidationError(_("A report has at most %(most)s files."), params={"most": MOST_FILES})
            file = ReportFile(report=report, format=kind, languages=list(languages))
        if report.is_over:
            if report.cut_at is None:  # it is asked anew, in the name of whoever ordered it
                refuse_others(report, user)
                check_order(report.asked, user)
            _refuse_too_many(user)
            requeue(report)
        file.failure = ""
        file.save()
    return file


def try_again(report: Report, user: User) -> None:
    """Make what failed or was cancelled once more; nothing where it is at work already, or all is there."""
    with transaction.atomic():
        report = held(report)
        refuse_others(report, user)
        if report.removed_at is not None:
            raise ValidationError(_("The rows of this report are removed. Order it anew."))
        if not report.is_over or not report.files.filter(sha256="").exists():
            return
        if report.cut_at is None:
            check_order(report.asked, user)
        _refuse_too_many(user)
        report.files.filter(sha256="").update(failure="")
        requeue(report)


def requeue(report: Report) -> None:
    """Let a worker take up a report that is held by the caller's transaction."""
    report.state, report.failure, report.reason, report.attempt = ReportState.QUEUED, "", "", 0
    report.queued_at = timezone.now()
    report.started_at = report.finished_at = report.published_at = report.cancel_asked_at = None
    report.heartbeat_at = None
    report.done = report.total = 0
    report.save()
    call_on_commit(report)


def held(report: Report) -> Report:
    """The report as it is now, held until the transaction ends."""
    now = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=report.pk).first()
    if now is None:
        raise ValidationError(_("This report has been removed meanwhile."), code="removed")
    return now


def refuse_others(report: Report, user: User) -> None:
    if report.maker_id != user.pk or not may_export(user):
        raise ValidationError(_("Only whoever ordered a report can do this."))


def _refuse_too_many(user: User) -> None:
    """One person's orders must not keep all others waiting. Orders of one person are counted one after the other."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    waiting = Report.objects.filter(maker=user, schedule=None, state__in=UNFINISHED).count()
    if waiting >= MOST_UNFINISHED:
        raise ValidationError(
            ngettext(
                "%(count)s report of yours is still being made. Wait for it, or cancel it.",
                "%(count)s reports of yours are still being made. Wait for one, or cancel one.",
                waiting,
            ),
            params={"count": waiting},
        )


def checked_files(files: Sequence[Asked]) -> list[tuple[Format, tuple[str, ...]]]:
    """Each file once, in the order in which they were asked for."""
    wanted = list(dict.fromkeys((Format(kind), tuple(languages)) for kind, languages in files))
    if not wanted:
        raise ValidationError(_("Choose at least one file."))
    if len(wanted) > MOST_FILES:
        raise ValidationError(_("A report has at most %(most)s files."), params={"most": MOST_FILES})
    for _kind, languages in wanted:
        if not 1 <= len(languages) <= 2 or len(set(languages)) != len(languages) or set(languages) - set(LANGUAGES):
            raise ValidationError(_("A file is in one language, or in two different ones side by side."))
    return wanted
