"""A sign of life beside the work on a book, on a connection of its own.

It holds an advisory lock, which PostgreSQL lets go of the moment the process dies: a message that is delivered twice
finds out whether the book is still being worked on. And it writes how many rows are done, which people see although the
work itself is one transaction.
"""

import logging
import threading
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

log = logging.getLogger(__name__)

WORK = 7311  # first number of the advisory lock; the second is the book
MOST_SECONDS_BETWEEN = 1
SILENT_BEATS = 30  # after so many that did not come, PostgreSQL takes the lock away
LOCK_WAIT_MS = 2000


class Beat:
    """Holds the work on one book, and notes every second that, and how far, it goes on."""

    def __init__(self, pk: int):
        self.pk = pk
        self.is_held = False
        self.rows: tuple[int, int] | None = None
        self.pause_s = min(MOST_SECONDS_BETWEEN, settings.RUN_HEARTBEAT_LOST_S / 6)
        self._fault: Exception | None = None
        self._decided, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name="book", daemon=True)

    def progress(self, done: int, total: int) -> None:
        """What the reading of a book calls after each row."""
        self.rows = (done, total)

    def start(self) -> bool:
        """Whether the work is ours. Raises when the database cannot be asked."""
        self._thread.start()
        self._decided.wait()
        if self._fault is not None:
            raise self._fault
        return self.is_held

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        connection = connections.create_connection("default")
        try:
            try:
                self.is_held = self._take(connection)
            except Exception as error:  # told to whoever begins the work, which else would seem to be in other hands
                self._fault = error
            self._decided.set()
            while self.is_held and not self._over.wait(self.pause_s):
                self._note(connection)
            if self.is_held and connection.connection is not None:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock_all()")
        except (DatabaseError, InterfaceError) as error:
            log.warning("the lock of book %s goes with its connection: %s", self.pk, type(error).__name__)
        finally:
            connection.close()

    def _take(self, connection) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('idle_session_timeout', %s, false)",
                [f"{LOCK_WAIT_MS}ms", f"{self.pause_s * SILENT_BEATS * 1000:.0f}ms"],
            )
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK, self.pk % 2**31])
            return cursor.fetchone()[0]

    def _note(self, connection) -> None:
        done, total = self.rows or (None, None)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE companies_bookimport SET heartbeat_at = now(), done = coalesce(%s, done),"
                    " total = coalesce(%s, total) WHERE id = %s AND state IN ('checking', 'writing', 'undoing')",
                    [done, total, self.pk],
                )
        except (DatabaseError, InterfaceError) as error:
            log.warning("no sign of life of book %s this time: %s", self.pk, type(error).__name__)
            if not connection.is_usable():
                raise


@contextmanager
def beating(pk: int):
    """The beat while it beats, or None when another worker is at the same book."""
    beat = Beat(pk)
    try:
        yield beat if beat.start() else None
    finally:
        beat.stop()
