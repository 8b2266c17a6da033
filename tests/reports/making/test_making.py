"""A worker makes a report: the same order gives the same bytes, and what is reached stays."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notices.enums import NoticeKind
from notices.models import Notice
from reports import services
from reports.cutting.cut import Cut
from reports.enums import Failure, Format, ReportState
from reports.models import Report, ReportFile, ReportPiece
from reports.pieces import rows_of
from reports.services import making, storing
from reports.services.storing import Again
from reports.tasks import make_report
from reports.writing import WRITERS
from reports.writing.templates import TEMPLATES
from tests.companies.factories import CompanyFactory
from tests.reports.making.small import JSON_RU, XLSX_BOTH, made, names_of, officer, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def state(report: Report) -> tuple:
    report.refresh_from_db()
    return report.state, report.failure, report.attempt


def as_it_was(file: ReportFile) -> Again:
    return Again(file.sha256, is_same=True, is_written_alike=True)


def broken(path, frozen, languages):
    raise ZeroDivisionError("of a writer")


def test_same_order_twice_gives_the_same_bytes():
    CompanyFactory.create_batch(3)

    first, second = made(JSON_RU, XLSX_BOTH), made(JSON_RU, XLSX_BOTH)

    assert first.data_sha256 == second.data_sha256
    assert (first.state, first.rows, first.rests_on["templates"]) == (
        ReportState.READY,
        6,
        dict(TEMPLATES),
    )
    assert [services.made_again(file) for file in first.files.all()] == [as_it_was(file) for file in first.files.all()]


def test_file_is_the_same_after_the_product_has_moved(settings):
    file = made().files.get()

    settings.BASE_URL = "https://elsewhere.example"

    assert services.made_again(file) == as_it_was(file)


def test_file_of_an_earlier_template_is_told_apart_and_no_fault(monkeypatch):
    file = made().files.get()
    ReportFile.objects.update(written_by="an earlier state")
    file.refresh_from_db()

    assert services.made_again(file) == replace(as_it_was(file), is_written_alike=False)
    monkeypatch.setitem(WRITERS, Format.JSON, lambda path, frozen, languages: path.write_text("laid out anew"))
    anew = services.made_again(file)
    assert (anew.sha256 != file.sha256, anew.is_same, anew.is_written_alike) == (True, False, False)
    monkeypatch.setitem(WRITERS, Format.JSON, broken)
    assert services.made_again(file) == Again("", is_same=False, is_written_alike=False)


def test_file_that_is_removed_is_not_made_again():
    report = made()
    services.forget(report, officer())

    with pytest.raises(ValidationError, match="The rows of this report are removed"):
        services.made_again(ReportFile.objects.get())


def test_head_that_an_earlier_version_kept_is_still_read():
    report = made()
    head = {name: value for name, value in report.head.items() if name not in ("left_out", "blocks", "subtitle")}
    Report.objects.update(head=head)

    assert services.made_again(report.files.get()).is_same


def test_file_is_kept_in_pieces_under_a_plain_name(monkeypatch):
    monkeypatch.setattr(storing, "PIECE_BYTES", 100)
    file = made().files.get()

    whole = b"".join(storing.pieces_of(file))

    day = timezone.localdate(file.report.cut_at).isoformat()
    assert file.name == f"tradematch-sectors-{day}-ru.json"
    assert (file.size, file.pieces.count()) == (len(whole), -(-len(whole) // 100))


def test_csv_says_in_its_name_how_many_fields_were_left_out(small):
    small(cut=lambda order, user, put: Cut(names_of(put, left_out=3), None))

    report = made(JSON_RU, (Format.CSV, ("ru",)))

    day = timezone.localdate(report.cut_at).isoformat()
    names = {f"tradematch-sectors-{day}-ru.json", f"tradematch-sectors-{day}-ru-3-fields-left-out.csv"}
    assert {file.name for file in report.files.all()} == names


def test_rows_outlive_the_cut_as_they_were():
    odd = CompanyFactory(name_registered="Қара\tТау\\N", city="")

    report = made()

    row = [odd.name_registered, ""]
    assert [list(rows_of(report, key)) for key in ("copied", "one_by_one")] == [[row], [row]]


def test_report_that_is_ready_is_left_alone():
    report = made()
    before = report.files.get().made_at

    make_report(report_id=report.pk)

    assert (report.files.get().made_at, *state(report)) == (before, ReportState.READY, "", 1)


def test_error_of_a_writer_is_tried_thrice_and_holds_up_no_other_file(monkeypatch):
    monkeypatch.setitem(WRITERS, Format.XLSX, broken)
    calls = []
    monkeypatch.setattr("reports.services.call", calls.append)
    report = ordered(XLSX_BOTH, JSON_RU)

    for _attempt in range(4):
        make_report(report_id=report.pk)

    assert state(report) == (ReportState.READY, "", 3)
    assert [(file.failure, file.is_made) for file in report.files.all()] == [("error", False), ("", True)]
    assert calls == [report.pk, report.pk]


def test_error_of_a_cut_leaves_nothing_and_says_of_which_kind(small, monkeypatch):
    monkeypatch.setattr("reports.services.call", lambda pk: None)

    def cut(order, user, put):
        put.put("copied", [["one", "two"]])
        raise KeyError("secret words")

    small(cut=cut)
    report = ordered()

    for _attempt in range(3):
        make_report(report_id=report.pk)

    assert state(report) == (ReportState.FAILED, Failure.ERROR, 3)
    assert (report.reason, ReportPiece.objects.count(), report.head) == ("making: KeyError", 0, None)


def test_filter_that_became_senseless_is_refused(small):
    def gone(order, user):
        raise ValidationError("gone")

    report = ordered()
    small(check=gone)

    make_report(report_id=report.pk)

    assert state(report) == (ReportState.FAILED, Failure.REFUSED, 1)


def test_file_for_which_there_is_too_much_fails_alone(monkeypatch):
    def too_large(path, frozen, languages):
        raise ValidationError("too many rows for paper", code="too_large")

    monkeypatch.setitem(WRITERS, Format.PDF, too_large)

    report = made((Format.PDF, ("ru",)), JSON_RU)

    assert state(report) == (ReportState.READY, "", 1)
    assert [file.failure for file in report.files.all()] == [Failure.TOO_LARGE, ""]


def test_cut_of_more_rows_than_may_be_is_too_large(small, monkeypatch):
    monkeypatch.setattr(making, "MOST_ROWS", 99)
    small(cut=lambda order, user, put: Cut(names_of(put), put.put("copied", (["a", "b"] for _row in range(100)))))

    report = made()

    assert state(report) == (ReportState.FAILED, Failure.TOO_LARGE, 1)


def test_failed_report_is_made_at_the_next_try(monkeypatch):
    monkeypatch.setitem(WRITERS, Format.JSON, broken)
    monkeypatch.setattr(making, "MOST_ATTEMPTS", 1)
    report = made()
    monkeypatch.undo()
    failed = state(report)

    services.try_again(report, officer())
    services.carry_out(report.pk)

    assert failed == (ReportState.FAILED, Failure.ERROR, 1)
    assert state(report) == (ReportState.READY, "", 1)


def test_attempts_that_were_lost_are_counted():
    report = ordered()
    Report.objects.update(state=ReportState.MAKING, attempt=3, heartbeat_at=timezone.now())

    make_report(report_id=report.pk)

    assert state(report) == (ReportState.FAILED, Failure.LOST, 3)


def test_cut_that_is_there_is_not_made_again(small, monkeypatch):
    monkeypatch.setitem(WRITERS, Format.JSON, broken)
    report = ordered()
    with pytest.raises(ZeroDivisionError):
        services.carry_out(report.pk)
    monkeypatch.undo()
    cut_at = Report.objects.get().cut_at

    services.carry_out(report.pk)

    assert state(report) == (ReportState.READY, "", 2)
    assert report.cut_at == cut_at


def test_who_did_not_just_wait_is_told(monkeypatch):
    quick, slow = ordered(), ordered(name="For Monday")
    Report.objects.filter(pk=slow.pk).update(queued_at=timezone.now() - timezone.timedelta(seconds=11))

    for report in (quick, slow):
        services.carry_out(report.pk)

    (told,) = Notice.objects.all()
    assert (told.user, told.kind, told.facts) == (
        officer(),
        NoticeKind.REPORT_READY,
        {"name": "For Monday", "subject": "sectors"},
    )
    assert told.address == f"/reports/{slow.public_id}/"
