"""A sign of life beside long work, on a connection of its own.

The connection holds an advisory lock for as long as the work lasts. PostgreSQL lets go of it the moment the process
dies, so a second delivery of the same message can tell work that goes on from work that was lost. Where a whole machine
vanishes nobody closes the connection: PostgreSQL itself ends it once it has been silent for `SILENT_BEATS` beats.
The beat itself is for people and for the sweeper.
"""

import logging
import threading
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from matching.enums import RunState, ShardState

log = logging.getLogger(__name__)


MOST_SECONDS_BETWEEN = 5
SILENT_BEATS = 6  # after so many that did not come, PostgreSQL takes the lock away
LOCK_WAIT_S = 2  # how long a beat waits for a row that a saving transaction holds


class Work(IntEnum):
    """First number of the advisory locks: what kind of work is held. The second one is the row."""

    CUT = 7301
    SHARD = 7302
    CLOSE = 7303
    SWEEP = 7304
    COMPARE = 7305
    REFRESH = 7306  # one at a time, whichever listing it is of: what is read later is written later
    SAVE = 7307  # only for as long as the transaction that writes who fits whom
    DIFFER = 7308
    SNAPSHOT = 7309
    WHAT_IF = 7310  # only for as long as the transaction that starts one


class Heartbeat:
    """Holds the lock of a piece of work and notes every few seconds that, and how far, it goes on."""

    def __init__(self, work: Work, pk: int, *, run_id: int):
        self.work, self.pk, self.run_id = work, pk, run_id
        self.share_done = 0.0  # set by the work itself
        self.is_held = False
        self.pause_s = min(MOST_SECONDS_BETWEEN, settings.RUN_HEARTBEAT_LOST_S / 6)
        self.silent_s = self.pause_s * SILENT_BEATS
        self._fault: Exception | None = None
        self._decided, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def progress(self, done: int, total: int) -> None:
        """What the engine calls while it works. What was done once is never told as undone."""
        self.share_done = max(self.share_done, done / max(total, 1))

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

    def _write(self, cursor, now: datetime) -> None:
        if self.work == Work.SHARD:
            cursor.execute(
                "UPDATE matching_runshard SET done = floor(total * %s), taken_at = %s WHERE id = %s AND state = %s",
                [self.share_done, now, self.pk, ShardState.WAITING],
            )
        cursor.execute(
            "UPDATE matching_run SET heartbeat_at = %s,"
            " done = (SELECT coalesce(sum(done), 0) FROM matching_runshard WHERE run_id = %s)"
            " WHERE id = %s AND state = %s",
            [now, self.run_id, self.run_id, RunState.RUNNING],
        )


class ComparisonBeat(Heartbeat):
    """The same for a comparison, which is one piece of work and belongs to no run."""

    def __init__(self, pk: int):
        super().__init__(Work.COMPARE, pk, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_comparison SET heartbeat_at = %s, done = floor(total * %s) WHERE id = %s AND state = %s",
            [now, self.share_done, self.pk, RunState.RUNNING],
        )


class DifferenceBeat(Heartbeat):
    """The same for the difference of two runs, which is one piece of work and belongs to neither."""

    def __init__(self, pk: int):
        super().__init__(Work.DIFFER, pk, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_rundifference SET heartbeat_at = %s, done = floor(total * %s)"
            " WHERE id = %s AND state = %s",
            [now, self.share_done, self.pk, RunState.RUNNING],
        )


class RefreshBeat(Heartbeat):
    """The same for a refresh, which is one piece of work. Only one refresh at a time is carried out."""

    def __init__(self, run_id: int):
        super().__init__(Work.REFRESH, 0, run_id=run_id)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_run SET heartbeat_at = %s, done = floor(total * %s) WHERE id = %s AND state = %s",
            [now, self.share_done, self.run_id, RunState.RUNNING],
        )


@contextmanager
def heartbeat(work: Work, pk: int, *, run_id: int):
    """The heartbeat of one piece of work, or None when another worker is at it already."""
    with beating(Heartbeat(work, pk, run_id=run_id)) as beat:
        yield beat


@contextmanager
def beating(beat: Heartbeat):
    """The heartbeat while it beats, or None when another worker is at its work already."""
    try:
        yield beat if beat.start() else None
    finally:
        beat.stop()
