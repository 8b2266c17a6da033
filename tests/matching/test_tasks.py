"""What the tasks do when a step fails, is too long, or cannot be queued; and what the sweeper takes up again."""

import datetime as dt

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from matching import engine, queries, services, tasks
from matching.enums import Failure, RunState
from matching.models import Run, RunShard
from tests.matching.book import small_book
from tests.matching.faults import gate_in_mid_shard, start, wait_for_end, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


# --- with a worker


@pytest.mark.slow
def test_poison_shard_fails_its_run_after_three_attempts(live_worker):
    small_book(headings=2)
    live_worker()
    run = start()
    steps = services.cut_book(run.pk)
    poison = RunShard.objects.get(pk=steps.shards[0])
    RunShard.objects.filter(pk=poison.pk).update(market=b"/etc/passwd is no market")
    tasks.queue(steps)

    wait_for_end(run)

    poison.refresh_from_db()
    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.ERROR)
    assert run.reason == f"matching the headings {poison.headings[0]}: ValueError"
    assert (poison.attempt, poison.state) == (3, "waiting")


@pytest.mark.slow
def test_shard_that_takes_too_long_fails_its_run(live_worker):
    small_book(headings=1)
    live_worker()
    run = start()
    (shard,) = services.cut_book(run.pk).shards
    with gate_in_mid_shard() as gate:
        tasks.match_shard.apply_async(kwargs={"shard_id": shard}, soft_time_limit=1)
        gate.wait_for_somebody()
        taken_at = RunShard.objects.get(pk=shard).taken_at
        wait_until(lambda: timezone.now() > taken_at + dt.timedelta(seconds=1.5), "the time is up")
        gate.open()

        wait_for_end(run)

    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.TOO_LONG)
    assert run.reason == f"matching the headings {RunShard.objects.get().headings[0]}"


def test_heartbeat_goes_on_while_a_shard_is_at_work(settings, monkeypatch):
    settings.RUN_HEARTBEAT_LOST_S = 3
    small_book(headings=1)
    run = start()
    (shard,) = services.cut_book(run.pk).shards
    real = engine.solve

    def solve_slowly(*arguments, progress, **named):
        progress(1, 4)
        wait_until(lambda: queries.run_progress(Run.objects.get(pk=run.pk))["done"] == 1, "the heartbeat tells of it")
        return real(*arguments, progress=progress, **named)

    monkeypatch.setattr(engine, "solve", solve_slowly)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - dt.timedelta(hours=1))

    services.carry_out_shard(shard)

    run.refresh_from_db()
    assert run.heartbeat_at > timezone.now() - dt.timedelta(minutes=1)
    assert (run.done, run.total) == (4, 4)


# --- without one


@pytest.fixture
def queued(monkeypatch) -> list[tuple]:
    """What would be sent to the broker."""
    sent = []
    for task in (tasks.carry_out_run, tasks.match_shard, tasks.close_run):
        monkeypatch.setattr(task, "delay", lambda task=task, **arguments: sent.append((task.__name__, arguments)))
    return sent


def set_back(run: Run, seconds: float, **facts) -> None:
    """Let time pass for a run."""
    then = timezone.now() - dt.timedelta(seconds=seconds)
    Run.objects.filter(pk=run.pk).update(queued_at=then, heartbeat_at=then, published_at=then, **facts)


def test_dead_broker_is_no_error_for_whoever_starts_a_run(monkeypatch):
    def refuse(**arguments):
        raise OperationalError("Error 111 connecting to 127.0.0.1:1")

    monkeypatch.setattr(tasks.carry_out_run, "delay", refuse)
    small_book(headings=1)
    run = start()

    tasks.carry_out_run.delay_on_commit(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, run.published_at) == (RunState.QUEUED, None)


def test_run_is_noted_as_published_once_its_message_is_sent(queued):
    small_book(headings=1)
    run = start()

    tasks.carry_out_run.delay_on_commit(run_id=run.pk)

    run.refresh_from_db()
    assert queued == [("carry_out_run", {"run_id": run.pk})]
    assert run.published_at is not None


def test_sums_of_a_plan_are_taken_after_whatever_else_waits():
    """Redis has lists for 0, 3, 6 and 9; a number between goes into the one before."""
    asked = (tasks.refresh_listing, tasks.match_shard, tasks.make_plan_ready)

    assert [task.priority for task in asked] == [0, 6, 9]


def test_heaviest_shard_is_queued_first(queued):
    small_book(headings=1)
    run = start()
    steps = services.cut_book(run.pk)
    RunShard.objects.create(run=run, number=1, total=2, weight=1000, market=b"")
    run.refresh_from_db()

    tasks.queue(services.next_steps(run))

    assert [arguments["shard_id"] for _name, arguments in queued] == [
        RunShard.objects.get(number=1).pk,
        *steps.shards,
    ]


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(30, False), (61, True)],
)
def test_sweeper_queues_a_run_whose_message_is_lost(seconds, found, queued):
    small_book(headings=1)
    run = start()
    set_back(run, seconds)

    tasks.sweep_runs()

    assert queued == ([("carry_out_run", {"run_id": run.pk})] if found else [])


@pytest.mark.parametrize(("seconds", "found"), [(61, False), (91, True)])
def test_sweeper_queues_the_waiting_shards_of_a_run_without_heartbeat(seconds, found, queued):
    small_book(headings=3)
    run = start()
    first, *others = services.cut_book(run.pk).shards
    services.carry_out_shard(first)
    set_back(run, seconds)

    tasks.sweep_runs()

    expected = [("match_shard", {"shard_id": shard}) for shard in others]
    assert queued == (expected if found else [])


def test_sweeper_queues_the_closing_of_a_run_whose_shards_are_done(queued):
    small_book(headings=1)
    run = start()
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    set_back(run, 91)

    tasks.sweep_runs()
    tasks.sweep_runs()  # what is queued again is not queued a second time at once

    assert queued == [("close_run", {"run_id": run.pk})]


def test_sweeper_leaves_runs_that_are_over(queued):
    small_book(headings=1)
    run = start()
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, reason_code=Failure.LOST)
    set_back(run, 1000)

    tasks.sweep_runs()

    assert queued == []


@pytest.mark.parametrize("step", ["cutting the book", "closing the run"])
def test_error_that_comes_back_fails_the_run_without_its_words(step, monkeypatch, queued):
    def break_down(*arguments):
        raise KeyError("/srv/secret/path")

    small_book(headings=1)
    run = start()
    if step == "cutting the book":
        monkeypatch.setattr("matching.services.runs.load_book", break_down)
        task = tasks.carry_out_run
    else:
        for shard in services.cut_book(run.pk).shards:
            services.carry_out_shard(shard)
        monkeypatch.setattr("matching.services.results.summarize", break_down)
        task = tasks.close_run

    for _attempt in range(4):
        task(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code, run.reason) == (RunState.FAILED, Failure.ERROR, f"{step}: KeyError")
    assert run.attempt == 3
    assert queued == [(task.__name__, {"run_id": run.pk})] * 2


def test_run_that_is_over_is_left_alone(queued):
    small_book(headings=1)
    run = start()
    (shard,) = services.cut_book(run.pk).shards
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, reason_code=Failure.TOO_LONG)
    before = Run.objects.filter(pk=run.pk).values().get()

    tasks.carry_out_run(run_id=run.pk)
    tasks.match_shard(shard_id=shard)
    tasks.close_run(run_id=run.pk)

    assert Run.objects.filter(pk=run.pk).values().get() == before
    assert RunShard.objects.get().state == "waiting"
    assert queued == []


def test_engine_tells_how_far_it_is(monkeypatch):
    """What the heartbeat writes down comes from the engine itself."""
    small_book(headings=1)
    run = start()
    (shard,) = services.cut_book(run.pk).shards
    told = []
    real = engine.solve

    def solve(*arguments, progress, **named):
        return real(
            *arguments, progress=lambda done, total: (told.append((done, total)), progress(done, total)), **named
        )

    monkeypatch.setattr(engine, "solve", solve)

    services.carry_out_shard(shard)

    assert told[-1] == (2, 2)
