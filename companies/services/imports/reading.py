"""A worker reads a book and keeps what is said of each row. Nothing of the book itself is written."""

from django.db import transaction
from django.utils import timezone

from companies.book.answer import BookAnswer
from companies.book.importing import import_book
from companies.book.told import kept_form
from companies.enums import ImportState
from companies.models import BookImport, ImportedRow
from companies.services.imports.beat import BookBeat
from companies.services.imports.senders import sender_of

BATCH = 1000
LONGEST_KEY = 120


def read(book: BookImport, beat: BookBeat) -> None:
    """Answer every row of the file, as a trial."""
    sender = sender_of(book)
    answer = import_book([file_of(book)], sender=sender, is_trial=True, progress=beat.progress)
    with transaction.atomic():
        keep_preview(book, answer)


def file_of(book: BookImport) -> tuple[str, bytes]:
    """The name and the content of the file that was sent."""
    with book.file.open("rb") as file:
        return book.file_name, file.read()


def keep_preview(book: BookImport, answer: BookAnswer, more: tuple = ()) -> None:
    """Put what is said now in place of what was said before. A book that is not at work any more is left alone."""
    now = timezone.now()
    counts = answer.counts | {"refusals": len(answer.refusals)}
    told = [{"is_refusal": True, **one} for one in kept_form(answer.refusals)]
    told += kept_form([*more, *answer.notes])
    kept = BookImport.objects.filter(pk=book.pk, state=book.state).update(
        state=ImportState.CHECKED,
        counts=counts,
        told=told,
        done=len(answer.rows),
        total=len(answer.rows),
        checked_at=now,
        failure="",
        takes_good_rows=False,
    )
    if not kept:
        return
    book.rows.all().delete()
    ImportedRow.objects.bulk_create(rows_of(book, answer), batch_size=BATCH)


def rows_of(book: BookImport, answer: BookAnswer):
    """One by one: a book has thousands."""
    for position, row in enumerate(answer.rows, start=1):
        yield ImportedRow(
            book=book,
            position=position,
            sheet=row.sheet[:LONGEST_KEY],
            row=row.row,
            key=row.key[:LONGEST_KEY],
            outcome=row.outcome,
            told=kept_form(row.messages),
        )
