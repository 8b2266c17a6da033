"""A real worker is killed in the middle of a report: nothing half made is left, and another one ends it."""

import pytest

from reports import services
from reports.enums import Format, ReportState, Subject
from reports.models import FilePiece, Report, ReportPiece
from reports.orders import Order
from tests.companies.factories import CompanyFactory
from tests.matching.faults import SOON, gate_before, wait_until
from tests.reports.making.small import officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def ordered() -> Report:
    company = CompanyFactory()
    order = Order(subject=Subject.COMPANIES, companies=(company.pk,))
    return services.order_report(user=officer(), order=order, files=[(Format.JSON, ("ru",)), (Format.XLSX, ("kk",))])


def ready(report: Report) -> Report:
    def is_over() -> bool:
        report.refresh_from_db()
        return report.is_over

    wait_until(is_over, "the report is over")
    return report


def test_worker_killed_while_it_keeps_a_cut_leaves_none_of_it(live_worker):
    worker = live_worker(concurrency=1)
    with gate_before("INSERT", "reports_reportpiece") as gate:
        report = ordered()
        gate.wait_for_somebody()

        worker.kill()
        gate.wait_for_nobody()
        gate.open()
    report.refresh_from_db()
    left = report.cut_at, ReportPiece.objects.count()
    live_worker(concurrency=1, beat=True, **SOON)

    ready(report)
    assert left == (None, 0)
    assert (report.state, report.attempt, report.files.made().count()) == (ReportState.READY, 2, 2)


def test_worker_killed_while_it_keeps_its_second_file_leaves_the_first_whole(live_worker):
    worker = live_worker(concurrency=1)
    with gate_before("UPDATE", "reports_reportfile", "NEW.sha256 <> '' AND NEW.format = 'xlsx'") as gate:
        report = ordered()
        gate.wait_for_somebody()

        worker.kill()
        gate.wait_for_nobody()
        gate.open()
    report.refresh_from_db()
    first, second = report.files.order_by("pk")
    left = first.is_made, second.is_made, FilePiece.objects.filter(file=second).count(), report.cut_at is not None
    live_worker(concurrency=1, beat=True, **SOON)

    ready(report)
    assert left == (True, False, 0, True)
    assert (report.state, report.attempt) == (ReportState.READY, 2)
    assert report.files.get(pk=first.pk).made_at == first.made_at
    assert all(services.made_again(file).is_same for file in report.files.all())
