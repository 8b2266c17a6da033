"""What is asked for is checked and kept; a worker is called once that is committed."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerFault

from accounts.enums import Role
from reports import services
from reports.enums import Every, Format, ReportState
from reports.models import Report, Schedule
from reports.services import calling, ordering
from tests.people import person
from tests.reports.making.small import JSON_RU, ORDER, XLSX_BOTH, colleague, made, officer, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture
def called(monkeypatch):
    """The reports of which workers are told."""
    numbers = []
    monkeypatch.setattr(calling.current_app, "send_task", lambda *names, kwargs, **how: numbers.append(kwargs))
    return numbers


def test_order_is_kept_with_its_files_and_a_worker_is_called(called, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        report = ordered(JSON_RU, XLSX_BOTH, JSON_RU, name=" For Monday ")

    report.refresh_from_db()
    assert (report.name, report.state, report.asked, report.maker) == ("For Monday", "queued", ORDER, officer())
    assert [(file.format, file.languages, file.is_made) for file in report.files.all()] == [
        ("json", ["ru"], False),
        ("xlsx", ["id", "ru"], False),
    ]
    assert (called, report.published_at is not None) == ([{"report_id": report.pk}], True)


def test_order_outlives_a_broker_that_is_away(monkeypatch, django_capture_on_commit_callbacks):
    def away(*names, **how):
        raise BrokerFault("away")

    monkeypatch.setattr(calling.current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        report = ordered()

    Report.objects.update(queued_at=timezone.now() - timezone.timedelta(minutes=2))
    assert (Report.objects.get().state, services.sweep()) == (ReportState.QUEUED, [report.pk])
    assert services.sweep() == []  # it was queued again just now


@pytest.mark.parametrize(
    ("files", "refusal"),
    [
        ([], "Choose at least one file."),
        ([(Format.PDF, ("ru", "ru"))], "A file is in one language, or in two different ones side by side."),
        ([(Format.PDF, ("fr",))], "A file is in one language, or in two different ones side by side."),
    ],
)
def test_files_that_cannot_be_are_refused(files, refusal):
    with pytest.raises(ValidationError) as refused:
        services.order_report(user=officer(), order=ORDER, files=files)

    assert refused.value.messages == [refusal]


def test_order_that_cannot_be_answered_is_refused(small):
    def nothing(order, user):
        raise ValidationError("This match is gone.")

    small(check=nothing)
    with pytest.raises(ValidationError) as refused:
        ordered()

    assert (refused.value.messages, Report.objects.count()) == (["This match is gone."], 0)


def test_businesses_carry_nothing_away():
    with pytest.raises(ValidationError) as refused:
        ordered(user=person(Role.BUSINESS))

    assert refused.value.messages == ["Only city staff and embassy officers carry reports away."]


def test_words_without_end_are_refused():
    with pytest.raises(ValidationError) as refused:
        ordered(order=replace(ORDER, query="q" * 8001))

    assert refused.value.messages == ["The filter or the words are too long. Make them shorter."]


def test_one_person_waits_for_so_many_at_most(monkeypatch):
    monkeypatch.setattr(ordering, "MOST_UNFINISHED", 2)
    ordered()
    ordered()

    with pytest.raises(ValidationError) as refused:
        ordered()

    assert refused.value.messages == ["2 reports of yours are still being made. Wait for one, or cancel one."]
    assert ordered(user=colleague()).state == ReportState.QUEUED


def test_moment_of_a_schedule_is_ordered_once():
    due_at = timezone.now()
    own = Schedule.objects.create(
        name="Mondays",
        owner=officer(),
        subject=ORDER.subject,
        order={},
        files=[],
        every=Every.DAY,
        at=due_at.time(),
        next_at=due_at,
    )

    first = ordered(schedule=own, due_at=due_at)
    second = ordered(schedule=own, due_at=due_at)

    assert (second, Report.objects.count()) == (first, 1)


def test_further_file_is_made_of_the_same_cut(small):
    report = made()
    before = (report.data_sha256, report.cut_at)
    small(cut=None)
    services.add_file(report=report, user=officer(), format=Format.XLSX, languages=("kk",))
    again = services.add_file(report=report, user=officer(), format=Format.XLSX, languages=("kk",))

    services.carry_out(report.pk)

    report.refresh_from_db()
    again.refresh_from_db()
    assert (report.state, report.data_sha256, report.cut_at) == (ReportState.READY, *before)
    assert (again.is_made, report.files.count()) == (True, 2)


def test_further_file_is_not_for_strangers():
    report = made()

    with pytest.raises(ValidationError) as refused:
        services.add_file(report=report, user=colleague(), format=Format.JSON, languages=("kk",))

    assert refused.value.messages == ["This report is not shared with you any more."]


def test_what_was_never_cut_is_cut_again_for_whoever_ordered_it_alone(called):
    """A cut looks in its maker's name, also at contact persons: no colleague sets it going."""
    report = ordered()
    services.share(report, officer(), [colleague()])
    Report.objects.update(state=ReportState.FAILED, finished_at=timezone.now())

    with pytest.raises(ValidationError, match="Only whoever ordered a report can do this"):
        services.add_file(report=report, user=colleague(), format=Format.JSON, languages=("kk",))

    report.refresh_from_db()
    assert (report.state, report.files.filter(languages=["kk"]).exists()) == ("failed", False)
