"""Every Monday, new strong matches of metals, in Indonesian, to these officers: each match once, none lost."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from commodities.enums import Sector
from matching.enums import RunKind
from matching.models import Run
from notices.models import Notice
from reports.enums import Format, Subject
from reports.models import Report, Schedule, ScheduleTurn
from reports.orders import Order
from reports.pieces import rows_of
from reports.services import calling, due
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person
from tests.reports.making.small import officer
from tests.reports.schedules.coming import MONDAY, WEEK, come, schedule

pytestmark = pytest.mark.django_db
ORDER = Order(subject=Subject.MATCHES, query="sector=metals&at_least_points=70", columns=("match", "score"))


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(calling.current_app, "send_task", lambda *names, **how: None)


def every_monday() -> Schedule:
    colleague = person(Role.OFFICER, email="colleague@example.test")
    files = [(Format.CSV, ("id",))]
    return schedule(officer(), order=ORDER, files=files, only_new=True, recipients=[colleague])


def run_of(moment, *strengths: int, sector: str = Sector.METALS, **facts) -> tuple[Run, list[str]]:
    """A run that finished then and found matches of these scores for the first time; their numbers."""
    run = finished_run(finished_at=moment, started_at=moment - timedelta(minutes=2), **facts)
    numbers = []
    for strength in strengths:
        goods = CommodityFactory(sector=sector)
        result = found(run, need(goods), capacity(goods), score_ppm=strength * 10_000)
        numbers.append(str(result.match_id))
    return run, numbers


def taken() -> list[list[str]]:
    """The matches of each report, the oldest report first."""
    return [sorted(row[0] for row in rows_of(report, "matches")) for report in Report.objects.order_by("pk")]


def outcomes() -> list[str]:
    return list(ScheduleTurn.objects.order_by("due_at").values_list("outcome", flat=True))


def test_each_new_strong_match_comes_once():
    open_corridor()
    every_monday()
    run_of(MONDAY - 2 * WEEK, 90)  # before the schedule stood
    _run, first = run_of(MONDAY - timedelta(days=1), 90, 75, 60)
    run_of(MONDAY - timedelta(days=1), 90, sector=Sector.GRAINS)
    come(MONDAY)
    come(MONDAY + WEEK)
    _run, third = run_of(MONDAY + WEEK + timedelta(days=2), 71)
    come(MONDAY + 2 * WEEK)

    assert taken() == [sorted(first[:2]), [], third]
    assert outcomes() == ["sent", "nothing_new", "sent"]
    assert Notice.objects.filter(kind="report_came").count() == 4  # two people, twice


def test_what_was_found_between_due_and_made_comes_once():
    open_corridor()
    every_monday()
    late = MONDAY + timedelta(days=2)  # the server was down until Wednesday
    _run, found_late = run_of(MONDAY + timedelta(days=1), 90)
    come(late)
    come(MONDAY + WEEK)

    assert taken() == [found_late, []]


def test_run_that_could_not_be_seen_yet_is_told_by_the_next_turn():
    open_corridor()
    every_monday()
    _seen, first = run_of(MONDAY - timedelta(hours=1), 90)
    come(MONDAY)
    # It had noted its end before the cut, and was kept just after it.
    _run, unseen = run_of(MONDAY - timedelta(seconds=1), 80)
    ScheduleTurn.objects.update(seen_until=due.seen_until(Report.objects.get()))
    come(MONDAY + WEEK)

    assert taken() == [first, unseen]


def test_failed_turn_loses_nothing():
    open_corridor()
    every_monday()
    _run, first = run_of(MONDAY - timedelta(hours=1), 90)
    due.send_due(MONDAY)
    Report.objects.update(state="failed", failure="error")
    due.send_due(MONDAY)
    Report.objects.all().delete()
    come(MONDAY + WEEK)

    assert (taken(), outcomes()) == ([first], ["failed", "sent"])


def test_refresh_that_ended_as_the_cut_began_is_told_again_rather_than_lost():
    open_corridor()
    every_monday()
    run_of(MONDAY - timedelta(hours=1), 90)
    come(MONDAY)
    report = Report.objects.get()
    run_of(report.cut_at - timedelta(seconds=2), 80, kind=RunKind.REFRESH)

    assert due.seen_until(report) == report.cut_at - timedelta(seconds=2, microseconds=1)
