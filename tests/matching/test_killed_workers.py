"""A real worker is killed in the middle of a run: the run still ends in the same matches."""

import pytest

from matching.enums import Failure, RunState
from tests.matching.book import small_book
from tests.matching.faults import (
    SOON,
    assert_ended_as_undisturbed,
    gate_in_mid_shard,
    gate_in_saving,
    started,
    wait_for_end,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

GATES = {"mid-shard": gate_in_mid_shard, "saving": gate_in_saving}


@pytest.mark.parametrize("where", GATES)
def test_run_survives_the_death_of_its_worker(where, live_worker):
    small_book(headings=2)
    worker = live_worker()
    with GATES[where]() as gate:
        run = started()
        gate.wait_for_somebody()

        worker.kill()
        gate.wait_for_nobody()  # the server sees that nobody listens, and lets go of the locks
        gate.open()
    live_worker(beat=True, **SOON)

    assert_ended_as_undisturbed(run)


@pytest.mark.parametrize("where", GATES)
def test_run_survives_the_death_of_the_process_at_work(where, live_worker):
    small_book(headings=2)
    worker = live_worker()
    with GATES[where]() as gate:
        run = started()
        gate.wait_for_somebody()

        worker.kill_children()
        gate.open()
        gate.wait_for_nobody()

    # Nobody sweeps here: the worker sees its child die and queues the message again.
    assert_ended_as_undisturbed(run)


def test_run_fails_when_its_worker_dies_three_times_at_the_same_shard(live_worker):
    small_book(headings=1)
    worker = live_worker(concurrency=1)
    with gate_in_mid_shard() as gate:
        run = started()
        for attempt in (1, 2, 3):
            gate.wait_for_somebody()
            assert run.shards.get().attempt == attempt
            worker.kill_children()
            gate.turn_away()

        wait_for_end(run)

    shard = run.shards.get()
    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.LOST)
    assert run.reason == f"matching the headings {shard.headings[0]}"
    assert (shard.state, shard.attempt) == ("waiting", 3)
