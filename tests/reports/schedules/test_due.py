"""What is due is ordered once and told once, whatever happens in between."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from kombu.exceptions import OperationalError as BrokerFault

from accounts.enums import Role
from notices.models import Notice
from reports.enums import ReportState
from reports.models import Report, Schedule
from reports.services import calling, due, schedules
from tests.people import person
from tests.reports.making.small import colleague, officer
from tests.reports.schedules.coming import MONDAY, WEEK, carried_out, come, schedule, turns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(calling.current_app, "send_task", lambda *names, **how: None)


def told() -> list[tuple[str, str, str]]:
    return sorted(Notice.objects.values_list("user__email", "kind", "address"))


def test_due_report_is_made_shared_and_told_to_everybody_who_gets_it():
    one = schedule(recipients=[colleague(2), colleague(3)])

    assert due.send_due(MONDAY - timedelta(seconds=1)) == 0
    assert come(MONDAY) == 1

    report = Report.objects.get()
    assert (report.schedule, report.due_at, report.name, report.maker) == (one, MONDAY, "Mondays", officer())
    assert set(report.shared_with.all()) == {colleague(2), colleague(3)}
    address = f"/reports/{report.public_id}/"
    assert told() == [
        ("colleague2@example.test", "report_came", address),
        ("colleague3@example.test", "report_came", address),
        ("officer@example.test", "report_came", address),
    ]
    assert turns(one) == [(MONDAY, 0, "sent", "", 3)]
    assert Schedule.objects.get().next_at == MONDAY + WEEK


def test_recipients_see_nothing_before_it_is_ready():
    schedule(recipients=[colleague()])

    due.send_due(MONDAY)

    assert (list(Report.objects.visible_to(colleague())), told()) == ([], [])


def test_second_round_changes_nothing():
    one = schedule(recipients=[colleague()])
    come(MONDAY)
    before = (turns(one), told(), Report.objects.count())

    assert [come(MONDAY), come(MONDAY + timedelta(hours=1))] == [0, 0]

    assert (turns(one), told(), Report.objects.count()) == before


def test_times_at_which_no_server_was_up_are_made_once():
    one = schedule()

    come(MONDAY + 3 * WEEK + timedelta(hours=5))

    assert turns(one) == [(MONDAY + 3 * WEEK, 3, "sent", "", 1)]
    assert (Report.objects.count(), Schedule.objects.get().next_at) == (1, MONDAY + 4 * WEEK)


def test_paused_schedule_makes_nothing_and_makes_up_for_nothing():
    one = schedule()
    schedules.pause(one, officer())
    assert come(MONDAY + WEEK) == 0

    schedules.resume(one, officer(), MONDAY + WEEK + timedelta(hours=1))

    assert (come(MONDAY + WEEK + timedelta(hours=2)), turns(one)) == (0, [])
    assert Schedule.objects.get().next_at == MONDAY + 2 * WEEK


def test_recipient_without_the_right_is_left_out():
    gone, closed = colleague(2), colleague(3)
    one = schedule(recipients=[gone, closed, colleague(4)])
    due.send_due(MONDAY)
    type(gone).objects.filter(pk=gone.pk).update(role=Role.BUSINESS)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)

    come(MONDAY)

    assert [user for user, _kind, _address in told()] == ["colleague4@example.test", "officer@example.test"]
    assert list(Report.objects.get().shared_with.all()) == [colleague(4)]
    assert turns(one) == [(MONDAY, 0, "sent", "", 2)]


@pytest.mark.parametrize("lost", [{"role": Role.BUSINESS}, {"is_active": False}])
def test_schedule_of_somebody_without_the_right_pauses_itself_and_says_why(lost):
    owner = officer()
    one = schedule(owner)
    type(owner).objects.filter(pk=owner.pk).update(**lost)

    come(MONDAY)

    assert (turns(one), Report.objects.count()) == ([(MONDAY, 0, "paused", "owner_left", 0)], 0)
    assert Schedule.objects.get().is_paused


def test_question_that_cannot_be_asked_any_more_is_told_to_the_owner_alone(small):
    def gone(order, user):
        raise ValidationError("This company is gone.")

    one = schedule(recipients=[colleague()])
    small(check=gone)

    come(MONDAY)

    assert turns(one) == [(MONDAY, 0, "failed", "refused", 0)]
    assert told() == [("officer@example.test", "schedule_failed", f"/reports/schedules/{one.pk}/")]
    assert not Schedule.objects.get().is_paused


def test_report_that_fails_is_told_to_the_owner_alone():
    one = schedule(recipients=[colleague()])
    due.send_due(MONDAY)
    Report.objects.update(state=ReportState.FAILED, failure="error")

    due.send_due(MONDAY)
    due.send_due(MONDAY)

    assert turns(one) == [(MONDAY, 0, "failed", "not_made", 0)]
    assert told() == [("officer@example.test", "schedule_failed", f"/reports/schedules/{one.pk}/")]


def test_report_that_was_removed_before_it_was_ready_is_said_to_be_gone():
    one = schedule()
    due.send_due(MONDAY)
    Report.objects.all().delete()

    due.send_due(MONDAY)

    assert turns(one) == [(MONDAY, 0, "failed", "gone", 0)]


def test_broker_that_is_away_costs_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def away(*names, **how):
        raise BrokerFault("away")

    monkeypatch.setattr(calling.current_app, "send_task", away)
    one = schedule()

    with django_capture_on_commit_callbacks(execute=True):
        due.send_due(MONDAY)

    assert Report.objects.get().state == ReportState.QUEUED  # the sweeper calls again
    carried_out(MONDAY)
    due.send_due(MONDAY)
    assert turns(one) == [(MONDAY, 0, "sent", "", 1)]


def test_one_schedule_that_breaks_holds_up_no_other(monkeypatch):
    broken, whole = schedule(name="Broken"), schedule(name="Whole")
    ordered = due.order_report

    def breaks(**facts):
        if facts["name"] == "Broken":
            raise RuntimeError("out of memory")
        return ordered(**facts)

    monkeypatch.setattr(due, "order_report", breaks)

    assert come(MONDAY) == 1

    assert (turns(broken), turns(whole)) == ([], [(MONDAY, 0, "sent", "", 1)])
    assert Schedule.objects.get(pk=broken.pk).next_at == MONDAY  # it is tried again with the next beat


def test_schedule_that_is_removed_leaves_its_reports():
    one = schedule()
    come(MONDAY)

    schedules.remove(one, officer())

    assert (Schedule.objects.count(), Report.objects.get().schedule) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_many_beats_at_once_make_one_report():
    one = schedule(recipients=[colleague()])
    gate, counted = threading.Barrier(4, timeout=20), []

    def beat() -> None:
        gate.wait()
        try:
            counted.append(due.send_due(MONDAY))
        finally:
            connection.close()

    beats = [threading.Thread(target=beat) for _number in range(4)]
    for each in beats:
        each.start()
    for each in beats:
        each.join(20)

    assert sorted(counted) == [0, 0, 0, 1]
    assert (Report.objects.count(), Schedule.objects.filter(next_at=MONDAY + WEEK).count()) == (1, 1)
    assert [turn[:3] for turn in turns(one)] == [(MONDAY, 0, "making")]


@pytest.mark.django_db(transaction=True)
def test_many_beats_at_once_tell_each_person_once():
    one = schedule(recipients=[colleague()])
    due.send_due(MONDAY)
    carried_out(MONDAY)
    gate = threading.Barrier(4, timeout=20)

    def beat() -> None:
        gate.wait()
        try:
            due.send_due(MONDAY)
        finally:
            connection.close()

    beats = [threading.Thread(target=beat) for _number in range(4)]
    for each in beats:
        each.start()
    for each in beats:
        each.join(20)

    assert [user for user, _kind, _address in told()] == ["colleague2@example.test", "officer@example.test"]
    assert turns(one) == [(MONDAY, 0, "sent", "", 2)]


def test_other_people_s_schedules_are_not_changed():
    one = schedule(recipients=[colleague()])

    for act in (
        lambda: schedules.pause(one, colleague()),
        lambda: schedules.resume(one, colleague(), MONDAY),
        lambda: schedules.remove(one, colleague()),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.messages == ["Only whoever made a schedule can change it."]

    schedules.pause(one, person(Role.ADMIN))
    assert Schedule.objects.get().is_paused
