"""The plan of a made run: some of its pairs carry something, and every listing of the book has a line.

As for its pairs, which of them carry, and how much, is of no matter to a page: how many rows there are is.
"""

from django.db import connection

from matching.models import Run

ONE_IN = 10  # pairs that carry something
# What a pair carries, by its number in `page_rows`; nothing where it is in no plan.
PLANNED_KG = f"CASE WHEN number %% {ONE_IN} = 0 THEN 20000 * (1 + number / {ONE_IN} %% 40) ELSE 0 END"

_FLOWS = """
    INSERT INTO matching_planflow
        (run_id, match_id, need_id, capacity_id, quantity_kg, score_ppm, first_month, last_month, months)
    SELECT run_id, match_id, need_id, capacity_id, planned_kg, score_ppm, ships, delivers,
        jsonb_build_array(jsonb_build_array(ships, delivers, planned_kg)) FROM (
        SELECT result.run_id, result.match_id, one.need_id, one.capacity_id, result.planned_kg, result.score_ppm,
            (date_trunc('month', now()) + (1 + result.id %% 6) * interval '1 month')::date AS ships,
            (date_trunc('month', now()) + (2 + result.id %% 6) * interval '1 month')::date AS delivers
        FROM matching_matchresult result JOIN matching_match one ON one.id = result.match_id
        WHERE result.run_id = %(run)s AND result.planned_kg > 0
    ) carried
"""
_ALLOCATIONS = """
    INSERT INTO matching_allocation (run_id, match_id, ship_month, deliver_month, quantity_kg)
    SELECT run_id, match_id, first_month, last_month, quantity_kg FROM matching_planflow WHERE run_id = %(run)s
"""
# Every other listing keeps a rest; three in four of them have it for something that a partner stands for.
_LINES = """
    INSERT INTO matching_planline
        (run_id, {side}_id, commodity_id, quantity_kg, planned_kg, left_kg, rest, why, price_ppm)
    SELECT %(run)s, listing.id, {goods}, coalesce(carried.kg, 0) + left_kg, coalesce(carried.kg, 0), left_kg,
        CASE WHEN left_kg = 0 THEN ''
            ELSE (ARRAY['far', 'scarce', 'lots', 'months'])[1 + CASE WHEN partner IS NULL THEN 0
                ELSE listing.id / 2 %% 4 END] END,
        CASE WHEN left_kg > 0 AND partner IS NOT NULL
            THEN jsonb_build_object('{other}', partner, 'smallest_kg', 20000) END,
        CASE WHEN listing.id %% 3 = 0 THEN 1000 * (1 + listing.id %% 900) ELSE 0 END
    FROM (SELECT *, CASE WHEN id %% 2 = 0 THEN 1000 * (1 + id %% 5000) ELSE 0 END AS left_kg
        FROM companies_{side} WHERE status = 'open') listing
    LEFT JOIN (SELECT {side}_id, sum(quantity_kg) AS kg, min({other}_id) AS partner FROM matching_planflow
        WHERE run_id = %(run)s GROUP BY 1) carried ON carried.{side}_id = listing.id
"""
_OF_NEED = """(SELECT coalesce(accepted.commodity_id, (SELECT min(commodity_id)
        FROM commodities_commoditygroupmember member WHERE member.group_id = accepted.group_id))
    FROM companies_needcommodity accepted WHERE accepted.need_id = listing.id ORDER BY accepted.position LIMIT 1)"""


def make_plan(run: Run) -> None:
    """Flows, allocations and lines of a run whose results say what each pair carries; what it counts of them."""
    given = {"run": run.pk}
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, given)
        cursor.execute(_ALLOCATIONS, given)
        cursor.execute(_LINES.format(side="need", other="capacity", goods=_OF_NEED), given)
        cursor.execute(_LINES.format(side="capacity", other="need", goods="listing.commodity_id"), given)
        cursor.execute(
            "SELECT coalesce(sum(quantity_kg::numeric * score_ppm), 0) FROM matching_planflow WHERE run_id = %s",
            [run.pk],
        )
        value = int(cursor.fetchone()[0])
    run.counts = {"plan_value": str(value), "plan_bound": str(value), "plan_gap": "0", "plan_status": "feasible"}
    run.save(update_fields=["counts"])


def remove_plan(run: Run) -> None:
    """By the table, for whole rows of hundreds of thousands would be read before they are deleted."""
    with connection.cursor() as cursor:
        for table in ("matching_planflow", "matching_planline", "matching_allocation"):
            cursor.execute(f"DELETE FROM {table} WHERE run_id = %s", [run.pk])  # noqa: S608 - names of our own
