"""What is due: ordered once, told once. The rows say how far it is; beats only hurry it along.

Two beats at once do no harm: each schedule is held while its turn is taken, and whoever comes second passes it over.
"""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse

from accounts.permissions import may_export
from matching.enums import RunKind
from matching.models import Run
from notices.enums import NoticeKind
from notices.services import tell
from reports.enums import ReportState, TurnOutcome, TurnReason
from reports.models import Report, Schedule, ScheduleTurn
from reports.orders import Order
from reports.rhythm import newest_due, next_after
from reports.services.ordering import order_report
from reports.services.schedules import files_of, may_receive

log = logging.getLogger(__name__)
REFRESH_BLINK_S = 5  # longer than a refresh takes to be seen once it has noted its end


def send_due(now: datetime) -> int:
    """Tell of what has become ready since, then order what is due; say how many turns were taken."""
    waiting = ScheduleTurn.objects.filter(outcome=TurnOutcome.MAKING).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        _one_by_one(settle, pk)
    due = Schedule.objects.filter(is_paused=False, next_at__lte=now).order_by("next_at", "pk")
    return sum(_one_by_one(take_turn, pk, now) for pk in list(due.values_list("pk", flat=True)))


def _one_by_one(step, pk: int, *arguments) -> bool:
    """One that breaks holds up none of the others; it is tried again with the next beat."""
    try:
        return step(pk, *arguments)
    except Exception:
        log.exception("%s of %s", step.__name__, pk)
        return False


@transaction.atomic
def take_turn(pk: int, now: datetime) -> bool:
    """Order what a schedule asks for, and move it on, both or neither. False where another beat has done it."""
    schedule = (
        Schedule.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("owner")
        .filter(pk=pk, is_paused=False, next_at__lte=now)
        .first()
    )
    if schedule is None:
        return False
    due_at, missed = newest_due(schedule, schedule.next_at, now)
    turn = ScheduleTurn(schedule=schedule, due_at=due_at, missed=missed, outcome=TurnOutcome.MAKING)
    schedule.next_at = next_after(schedule, now)
    if not may_export(schedule.owner):
        schedule.is_paused = True
        turn.outcome, turn.reason = TurnOutcome.PAUSED, TurnReason.OWNER_LEFT
    else:
        _order(schedule, turn)
    schedule.save(update_fields=["next_at", "is_paused", "changed_at"])
    turn.save()
    if turn.outcome == TurnOutcome.FAILED:
        _tell_owner(turn)
    return True


def _order(schedule: Schedule, turn: ScheduleTurn) -> None:
    order = Order.of_json(schedule.order)
    if schedule.only_new:
        order = order.since_moment(new_since(schedule))
    try:
        with transaction.atomic():
            turn.report = order_report(
                user=schedule.owner,
                order=order,
                files=files_of(schedule),
                name=schedule.name,
                schedule=schedule,
                due_at=turn.due_at,
            )
    except ValidationError:
        turn.outcome, turn.reason = TurnOutcome.FAILED, TurnReason.REFUSED


def new_since(schedule: Schedule) -> datetime:
    """Up to when the last turn that went well had seen everything; before the first one, since the schedule stands."""
    well = schedule.turns.filter(outcome__in=[TurnOutcome.SENT, TurnOutcome.NOTHING_NEW], seen_until__isnull=False)
    last = well.order_by("-due_at").first()
    return last.seen_until if last else schedule.made_at


@transaction.atomic
def settle(pk: int) -> bool:
    """Once the report of a turn is over, let everybody who gets it see it, and tell them; or say why there is none."""
    turn = (
        ScheduleTurn.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("schedule__owner")
        .filter(pk=pk, outcome=TurnOutcome.MAKING)
        .first()
    )
    if turn is None:
        return False
    report = Report.objects.filter(pk=turn.report_id).first()
    if report is not None and not report.is_over:
        return False
    if report is None or report.state != ReportState.READY:
        turn.outcome = TurnOutcome.FAILED
        turn.reason = TurnReason.NOT_MADE if report else TurnReason.GONE
        turn.save()
        _tell_owner(turn)
        return True
    turn.seen_until = seen_until(report)
    if report.asked.new_since is not None and report.rows == 0:
        turn.outcome = TurnOutcome.NOTHING_NEW
    else:
        turn.outcome = TurnOutcome.SENT
        turn.told = _send(turn, report)
    turn.save()
    return True


def seen_until(report: Report) -> datetime:
    """What runs found that had finished by then is in the report.

    A run says when it finished a moment before it can be seen. One that fell into that moment is told by the next turn,
    which then rather says one thing twice than loses it.
    """
    cut_at, blink = report.cut_at, timedelta(seconds=REFRESH_BLINK_S)
    finished = Run.objects.finished().filter(finished_at__lte=cut_at)
    unseen = Q(kind=RunKind.OFFICIAL, pk__gt=report.run_id or 0)
    unseen |= Q(kind=RunKind.REFRESH, finished_at__gt=cut_at - blink)
    earliest = finished.filter(unseen).aggregate(earliest=Min("finished_at"))["earliest"]
    return earliest - timedelta(microseconds=1) if earliest else cut_at


def _send(turn: ScheduleTurn, report: Report) -> int:
    """A link, never a file: whoever may not export any more by the time they follow it finds nothing."""
    schedule = turn.schedule
    recipients = may_receive(schedule.recipients.all())
    report.shared_with.add(*recipients)
    told = [*recipients, schedule.owner]
    tell(
        users=told,
        kind=NoticeKind.REPORT_CAME,
        event=f"schedule:{schedule.pk}:{turn.due_at.isoformat()}",
        facts={"name": schedule.name},
        address=reverse("reports:report-detail", args=[report.public_id]),
    )
    return len(told)


def _tell_owner(turn: ScheduleTurn) -> None:
    tell(
        users=[turn.schedule.owner],
        kind=NoticeKind.SCHEDULE_FAILED,
        event=f"schedule:{turn.schedule_id}:{turn.due_at.isoformat()}:failed",
        facts={"name": turn.schedule.name},
        address=reverse("reports:schedule-detail", args=[turn.schedule_id]),
    )
