"""Near misses gathered: what one change would open, for a company, goods, a district or a rule.

One question to the database for a page of groups, however many near misses there are: they are grouped by need and by
capacity first, so that no listing's kilograms are added twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from matching.coaching.changes import CAPACITY_KG, CERTIFICATES, CHANGER, KIND, NEED_KG, REGION, WITH_WHAT, changed_in

KEYS = {
    "change": WITH_WHAT,
    "certificate": KIND,
    "company": CHANGER,
    "goods": "capacity__commodity_id",
    "district": REGION,
    "rule": "rule",
}
ORDERS = {"tonnes": "kg", "pairs": "pairs", "points": "score_ppm"}

# Of a need in a group no more moves than its partners there offer together, and of a capacity no more than they want.
# What moves in the group is at most the smaller of both sums.
GROUPED = """
WITH pairs AS MATERIALIZED ({pairs}),
of_needs AS (
    SELECT "key", need_id, count(*) AS pairs, max(score_ppm) AS score_ppm,
           least(max(need_kg), sum(capacity_kg)) AS kg
    FROM pairs GROUP BY "key", need_id
),
of_capacities AS (
    SELECT "key", capacity_id, least(max(capacity_kg), sum(need_kg)) AS kg FROM pairs GROUP BY "key", capacity_id
),
wanted AS (
    SELECT "key", sum(pairs) AS pairs, count(*) AS needs, max(score_ppm) AS score_ppm, sum(kg) AS kg
    FROM of_needs GROUP BY "key"
),
offered AS (SELECT "key", count(*) AS capacities, sum(kg) AS kg FROM of_capacities GROUP BY "key")
SELECT "key", pairs::bigint, needs, capacities, least(wanted.kg, offered.kg)::bigint AS kg, score_ppm,
       count(*) OVER () AS groups
FROM wanted JOIN offered USING ("key")
"""


@dataclass(frozen=True)
class Opening:
    """What one group of near misses would open. Kilograms are the most that could move; no listing counts twice."""

    key: str
    pairs: int
    needs: int
    capacities: int
    kg: int
    score_ppm: int  # of the best pair, after its change


class Openings:
    """Groups of near misses in an order, read page by page."""

    def __init__(self, misses: QuerySet, by: str, order: str = "tonnes", *, falls: bool = True):
        self.misses = changed_in(misses, CERTIFICATES) if by == "certificate" else misses
        self.by, self.order, self.falls = by, ORDERS[order], falls
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._read(0, 1)
        return self._count

    count = __len__

    def __getitem__(self, asked: slice) -> list[Opening]:
        return self._read(asked.start or 0, asked.stop - (asked.start or 0))

    def __iter__(self) -> Iterator[Opening]:
        return iter(self._read(0, None))

    def whole(self) -> Opening:
        """All of them together, as one group."""
        found = self._rows(Value(""), "")
        return Opening(*found[0][:-1]) if found else Opening("", 0, 0, 0, 0, 0)

    def _read(self, first: int, most: int | None) -> list[Opening]:
        direction = "DESC" if self.falls else "ASC"
        page = f'ORDER BY {self.order} {direction}, pairs DESC, "key" LIMIT %s OFFSET %s'
        rows = self._rows(KEYS[self.by], page, most, first)
        if rows:
            self._count = rows[0][-1]
        elif not first:
            self._count = 0
        return [Opening(*row[:-1]) for row in rows]

    def _rows(self, key, order: str, *limits) -> list[tuple]:
        pairs = self.misses.order_by()
        pairs = pairs.annotate(key=Cast(key, CharField()), need_kg=NEED_KG, capacity_kg=CAPACITY_KG).values(
            "key", "need_id", "capacity_id", "score_ppm", "need_kg", "capacity_kg"
        )
        sql, parameters = pairs.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(GROUPED.format(pairs=sql) + order, [*parameters, *limits])
            return cursor.fetchall()
