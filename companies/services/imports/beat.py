"""A sign of life beside the work on a book: how many rows are done, which people see although it is one transaction."""

from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

from accounts.heartbeat import SignOfLife, beating

EVERY_S = 1.0
SILENT_S = 30.0  # what reads a large row may not let this thread speak for a while


class Work(IntEnum):
    """First number of the advisory lock, beside those of matching.services.heartbeat; the second one is the book."""

    BOOK = 7311


class BookBeat(SignOfLife):
    """Holds the work on one book, and notes every second that, and how far, it goes on."""

    def __init__(self, pk: int):
        super().__init__(Work.BOOK, pk, pause_s=EVERY_S, silent_s=SILENT_S)
        self.rows: tuple[int, int] | None = None

    def progress(self, done: int, total: int) -> None:
        """What the reading of a book calls after each row."""
        self.rows = (done, total)

    def _write(self, cursor, now: datetime) -> None:
        done, total = self.rows or (None, None)
        cursor.execute(
            "UPDATE companies_bookimport SET heartbeat_at = %s, done = coalesce(%s, done), total = coalesce(%s, total)"
            " WHERE id = %s AND state IN ('checking', 'writing', 'undoing')",
            [now, done, total, self.pk],
        )


@contextmanager
def beating_for(pk: int):
    """The beat while it beats, or None when another worker is at the same book."""
    with beating(BookBeat(pk)) as beat:
        yield beat
