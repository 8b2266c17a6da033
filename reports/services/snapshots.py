"""One moment of the database for all that a report asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from matching.services.transactions import allow_thinking
from reports.services.beat import Work

QUERY_ENDED = "57014"  # of PostgreSQL: its time was over, or somebody ended it


@contextmanager
def one_moment_of(*, read_only: bool, most_s: int | None = None) -> Iterator[None]:
    """Let several queries see the database as it was at one moment; `most_s`: the longest that one of them may take.

    Inside somebody else's transaction it is that one's view that holds.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if outermost:
                mode = ", READ ONLY" if read_only else ""
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{mode}")
            if most_s is not None:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{most_s}s"])
        allow_thinking()
        yield


def is_first_at(work: Work, key: int) -> bool:
    """Take a piece of work for as long as the transaction lasts; False: somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(work), key % 2**31])
        return cursor.fetchone()[0]
