"""Whether what a report says would still be said today: the same order once more, row by row, told in counts alone.

Both answers are read a row at a time, and of each row only its digest is kept.
"""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import OperationalError, models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from reports.cutting.subjects import SUBJECTS
from reports.document import Document, Kind, Row, Table
from reports.enums import Subject
from reports.models import Report
from reports.pieces import first_rows, line_of, rows_in, rows_of
from reports.services.beat import Work
from reports.services.ordering import check_order
from reports.services.snapshots import is_first_at, one_moment_of

log = logging.getLogger(__name__)

MOST_COMPARED = 2_000  # rows, on either side: a person waits for it
# Whose rows take many times longer to be told; the book is read whole, and by its importer, however few are asked for.
SLOW = {Subject.LANDED: 300, Subject.BOOK: 0}
MOST_S = 5
# Which run a row is of is told beside: a row that a later run found just as it was has not changed.
NOT_OF_THE_ROW = {"run"}

Digests = dict[bytes, Counter]  # of rows, by what tells one row from another


class Uncompared(models.TextChoices):
    """Why the rows of a report are not compared with today's."""

    TOO_MANY = "too_many", _("It has too many rows to be compared row by row while you wait.")
    REMOVED = "removed", _("Its rows are not kept any more, so they cannot be compared.")
    CONTACTS = "contacts", _("It holds contact persons, who are not looked at again for this.")
    NOT_ASKED = "not_asked", _("What it asked cannot be asked again today, so its rows were not compared.")
    TOO_LONG = "too_long", _("To compare its rows takes too long at the moment. Try again later.")
    BUSY = "busy", _("Its rows are being compared for somebody else right now. Try again in a moment.")


@dataclass(frozen=True)
class Compared:
    same: int
    otherwise: int
    gone: int
    new: int

    @property
    def is_same(self) -> bool:
        return not (self.otherwise or self.gone or self.new)


class TooManyError(Exception):
    """Today there are more rows than are compared."""


def compared_with_today(report: Report) -> tuple[Compared | None, Uncompared | None]:
    """What became of the rows of a report, with the eyes of whoever made it; or why that is not known."""
    order = report.asked
    if report.removed_at is not None:
        return None, Uncompared.REMOVED
    if order.contacts:
        return None, Uncompared.CONTACTS
    if report.maker is None:
        return None, Uncompared.NOT_ASKED
    if report.rows > SLOW.get(order.subject, MOST_COMPARED):
        return None, Uncompared.TOO_MANY
    try:
        with translation.override(None), one_moment_of(read_only=True, most_s=MOST_S):
            if not is_first_at(Work.COMPARISON, report.pk):
                return None, Uncompared.BUSY
            then = Rows(report.document.tables)
            for table in report.document.tables:
                then.put(table.key, rows_of(report, table.key))
            now = Rows(report.document.tables, names=then.names)
            check_order(order, report.maker)
            document = SUBJECTS[order.subject].cut(order, report.maker, now).document
    except TooManyError:
        return None, Uncompared.TOO_MANY
    except ValidationError:
        return None, Uncompared.NOT_ASKED
    except OperationalError as error:
        log.warning("report %s: not compared: %s", report.pk, type(error).__name__)
        return None, Uncompared.TOO_LONG
    if shape(document) != shape(report.document):
        return None, Uncompared.NOT_ASKED
    return counted(then, now), None


def shape(document: Document) -> list[tuple[str, list[str]]]:
    return [(table.key, [column.key for column in table.columns]) for table in document.tables]


class Rows:
    """Takes rows as a cut puts them, and keeps their digests. Without `names` it finds out what tells rows apart."""

    keeps = True  # all rows, where a preview would leave some out; reports with contact persons are not compared

    def __init__(self, tables: Iterable[Table], names: dict[str, list[int]] | None = None):
        self.tables = {table.key: table for table in tables}
        self.names = {} if names is None else names
        self.finds_names = names is None
        self.digests: dict[str, Digests] = {}

    def put(self, table: str, rows: Iterable[Row]) -> int:
        return self._take(table, (next(rows_in(line_of(row))) for row in rows))

    def copied(self, table: str, query: str, parameters: Iterable = ()) -> int:
        return self._take(table, iter(first_rows(query, parameters, MOST_COMPARED + 1)))

    def _take(self, key: str, rows: Iterator[list]) -> int:
        table = self.tables.get(key)
        if table is None:
            return 0  # a table that the report did not have: its shape is another one
        of_rows = [place for place, column in enumerate(table.columns) if column.key not in NOT_OF_THE_ROW]
        candidates = _candidates(table)
        kept: list[tuple[list[bytes], bytes]] = []
        for row in rows:
            if len(kept) == MOST_COMPARED:
                raise TooManyError
            if len(row) != len(table.columns):
                return 0  # the same: another shape
            kept.append(([_digest([row[place]]) for place in candidates], _digest([row[place] for place in of_rows])))
        if self.finds_names:
            self.names[key] = _telling_apart([cells for cells, _whole in kept], len(candidates))
        found: Digests = defaultdict(Counter)
        for cells, whole in kept:
            found[b"".join(cells[: self.names[key]])][whole] += 1
        self.digests[key] = found
        return len(kept)


def _candidates(table: Table) -> list[int]:
    """Columns that may tell rows apart: numbers that name, then days, codes and names in their order; no figures."""
    own = [place for place, column in enumerate(table.columns) if column.key not in NOT_OF_THE_ROW]
    naming = [place for place in own if table.columns[place].is_name]
    return naming + [
        place for place in own if place not in naming and table.columns[place].kind not in (Kind.NUMBER, Kind.CODES)
    ]


def _telling_apart(rows: list[list[bytes]], most: int) -> int:
    """How many of the candidates, from the first on, it takes until no two rows are alike; all where some stay so."""
    for count in range(1, most):
        if len({b"".join(cells[:count]) for cells in rows}) == len(rows):
            return count
    return most


def _digest(cells: list) -> bytes:
    return hashlib.blake2b(line_of(cells).encode(), digest_size=16).digest()


def counted(then: Rows, now: Rows) -> Compared:
    """Of rows that are named alike, those that read the same are paired first, then the others one by one."""
    same = otherwise = gone = new = 0
    for table in then.tables:
        before, after = then.digests.get(table, {}), now.digests.get(table, {})
        for name in before.keys() | after.keys():
            old, found = before.get(name, Counter()), after.get(name, Counter())
            alike = (old & found).total()
            left, come = old.total() - alike, found.total() - alike
            same += alike
            otherwise += min(left, come)
            gone += left - min(left, come)
            new += come - min(left, come)
    return Compared(same, otherwise, gone, new)
