"""A sign of life beside the making of a report, and the ear that hears when nobody wants it any more.

On a connection of its own: people see how far it is although rows are cut within one transaction, and a cancelled
report ends within seconds although its query runs.
"""

from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

from django.db import connection

from accounts.heartbeat import SignOfLife, beating

EVERY_S = 1.0
PATIENCE_S = 2.0  # so long a cancelled report may end by itself; then its query is ended for it
SILENT_S = 120.0  # what sets pages may not let this thread speak for long


class Work(IntEnum):
    """First number of the advisory locks, as in matching.services.heartbeat; the second one is the report."""

    REPORT = 7320
    SWEEP_REPORTS = 7321
    CONTACTS = 7322  # only for as long as a transaction that lets contact persons go
    PREVIEW = 7323  # the second number is the person: nobody keeps the database busy with several
    COMPARISON = 7324  # of the rows of a report with today's, for whoever verifies a paper


class CancelledError(Exception):
    """Whoever ordered the report does not want it any more."""


class ReportBeat(SignOfLife):
    """Holds the work on one report, and notes every second that, and how far, it goes on."""

    def __init__(self, pk: int):
        super().__init__(Work.REPORT, pk, pause_s=EVERY_S, silent_s=SILENT_S)
        self.done = self.total = 0
        self.attempt = 0
        self.heard_at: datetime | None = None
        self.querying: int | None = None  # the session of a cut, while it asks

    @property
    def is_cancelled(self) -> bool:
        return self.heard_at is not None

    def watch(self, rows: int) -> None:
        """What the work calls as often as it can: counts what is done, and ends it when it is cancelled."""
        self.done += rows
        if self.heard_at is not None:
            raise CancelledError

    @contextmanager
    def asking(self):
        """While a cut asks the database it may be at one query for long: such a query can be ended from outside."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.querying = cursor.fetchone()[0]
        try:
            yield
        finally:
            self.querying = None

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE reports_report SET heartbeat_at = %s, done = greatest(done, %s), total = %s"
            " WHERE id = %s AND state = 'making' AND attempt = %s RETURNING cancel_asked_at",
            [now, self.done, self.total, self.pk, self.attempt],
        )
        told = cursor.fetchone()
        if told is None or told[0] is None:
            return
        if self.heard_at is None:
            self.heard_at = now
        elif self.querying is not None and (now - self.heard_at).total_seconds() >= PATIENCE_S:
            cursor.execute("SELECT pg_cancel_backend(%s)", [self.querying])


@contextmanager
def beating_for(pk: int):
    """The beat while it beats, or None when another worker is at the same report."""
    with beating(ReportBeat(pk)) as beat:
        yield beat
