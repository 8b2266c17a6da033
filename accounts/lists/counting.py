"""How many rows there are: exactly up to a bound, beyond it "10,000+". Nobody reads on to the exact number."""

import hashlib
from collections.abc import Callable, Hashable

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from accounts.figures import AtLeast

MOST_COUNTED = 10_000
KEPT_S = 600


def counted(rows: QuerySet) -> int:
    """The number of rows; `AtLeast` the bound where there are more. It reads no more than the bound, and one."""
    return bounded(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())


def bounded(number: int) -> int:
    """A number that was counted as far as it is shown, or further."""
    return AtLeast(MOST_COUNTED) if number > MOST_COUNTED else number


def remembered(change: tuple, rows: QuerySet, what: Hashable, count: Callable):
    """What `count` says of some rows, asked for once as long as nothing they hang on has changed.

    Args:
        change: tells the present state of what they hang on from every other; empty: nothing is remembered.
        what: tells this question from others about the same rows.
    """
    if not change:
        return count()
    try:
        asked = MOST_COUNTED, what, rows.order_by().query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return count()
    key = f"counted-{hashlib.sha256(repr((change, asked)).encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, KEPT_S)
    return found
