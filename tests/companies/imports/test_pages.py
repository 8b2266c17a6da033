"""The pages of a book: what is refused is said in the reader's language, lists cost the same however long they are."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape

from accounts.enums import Role
from companies.book.answer import Message
from companies.book.answer_files import headings
from companies.book.saying import said, said_of
from companies.book.sentences import BOOK_SENTENCES
from companies.book.told import from_kept, kept_form
from companies.enums import CompanyStatus
from companies.models import BookImport, Company, ImportedRow, Need
from companies.services import imports
from tests.companies.books import COMPANY, catalogue, table, workbook
from tests.companies.factories import CompanyFactory
from tests.companies.imports.big_book import BAD_CAPACITIES, BAD_COMPANIES, BAD_NEEDS
from tests.companies.imports.sent import OFFERED, WANTED, confirmed, delegation, sent, undone, worked
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(settings, tmp_path, client):
    settings.MEDIA_ROOT = tmp_path
    catalogue()
    user = person(Role.STAFF)
    client.force_login(user)
    return user


def bad_book() -> bytes:
    """A row for every kind of mistake, among good ones."""
    return workbook(
        {
            "Companies": table(*(COMPANY | {"code": f"c-{n}"} | bad for n, bad in enumerate([{}, *BAD_COMPANIES]))),
            "Needs": table(*(WANTED | {"company": "c-0", "reference": f"N-{n}"} | b for n, b in enumerate(BAD_NEEDS))),
            "Capacities": table(
                *(OFFERED | {"company": "c-0", "reference": f"C-{n}"} | b for n, b in enumerate(BAD_CAPACITIES))
            ),
            "Notes": [["of our own"], ["x"]],
        }
    )


def send(client, data: bytes, address: str = "/book/import/", name: str = "book.xlsx"):
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("language", ["id", "ru"])
def test_preview_says_every_refusal_in_the_language_of_the_reader(staff, client, language):
    response = send(client, bad_book())
    book = worked(BookImport.objects.get())
    assert response["Location"] == f"/book/import/{book.pk}/"
    client.cookies["django_language"] = language

    page = client.get(f"/book/import/{book.pk}/?size=100").content.decode()

    with translation.override(language):
        shown = [one for row in book.rows.all() for one in said_of(row.told)]
        assert len([row for row in book.rows.all() if row.outcome == "refused"]) == 25
    assert [one.text for one in shown if escape(one.text) not in page] == []
    assert [one.where for one in shown if one.where and f"<b>{one.where}</b>" not in page] == []


def test_everything_said_is_kept_and_said_alike(staff):
    book = sent(staff, bad_book())

    for row in book.rows.all():
        assert kept_form(from_kept(row.told)) == row.told
    assert said(Message("of_another_version", {})) == "of_another_version"


def test_file_goes_its_way_over_the_pages(staff, client):
    send(client, delegation())
    book = worked(BookImport.objects.get())
    page = client.get(f"/book/import/{book.pk}/")
    assert (page.status_code, "Nothing has been written yet" in page.content.decode(), Need.objects.count()) == (
        200,
        True,
        0,
    )

    client.post(f"/book/import/{book.pk}/confirm/", {"seen": imports.version_of(book)})
    assert "compared once more" in client.get(f"/book/import/{book.pk}/").content.decode()
    worked(book)
    company = Company.objects.get(code="alatau")
    assert f"/companies/{company.pk}/" in client.get(f"/book/import/{book.pk}/").content.decode()

    client.post(f"/book/import/{book.pk}/undo/")
    worked(book)
    assert "Nothing of it is left" in client.get(f"/book/import/{book.pk}/").content.decode()


def test_same_file_is_answered_with_what_became_of_it(staff, client):
    data = delegation()
    send(client, data)

    response = send(client, data)

    book = BookImport.objects.get()
    assert response["Location"] == f"/book/import/{book.pk}/"


def test_upload_that_is_no_book_is_refused_on_the_page(staff, client):
    response = send(client, b"%PDF", name="book.pdf")

    assert (response.status_code, "Files ending in .pdf are not read" in response.content.decode()) == (400, True)


def test_business_sees_its_own_files_alone(staff, client):
    mill, other = (CompanyFactory(code=code, status=CompanyStatus.SUBMITTED) for code in ("mill", "other"))
    data = workbook({"Capacities": table({k: v for k, v in OFFERED.items() if k != "company"})})
    theirs = sent(member_of(other), data, "theirs.xlsx", company=other)
    client.force_login(member_of(mill))
    send(client, data, f"/companies/{mill.pk}/import/")

    page = client.get(f"/companies/{mill.pk}/import/").content.decode()

    own = mill.imports.get()
    assert (f"/book/import/{own.pk}/" in page, f"/book/import/{theirs.pk}/" in page) == (True, False)
    assert [
        client.get(f"/book/import/{theirs.pk}/").status_code,
        client.post(f"/book/import/{theirs.pk}/confirm/").status_code,
        client.get(f"/companies/{other.pk}/import/").status_code,
        client.get("/book/import/").status_code,
    ] == [404] * 4


def test_progress_is_quiet_while_nothing_changes_and_brings_the_page_when_done(staff, client):
    book, _is_new = imports.send_book(user=staff, file=SimpleUploadedFile("book.xlsx", delegation()))
    address = f"/book/import/{book.pk}/progress/"

    waiting = client.get(address)
    same = client.get(f"{address}?seen=checking-0-0")
    worked(book)
    done = client.get(address)

    assert [waiting.status_code, same.status_code, done.status_code] == [200, 204, 200]
    assert done["HX-Refresh"] == "true"


def test_answer_is_carried_away_in_two_kinds_and_nothing_in_it_is_live(staff, client):
    book = sent(staff, delegation(needs=(WANTED, WANTED | {"reference": "@cmd", "own_words": "=1+1"})))

    text = b"".join(client.get(f"/book/import/{book.pk}/answer.csv?outcome=refused")).decode("utf-8-sig")
    data = b"".join(client.get(f"/book/import/{book.pk}/answer.xlsx"))

    (line,) = list(csv.reader(io.StringIO(text)))[1:]
    assert line[:7] == ["Needs", "3", "alatau/@cmd", "refused", "J3", "own_words", "'=1+1"]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == headings()
    assert [cell.data_type for row in sheet for cell in row if cell.value and str(cell.value).startswith("=")] == ["s"]


@pytest.mark.parametrize("address", ["/book/import/", "/book/import/{}/"])
def test_lists_cost_the_same_for_one_row_and_for_three(staff, client, address):
    book = confirmed(sent(staff, delegation(companies=(COMPANY,), needs=(), capacities=())), staff)
    address = address.format(book.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)

    for number in range(2, 4):
        sent(staff, delegation(companies=(COMPANY | {"code": f"c-{number}"},), needs=(), capacities=()))
        made = CompanyFactory()
        ImportedRow.objects.create(
            book=book, position=number, sheet="Companies", row=number, outcome="taken", made_company=made
        )
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one)


def test_rows_that_stay_are_found_by_their_filter(staff, client):
    book = confirmed(sent(staff, delegation()), staff)
    member_of(Company.objects.get(code="alatau"))
    book = undone(book, staff)

    page = client.get(f"/book/import/{book.pk}/?undo=stays").content.decode()

    assert ("somebody has used it since" in page, "kariangau" in page) == (True, False)


def test_every_sentence_of_a_book_has_its_facts():
    """A code that is kept must be sayable whatever it lacks: the pages of old books are still opened."""
    assert [code for code in BOOK_SENTENCES if not said(Message(code, {}))] == []
