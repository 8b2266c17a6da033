"""A whole run in the database: a made book is written, matched, divided and stored, and taken away again.

As in the product, two workers take the shards, the heaviest first, and each step is done in a process of a worker.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection, connections, transaction
from django.db.models import QuerySet

from matching import services
from matching.benchmarks.workers import Worked, Workers
from matching.enums import RunState
from matching.models import Allocation, ListedMatch, Match, MatchResult, NearMiss, PlanFlow, PlanLine, Run
from matching.services.made_book import Wanted, make_book, remove_book

WORKERS = 2


@dataclass(frozen=True)
class WholeRun:
    """What each step took; the clock runs from the beginning of the run to its end."""

    needs: int
    capacities: int
    steps: dict[str, Worked]
    wall_s: float
    counts: dict
    rows: dict[str, int]  # that are stored
    put_down: Worked  # storing the same rows plainly, in empty tables with the same indexes

    @property
    def parts(self) -> dict[str, float]:
        """Processor seconds of search, plan, near misses and the rest, of all shards together."""
        return self.steps["match and divide"].parts

    @property
    def peak_mb(self) -> float:
        """The most that workers and their connections in the server held at one time, each page counted once."""
        return max(step.peak_mb for step in self.steps.values())


def whole_run(size: int, *, seed: int, as_of: date, tell: Callable[[str], None]) -> WholeRun:
    """An official run of so many needs and capacities beside what examples there are.

    Raises ValidationError where real listings are in the book, or a run is under way.
    """
    make_book(Wanted(size, size, seed, 0.3, as_of), tell=tell)
    try:
        run = services.start_run(as_of=as_of)
        steps = {}
        with Workers(tell) as workers:
            steps["cut"] = workers.do(services.cut_book, [run.pk], processes=1)
            shards = services.next_steps(Run.objects.get(pk=run.pk)).shards
            steps["match and divide"] = workers.do(services.carry_out_shard, shards, processes=WORKERS)
            steps["store"] = workers.do(services.close_run, [run.pk], processes=1)
            wall_s = workers.elapsed_s()
            run.refresh_from_db()
            if run.state != RunState.FINISHED:
                raise RuntimeError(f"the run ended as {run.state}: {run.reason}")
            put_down = workers.do(put_rows_down, [run.pk], processes=1)
        return WholeRun(size, size, steps, wall_s, run.counts, rows_of(run), put_down)
    finally:
        connections.close_all()
        remove_book(tell)


def stored_by(run: Run) -> dict[str, QuerySet]:
    """What the run has stored, by what the rows are called."""
    return {
        "matches that are new": Match.objects.filter(first_run=run),
        "results": MatchResult.objects.filter(run=run),
        "rows of the list": ListedMatch.objects.filter(result__run=run),
        "allocations": Allocation.objects.filter(run=run),
        "near misses": NearMiss.objects.filter(run=run),
        "lines of the plan": PlanLine.objects.filter(run=run),
        "flows of the plan": PlanFlow.objects.filter(run=run),
    }


def rows_of(run: Run) -> dict[str, int]:
    """How many rows of each kind the run has stored."""
    return {name: rows.count() for name, rows in stored_by(run).items()}


def put_rows_down(run_id: int) -> None:
    """All that a run has stored once more, read and put into empty tables with the same indexes; then undone."""
    quoted = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for rows in stored_by(Run.objects.get(pk=run_id)).values():
            fields = rows.model._meta.concrete_fields
            table, beside = rows.model._meta.db_table, f"bare_{rows.model._meta.db_table}"
            chosen, params = (
                rows.order_by("pk").values_list(*(field.attname for field in fields)).query.sql_with_params()
            )
            columns = ", ".join(quoted(field.column) for field in fields)
            cursor.execute(f"CREATE TABLE {quoted(beside)} (LIKE {quoted(table)} INCLUDING INDEXES)")
            cursor.execute(f"INSERT INTO {quoted(beside)} ({columns}) {chosen}", params)
        transaction.set_rollback(True)


def at_least_s(worked: Worked) -> float:
    """What a step takes where nobody else is at work: one after the other, or the heaviest piece of many."""
    heaviest_s = max((piece.cpu_s for piece in worked.pieces), default=0.0)
    return max((worked.cpu_s + worked.server_s) / worked.processes, heaviest_s)
