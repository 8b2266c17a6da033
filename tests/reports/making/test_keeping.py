"""Reports are kept for a while; of those that are removed stay the row, the digests and who took them away."""

import shutil

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reports import services
from reports.enums import Format, ReportState
from reports.models import FilePiece, Report, ReportDownload, ReportFile, ReportPiece
from reports.services import storing
from reports.tasks import remove_old_reports
from tests.companies.factories import CompanyFactory
from tests.reports.making.small import colleague, made, officer, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def what_is_there() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Report, ReportPiece, ReportFile, FilePiece, ReportDownload))


def test_report_is_kept_for_thirty_days():
    CompanyFactory()
    report = made()
    kept_for = report.kept_until - report.finished_at
    remove_old_reports()
    before = what_is_there()

    Report.objects.update(kept_until=timezone.now() - timezone.timedelta(seconds=1))
    remove_old_reports()

    assert (kept_for.days, before, what_is_there()) == (30, (1, 2, 1, 1, 0), (1, 0, 1, 0, 0))


def test_of_a_report_that_is_removed_stays_what_it_was():
    CompanyFactory()
    report = made()
    services.take_away(report.files.get(), officer())
    before = report.data_sha256, report.files.get().sha256

    services.forget(report, officer())

    report.refresh_from_db()
    assert what_is_there() == (1, 0, 1, 0, 1)
    assert (report.data_sha256, report.files.get().sha256) == before
    assert (report.state, report.removed_at is not None) == (ReportState.READY, True)
    assert (report.document.title["en"], report.document.tables, report.document.blocks) == ("Companies", (), ())


def test_nothing_more_is_made_of_a_report_that_is_removed():
    report = made()
    services.forget(report, officer())

    for call in (
        lambda: services.take_away(report.files.get(), officer()),
        lambda: services.try_again(report, officer()),
        lambda: services.add_file(report=report, user=officer(), format=Format.JSON, languages=("kk",)),
    ):
        with pytest.raises(ValidationError):
            call()


def test_cancelled_report_goes_after_its_time():
    services.cancel(ordered(), officer())

    services.remove_what_is_over(timezone.now() + timezone.timedelta(days=31))

    assert what_is_there() == (0, 0, 0, 0, 0)


def test_what_a_killed_worker_left_on_the_disk_goes_with_the_next_try(settings, tmp_path):
    settings.REPORTS_WORK_DIR = str(tmp_path)
    report = ordered()
    with storing.workplace(report) as folder:
        shutil.copytree(folder, left := tmp_path / f"{folder.name}-left")

    services.carry_out(report.pk)

    assert (left.exists(), list(tmp_path.iterdir())) == (False, [])


def test_report_of_which_no_file_was_made_goes_whole():
    report = ordered()
    services.cancel(report, officer())

    services.forget(report, officer())

    assert what_is_there() == (0, 0, 0, 0, 0)


def test_report_is_removed_by_its_maker_once_it_is_made():
    report = ordered()

    with pytest.raises(ValidationError) as early:
        services.forget(report, officer())
    services.carry_out(report.pk)
    with pytest.raises(ValidationError) as stranger:
        services.forget(report, colleague())

    assert early.value.messages == ["This report is still being made. Cancel it first."]
    assert stranger.value.messages == ["Only whoever ordered a report can do this."]
