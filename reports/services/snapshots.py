"""One moment of the database for all that a report asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from matching.services.transactions import allow_thinking

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
