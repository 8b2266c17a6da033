"""The first rows of what an order would answer; nothing of it is kept, and the database sees to it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from reports.cutting.subjects import SUBJECTS
from reports.document import Document, Row
from reports.orders import Order
from reports.pieces import first_rows, line_of, rows_in, sql_of
from reports.services.beat import Work
from reports.services.ordering import check_order
from reports.services.snapshots import QUERY_ENDED, is_first_at, one_moment_of

MOST_S = 10
MOST_COUNTED = 100_000  # of rows that are made one by one


@dataclass(frozen=True)
class Preview:
    document: Document
    rows: dict[str, list[Row]]
    counts: dict[str, int]  # of all rows, by table


class FirstRows:
    """Keeps the first rows of each table and counts the others."""

    keeps = False

    def __init__(self, most: int):
        self.most = most
        self.rows: dict[str, list[Row]] = {}
        self.counts: dict[str, int] = {}
        self.until = time.monotonic() + MOST_S

    def in_time(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The database ends a long query; what is reckoned beside it ends here."""
        for row in rows:
            if time.monotonic() > self.until:
                raise too_long()
            yield row

    def put(self, table: str, rows: Iterable[Row]) -> int:
        coming = self.in_time(rows)
        first = [next(rows_in(line_of(row))) for row in islice(coming, self.most)]
        self.rows[table] = first
        self.counts[table] = len(first) + sum(1 for _row in islice(coming, MOST_COUNTED))
        return self.counts[table]

    def copied(self, table: str, query: str, parameters: Iterable = ()) -> int:
        self.rows[table] = first_rows(query, parameters, self.most)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql_of(query, parameters)}) AS asked")  # noqa: S608 - quoted by the driver
            self.counts[table] = cursor.fetchone()[0]
        return self.counts[table]


def too_long() -> ValidationError:
    return ValidationError(_("This takes too long for a preview. Order it: a worker makes it."))


def preview(order: Order, user: User, most: int = 20) -> Preview:
    """What the report would hold, as far as a page shows it; one at a time for each person.

    Refuses what takes too long to be looked at first.
    """
    check_order(order, user)
    rows = FirstRows(most)
    try:
        with translation.override(None), one_moment_of(read_only=True, most_s=MOST_S):
            if not is_first_at(Work.PREVIEW, user.pk):
                raise ValidationError(_("Your last preview is still being made. Wait until it is there."))
            cut = SUBJECTS[order.subject].cut(order, user, rows)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != QUERY_ENDED:
            raise
        raise too_long() from error
    return Preview(cut.document, rows.rows, rows.counts)
