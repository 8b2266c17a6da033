"""Takes a book: every row is read and answered first; then all of it is written in one transaction, or nothing."""

from datetime import date
from typing import Protocol

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.history import changes_by
from accounts.sheets.files import read_sheets
from accounts.sheets.sheet import FileRefused, Sheet
from companies.book.answer import BookAnswer, Message
from companies.book.book_rows import BookRows
from companies.book.catalogue import Catalogue
from companies.book.headings import ReadableSheet, is_explaining, recognise
from companies.book.rows import is_example
from companies.book.sender import Progress, Sender
from companies.enums import CompanyKind

# Two books at once would not see each other's companies: the second waits for the first.
BOOK_LOCK = 7_204_001


class Witness(Protocol):
    """Looks on while a book is written, in the same transaction."""

    def before(self, answer: BookAnswer) -> bool:
        """All rows are read and nothing is written. Whether it may be."""

    def after(self, answer: BookAnswer) -> None:
        """All is written."""


def import_book(
    files: list[tuple[str, bytes]],
    *,
    kind: str = CompanyKind.REGISTERED,
    by_staff: bool = True,
    sender: Sender | None = None,
    take_good_rows: bool = False,
    is_trial: bool = False,
    keeps_what_is_here: bool = False,
    today: date | None = None,
    progress: Progress = lambda done, total: None,
    witness: Witness | None = None,
) -> BookAnswer:
    """Take the companies, needs and capacities of some files, and answer every row.

    Nothing is written unless all is well, or `take_good_rows` says to take what is; a trial writes nothing at all.
    What is here already is brought up to date, or left as people have made it with `keeps_what_is_here`. The companies
    are of one `kind`: examples keep their old days, all others must name days to come. What the `sender` may say is
    told in `companies/book/rights.py`; without one, it is whoever sits at the terminal.
    """
    answer = BookAnswer(files=[name for name, _data in files], is_trial=is_trial)
    sender = sender or Sender(is_staff=by_staff)
    sheets = _readable_sheets(files, answer, sender)
    if kind != CompanyKind.EXAMPLE:
        today = today or timezone.localdate()
    try:
        with changes_by(way="import_book"), transaction.atomic():
            if not is_trial:
                wait_for_other_books()
            book = BookRows(sheets, answer, kind=kind, today=today, sender=sender, keeps=keeps_what_is_here)
            book.read(progress, locks=not is_trial)
            may_be_written = not is_trial and (take_good_rows or not answer.is_refused_in_part)
            if may_be_written and (witness is None or witness.before(answer)):
                book.write()
                if witness is not None:
                    witness.after(answer)
                answer.is_written = True
    except IntegrityError:
        answer.is_written = False
        answer.refusals.append(Message("book_changed_meanwhile"))
    return answer


def answer_to(sheets: list[Sheet], catalogue: Catalogue, *, today: date | None = None) -> BookAnswer:
    """What would be said of the rows of some sheets that nobody sent: whether a book says what is here, for example."""
    answer = BookAnswer(files=[], is_trial=True)
    readable = [found for sheet in sheets if not sheet.is_blank and (found := recognise(sheet))]
    book = BookRows(
        readable, answer, kind=CompanyKind.REGISTERED, today=today, sender=Sender(), keeps=False, catalogue=catalogue
    )
    book.read(lambda done, total: None, locks=False)
    return answer


def wait_for_other_books() -> None:
    """Hold every other book back until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BOOK_LOCK])


def _readable_sheets(files: list[tuple[str, bytes]], answer: BookAnswer, sender: Sender) -> list[ReadableSheet]:
    """The sheets that hold rows of the book; what cannot be read is answered at once."""
    readable = []
    may_miss = frozenset({"company"}) if sender.own is not None else frozenset()
    for name, data in files:
        try:
            sheets = read_sheets(name, data)
        except FileRefused as refusal:
            params = {"file": name, **refusal.params}
            answer.refusals.append(Message(refusal.code, params, refusal.sheet, refusal.row, refusal.cell))
            continue
        for sheet in sheets:
            if is_explaining(sheet):
                continue
            found = recognise(sheet, may_miss=may_miss)
            if sheet.is_blank:
                answer.notes.append(Message("sheet_is_empty", {}, sheet.name))
            elif found is None:
                wanted = _refusal_of_unknown(sheets)
                (answer.refusals if wanted else answer.notes).append(Message("sheet_not_read", {}, sheet.name))
            elif sender.own is not None and found.kind.key == "companies":
                if any(not is_example(row) for row in sheet.rows):
                    answer.refusals.append(Message("sheet_of_companies_not_yours", {}, sheet.name))
            else:
                answer.refusals += found.faults
                readable.append(found)
    return readable


def _refusal_of_unknown(sheets: list) -> bool:
    """A file none of whose sheets is known is refused; beside known ones, a sheet of somebody's own notes is let be."""
    return all(recognise(sheet) is None for sheet in sheets if not sheet.is_blank)
