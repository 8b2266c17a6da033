"""Near misses gathered: what one change would open, for a company, goods, a district or a rule.

One question to the database for all groups, however many near misses there are: they are grouped by need and by
capacity first, so that no listing's kilograms are added twice. Where there are many near misses the answer is kept for
a few minutes, and says when it was counted.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.cache import cache
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from matching.coaching.changes import CAPACITY_KG, CERTIFICATES, CHANGER, KIND, NEED_KG, REGION, WITH_WHAT, changed_in

MANY = 20_000  # near misses from which on the answer is kept
KEPT_S = 600

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
# What moves in the group is at most the smaller of both sums. The row without a key is all groups together.
GROUPED = """
WITH pairs AS MATERIALIZED ({pairs}),
of_needs AS (
    SELECT grouping("key") AS is_whole, "key", need_id, count(*) AS pairs, max(score_ppm) AS score_ppm,
           least(max(need_kg), sum(capacity_kg)) AS kg
    FROM pairs GROUP BY GROUPING SETS (("key", need_id), (need_id))
),
of_capacities AS (
    SELECT grouping("key") AS is_whole, "key", capacity_id, least(max(capacity_kg), sum(need_kg)) AS kg
    FROM pairs GROUP BY GROUPING SETS (("key", capacity_id), (capacity_id))
),
wanted AS (
    SELECT is_whole, "key", sum(pairs) AS pairs, count(*) AS needs, max(score_ppm) AS score_ppm, sum(kg) AS kg
    FROM of_needs GROUP BY is_whole, "key"
),
offered AS (SELECT is_whole, "key", count(*) AS capacities, sum(kg) AS kg FROM of_capacities GROUP BY is_whole, "key")
SELECT coalesce(wanted."key", ''), pairs::bigint, needs, capacities, least(wanted.kg, offered.kg)::bigint, score_ppm
FROM wanted JOIN offered USING (is_whole) WHERE is_whole = 1 OR wanted."key" = offered."key"
ORDER BY is_whole DESC
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


NOTHING = Opening("", 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Gathered:
    """All groups, and all of them together as one."""

    whole: Opening
    groups: list[Opening]
    counted_at: datetime
    is_kept: bool  # it may be a few minutes old


class Openings:
    """Groups of near misses in an order, as a list of pages reads them."""

    def __init__(self, misses: QuerySet, by: str, order: str = "tonnes", *, falls: bool = True):
        self.misses = changed_in(misses, CERTIFICATES) if by == "certificate" else misses
        self.by, self.order, self.falls = by, ORDERS[order], falls

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, asked: slice) -> list[Opening]:
        return self.groups[asked]

    def __iter__(self) -> Iterator[Opening]:
        return iter(self.groups)

    @property
    def whole(self) -> Opening:
        return self.gathered.whole

    @cached_property
    def groups(self) -> list[Opening]:
        """Equals by the number of near misses, then by what they are called by."""
        sign = -1 if self.falls else 1
        return sorted(self.gathered.groups, key=lambda one: (sign * getattr(one, self.order), -one.pairs, one.key))

    @cached_property
    def gathered(self) -> Gathered:
        sql, parameters = self.pairs_sql()
        with connection.cursor() as cursor:
            asked = cursor.mogrify(sql, parameters)
        name = f"coaching:{hashlib.sha256(asked).hexdigest()}"
        found = cache.get(name)
        if found is None:
            is_many = self.misses.order_by()[MANY : MANY + 1].exists()
            found = read(sql, parameters, is_kept=is_many)
            if is_many:
                cache.set(name, found, KEPT_S)
        return found

    def pairs_sql(self) -> tuple[str, tuple]:
        pairs = self.misses.order_by().annotate(
            key=Cast(KEYS[self.by], CharField()), need_kg=NEED_KG, capacity_kg=CAPACITY_KG
        )
        columns = ("key", "need_id", "capacity_id", "score_ppm", "need_kg", "capacity_kg")
        return pairs.values(*columns).query.sql_with_params()


def read(sql: str, parameters: tuple, *, is_kept: bool) -> Gathered:
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(pairs=sql), parameters)
        rows = [Opening(*row) for row in cursor.fetchall()]
    return Gathered(rows[0] if rows else NOTHING, rows[1:], timezone.now(), is_kept)
