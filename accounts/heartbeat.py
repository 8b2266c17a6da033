"""A sign of life beside long work, on a connection of its own.

The connection holds an advisory lock for as long as the work lasts. PostgreSQL lets go of it the moment the process
dies, so a second delivery of the same message can tell work that goes on from work that was lost. Where a whole machine
vanishes nobody closes the connection: PostgreSQL itself ends it once it has been silent for too long.
The beat itself is for people and for the sweepers.
"""

import logging
import threading
from abc import ABC, abstractmethod
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

log = logging.getLogger(__name__)

MOST_SECONDS_BETWEEN = 5
SILENT_BEATS = 6  # after so many that did not come, PostgreSQL takes the lock away
LOCK_WAIT_S = 2  # how long a beat waits for a row that a saving transaction holds


class SignOfLife(ABC):
    """Holds the lock of a piece of work and notes every few seconds that, and how far, it goes on.

    Args:
        work: first number of the advisory lock, by the kind of work; the second one is that of the row, `pk`.
        pause_s: the longest pause between two beats.
        silent_s: for how long its connection may be silent; without it, for so many beats.
    """

    def __init__(self, work: IntEnum, pk: int, *, pause_s: float = MOST_SECONDS_BETWEEN, silent_s: float | None = None):
        self.work, self.pk = work, pk
        self.is_held = False
        self.pause_s = min(pause_s, settings.RUN_HEARTBEAT_LOST_S / 6)
        self.silent_s = silent_s or self.pause_s * SILENT_BEATS
        self._fault: Exception | None = None
        self._decided, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    @abstractmethod
    def _write(self, cursor, now: datetime) -> None:
        """What a beat notes of the work."""

    def start(self) -> bool:
        """Whether the work is ours: nobody else holds it. Raises when the database cannot be asked."""
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
                try:
                    self._note(connection)
                except (DatabaseError, InterfaceError) as error:
                    log.warning("no heartbeat this time: %s", type(error).__name__)
                    # A row that is locked for long is no reason to give up the connection, and the lock with it.
                    if not connection.is_usable():
                        connection.close()
            self._let_go(connection)
        finally:
            connection.close()

    @staticmethod
    def _let_go(connection) -> None:
        """Free the lock now: a closed connection does so only a moment later, and the next step may come before it."""
        if connection.connection is None:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")
        except (DatabaseError, InterfaceError):
            log.warning("the lock goes with its connection")

    def _take(self, connection) -> bool:
        """Open the connection and get hold of the work; False: somebody else has it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('idle_session_timeout', %s, false)",
                [f"{LOCK_WAIT_S * 1000:.0f}ms", f"{self.silent_s * 1000:.0f}ms"],
            )
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [int(self.work), self.pk % 2**31])
            return cursor.fetchone()[0]

    def _note(self, connection) -> None:
        if connection.connection is None and not self._take(connection):
            # Lost with the connection: our old session has not ended yet, or another worker is at it now.
            log.warning("no heartbeat this time: the lock of %s %s is held elsewhere", self.work.name, self.pk)
            connection.close()
            return
        with connection.cursor() as cursor:
            self._write(cursor, timezone.now())


@contextmanager
def beating(beat: SignOfLife):
    """The heartbeat while it beats, or None when another worker is at its work already."""
    try:
        yield beat if beat.start() else None
    finally:
        beat.stop()
