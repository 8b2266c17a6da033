"""A contact person who withdraws, or is removed, is in no report that can still be taken away."""

import threading

import pytest
from django.db import connections

from companies.enums import ContactPurpose
from companies.services import give_consent, remove_contact, withdraw_consent
from reports import services
from reports.cutting.cut import SubjectCut
from reports.cutting.subjects import SUBJECTS
from reports.enums import ReportState, Subject
from reports.models import FilePiece, Report, ReportFile, ReportPiece
from reports.orders import Order
from reports.pieces import rows_of
from tests.companies.factories import ContactPersonFactory
from tests.reports.making.small import made, officer, ordered

pytestmark = pytest.mark.django_db


def dossier_of(*companies) -> Order:
    return Order(
        subject=Subject.COMPANIES,
        companies=tuple(company.pk for company in companies),
        contacts=True,
        purpose=ContactPurpose.INTRODUCE,
        recipient="Kazyna Trade",
        crosses_to="KZ",
    )


def names_in(report: Report) -> list[str]:
    return [row[1] for row in rows_of(report, "contacts")]


def what_is_left(report: Report) -> tuple:
    report.refresh_from_db()
    pieces = ReportPiece.objects.filter(report=report).count(), FilePiece.objects.filter(file__report=report).count()
    return report.removed_at is not None, *pieces


@pytest.mark.parametrize("leaves", ["withdraws", "agrees to less", "is removed", "goes with the company"])
def test_reports_that_hold_a_person_go_when_that_person(leaves):
    person, other = ContactPersonFactory(), ContactPersonFactory()
    holds, of_others = made(order=dossier_of(person.company)), made(order=dossier_of(other.company))
    held = names_in(holds)

    match leaves:
        case "withdraws":
            withdraw_consent(contact=person)
        case "agrees to less":
            given_on = person.consent.given_on
            give_consent(contact=person, recorded_by=officer(), countries=["ID"], given_on=given_on)
        case "is removed":
            remove_contact(contact=person)
        case "goes with the company":
            person.company.delete()

    assert held == [person.name]
    assert what_is_left(holds) == (True, 0, 0)
    assert what_is_left(of_others)[0] is False
    assert ReportFile.objects.get(report=holds).sha256 != ""


def elsewhere(call, **facts) -> None:
    """Done by somebody else, on a connection of their own, and committed."""
    somebody = threading.Thread(target=lambda: (call(**facts), connections.close_all()))
    somebody.start()
    somebody.join(timeout=60)
    assert not somebody.is_alive()


@pytest.mark.django_db(transaction=True)
def test_person_who_withdraws_while_a_report_is_cut_is_not_in_it(monkeypatch):
    """The cut saw them, for it is of a moment before; what it found is not kept, and the next one does not."""
    person = ContactPersonFactory()
    real, cuts = SUBJECTS[Subject.COMPANIES], []

    def cut(order, user, put):
        found = real.cut(order, user, put)
        if not cuts:
            elsewhere(withdraw_consent, contact=person)
        cuts.append(found.document.has_contacts)
        return found

    monkeypatch.setitem(SUBJECTS, Subject.COMPANIES, SubjectCut(real.columns, real.check, cut, real.groupings))
    report = ordered(order=dossier_of(person.company))

    again = services.carry_out(report.pk)
    services.carry_out(report.pk)

    report.refresh_from_db()
    assert (again, cuts) == (True, [True, False])
    assert (report.state, report.document.has_contacts) == (ReportState.READY, False)
