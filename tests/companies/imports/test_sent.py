"""Who may send what: a business its own listings, staff and officers guests that are verified all the same."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.book import rights
from companies.enums import CompanyStatus, FactKind, ImportState
from companies.models import BookImport, Capacity, Company, Need, VerificationFact
from companies.services import begin_stand_in, editing, imports
from companies.signals import book_changed
from tests.companies.books import COMPANY, SELLER, catalogue, csv_file, table, workbook
from tests.companies.factories import CompanyFactory
from tests.companies.imports.sent import OFFERED, WANTED, codes, confirmed, delegation, sent, undone, worked
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
TONNES = ["converted_quantity"]  # what is said of a good row


@pytest.fixture(autouse=True)
def _here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    catalogue()


@pytest.fixture
def mill() -> Company:
    return CompanyFactory(code="mill", name_registered="PT Mill", country="ID", status=CompanyStatus.SUBMITTED)


def own(row: dict, **changes) -> dict:
    return {name: value for name, value in row.items() if name != "company"} | changes


def own_book(*capacities: dict, **sheets) -> bytes:
    return workbook({"Capacities": table(*capacities), **sheets})


def test_business_sends_its_own_listings_without_naming_itself(mill):
    member = member_of(mill)

    book = confirmed(sent(member, own_book(own(OFFERED), own(OFFERED, reference="C-2")), company=mill), member)

    assert (book.state, list(mill.capacities.values_list("reference", "status"))) == (
        ImportState.WRITTEN,
        [("C-1", "open"), ("C-2", "open")],
    )


def test_matching_is_told_whose_doing_a_book_is(mill):
    heard = []

    def hear(sender, companies, by_company, **facts):
        heard.append(by_company)

    member, staff = member_of(mill), person(Role.STAFF)
    book_changed.connect(hear)
    undone(confirmed(sent(member, own_book(own(OFFERED)), company=mill), member), member)
    undone(confirmed(sent(staff, delegation()), staff), staff)
    book_changed.disconnect(hear)

    assert heard == [True, True, False, False]


def test_business_touches_nobody_else(mill):
    other = CompanyFactory(code="other", name_registered="PT Other")
    rows = [own(OFFERED, company=name, reference=f"C-{name}") for name in ("mill", "PT Mill", "other", "unheard")]

    book = sent(member_of(mill), own_book(*rows), company=mill)

    assert codes(book) == [
        ("Capacities", 2, "converted", TONNES),
        ("Capacities", 3, "converted", TONNES),
        ("Capacities", 4, "refused", ["company_not_yours"]),
        ("Capacities", 5, "refused", ["company_not_yours"]),  # nothing tells which companies there are
    ]
    assert not other.capacities.exists()


def test_history_says_who_confirmed_a_book_and_undid_it_and_for_whom(mill):
    staff = person(Role.STAFF)
    begin_stand_in(company=mill, user=staff, reason="asked on the phone")

    book = confirmed(sent(staff, own_book(own(OFFERED)), company=mill), staff)
    undone(book, staff)

    said = [event.pgh_context.metadata for event in apps.get_model("companies", "CapacityEvent").objects.order_by("pk")]
    whom = {"user": staff.pk, "stand_in": mill.pk, "book": book.pk}
    assert said == [{"way": "import_book"} | whom, {"way": "undo_book"} | whom]


def test_company_is_held_before_its_book_so_that_a_merge_and_a_worker_need_not_wait_for_ever(mill):
    member = member_of(mill)
    book = sent(member, own_book(own(OFFERED)), company=mill)

    with CaptureQueriesContext(connection) as confirming:
        imports.confirm_book(book=book, user=member, seen_at=imports.version_of(book), takes_good_rows=False)
    worked(book)
    with CaptureQueriesContext(connection) as undoing:
        imports.undo_book(book=book, user=member)

    assert (held_in(confirming), held_in(undoing)) == (["companies_company", "companies_bookimport"],) * 2


def held_in(queries: CaptureQueriesContext) -> list[str]:
    """The tables of which rows were held, in their order."""
    return [re.search(r'FROM "(\w+)"', one["sql"])[1] for one in queries if " FOR " in one["sql"]]


def test_business_sends_no_sheet_of_companies(mill):
    filled = own_book(own(OFFERED), Companies=table(SELLER))
    example = own_book(own(OFFERED), Companies=table(SELLER | {"code": "example: x"}))

    refused, taken = (sent(member_of(mill), data, company=mill) for data in (filled, example))

    assert [one["code"] for one in refused.told] == ["sheet_of_companies_not_yours"]
    assert (taken.told, codes(taken)) == ([], [("Capacities", 2, "converted", TONNES)])


def test_nobody_checks_a_certificate_by_a_spreadsheet(mill):
    book = sent(member_of(mill), own_book(own(OFFERED, certificates="haccp=checked")), company=mill)

    assert codes(book) == [("Capacities", 2, "refused", ["certificate_is_checked_apart"])]


def test_listing_that_has_ended_stays_as_it_ended(mill):
    member = member_of(mill)
    confirmed(sent(member, own_book(own(OFFERED)), company=mill), member)
    Capacity.objects.update(status="closed")

    book = sent(member, own_book(own(OFFERED, status="open")), company=mill)

    assert codes(book) == [("Capacities", 2, "refused", ["listing_has_ended"])]


def test_company_has_only_so_many_open_listings(mill, monkeypatch):
    monkeypatch.setattr(rights, "MOST_OPEN", 2)
    rows = [own(OFFERED, reference=f"C-{number}") for number in range(3)]

    book = sent(member_of(mill), own_book(*rows), company=mill)

    assert [told for *_where, told in codes(book)] == [TONNES, TONNES, ["too_many_open_listings"]]


def test_book_and_forms_have_the_same_limit_of_listings():
    assert rights.MOST_OPEN == editing.MOST_LISTINGS


def test_company_much_like_one_that_is_here_is_hinted_at():
    CompanyFactory(code="known", name_registered="TOO Alatau", country="KZ")

    book = sent(person(Role.STAFF), delegation(needs=(), capacities=()))

    assert codes(book) == [("Companies", 2, "taken", ["likely_here"]), ("Companies", 3, "taken", [])]
    assert book.rows.first().told[0]["params"] == {"code": "known", "name": "TOO Alatau"}


def test_suspended_company_sends_nothing(mill):
    mill.status = CompanyStatus.SUSPENDED
    mill.save()

    with pytest.raises(ValidationError, match="suspended"):
        sent(member_of(mill), own_book(own(OFFERED)), company=mill)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": "active"}, "status_is_decided_apart"),
        ({"screening": "clear"}, "recorded_when_verified"),
        ({"visited_on": dt.date(2026, 6, 3)}, "recorded_when_verified"),
        ({"certificates": "haccp=checked"}, "certificate_is_checked_apart"),
    ],
)
def test_staff_verify_nobody_by_a_spreadsheet(facts, code):
    book = sent(person(Role.STAFF), delegation(companies=(COMPANY | facts,), needs=(), capacities=()))

    assert codes(book) == [("Companies", 2, "refused", [code])]


def test_what_is_here_and_checked_may_be_said_again_but_not_changed():
    known = CompanyFactory(code="alatau", name_registered="ТОО «Алатау»", country="KZ")
    VerificationFact.objects.create(company=known, kind=FactKind.VISITED, checked_on=dt.date(2026, 6, 3))
    VerificationFact.objects.create(company=known, kind=FactKind.NUMBER_CHECKED, checked_on=dt.date(2026, 6, 3))
    same = COMPANY | {"status": "active", "visited_on": dt.date(2026, 6, 3)}

    again = sent(person(Role.STAFF), delegation(companies=(same,), needs=(), capacities=()))
    renamed = sent(
        person(Role.STAFF), delegation(companies=(same | {"name_registered": "Other"},), needs=(), capacities=())
    )

    assert codes(again) == [("Companies", 2, "already_there", [])]
    assert codes(renamed) == [("Companies", 2, "refused", ["fact_was_checked"])]


def test_company_with_people_of_its_own_speaks_for_itself_unless_somebody_stands_in():
    staff = person(Role.STAFF)
    known = CompanyFactory(code="alatau", name_registered="ТОО «Алатау»", country="KZ")
    member_of(known)
    data = delegation(companies=(COMPANY | {"city": "Almaty"},), needs=(WANTED,), capacities=())

    book = sent(staff, data)
    refused = codes(book)
    imports.drop_book(book=book)
    begin_stand_in(company=known, user=staff, reason="asked on the phone")
    taken = sent(staff, data)

    assert [told for *_where, told in refused] == [["company_has_people"], ["company_row_refused"]]
    assert [outcome for _sheet, _row, outcome, _told in codes(taken)] == ["updated", "converted"]


def test_officer_brings_in_companies_of_their_own_country():
    book = sent(person(Role.OFFICER), delegation(needs=(), capacities=()))

    assert codes(book) == [("Companies", 2, "taken", []), ("Companies", 3, "refused", ["country_not_yours"])]


def test_new_company_is_known_by_its_book():
    staff = person(Role.STAFF)

    book = confirmed(sent(staff, csv_file(table(COMPANY)), "companies.csv"), staff)

    company = Company.objects.get()
    day = dt.date.today().isoformat()  # noqa: DTZ011 - the day of the city, as near as this test needs it
    assert company.source.startswith(f"companies.csv № {book.pk}, {day[:4]}")
    assert company.submitted_at is not None


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("book.pdf", b"%PDF", "Files ending in .pdf are not read"),
        ("book.xlsx", b"not a workbook", "This is not an .xlsx workbook"),
        ("book.csv", b"PK\x03\x04", "This is a workbook, not CSV"),
        ("book.xlsm", b"PK\x03\x04", "macros"),
        ("book.csv", b"  ", "The file is empty"),
        ("book.csv", b"x" * 10_000_001, "at most 10 MB"),
    ],
)
def test_file_that_cannot_be_read_is_not_kept(name, data, words):
    with pytest.raises(ValidationError, match=words):
        imports.send_book(user=person(Role.STAFF), file=SimpleUploadedFile(name, data))

    assert not BookImport.objects.exists()


def test_nobody_leaves_many_books_waiting(monkeypatch):
    monkeypatch.setattr("companies.services.imports.sending.MOST_WAITING", 1)
    sent(person(Role.STAFF), delegation(needs=()))

    with pytest.raises(ValidationError, match="wait to be confirmed"):
        sent(person(Role.STAFF), delegation(capacities=()))


def test_dropped_book_leaves_nothing(django_capture_on_commit_callbacks):
    book = sent(person(Role.STAFF), delegation())
    storage, name = book.file.storage, book.file.name

    with django_capture_on_commit_callbacks(execute=True):
        imports.drop_book(book=book)

    assert (BookImport.objects.count(), storage.exists(name), Need.objects.count()) == (0, False, 0)
