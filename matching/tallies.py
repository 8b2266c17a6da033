"""How many rows each choice of a filter would show: exactly up to 10,000, beyond that "10,000+".

A figure has to equal the rows behind its link, so what was counted is remembered for as long as the list is the same:
every change of listed matches and of near misses writes a row (`ListedChange`, migrations 0017 and 0026), every change
of the book another (`BookChange`), for near misses are narrowed by what their listings are now. That there are
"10,000+" is remembered for some seconds whatever changes. See `accounts/lists/remembering.py`.
"""

from collections.abc import Callable, Hashable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.lists.counting import bounded, counted
from accounts.lists.remembering import Memory
from companies.models import BookChange
from matching.models import ListedChange, ListedMatch, NearMiss

# What each kind of list hangs on. Other lists are counted each time.
NOTES = {ListedMatch: (ListedChange,), NearMiss: (ListedChange, BookChange)}


class Tallies:
    """The counts around one page of a list."""

    def __init__(self, memory: Memory | None = None):
        self.memory = memory or Memory()

    def number(self, rows: QuerySet) -> int:
        """How many rows there are."""
        return self.remembered(rows, ("number",), lambda: counted(rows))

    def by_column(self, rows: QuerySet, *columns: str) -> dict:
        """How many rows there are of each value of some columns."""

        def count() -> dict:
            found = rows.order_by().values_list(*columns).annotate(rows=Count("pk"))
            return {key[0] if len(key) == 1 else tuple(key): bounded(number) for *key, number in found}

        return self.remembered(rows, columns, count, lasts=False)

    def by_columns(self, rows: QuerySet, groups: dict[str, tuple[str, ...]]) -> dict[str, dict]:
        """The same for several groups of columns, by their names, in one look at all rows."""
        return self.remembered(rows, tuple(groups.items()), lambda: counted_by(rows, groups), lasts=False)

    def by_condition(self, rows: QuerySet, which: dict[str, Q]) -> dict[str, int]:
        """How many rows fulfil each condition."""

        def count() -> dict[str, int]:
            found = rows.aggregate(**{name: Count("pk", filter=wanted) for name, wanted in which.items()})
            return {name: bounded(number) for name, number in found.items()}

        return self.remembered(rows, tuple((name, str(wanted)) for name, wanted in which.items()), count)

    def remembered(self, rows: QuerySet, what: Hashable, count: Callable, *, lasts: bool = True):
        """What `count` says of some rows; `what` tells it from other questions about the same rows.

        Args:
            lasts: whether an answer that is "10,000+" all over stays for some seconds, see `Memory.remembered`.
        """
        notes = NOTES.get(rows.model)
        return self.memory.remembered(notes, rows, what, count, lasts=lasts) if notes else count()


def counted_by(rows: QuerySet, groups: dict[str, tuple[str, ...]]) -> dict[str, dict]:
    """How many rows there are of each value, or values, of each group of columns."""
    columns = list(dict.fromkeys(column for group in groups.values() for column in group))
    try:
        sql, params = rows.order_by().values(*columns).query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return {name: {} for name in groups}
    quoted = {column: connection.ops.quote_name(column) for column in columns}
    listed = ", ".join(quoted.values())
    sets = ", ".join(f"({', '.join(quoted[column] for column in group)})" for group in groups.values())
    asked = f"SELECT grouping({listed}), count(*), {listed} FROM ({sql}) AS found GROUP BY GROUPING SETS ({sets})"  # noqa: S608
    by_mask = {mask_of(columns, group): (name, group) for name, group in groups.items()}
    counts: dict[str, dict] = {name: {} for name in groups}
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        for mask, number, *values in cursor:
            name, group = by_mask[mask]
            value = dict(zip(columns, values, strict=True))
            key = tuple(value[column] for column in group)
            counts[name][key[0] if len(key) == 1 else key] = bounded(number)
    return counts


def mask_of(columns: list[str], group: tuple[str, ...]) -> int:
    """What PostgreSQL answers for `grouping`: a bit for each column that the rows are not grouped by."""
    return sum(1 << place for place, column in enumerate(reversed(columns)) if column not in group)
