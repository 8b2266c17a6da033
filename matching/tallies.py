"""How many rows each choice of a filter would show: exactly up to 10,000, beyond that "10,000+".

A figure has to equal the rows behind its link, so what was counted is remembered for as long as the list is the same:
every change of it writes a row (`ListedChange`, migration 0017), and its number is part of what a count is known by.
That there are "10,000+" is remembered for some seconds whatever changes: one decision more or less does not alter it.
"""

import hashlib
from collections.abc import Callable, Hashable

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.figures import AtLeast
from accounts.lists import counting
from accounts.lists.counting import bounded, counted
from matching.models import ListedChange, ListedMatch

KEPT_S = 600
MANY_KEPT_S = 20


class Tallies:
    """The counts around one page of a list. Those of other lists than the listed matches are counted each time."""

    def __init__(self):
        self._change: tuple | None = None

    def change(self) -> tuple:
        """Which change of the list was the last. Changes may be committed in another order than they were numbered."""
        if self._change is None:
            # The moment tells a database apart from one that was put in its place.
            asked = ListedChange.objects.aggregate(
                last=Max("pk"), number=Count("pk"), moment=Max("made_at"), first=Min("pk"), since=Min("made_at")
            )
            self._change = tuple(asked.values())
        return self._change

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
            lasts: whether an answer that is "10,000+" all over stays for some seconds whatever changes. Not where one
                change may add another value to it.
        """
        # Without a change that was ever written nothing tells this list from that of another database.
        if rows.model is not ListedMatch or self.change()[0] is None:
            return count()
        try:
            asked = counting.MOST_COUNTED, what, rows.order_by().query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing can pass
            return count()
        key = key_of(self.change(), asked)
        many = key_of(self.change()[3:], asked)
        known = cache.get_many([key, many])
        if known:
            return known.get(key, known.get(many))
        found = count()
        cache.set(key, found, KEPT_S)
        if lasts and is_many(found):
            cache.set(many, found, MANY_KEPT_S)
        return found


def key_of(change: tuple, asked: Hashable) -> str:
    return f"tally-{hashlib.sha256(repr((change, asked)).encode()).hexdigest()}"


def is_many(found) -> bool:
    """Whether there are more than are counted of everything that was asked for."""
    return all(isinstance(number, AtLeast) for number in (found.values() if isinstance(found, dict) else [found]))
