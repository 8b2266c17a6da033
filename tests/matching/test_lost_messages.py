"""The broker loses messages, comes back without its data, or delivers twice: runs end all the same."""

import pytest

from matching.enums import RunState
from matching.models import Run
from matching.tasks import carry_out_run, close_run, match_shard
from tests.matching.book import small_book
from tests.matching.faults import (
    SOON,
    assert_ended_as_undisturbed,
    gate_in_mid_shard,
    manage,
    own_valkey,
    saved,
    start,
    started,
    wait_for_end,
    wait_until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_run_whose_message_was_lost_is_found_by_the_sweeper(live_worker):
    small_book(headings=2)
    run = start()
    live_worker(beat=True, **SOON)

    assert_ended_as_undisturbed(run)


@pytest.mark.parametrize("keeps_its_data", [True, False])
def test_run_survives_a_restart_of_the_broker(keeps_its_data, live_worker):
    small_book(headings=3)
    with own_valkey() as valkey:
        live_worker(concurrency=1, beat=True, REDIS_URL=valkey.url, **SOON)
        with gate_in_mid_shard() as gate:
            run = start()
            valkey.publish(run)
            gate.wait_for_somebody()

            valkey.kill()
            if not keeps_its_data:
                valkey.forget()
            gate.open()
        valkey.start()
        wait_for_end(run)

    live_worker()
    assert_ended_as_undisturbed(run)


def test_messages_that_come_again_change_nothing(live_worker):
    small_book(headings=2)
    worker = live_worker(concurrency=1)
    run = wait_for_end(started())
    before = Run.objects.filter(pk=run.pk).values().get(), saved(run)

    carry_out_run.delay(run_id=run.pk)
    for shard in run.shards.all():
        match_shard.delay(shard_id=shard.pk)
    close_run.delay(run_id=run.pk)
    wait_until(lambda: worker.written().count("succeeded") >= 8, "every message was delivered twice")

    assert (Run.objects.filter(pk=run.pk).values().get(), saved(run)) == before


def test_shard_that_comes_again_while_it_is_at_work_is_left_to_whom_has_it(live_worker):
    small_book(headings=1)
    worker = live_worker(concurrency=2)
    with gate_in_mid_shard() as gate:
        run = started()
        gate.wait_for_somebody()
        shard = run.shards.get()

        match_shard.delay(shard_id=shard.pk)
        wait_until(lambda: worker.written().count("succeeded") >= 2, "the second delivery was answered")

        assert run.shards.get().attempt == 1
        gate.open()

    assert_ended_as_undisturbed(run)


def test_start_without_a_broker_leaves_the_run_queued_and_says_so():
    small_book(headings=1)

    told = manage("start_run", "--wait", REDIS_URL="redis://127.0.0.1:1/0")

    assert told.returncode == 1
    run = Run.objects.get()
    assert told.stderr.splitlines()[-1] == (
        f"CommandError: The message broker at REDIS_URL does not answer. Run {run.pk} stays queued and begins once "
        "the broker and a worker are there."
    )
    assert (run.state, run.published_at) == (RunState.QUEUED, None)


def test_start_without_a_worker_leaves_the_run_queued_and_says_so(live_worker):
    small_book(headings=1)

    told = manage("start_run", "--wait")

    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith(f"CommandError: No worker answers. Run {Run.objects.get().pk} stays")
    assert Run.objects.get().state == RunState.QUEUED
