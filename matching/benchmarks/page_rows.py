"""A million matches for the pages, without searching for them: written set by set, and taken away again.

Which pairs they are, and how good, is of no matter to a page: their number, their spread over goods, countries, states
and gaps are. Each need is given capacities of goods that it may accept or, where there are too few, of any; scores and
figures are drawn by the number of the pair. The rows go through the same tables and triggers as those of a run.
"""

import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from matching import engine
from matching.benchmarks.page_misses import make_misses
from matching.benchmarks.page_plan import PLANNED_KG, make_plan, remove_plan
from matching.engine import COMPONENTS, RULE_CODES
from matching.enums import RunKind, RunState
from matching.models import Run, Weights
from matching.plan_page.ready import make_ready

MARK = "benchmark_pages"
TOGETHER = 5000  # needs whose rows are written by one statement
MOST_UNKNOWN = 5

_NEEDS = """
    SELECT array_agg(id ORDER BY id) FROM companies_need need WHERE status = 'open'
    AND EXISTS (SELECT FROM companies_company WHERE id = need.company_id AND status = 'active' AND NOT is_hidden)
"""
_CAPACITIES = _NEEDS.replace("companies_need need", "companies_capacity need")
# `spread` carries each number of a pair to another that looks drawn by chance, the same at each time.
_SPREAD = "(hashint8(pair.number + {0}) & 1048575)"
_PAIRS = """
    CREATE TEMP TABLE pair ON COMMIT DROP AS
    SELECT need_id, capacity_id, row_number() OVER () + %(before)s AS number,
        nextval(pg_get_serial_sequence('matching_matchresult', 'id')) AS result_id FROM (
        SELECT DISTINCT need.id AS need_id,
            (%(capacities)s::bigint[])[1 + (need.place * 7919::bigint + step * 104729) %% %(number)s] AS capacity_id
        FROM unnest(%(needs)s::bigint[]) WITH ORDINALITY AS need (id, place), generate_series(1, %(each)s) AS step
    ) drawn
    WHERE NOT EXISTS (SELECT FROM matching_match there
        WHERE there.need_id = drawn.need_id AND there.capacity_id = drawn.capacity_id)
"""
_MATCHES = """
    INSERT INTO matching_match (need_id, capacity_id, state, is_current, first_run_id, created_at, latest_id)
    SELECT need_id, capacity_id, CASE WHEN number %% 400 < 4
        THEN (ARRAY['shortlisted', 'proposed', 'dismissed', 'shortlisted'])[number %% 400 + 1] ELSE 'new' END,
        true, %(run)s, now(), result_id FROM pair
"""
_RESULTS = f"""
    INSERT INTO matching_matchresult (id, run_id, match_id, score_ppm, could_reach_ppm, components, verdicts, facts,
        movable_kg, planned_kg, landed_low_usd_per_t, landed_high_usd_per_t, days_low, days_high, known_rules,
        failed_rules)
    SELECT result_id, %(run)s, one.id, score, least(1000000, score + 150000), %(components)s, answer.verdicts,
        %(facts)s,
        CASE WHEN number %% 11 > 0 THEN 20000 * (1 + {_SPREAD.format(3)} %% 400) END, {PLANNED_KG},
        CASE WHEN number %% 7 > 0 THEN 800 + {_SPREAD.format(1)} %% 900 END,
        CASE WHEN number %% 7 > 0 THEN 850 + {_SPREAD.format(1)} %% 900 END,
        CASE WHEN number %% 5 > 0 THEN 20 END,
        CASE WHEN number %% 5 > 0 THEN 25 + {_SPREAD.format(2)} %% 40 END,
        answer.known_rules, answer.failed_rules
    FROM (SELECT pair.*, 300000 + {_SPREAD.format(0)} %% 650000 AS score FROM pair) pair
    JOIN matching_match one ON one.need_id = pair.need_id AND one.capacity_id = pair.capacity_id
    JOIN answer ON answer.which = {_SPREAD.format(4)} %% %(answers)s
"""  # noqa: S608 - numbers of our own


class NothingToPairError(ValueError):
    """A book without open listings."""


@dataclass(frozen=True)
class Made:
    """The run whose pairs were made, and how many they are."""

    run: Run
    pairs: int


def make_pairs(number: int, tell=lambda said: None) -> Made:
    """So many current matches between the open listings of the book, most of them new, some decided upon."""
    with connection.cursor() as cursor:
        needs, capacities = (_ids(cursor, query) for query in (_NEEDS, _CAPACITIES))
    if not needs or not capacities:
        raise NothingToPairError("The book has no open needs or no open capacities: make_market makes some.")
    run = _made_run()
    each = -(-number // len(needs))
    done = 0
    for start in range(0, len(needs), TOGETHER):
        some = needs[start : start + min(TOGETHER, -(-(number - done) // each))]
        if not some or done >= number:
            break
        done += _write(run, some, capacities, each, done)
        if start % (TOGETHER * 10) == 0:
            tell(f"{done:,} pairs")
    tell(f"{make_misses(run, needs, capacities):,} near misses")
    make_plan(run)
    tell("the plan")
    run.state, run.finished_at = RunState.FINISHED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE matching_match, matching_matchresult, matching_listedmatch")
        cursor.execute("VACUUM ANALYZE matching_nearmiss, matching_planflow, matching_planline, matching_allocation")
    make_ready(run)  # as a worker does it when a run has ended
    tell("what a worker sums up of the plan")
    return Made(run, done)


def remove_pairs(run: Run) -> None:
    """All that was made, and nothing else: pairs that the run was the first to put before people."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE matching_match SET latest_id = NULL WHERE first_run_id = %s", [run.pk])
        remove_plan(run)
        cursor.execute("DELETE FROM matching_nearmiss WHERE run_id = %s", [run.pk])
        cursor.execute("DELETE FROM matching_matchresult WHERE run_id = %s", [run.pk])
        cursor.execute("DELETE FROM matching_match WHERE first_run_id = %s", [run.pk])
        run.delete()


def made_before() -> list[Run]:
    """Runs of a measurement that was broken off."""
    return list(Run.objects.filter(options__has_key=MARK))


def _ids(cursor, query: str) -> list[int]:
    cursor.execute(query)
    return cursor.fetchone()[0] or []


def _made_run() -> Run:
    weights = Weights.objects.order_by("-version").first()
    return Run.objects.create(
        kind=RunKind.OFFICIAL,
        state=RunState.RUNNING,
        as_of=timezone.localdate(),
        weights=weights,
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
        book_cut_at=timezone.now(),
        started_at=timezone.now(),
        options={MARK: True},
    )


@transaction.atomic
def _write(run: Run, needs: list[int], capacities: list[int], each: int, before: int) -> int:
    given = {"run": run.pk, "needs": needs, "capacities": capacities, "number": len(capacities), "each": each}
    given |= {"before": before, "answers": len(_answers()), "components": _json(dict.fromkeys(COMPONENTS, 0.7))}
    given["facts"] = _json(
        {"price": {"ask_usd_per_t": 800.0, "landed_low_usd_per_t": 950.0, "rests_on_examples": True}}
    )
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, given)
        cursor.execute("CREATE TEMP TABLE answer (which int, verdicts jsonb, known_rules int, failed_rules varchar[])")
        for answer in _answers():  # not together: at the terminal each statement is told who writes, which many are not
            cursor.execute("INSERT INTO answer VALUES (%s, %s, %s, %s)", answer)
        cursor.execute("ANALYZE pair, answer")
        cursor.execute(_MATCHES, given)
        cursor.execute(_RESULTS, given)
        made = cursor.rowcount
        cursor.execute("DROP TABLE answer")
    return made


def _answers() -> list[tuple[int, str, int, list[str]]]:
    """From nothing unknown to five rules; one row in eight fails one, as a pair does that people decided upon."""
    rows = []
    for number in range(8):
        unknown = RULE_CODES[: min(number, MOST_UNKNOWN)]
        failed = [RULE_CODES[-1]] if number == MOST_UNKNOWN + 2 else []
        said = {rule: -1 if rule in failed else 0 if rule in unknown else 1 for rule in RULE_CODES}
        rows.append((number, _json(said), len(RULE_CODES) - len(unknown), failed))
    return rows


def _json(value: dict) -> str:
    return json.dumps(value)
