"""Reports are made beside others who change the same rows, cancel the report, or make it too."""

import time
from collections.abc import Iterator

import psycopg2
import pytest

from companies.models import Company
from matching.services.transactions import in_transaction
from reports import services
from reports.cutting.cut import Cut
from reports.document import Document, Row
from reports.enums import Format, ReportState
from reports.models import FilePiece, Report, ReportPiece
from reports.pieces import rows_of
from reports.services import storing
from reports.services.beat import beating_for
from reports.writing import WRITERS
from tests.companies.factories import CompanyFactory
from tests.reports.frozen import four, table, text_column
from tests.reports.making.small import JSON_RU, SUBJECT, XLSX_BOTH, made, names_of, officer, ordered
from tests.workers import database_url_of_tests

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small")]
PATIENCE_S = 60
CANCEL = "UPDATE reports_report SET cancel_asked_at = now()"


def elsewhere(statement: str) -> None:
    """Somebody else does something, and is done with it."""
    connection = psycopg2.connect(database_url_of_tests())
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def rows_without_end() -> Iterator[Row]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        yield ["one", "two"]
    pytest.fail("nobody stopped it")


def left(report: Report) -> tuple:
    """The state of a report and how many rows of which kind are there of it."""
    report.refresh_from_db()
    return report.state, ReportPiece.objects.count(), FilePiece.objects.count(), report.data_sha256, report.head


def test_cut_is_of_one_moment_though_somebody_writes_between(small):
    CompanyFactory(name_registered="Before", city="Astana")

    def somebody_writes() -> None:
        elsewhere("UPDATE companies_company SET name_registered = 'After'")

    small(cut=lambda order, user, put: Cut(names_of(put, between=somebody_writes), None))
    report = made()

    assert Company.objects.get().name_registered == "After"
    assert [list(rows_of(report, key)) for key in ("copied", "one_by_one")] == [[["Before", "Astana"]]] * 2


def test_cancelled_report_ends_between_two_rows(small):
    def cut(order, user, put):
        put.copied("copied", "SELECT 'one', 'two'")
        elsewhere(CANCEL)
        put.put("one_by_one", rows_without_end())

    small(cut=cut)

    assert left(made()) == (ReportState.CANCELLED, 0, 0, "", None)


def test_cancelled_report_ends_though_its_query_runs(small):
    def cut(order, user, put):
        elsewhere(CANCEL)
        put.copied("copied", f"SELECT 'one', pg_sleep({PATIENCE_S})::text")

    small(cut=cut)

    assert left(made()) == (ReportState.CANCELLED, 0, 0, "", None)


def test_cancelled_report_ends_while_rows_are_copied(small):
    def cut(order, user, put):
        elsewhere(CANCEL)
        put.copied("copied", "SELECT repeat('x', 1000) FROM generate_series(1, 100_000_000)")

    small(cut=cut)

    assert left(made()) == (ReportState.CANCELLED, 0, 0, "", None)


def test_cancelled_while_a_second_file_is_written_keeps_the_first(monkeypatch, small):
    CompanyFactory()

    def slow(path, frozen, languages):
        elsewhere(CANCEL)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for _row in frozen.rows("long"):
                pass
        pytest.fail("nobody stopped it")

    def cut(order, user, put):
        put.put("long", (["a"] for _row in range(1000)))
        document = Document(subject=SUBJECT, title=four("Long"), tables=(table([text_column("a")], key="long"),))
        return Cut(document, None)

    small(cut=cut)
    monkeypatch.setitem(WRITERS, Format.XLSX, slow)
    report = made(JSON_RU, XLSX_BOTH)

    assert report.state == ReportState.READY
    assert [(file.format, file.is_made) for file in report.files.all()] == [("json", True)]


def test_report_that_waits_is_cancelled_at_once_and_can_be_ordered_anew():
    report = ordered()
    services.cancel(report, officer())
    cancelled = left(report)

    services.carry_out(report.pk)
    untouched = left(report)
    services.try_again(report, officer())
    services.carry_out(report.pk)

    report.refresh_from_db()
    assert cancelled == untouched == (ReportState.CANCELLED, 0, 0, "", None)
    assert (report.state, report.files.made().count()) == (ReportState.READY, 1)


def test_second_worker_leaves_a_report_in_living_hands_alone():
    report = ordered()

    with beating_for(report.pk):
        services.carry_out(report.pk)

    assert left(report)[0] == ReportState.QUEUED


def test_what_a_worker_made_of_a_report_that_was_taken_over_is_not_kept(small):
    def cut(order, user, put):
        elsewhere("UPDATE reports_report SET attempt = attempt + 1")
        return Cut(names_of(put), None)

    small(cut=cut)
    report = ordered()

    again = services.carry_out(report.pk)

    assert (again, *left(report)) == (True, ReportState.MAKING, 0, 0, "", None)


def test_progress_is_seen_while_rows_are_cut(small):
    seen = []

    def watched() -> Iterator[Row]:
        for row in rows_without_end():
            if (done := in_transaction(done_now)) is not None:
                seen.append(done)
                return
            yield row

    def done_now() -> int | None:
        connection = psycopg2.connect(database_url_of_tests())
        cursor = connection.cursor()
        cursor.execute("SELECT done FROM reports_report WHERE done > 0 AND heartbeat_at IS NOT NULL")
        told = cursor.fetchone()
        connection.close()
        return told and told[0]

    small(cut=lambda order, user, put: Cut(names_of(put, between=lambda: put.put("seen", watched())), None))
    made()

    assert seen[0] >= 100


def test_half_a_file_is_kept_by_nobody(monkeypatch):
    monkeypatch.setattr(storing, "PIECE_BYTES", 100)
    kept = []

    def full(**facts):
        kept.append(facts["number"])
        if len(kept) == 3:
            raise OSError("no room")
        return FilePiece(**facts).save()

    monkeypatch.setattr(FilePiece.objects, "create", full)
    report = ordered()

    with pytest.raises(OSError, match="no room"):
        services.carry_out(report.pk)

    assert (kept, FilePiece.objects.count(), report.files.get().is_made) == ([0, 1, 2], 0, False)
