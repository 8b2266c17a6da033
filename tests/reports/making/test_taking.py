"""Files are shared with colleagues, taken away by whom they may be seen, and never without a trace."""

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.enums import Role
from accounts.models import User
from notices.models import Notice
from reports import services
from reports.cutting.cut import Cut
from reports.models import Report, ReportDownload, ReportFile
from reports.sending import sent
from tests.people import person
from tests.reports.making.small import colleague, made, names_of, officer, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
GONE = "This file is not there any more, or not for you."


def with_contacts(order, user, put) -> Cut:
    return Cut(names_of(put, has_contacts=True), None, contacts_of=(7,))


def refused(call, *arguments) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        call(*arguments)
    return refusal.value.messages


def test_file_is_taken_away_whole_and_kept_in_the_log_once():
    file = made().files.get()

    answer = sent(file, officer())
    logged_before_the_first_byte = ReportDownload.objects.count()
    content = answer.getvalue()

    (log,) = ReportDownload.objects.all()
    assert (logged_before_the_first_byte, len(content)) == (1, file.size)
    assert (log.report, log.file_name, log.sha256, log.taken_by, log.had_contacts) == (
        file.report,
        file.name,
        file.sha256,
        officer(),
        False,
    )
    assert {name: answer[name] for name in ("Content-Type", "Content-Length", "Content-Disposition")} == {
        "Content-Type": "application/json",
        "Content-Length": str(file.size),
        "Content-Disposition": f'attachment; filename="{file.name}"',
    }


def test_report_is_for_its_maker_and_those_it_is_shared_with():
    report = made(name="For Monday")
    file, other, third = report.files.get(), colleague(2), colleague(3)
    business = person(Role.BUSINESS)

    services.share(report, officer(), [other, other, officer()])

    assert list(report.shared_with.all()) == [other]
    for one, sees in ((officer(), True), (other, True), (third, False), (business, False)):
        assert Report.objects.visible_to(one).filter(pk=report.pk).exists() is sees
        assert ReportFile.objects.visible_to(one).exists() is sees
    assert refused(services.take_away, file, third) == [GONE]
    with pytest.raises(Http404):
        sent(file, business)
    assert [(notice.user, notice.facts["name"]) for notice in Notice.objects.all()] == [(other, "For Monday")]


def test_file_is_refused_once_it_is_shared_no_more():
    report, other = made(), colleague()
    services.share(report, officer(), [other])
    services.take_away(report.files.get(), other)

    services.unshare(report, officer(), other)

    assert refused(services.take_away, report.files.get(), other) == [GONE]
    assert ReportDownload.objects.get().taken_by == other


def test_file_is_refused_to_a_closed_account():
    report, other = made(), colleague()
    services.share(report, officer(), [other])
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert refused(services.take_away, report.files.get(), User.objects.get(pk=other.pk)) == [GONE]


def test_report_is_shared_by_its_maker_with_people_who_may_export():
    report = made()
    business = person(Role.BUSINESS, name="Sari")

    assert refused(services.share, report, colleague(), [colleague(3)]) == [
        "Only whoever ordered a report can do this."
    ]
    assert refused(services.share, report, officer(), [business]) == ["Sari may not carry reports away."]


def test_contact_persons_are_shared_only_where_they_agreed_to_be_seen(small):
    small(cut=with_contacts)
    report = made()
    in_astana = person(Role.OFFICER, email="astana@example.test")
    in_balikpapan = colleague()

    services.share(report, officer(), [in_astana])
    services.take_away(report.files.get(), in_astana)

    assert ReportDownload.objects.get().had_contacts
    assert refused(services.share, report, officer(), [in_balikpapan]) == [
        "This report holds contact persons who did not agree to be seen where Colleague 2 works."
    ]
    User.objects.filter(pk=in_astana.pk).update(role=Role.STAFF)
    assert refused(services.take_away, report.files.get(), User.objects.get(pk=in_astana.pk)) == [GONE]


def test_those_it_is_shared_with_are_told_when_it_is_ready():
    report = ordered()
    services.share(report, officer(), [colleague()])
    told_before = Notice.objects.count()

    services.carry_out(report.pk)

    assert (told_before, [notice.user for notice in Notice.objects.all()]) == (0, [colleague()])
