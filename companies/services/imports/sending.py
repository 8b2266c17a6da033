"""A book is sent, confirmed, undone or dropped: what people do. The work itself is left to a worker."""

import hashlib
from datetime import timedelta
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sheets.files import check_outside
from accounts.sheets.sheet import MAX_BYTES, FileRefused, marked
from companies.book.answer import CHANGING, Outcome
from companies.enums import ImportState
from companies.models import BookImport, Company
from companies.services.locking import locked, refuse_directory, refuse_suspended
from companies.texts import sentence

AT_WORK = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)
MOST_WAITING = 10  # books of one sender that are read and not decided upon
KEPT_FOR = timedelta(days=90)
WITH_A_FILE = (
    ImportState.CHECKING,
    ImportState.CHECKED,
    ImportState.FAILED,
)  # once written, the file has done its work


@transaction.atomic
def send_book(*, user: User, file: UploadedFile, company: Company | None = None) -> tuple[BookImport, bool]:
    """Keep a spreadsheet to be read; with it, whether it is new. Sent again, the book that is here is answered.

    `company` sends its own listings; without one, it is a book of many companies.
    """
    if company is not None:
        company = locked(company)
        refuse_suspended(company)
        refuse_directory(company)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a button pressed twice sends one book
    body = checked_body(file)
    digest = hashlib.sha256(body).hexdigest()
    sent = BookImport.objects.filter(company=company)
    if company is None:
        sent = sent.filter(made_by=user)
    if known := next((book for book in sent.filter(digest=digest) if is_told_already(book)), None):
        return known, False
    if sent.filter(made_by=user, state__in=WITH_A_FILE).count() >= MOST_WAITING:
        words = _("There are %(most)s files that wait to be confirmed. Confirm or drop some of them first.")
        raise ValidationError(words, code="too_many_waiting", params={"most": MOST_WAITING})
    name = marked(PurePath(file.name).name)
    kind = PurePath(name).suffix.lower().removeprefix(".")
    book = BookImport(company=company, made_by=user, digest=digest, size=len(body), file_kind=kind)
    book.file_name = name if len(name) <= 200 else f"{name[: 195 - len(kind)]}...{kind}"
    file.seek(0)
    book.file.save(name, file, save=False)
    try:
        book.save()
    except BaseException:
        book.file.storage.delete(book.file.name)
        raise
    return book, True


def checked_body(file: UploadedFile) -> bytes:
    """What was sent, of a kind and a size that are read. Its inside is looked at by a worker."""
    try:
        if file.size > MAX_BYTES:
            megabytes = round(file.size / 1_000_000, 1)
            raise FileRefused("file_too_large", megabytes=megabytes, most=MAX_BYTES // 1_000_000)
        body = file.read()
        check_outside(file.name, body)
    except FileRefused as refusal:
        words = sentence(refusal.code, {"file": file.name, **refusal.params})
        raise ValidationError({"file": ValidationError(words, code=refusal.code)}) from None
    return body


def is_told_already(book: BookImport) -> bool:
    """Whether a file that is sent again is answered with this book: it is under way, or all of it is written."""
    if book.state in (*AT_WORK, ImportState.CHECKED):
        return True
    return book.state == ImportState.WRITTEN and not book.counts.get(Outcome.REFUSED)


@transaction.atomic
def confirm_book(*, book: BookImport, user: User, seen_at: str, takes_good_rows: bool) -> BookImport:
    """Have a book written as it was shown. `seen_at` is `version_of` the preview that the person saw."""
    company = company_of(book)
    book = held(book)
    refuse_state(book, ImportState.CHECKED)
    if version_of(book) != seen_at:
        raise ValidationError(_("The file was read anew since you opened the page. Look at it again."), code="seen")
    if not book.file:
        raise ValidationError(_("The file was deleted meanwhile. Send it again."), code="file_is_gone")
    if company is not None:
        refuse_suspended(company)
    if not number_to_write(book):
        raise ValidationError(_("There is nothing to write: no row is new or changed."), code="nothing")
    if is_refused_in_part(book) and not takes_good_rows:
        words = _("Some rows are refused. Put them right and send the file again, or take the good rows alone.")
        raise ValidationError(words, code="refused_in_part")
    book.state, book.takes_good_rows, book.decided_by = ImportState.WRITING, takes_good_rows, user
    book.confirmed_at = timezone.now()
    return begin(book, "state", "takes_good_rows", "decided_by", "confirmed_at")


@transaction.atomic
def undo_book(*, book: BookImport, user: User) -> BookImport:
    """Have taken back what a book wrote, where nobody has changed it since."""
    company = company_of(book)
    book = held(book)
    refuse_state(book, ImportState.WRITTEN)
    if company is not None:
        refuse_suspended(company)
    book.state, book.decided_by = ImportState.UNDOING, user
    return begin(book, "state", "decided_by")


@transaction.atomic
def drop_book(*, book: BookImport) -> None:
    """Forget a book of which nothing was written, with its file."""
    book = held(book)
    if book.state not in (ImportState.CHECKED, ImportState.FAILED):
        refuse_state(book, ImportState.CHECKED)
    storage, name = book.file.storage, book.file.name
    book.delete()
    transaction.on_commit(lambda: storage.delete(name))


def begin(book: BookImport, *changed: str) -> BookImport:
    """A new piece of work: it has all its attempts before it, and the worker's first sign of life to come."""
    book.attempt, book.failure, book.done, book.heartbeat_at = 0, "", 0, timezone.now()
    book.save(update_fields=[*changed, "attempt", "failure", "done", "heartbeat_at"])
    return book


def company_of(book: BookImport) -> Company | None:
    """Whose book it is, held before the book itself: a merge and a worker take them in this order too."""
    return locked(book.company) if book.company is not None else None


def held(book: BookImport) -> BookImport:
    """The book as it is now, held until the transaction ends."""
    return BookImport.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=book.pk)


def refuse_state(book: BookImport, wanted: str) -> None:
    if book.state != wanted:
        words = _("This cannot be done now: the file is %(state)s.")
        raise ValidationError(words, code="state", params={"state": book.get_state_display()})


def version_of(book: BookImport) -> str:
    """What a page keeps of a preview, to notice that it was read anew."""
    return book.checked_at.isoformat() if book.checked_at else ""


def number_to_write(book: BookImport) -> int:
    return sum(book.counts.get(outcome, 0) for outcome in CHANGING)


def is_refused_in_part(book: BookImport) -> bool:
    return bool(book.counts.get(Outcome.REFUSED) or book.counts.get("refusals"))


@transaction.atomic
def forget_files(now) -> int:
    """Delete files that were sent long ago. What became of their rows is kept. Says how many."""
    old = BookImport.objects.filter(made_at__lt=now - KEPT_FOR).exclude(Q(file="") | Q(state__in=AT_WORK))
    books = list(old.select_for_update(skip_locked=True))
    for book in books:
        forget_file(book)
    return len(books)


def forget_file(book: BookImport) -> None:
    """Take the file from the disk once the transaction has ended well."""
    if not book.file:
        return
    storage, name = book.file.storage, book.file.name
    book.file = ""
    book.save(update_fields=["file"])
    transaction.on_commit(lambda: storage.delete(name))
