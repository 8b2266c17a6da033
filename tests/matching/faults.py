"""What goes wrong with runs, made to happen: work that stops at a chosen point, and a look at how it ended."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.db import connection
from kombu import Connection

from launcher.binaries import find_valkey
from launcher.ports import HOST, answers, free_port
from matching import services
from matching.enums import RunState
from matching.models import Allocation, Match, MatchResult, NearMiss, Run
from matching.tasks import carry_out_run
from tests.matching.book import AS_OF
from tests.workers import database_url_of_tests

PATIENCE_S = 120
GATE = 990_001  # an advisory lock that only these tests use

# Short enough for a test; the meaning is told in docs/running.md.
SOON = {"TM_RUN_SWEEP_S": 1, "TM_HEARTBEAT_LOST_S": 3}


def start(**facts) -> Run:
    return services.start_run(as_of=AS_OF, **facts)


def started(**facts) -> Run:
    """A run that a worker has been told of."""
    run = start(**facts)
    carry_out_run.delay(run_id=run.pk)
    return run


def wait_until(question: Callable[[], object], what: str):
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := question()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)
    return answer


def wait_for_end(run: Run) -> Run:
    def is_over() -> bool:
        run.refresh_from_db()
        return run.is_over

    wait_until(is_over, "the run is over")
    return run


class Gate:
    """Stops every process that changes a table in a certain way, until it is opened."""

    def __init__(self, keeper):
        self.keeper = keeper

    def waiting(self) -> list[int]:
        """Database processes that stand before it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [GATE]
            )
            return [pid for (pid,) in cursor.fetchall()]

    def wait_for_somebody(self) -> list[int]:
        return wait_until(self.waiting, "somebody stands before the gate")

    def wait_for_nobody(self) -> None:
        wait_until(lambda: not self.waiting(), "nobody stands before the gate")

    def turn_away(self) -> None:
        """End the database processes of clients that died here; they would notice only once the gate opens."""
        with connection.cursor() as cursor:
            for pid in self.waiting():
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def open(self) -> None:
        self.keeper.close()  # the lock goes with its session


@contextmanager
def gate_before(change: str, table: str, when: str = "true") -> Iterator[Gate]:
    """A gate that a change of a table has to pass: in the database, so that the product knows nothing of tests."""
    keeper = psycopg2.connect(database_url_of_tests())
    keeper.autocommit = True
    with keeper.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pass_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER gate BEFORE {change} ON {table} FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION pass_the_gate()"
        )
    gate = Gate(keeper)
    try:
        yield gate
    finally:
        gate.open()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER gate ON {table}")


def gate_in_mid_shard():
    """Where a shard is solved, but not kept yet."""
    return gate_before("UPDATE", "matching_runshard", "NEW.state = 'done'")


def gate_in_saving():
    """Inside the transaction that saves the results: matches are written already, their results are not."""
    return gate_before("INSERT", "matching_matchresult")


def saved(run: Run) -> dict:
    """All that a run left in the tables that pages read."""
    pair = ("match__need_id", "match__capacity_id")
    results = MatchResult.objects.filter(run=run).order_by(*pair)
    allocations = Allocation.objects.filter(run=run).order_by(*pair, "ship_month", "deliver_month")
    misses = NearMiss.objects.filter(run=run).order_by("need_id", "capacity_id")
    return {
        "results": list(
            results.values_list(
                *pair, "score_ppm", "could_reach_ppm", "components", "verdicts", "facts", "planned_kg", "movable_kg"
            )
        ),
        "allocations": list(allocations.values_list(*pair, "ship_month", "deliver_month", "quantity_kg")),
        "near_misses": list(misses.values_list("need_id", "capacity_id", "rule", "side", "change", "score_ppm")),
    }


def assert_ended_as_undisturbed(run: Run) -> None:
    """Finished, with the same matches as a run that nothing happened to, each of them once."""
    wait_for_end(run)
    assert (run.state, run.reason_code, run.reason) == (RunState.FINISHED, "", "")
    matches = sorted(Match.objects.values_list("pk", "need_id", "capacity_id", "is_current"))

    undisturbed = wait_for_end(started())

    assert saved(run) == saved(undisturbed)
    assert sorted(Match.objects.values_list("pk", "need_id", "capacity_id", "is_current")) == matches
    assert saved(run)["results"] != []


class Valkey:
    """A broker of one's own that may be killed."""

    def __init__(self, folder: Path, port: int):
        self.program, self.folder, self.port = find_valkey(), folder, port
        self.url = f"redis://{HOST}:{port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(self.program, "--port", str(self.port), "--bind", HOST, "--dir", str(self.folder)),
                *("--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: answers(HOST, self.port), "the broker answers")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        """Lose everything it had written to disk."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def publish(self, run: Run) -> None:
        with Connection(self.url) as broker:
            carry_out_run.apply_async(kwargs={"run_id": run.pk}, connection=broker)


@contextmanager
def own_valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory() as folder:
        valkey = Valkey(Path(folder), free_port())
        try:
            yield valkey
        finally:
            valkey.kill()


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess:
    """A command in a process of its own, on the test database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**os.environ, "DATABASE_URL": database_url_of_tests(), **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )
