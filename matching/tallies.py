"""How many rows each choice of a filter would show: exactly up to 10,000, beyond that "10,000+".

A figure has to equal the rows behind its link, so what was counted is remembered for as long as the list is the same:
every change of it writes a row (`ListedChange`, migration 0017). That there are "10,000+" is remembered for some
seconds whatever changes. See `accounts/lists/remembering.py`.
"""

from collections.abc import Callable, Hashable

from django.db.models import Count, Q, QuerySet

from accounts.lists.counting import bounded, counted
from accounts.lists.remembering import Memory
from matching.models import ListedChange, ListedMatch


class Tallies:
    """The counts around one page of a list. Those of other lists than the listed matches are counted each time."""

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
        if rows.model is not ListedMatch:
            return count()
        return self.memory.remembered((ListedChange,), rows, what, count, lasts=lasts)
