"""Sends a book as a person does, and does a worker's work on it."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from companies.models import BookImport, Company
from companies.services import imports
from tests.companies.books import CAPACITY, COMPANY, NEED, SELLER, table, workbook

PEOPLE_SAY = {"code": "guest", "name_registered": "PT Tamu", "country": "ID"}
NEXT_YEAR = dt.date.today().year + 1  # noqa: DTZ011 - any year to come will do
DAYS = {"window_from": dt.date(NEXT_YEAR, 1, 1), "window_until": dt.date(NEXT_YEAR, 6, 30)}
SHIPPED = {"available_from": dt.date(NEXT_YEAR, 1, 1), "available_until": dt.date(NEXT_YEAR, 12, 31)}
WANTED, OFFERED = NEED | DAYS, CAPACITY | SHIPPED


def delegation(*, needs=(WANTED,), capacities=(OFFERED,), companies=(COMPANY, SELLER)) -> bytes:
    """A book of a buyer and a seller."""
    sheets = {"Companies": companies, "Needs": needs, "Capacities": capacities}
    return workbook({name: table(*rows) for name, rows in sheets.items() if rows})


def sent(user, data: bytes, name: str = "book.xlsx", company: Company | None = None) -> BookImport:
    """A book that was sent and read."""
    book, _is_new = imports.send_book(user=user, file=SimpleUploadedFile(name, data), company=company)
    return worked(book)


def worked(book: BookImport) -> BookImport:
    imports.carry_out(book.pk)
    book.refresh_from_db()
    return book


def confirmed(book: BookImport, user, *, good: bool = False) -> BookImport:
    """A book that was confirmed and written."""
    seen = imports.version_of(book)
    return worked(imports.confirm_book(book=book, user=user, seen_at=seen, takes_good_rows=good))


def undone(book: BookImport, user) -> BookImport:
    return worked(imports.undo_book(book=book, user=user))


def codes(book: BookImport) -> list[tuple]:
    """Row by row, what became of it and the codes of what is said."""
    return [(row.sheet, row.row, row.outcome, [one["code"] for one in row.told]) for row in book.rows.all()]
