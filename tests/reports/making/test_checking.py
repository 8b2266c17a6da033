"""Whoever operates TradeMatch asks whether kept files are still what their cuts give."""

import zlib
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from reports import services
from reports.enums import Format
from reports.models import FilePiece, Report, ReportFile, ReportPiece
from reports.services import checking
from reports.services.checking import Checked, Standing, check_report
from reports.writing import WRITERS
from tests.companies.factories import CompanyFactory
from tests.reports.making.small import JSON_RU, XLSX_BOTH, made, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def told(*numbers) -> list[str]:
    out = StringIO()
    call_command("check_reports", *map(str, numbers), stdout=out)
    return out.getvalue().splitlines()


def standings(report: Report) -> list[tuple[Standing, str]]:
    report.refresh_from_db()
    return [(one.standing, one.why) for one in check_report(report)]


def broken(path, frozen, languages):
    raise ZeroDivisionError("of a writer")


def test_files_that_are_what_the_cut_gives_are_the_same():
    CompanyFactory()
    report = made(JSON_RU, XLSX_BOTH)

    assert check_report(report) == [Checked(file, Standing.SAME) for file in report.files.all()]


def test_file_of_earlier_writers_is_written_otherwise_and_no_fault(monkeypatch):
    report = made()
    ReportFile.objects.update(written_by="an earlier state")

    assert standings(report) == [(Standing.SAME, "")]
    monkeypatch.setitem(WRITERS, Format.JSON, lambda path, frozen, languages: path.write_text("laid out anew"))
    assert standings(report) == [(Standing.OTHERWISE, "")]
    monkeypatch.setitem(WRITERS, Format.JSON, broken)
    assert standings(report) == [(Standing.OTHERWISE, "what writes files now cannot read the cut")]


def test_file_that_the_same_writers_write_otherwise_is_at_fault(monkeypatch):
    report = made()

    monkeypatch.setitem(WRITERS, Format.JSON, lambda path, frozen, languages: path.write_text("by chance"))
    assert standings(report) == [(Standing.FAULT, "made again, its bytes are others")]
    monkeypatch.setitem(WRITERS, Format.JSON, broken)
    assert standings(report) == [(Standing.FAULT, "it cannot be made again: ZeroDivisionError")]


def test_bytes_that_were_changed_where_they_are_kept_are_a_fault():
    report = made(JSON_RU, XLSX_BOTH)
    FilePiece.objects.filter(file=report.files.first()).update(content=b"changed")

    assert standings(report) == [
        (Standing.FAULT, "the kept bytes are not those that were written"),
        (Standing.SAME, ""),
    ]


@pytest.mark.parametrize("changed", ["row", "head"])
def test_cut_that_was_changed_where_it_is_kept_is_a_fault_also_of_files_of_earlier_writers(changed):
    CompanyFactory()
    report = made()
    ReportFile.objects.update(written_by="an earlier state")

    if changed == "row":
        ReportPiece.objects.filter(table="copied").update(content=zlib.compress(b"Another\tname\n"))
    else:
        Report.objects.update(head=report.head | {"has_examples": not report.head["has_examples"]})

    assert standings(report) == [(Standing.FAULT, "the kept rows are not those that were cut")]


def test_report_that_is_removed_meanwhile_is_not_at_fault(monkeypatch):
    report = made()
    whole = checking.kept_digest

    def removed_before(asked):
        services.forget(report, officer())
        return whole(asked)

    monkeypatch.setattr(checking, "kept_digest", removed_before)

    assert check_report(Report.objects.get()) == []


def test_command_tells_of_each_kept_file_how_it_stands():
    first, second, gone = made(), made(), made()
    services.forget(gone, officer())

    names = [report.files.get().name for report in (first, second)]
    assert told() == [
        f"{first.public_id} {names[0]}: same",
        f"{second.public_id} {names[1]}: same",
        "Files: 2 same, 0 written otherwise, 0 at fault.",
    ]
    assert told(second.public_id) == [
        f"{second.public_id} {names[1]}: same",
        "Files: 1 same, 0 written otherwise, 0 at fault.",
    ]


def test_command_ends_with_an_error_where_a_file_is_at_fault():
    made()
    FilePiece.objects.update(content=b"changed")

    with pytest.raises(CommandError, match=r"^Files: 0 same, 0 written otherwise, 1 at fault\.$"):
        told()


def test_command_refuses_a_number_that_no_kept_report_has():
    number = uuid4()

    with pytest.raises(CommandError, match=f"^No report with kept files has the number {number}"):
        told(number)
