"""One at a time writes who fits whom: official runs, refreshes, and what settles the list after them."""

from django.db import connection

from matching.services.heartbeat import Work
from matching.services.transactions import allow_thinking


def hold_saving() -> None:
    """Until the transaction ends nobody else writes who fits whom: a run and a refresh would undo each other's rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [int(Work.SAVE)])
    allow_thinking()


def may_save() -> bool:
    """The same without waiting, for an official run saves for minutes: whether nobody else writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [int(Work.SAVE)])
        return cursor.fetchone()[0]
