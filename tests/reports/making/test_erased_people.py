"""What stays of the reports of somebody who is erased."""

import pytest
from django.utils import timezone

from reports import services
from reports.enums import Every
from reports.models import Report, ReportDownload, Schedule
from tests.reports.making.small import ORDER, colleague, made, officer, ordered
from tradematch.keeping.erase import erase_person, find_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def test_reports_of_an_erased_person_go_unless_colleagues_see_them():
    leaving, stays, now = officer(email="leaving@example.test", name="Leaving Person"), colleague(), timezone.now()
    own, shared = made(user=leaving, name="own"), made(user=leaving, name="shared")
    waiting, of_others = ordered(user=leaving), made(user=stays, name="of others")
    services.share(shared, leaving, [stays])
    services.share(of_others, stays, [leaving])
    services.take_away(shared.files.get(), leaving)
    for owner in (leaving, stays):
        Schedule.objects.create(
            name="Mondays",
            owner=owner,
            subject=ORDER.subject,
            order={},
            files=[],
            every=Every.DAY,
            at=now.time(),
            next_at=now,
        )

    erase_person(find_person("leaving@example.test"), reason="asked for it")

    there = {report.pk: report.removed_at is None for report in Report.objects.all()}
    assert there == {own.pk: False, shared.pk: True, of_others.pk: True}
    assert waiting.pk not in there
    assert list(of_others.shared_with.all()) == []
    assert [one.owner for one in Schedule.objects.all()] == [stays]
    assert ReportDownload.objects.get().taken_by.name == ""
    assert services.take_away(shared.files.get(), stays) is not None
