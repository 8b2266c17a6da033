"""A schedule of small reports, and what a worker and a beat do with it."""

from datetime import UTC, datetime, time, timedelta

from accounts.models import User
from reports import services
from reports.enums import Clock, Every, ReportState
from reports.models import Report, Schedule, ScheduleTurn
from reports.services import due, schedules
from tests.reports.making.small import JSON_RU, ORDER, officer

MONDAY = datetime(2027, 1, 4, 2, tzinfo=UTC)  # 07:00 in Astana
WEEK = timedelta(days=7)


def plan(**facts) -> schedules.Plan:
    every_monday = {"every": Every.WEEK, "weekday": 0, "at": time(2), "clock": Clock.ASTANA}
    return schedules.Plan(**{"name": "Mondays", "order": ORDER, "files": [JSON_RU], **every_monday} | facts)


def schedule(user: User | None = None, *, now: datetime = MONDAY - WEEK, **facts) -> Schedule:
    """Every Monday at seven in Astana; due next on MONDAY."""
    made = schedules.save(user=user or officer(), plan=plan(**facts), now=now)
    Schedule.objects.filter(pk=made.pk).update(made_at=now)
    return Schedule.objects.get(pk=made.pk)


def carried_out(now: datetime) -> None:
    """Workers make what waits, as if it were cut at that moment."""
    for report in Report.objects.filter(state=ReportState.QUEUED):
        services.carry_out(report.pk)
        Report.objects.filter(pk=report.pk).update(cut_at=now)


def come(now: datetime) -> int:
    """One round of beat, workers and beat; how many turns were taken."""
    taken = due.send_due(now)
    carried_out(now)
    due.send_due(now)
    return taken


def turns(one: Schedule) -> list[tuple]:
    """What the history says, the oldest first."""
    rows = ScheduleTurn.objects.filter(schedule=one).order_by("due_at")
    return list(rows.values_list("due_at", "missed", "outcome", "reason", "told"))
