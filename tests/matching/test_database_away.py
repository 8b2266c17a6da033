"""The database drops its clients and lets nobody in for a while, as when it is restarted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection

from tests.matching.book import small_book
from tests.matching.faults import (
    SOON,
    Gate,
    assert_ended_as_undisturbed,
    gate_in_mid_shard,
    gate_in_saving,
    started,
    wait_until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

GATES = {"mid-shard": gate_in_mid_shard, "saving": gate_in_saving}


@pytest.mark.parametrize("where", GATES)
def test_run_survives_a_restart_of_the_database(where, live_worker):
    small_book(headings=2)
    worker = live_worker(beat=True, LOG_LEVEL="WARNING", **SOON)
    with GATES[where]() as gate:
        run = started()
        gate.wait_for_somebody()

        with closed_database(gate):
            wait_until(lambda: "OperationalError, once more" in worker.written(), "the worker tries again")
        gate.open()

    assert_ended_as_undisturbed(run)


@contextmanager
def closed_database(gate: Gate) -> Iterator[None]:
    """What a restart does to clients, without touching the server that other tests use."""
    name = connection.settings_dict["NAME"]
    keeper = psycopg2.connect(os.environ["DATABASE_URL"])
    keeper.autocommit = True
    with keeper.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> ALL(%s)",
            [name, [connection.connection.info.backend_pid, gate.keeper.info.backend_pid]],
        )
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            keeper.close()
