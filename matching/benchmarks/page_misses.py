"""Near misses of a made run: as many as a run keeps, spread over rules, sides and goods, without searching for them.

Each need is given some capacities that it is no match with, and one change of those that runs find.
"""

import json

from django.db import connection

from matching.models import Run

EACH = 4  # of a need: a run of 100,000 x 100,000 keeps 4.6
# rule, side, the change as a run tells it, its effort
CHANGES = (
    ("payment", "seller", {"code": "accept_term", "term": "documents", "unit": "term", "amount": 1}, 1),
    (
        *("price", "seller"),
        {"code": "lower_ask", "from": 1000.0, "to": 994.0, "unit": "usd_per_t", "limit": 1175.0, "amount": 6}
        | {"landed": 1180.2, "is_part": False, "percent": 0.6, "over_percent": 0.44, "rests_on_examples": True},
        2,
    ),
    (
        "time",
        "seller",
        {"code": "ship_earlier", "from": "2027-03-04", "to": "2027-02-28", "unit": "days", "amount": 4},
        3,
    ),
    (
        *("certificates", "seller"),
        {"code": "get_certificate", "kind": "haccp", "by": "2027-02-20", "unit": "certificate", "amount": 1}
        | {"days_left": 85},
        13,
    ),
)
_MISSES = """
    INSERT INTO matching_nearmiss
        (run_id, need_id, capacity_id, rule, side, change, effort, score_ppm, is_current)
    SELECT %(run)s, need_id, capacity_id, change ->> 'rule', change ->> 'side', change -> 'change',
        (change -> 'effort')::int, 300000 + 7919 * need_id %% 600000, true FROM (
        SELECT DISTINCT ON (need.id, capacity_id) need.id AS need_id, capacity_id,
            %(changes)s::jsonb -> ((need.place + step) %% %(kinds)s)::int AS change
        FROM unnest(%(needs)s::bigint[]) WITH ORDINALITY AS need (id, place), generate_series(1, %(each)s) AS step,
            LATERAL (SELECT (%(capacities)s::bigint[])[1 + (need.place * 6271::bigint + step * 99991) %% %(number)s]
                AS capacity_id) AS drawn
        ORDER BY need.id, capacity_id, step
    ) drawn
    WHERE NOT EXISTS (SELECT FROM matching_match there
        WHERE there.need_id = drawn.need_id AND there.capacity_id = drawn.capacity_id)
"""


def make_misses(run: Run, needs: list[int], capacities: list[int]) -> int:
    """Near misses of some open listings, current ones; how many there are. Once their pairs are written."""
    told = [dict(zip(("rule", "side", "change", "effort"), one, strict=True)) for one in CHANGES]
    given = {"run": run.pk, "needs": needs, "capacities": capacities, "number": len(capacities), "each": EACH}
    given |= {"changes": json.dumps(told), "kinds": len(CHANGES)}
    with connection.cursor() as cursor:
        cursor.execute(_MISSES, given)
        return cursor.rowcount
