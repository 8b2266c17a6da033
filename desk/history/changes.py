"""What was changed together is one change: by the same person, at the same moment, to the same kind of thing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from desk.history.kinds import KINDS, Kind, Source

NAMED = 5  # things of one change that are named; more are counted
MOST = 10_000  # changes that are counted and have a page; who looks for older ones says of what kind or by whom


@dataclass(frozen=True)
class Step:
    """What became of one row: how it was before the change, and how it was after; None where there was none."""

    source: Source
    before: object | None
    after: object | None
    is_known_before: bool = True  # what was there before anything was kept is not known

    @property
    def row(self):
        return self.after or self.before

    @property
    def is_of_child(self) -> bool:
        return self.source.parent != "id"


@dataclass
class Change:
    """One change to one or more things of a kind."""

    at: datetime
    context: object | None
    kind: Kind
    count: int
    things: list[int]
    steps: list[Step] = field(default_factory=list)

    @property
    def is_of_one(self) -> bool:
        return self.count == 1


class Changes:
    """The changes that some queries find, the newest first; a paginator counts and slices them.

    They are counted to a ceiling: what is kept only grows, and nobody turns to the thousandth page.
    """

    is_more = False  # than were counted; known once they are

    def __init__(self, found: Sequence[QuerySet]):
        # Tables that can hold nothing for this person are left out by the compiler; none at all is an empty list.
        first, *others = found
        try:
            self._sql, self._params = first.union(*others, all=True).query.sql_with_params()
        except EmptyResultSet:
            self._sql, self._params = "", ()

    def _rows(self, asked: str, *more: int) -> list[tuple]:
        """What a statement about the kept rows, KEPT, answers."""
        if not self._sql:
            return []
        sql = asked.replace("KEPT", f"({self._sql}) AS kept(at, said, kind, thing)")
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self._params, *more])
            return cursor.fetchall()

    def count(self) -> int:
        one_each = "SELECT DISTINCT at, said, kind FROM KEPT LIMIT %s"
        counted = self._rows(f"SELECT count(*) FROM ({one_each}) AS counted", MOST + 1)  # noqa: S608 - our own words
        found = counted[0][0] if counted else 0
        self.is_more = found > MOST
        return min(found, MOST)

    def __getitem__(self, part: slice) -> list[Change]:
        things = f"count(DISTINCT thing), (array_agg(DISTINCT thing ORDER BY thing))[1:{NAMED}]"
        rows = self._rows(
            f"SELECT at, said, kind, {things} FROM KEPT "  # noqa: S608 - our own words
            "GROUP BY at, said, kind ORDER BY at DESC, kind, said LIMIT %s OFFSET %s",
            part.stop - part.start,
            part.start,
        )
        changes = [Change(at, said, KINDS[kind], count, things) for at, said, kind, count, things in rows]
        add_steps([change for change in changes if change.is_of_one])
        return changes


def add_steps(changes: list[Change]) -> None:
    """Tell each change of one thing what it did: two queries for each table, however many changes."""
    by_key = {(change.at, change.context, change.kind.key, change.things[0]): change for change in changes}
    for kind in {change.kind.key: change.kind for change in changes}.values():
        own = [change for change in changes if change.kind is kind]
        for source in kind.sources:
            for key, step in steps_of(source, own):
                if change := by_key.get((*key[:2], kind.key, key[2])):
                    change.steps.append(step)


def steps_of(source: Source, changes: list[Change]) -> list[tuple[tuple, Step]]:
    """What became of each row of one table, with when, in which context and of which thing."""
    rows = source.rows().filter(
        pgh_created_at__in={change.at for change in changes}, shown_on__in={change.things[0] for change in changes}
    )
    earlier = source.events.objects.filter(id=OuterRef("id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    if hasattr(source.events, "pgh_obj"):
        earlier = earlier.filter(pgh_obj_id=OuterRef("pgh_obj_id"))  # it has an index
    rows = rows.annotate(earlier=Subquery(earlier.values("pgh_id")[:1])).order_by("pgh_id")
    together = defaultdict(list)
    for row in rows:
        together[row.pgh_created_at, row.pgh_context_id, row.shown_on, row.id].append(row)
    before = source.events.objects.in_bulk([same[0].earlier for same in together.values() if same[0].earlier])
    found = [(key[:3], folded(source, same, before.get(same[0].earlier))) for key, same in together.items()]
    return [(key, step) for key, step in found if step.before is not None or step.after is not None]


def folded(source: Source, rows: list, earlier) -> Step:
    """Several kept rows of one thing in one change: how it was before the first, and after the last."""
    first, last = rows[0], rows[-1]
    before = earlier
    if first.pgh_label == "insert":
        before = None
    elif first.pgh_label == "delete" and earlier is None:
        before = first
    after = None if last.pgh_label == "delete" else last
    return Step(source, before, after, is_known_before=before is not None or first.pgh_label == "insert")
