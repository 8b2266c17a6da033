"""What a worker does with a book: reads it, writes it or undoes it, as its row says. Done twice, it does no harm."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from companies.enums import ImportState
from companies.models import BookImport
from companies.services.imports.beat import beating_for
from companies.services.imports.reading import read
from companies.services.imports.sending import AT_WORK, held
from companies.services.imports.undoing import undo
from companies.services.imports.writing import write
from notices.enums import NoticeKind
from notices.services import tell

MOST_ATTEMPTS = 3
LONG_S = 20  # whoever has waited for so long may have left the page: they are told
TOO_LONG, LOST = "too_long", "worker_lost"
WORK = {ImportState.CHECKING: read, ImportState.WRITING: write, ImportState.UNDOING: undo}
# Where a book stands again after work on it failed for good. Nothing of it was done: each work is one transaction.
AFTER_FAILURE = {
    ImportState.CHECKING: ImportState.FAILED,
    ImportState.WRITING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.WRITTEN,
}


def carry_out(pk: int) -> None:
    """Do what is to be done with a book now; nothing where another worker is at it, or it is done."""
    with beating_for(pk) as beat:
        book = _begun(pk) if beat is not None else None
        if book is not None:
            WORK[book.state](book, beat)
            _tell_who_waited(book)


@transaction.atomic
def _begun(pk: int) -> BookImport | None:
    """The book with one more attempt counted; None when nothing is to be done with it, or it has had its attempts."""
    book = BookImport.objects.filter(pk=pk, state__in=AT_WORK).first()
    if book is None:
        return None
    if book.attempt >= MOST_ATTEMPTS:
        _fail(book, book.failure or LOST)
        return None
    BookImport.objects.filter(pk=pk).update(attempt=F("attempt") + 1, heartbeat_at=timezone.now())
    return BookImport.objects.select_related("company", "made_by", "decided_by").get(pk=pk)


@transaction.atomic
def note_failure(pk: int, failure: str, *, is_final: bool = False) -> bool:
    """Keep by what kind of error the work ended; True when it shall be tried once more."""
    book = held(BookImport(pk=pk))
    if book.state not in AT_WORK:
        return False
    if is_final or book.attempt >= MOST_ATTEMPTS:
        _fail(book, failure)
        return False
    book.failure = failure[:100]
    book.save(update_fields=["failure"])
    return True


def _fail(book: BookImport, failure: str) -> None:
    book.state, book.failure = AFTER_FAILURE[book.state], failure[:100]
    book.save(update_fields=["state", "failure"])


def sweep(now=None) -> list[int]:
    """The books whose work was lost: a worker was killed, or the broker lost the message."""
    lost_since = (now or timezone.now()) - timedelta(seconds=settings.RUN_HEARTBEAT_LOST_S)
    waiting = BookImport.objects.filter(state__in=AT_WORK)
    lost = waiting.filter(heartbeat_at__lt=lost_since) | waiting.filter(heartbeat_at=None, made_at__lt=lost_since)
    return list(lost.order_by("pk").values_list("pk", flat=True))


def _tell_who_waited(book: BookImport) -> None:
    """Whoever sent a book that took long is told that it waits for them."""
    now = BookImport.objects.filter(pk=book.pk, state=ImportState.CHECKED).select_related("made_by").first()
    if now is None or now.made_by is None or (now.checked_at - now.made_at).total_seconds() < LONG_S:
        return
    tell(
        users=[now.made_by],
        kind=NoticeKind.BOOK_READ,
        event=f"book:{now.pk}:read",
        facts={"file": now.file_name},
        address=reverse("companies:book-import-detail", args=[now.pk]),
    )
