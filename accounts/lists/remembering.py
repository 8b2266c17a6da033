"""What was found out, remembered for as long as nothing it hangs on has changed.

What figures hang on keeps notes of its changes: a model whose rows are only added, each with the moment it was
`made_at`, by triggers and in the transaction of the change (`BookChange`, `ListedChange`). The last note is part of the
key by which a figure is remembered, so nothing that was counted before a change is shown after it.
"""

import hashlib
from collections.abc import Callable, Hashable
from functools import cached_property

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Max, Min, Model, QuerySet

from accounts import programme
from accounts.figures import AtLeast
from accounts.lists import counting

KEPT_S = 600
MANY_KEPT_S = 20


def last_change(notes: type[Model]) -> tuple:
    """Tells one state of what is noted from every other; empty where no change was ever noted.

    Changes may be committed in another order than they were numbered, so how many there are counts too. The moments
    tell a database apart from one that was put in its place.
    """
    asked = notes.objects.aggregate(
        last=Max("pk"), number=Count("pk"), moment=Max("made_at"), first=Min("pk"), since=Min("made_at")
    )
    return tuple(asked.values()) if asked["number"] else ()


def forget_changes(notes: type[Model]) -> None:
    """Old notes, where there are more than the model says (`MOST_KEPT`): each time counts are asked for, all of them
    are looked at. What was counted beside them is counted anew once."""
    newest = notes.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if notes.objects.count() > notes.MOST_KEPT:
        notes.objects.filter(pk__lte=newest - notes.MOST_KEPT // 2).delete()


class Memory:
    """What figures hang on as it is while one page is made: each kind of notes is asked for its last change once."""

    def __init__(self):
        self._last: dict[type[Model], tuple] = {}
        self.is_from_before = False  # whether some answer was one that lasted over a change

    def last(self, *notes: type[Model]) -> tuple:
        """The last change of each; empty where one was never noted: nothing tells this state from another then."""
        for one in notes:
            if one not in self._last:
                self._last[one] = last_change(one)
        found = tuple(self._last[one] for one in notes)
        return found if all(found) else ()

    def remembered(
        self, notes: tuple[type[Model], ...], rows: QuerySet, what: Hashable, count: Callable, *, lasts: bool = False
    ):
        """What `count` says of some rows, asked for once as long as nothing they hang on has changed.

        Args:
            notes: of everything that they hang on. Without one of any kind nothing is remembered.
            what: tells this question from others about the same rows.
            lasts: whether an answer that is "10,000+" all over stays for some seconds whatever changes: one change more
                or less does not alter it. Not where one change may add another value to it.
        """
        change = self.last(*notes)
        if not change:
            return count()
        try:
            asked = counting.MOST_COUNTED, what, rows.order_by().query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing can pass
            return count()
        key, many = key_of(change, asked), key_of(tuple(one[3:] for one in change), asked)
        known = cache.get_many([key, many] if lasts else [key])
        if known:
            self.is_from_before |= key not in known
            return known.get(key, known.get(many))
        found = count()
        cache.set(key, found, KEPT_S)
        if lasts and is_many(found):
            cache.set(many, found, MANY_KEPT_S)
        return found


class Answers:
    """What is answered around one page, kept in one place: a reader after the first asks the cache once for all of it.

    The page has to tell everything that the answers hang on, but for what is noted. Two who come first at once may each
    leave a part; whoever finds one missing adds it. What lasted over a change (see `Memory.remembered`) is not kept
    here, where it would outlive its seconds.
    """

    def __init__(self, memory: Memory, notes: tuple[type[Model], ...], page: Hashable):
        self.memory, self.notes, self.page = memory, notes, page
        self.passing: dict = {}

    @cached_property
    def key(self) -> str:
        """Empty where nothing may be remembered."""
        change = self.memory.last(*self.notes)
        return key_of(change, (counting.MOST_COUNTED, self.page)) if change else ""

    @cached_property
    def known(self) -> dict:
        return (cache.get(self.key) if self.key else None) or {}

    def of(self, what: Hashable, find: Callable):
        """The answer to one question, found if it is not known."""
        for answers in (self.known, self.passing):
            if what in answers:
                return answers[what]
        self.memory.is_from_before = False
        found = find()
        if self.memory.is_from_before:
            self.passing[what] = found
            return found
        self.known[what] = found
        if self.key:
            cache.set(self.key, self.known, KEPT_S)
        return found


def key_of(change: tuple, asked: Hashable) -> str:
    """Of this programme alone: another release may keep answers of another shape."""
    return f"counted-{hashlib.sha256(repr((programme.stamp(), change, asked)).encode()).hexdigest()}"


def is_many(found) -> bool:
    """Whether there are more than are counted of everything that was asked for."""
    return all(isinstance(number, AtLeast) for number in (found.values() if isinstance(found, dict) else [found]))
