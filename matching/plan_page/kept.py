"""What was summed of the plan of a run that is over, remembered for as long as the same is seen of it.

The plan of such a run changes no more, but it is grouped and narrowed by what its listings are now. That rows are
deleted, that a company is hidden or shown again, or that a listing is given other goods, another place, country or
company makes other sums of it: each of these writes a row (`PlanChange`, migrations 0020 and 0024), and its number is
part of what a sum is known by. Edits of prices and quantities, which come all day long, let nobody wait.
"""

import hashlib
from collections.abc import Callable, Hashable
from functools import cached_property

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from accounts import programme
from accounts.lists.remembering import last_change
from matching.models import PlanChange, Run

KEPT_S = 24 * 3600


class KeptSums:
    """The sums around one page of a run's plan."""

    def __init__(self, run: Run):
        self.run = run

    @cached_property
    def change(self) -> tuple:
        """Tells one state of what is seen of plans from every other."""
        return last_change(PlanChange)

    def key(self, what: Hashable) -> str:
        """The moments of a run tell its database from another with a run of that number.

        What is kept are objects of our own classes, so only the programme that has kept them reads them.
        """
        said = repr((programme.stamp(), self.run.pk, self.run.queued_at, self.run.finished_at, self.change, what))
        return f"plan-{hashlib.sha256(said.encode()).hexdigest()}"

    def of(self, rows: QuerySet, what: Hashable, count: Callable):
        """What `count` says of some rows; `what` tells it from other questions about the same rows."""
        try:
            asked = what, rows.order_by().query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing can pass
            return count()
        if self.run.finished_at is None:
            return count()
        key = self.key(asked)
        found = cache.get(key)
        if found is None:
            found = count()
            cache.set(key, found, KEPT_S)
        return found
