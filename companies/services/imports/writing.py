"""A worker writes a book as it was shown, in one transaction; with it is kept what each row made or changed."""

from django.db import transaction
from django.utils import timezone

from accounts.history import changes_by
from companies.book.answer import CHANGING, BookAnswer, Message, Outcome
from companies.book.importing import import_book
from companies.book.told import kept_form
from companies.enums import ImportState
from companies.models import BookImport, Capacity, Company, ImportedRow, Need
from companies.permissions import is_member
from companies.services.imports.beat import BookBeat
from companies.services.imports.reading import BATCH, file_of, keep_preview
from companies.services.imports.senders import sender_of
from companies.services.imports.sending import forget_file
from companies.services.imports.snapshots import digest_of, snapshots
from companies.signals import book_changed

MADE = {Company: "made_company", Need: "made_need", Capacity: "made_capacity"}
MOST_NAMED = 20  # rows that an answer names


def write(book: BookImport, beat: BookBeat) -> None:
    """Write the rows that were confirmed. Where they would be answered otherwise by now, show them anew instead."""
    witness = Keeper(book)
    with transaction.atomic(), changes_by(**said_of_changes(book)):
        answer = import_book(
            [file_of(book)],
            sender=sender_of(book, decided_by=book.decided_by),
            take_good_rows=book.takes_good_rows,
            progress=beat.progress,
            witness=witness,
        )
        if not answer.is_written:
            rows = witness.differing_from(answer)
            keep_preview(book, answer, (Message("rows_differ_now", {"rows": rows}),) if rows else ())


def said_of_changes(book: BookImport) -> dict:
    """By whom history says it was done, and for whom they stood in."""
    said = {"book": book.pk}
    if book.decided_by is not None:
        said["user"] = book.decided_by.pk
        if book.company is not None and not is_member(book.decided_by, book.company):
            said["stand_in"] = book.company.pk
    return said


class Keeper:
    """Looks on while a book is written: that it is still the one that was confirmed, and what each row does."""

    def __init__(self, book: BookImport):
        self.book = book
        self.kept = list(book.rows.order_by("position"))
        self.before_by_thing: dict[type, dict[int, dict]] = {}

    def before(self, answer: BookAnswer) -> bool:
        if self.differing_from(answer):
            return False
        for model in MADE:
            changed = [
                row.entry.existing.pk
                for row in answer.rows
                if row.outcome == Outcome.UPDATED and isinstance(row.entry.existing, model)
            ]
            self.before_by_thing[model] = snapshots(model, changed)
        return True

    def after(self, answer: BookAnswer) -> None:
        touched = {model: [] for model in MADE}
        for row in answer.rows:
            if row.outcome in CHANGING:
                touched[type(row.entry.thing)].append(row.entry.thing.pk)
        now = {model: snapshots(model, pks) for model, pks in touched.items()}
        for kept, row in zip(self.kept, answer.rows, strict=True):
            if row.outcome not in CHANGING:
                continue
            thing = row.entry.thing
            model = type(thing)
            setattr(kept, MADE[model], thing)
            kept.before = {"is": digest_of(now[model][thing.pk])}
            if row.outcome == Outcome.UPDATED:
                kept.before["was"] = self.before_by_thing[model][thing.pk]
        # Thousands of rows are written anew faster than they are changed.
        self.book.rows.all().delete()
        ImportedRow.objects.bulk_create(self.kept, batch_size=BATCH)
        self._close(answer)

    def _close(self, answer: BookAnswer) -> None:
        is_ours = BookImport.objects.filter(pk=self.book.pk, state=ImportState.WRITING).update(
            state=ImportState.WRITTEN, written_at=timezone.now(), failure="", done=len(answer.rows)
        )
        if not is_ours:
            raise RuntimeError("the book is not being written any more")
        forget_file(self.book)
        things = [row.entry.thing for row in answer.rows if row.outcome in CHANGING]
        touched = {thing.pk if isinstance(thing, Company) else thing.company_id for thing in things}
        companies = list(Company.objects.filter(pk__in=touched).order_by("pk"))
        book_changed.send(sender=BookImport, companies=companies, by_company=self.book.company is not None)

    def differing_from(self, answer: BookAnswer) -> list[str]:
        """The rows of which something else is said now than when the book was confirmed."""
        said = [(row.outcome, kept_form(row.messages)) for row in answer.rows]
        if len(said) != len(self.kept):
            return ["-"]
        differing = [
            f"{kept.sheet} {kept.row}"
            for kept, now in zip(self.kept, said, strict=True)
            if (kept.outcome, kept.told) != now
        ]
        return differing if len(differing) <= MOST_NAMED else [*differing[:MOST_NAMED], "..."]
