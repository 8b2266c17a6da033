"""What history keeps: every way to change a row, who did it by which way, and nothing that could be changed later."""

import datetime as dt

import pytest
from django.core.management import BaseCommand, call_command
from django.db import InternalError, connection, transaction
from django.test import RequestFactory
from pghistory.models import Context

from accounts.enums import Role
from accounts.history import HistoryMiddleware, changes_by, changes_by_the_way, forgetting
from accounts.models import User
from companies.models import Company, ContactLook, ContactPerson, Need, NeedCertificate
from tests.companies.factories import CompanyFactory, NeedFactory
from tests.factories import CertificateKindFactory
from tests.people import person
from tradematch.celery import app

pytestmark = pytest.mark.django_db
CompanyEvent = Company.pgh_event_model


@app.task(name="tests.make_a_company")
def make_a_company() -> None:
    CompanyFactory()


def kept(events=CompanyEvent, field: str = "city") -> list[tuple]:
    """What was done, and what a field then held, in order."""
    return list(events.objects.order_by("pgh_id").values_list("pgh_label", field))


def said_of_last(events=CompanyEvent) -> dict | None:
    """What the last change says of itself."""
    context = events.objects.order_by("pgh_id").last().pgh_context
    return context and context.metadata


def test_history_keeps_a_new_row_a_change_and_a_deletion():
    made = CompanyFactory(city="Balikpapan")
    made.city = "Samarinda"
    made.save()
    made.delete()

    assert kept() == [("insert", "Balikpapan"), ("update", "Samarinda"), ("delete", "Samarinda")]


def test_history_keeps_changes_that_pass_by_save():
    first, second = CompanyFactory(city="A"), CompanyFactory(city="B")
    Company.objects.filter(pk=first.pk).update(city="C")
    second.city = "D"
    Company.objects.bulk_update([second], ["city"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE companies_company SET city = 'E' WHERE id = %s", [first.pk])
    Company.objects.bulk_create([CompanyFactory.build(city="F")])

    assert kept() == [
        ("insert", "A"),
        ("insert", "B"),
        ("update", "C"),
        ("update", "D"),
        ("update", "E"),
        ("insert", "F"),
    ]


def test_history_keeps_no_change_that_changes_nothing():
    made = CompanyFactory(city="A")
    made.save()  # `changed_at` moves, and is nobody's decision
    Company.objects.update(city="A")

    assert kept() == [("insert", "A")]


def test_history_keeps_which_certificates_a_need_asks_for():
    halal, haccp = CertificateKindFactory(), CertificateKindFactory()
    need = NeedFactory()
    need.required_certificates.set([halal])
    need.required_certificates.set([haccp])

    events = NeedCertificate.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "certificatekind")
    assert list(events) == [("insert", halal.pk), ("delete", halal.pk), ("insert", haccp.pk)]


def test_history_keeps_who_changed_a_row_by_number():
    with changes_by(user=person(Role.STAFF).pk):
        CompanyFactory()

    assert said_of_last() == {"user": person(Role.STAFF).pk}


def test_history_keeps_which_command_changed_a_row():
    class Command(BaseCommand):
        def handle(self, **options):
            CompanyFactory()

    call_command(Command())

    assert said_of_last() == {"command": "test_history_kept"}


@pytest.mark.django_db(transaction=True)  # what is said of changes lasts to the end of a transaction
def test_history_keeps_which_task_changed_a_row():
    make_a_company.apply()

    assert said_of_last() == {"task": "tests.make_a_company"}
    CompanyFactory()
    assert said_of_last() is None


def test_history_keeps_who_stands_in_beside_who_asked():
    with changes_by(user=7):
        changes_by_the_way(stand_in=3)
        CompanyFactory()

    assert said_of_last() == {"user": 7, "stand_in": 3}


def test_what_is_kept_is_neither_changed_nor_deleted():
    CompanyFactory(city="A")

    for attempt in (lambda rows: rows.update(city="B"), lambda rows: rows.delete()):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            attempt(CompanyEvent.objects.all())
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE companies_companyevent SET city = 'B'")

    assert kept() == [("insert", "A")]


def test_what_is_kept_of_a_person_can_be_forgotten():
    CompanyFactory(city="A")
    with forgetting():
        CompanyEvent.objects.update(city="")

    assert kept() == [("insert", "")]
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        CompanyEvent.objects.update(city="B")


def test_roles_are_kept_but_neither_names_nor_addresses_nor_passwords():
    user = person(Role.BUSINESS, name="Ayu")
    user.role = Role.STAFF
    user.save(update_fields=["role"])
    user.set_password("another one of tests")
    user.name = "Ayu Lestari"
    user.last_login = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    user.save(update_fields=["password", "name", "last_login"])

    events = User.pgh_event_model
    assert kept(events, "role") == [("insert", "business"), ("update", "staff")]
    assert {"name", "email", "password", "last_login"}.isdisjoint(field.name for field in events._meta.fields)


def test_contact_persons_have_no_history_on_purpose():
    assert not hasattr(ContactPerson, "pgh_event_model")
    assert not hasattr(ContactLook, "pgh_event_model")


def test_a_request_keeps_who_made_it():
    request = RequestFactory().post("/")
    request.user = person(Role.STAFF)

    HistoryMiddleware(lambda _request: CompanyFactory())(request)

    assert said_of_last() == {"user": person(Role.STAFF).pk}


def test_a_request_that_only_reads_opens_no_context():
    request = RequestFactory().get("/")
    request.user = person(Role.STAFF)
    HistoryMiddleware(lambda _request: CompanyFactory())(request)

    assert said_of_last() is None
    assert not Context.objects.exists()


def test_needs_and_companies_have_a_table_each_of_their_own():
    need = NeedFactory()

    assert kept(Need.pgh_event_model, "reference") == [("insert", need.reference)]
