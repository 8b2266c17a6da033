"""Refreshes beside official runs, beside each other, and when something goes wrong."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from matching import services, tasks
from matching.enums import Failure, RunState
from matching.models import Match, Run
from matching.readings import unread_of
from matching.services.heartbeat import Work
from matching.services.refreshing import refresh_of, work
from tests.matching.book import AS_OF
from tests.matching.refreshing.edits import TOO_DEAR, current, edit, official, refresh_all

pytestmark = pytest.mark.django_db


def test_official_run_cut_before_an_edit_does_not_have_the_last_word(wanted, offered):
    run = services.start_run(as_of=AS_OF)
    shards = services.cut_book(run.pk).shards
    edit(offered, price_amount=TOO_DEAR)
    refresh_all()

    for shard in shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    assert current() == {(wanted.pk, offered.pk)}  # as the official run read it
    (again,) = refresh_all()

    assert again.options == {"after": run.pk, "companies": [], "needs": [], "capacities": [offered.pk]}
    assert refresh_of(offered) == again
    assert current() == set()


def test_refresh_that_waited_while_an_official_run_read_the_book_is_told_of_like_any_other(wanted, offered):
    edit(offered)
    Run.objects.update(queued_at=timezone.now() - timedelta(minutes=10))
    official()

    edit(offered, price_amount=Decimal(900))
    assert unread_of([wanted, offered]) == {offered}

    refresh_all()
    assert Run.objects.refreshes().count() == 1
    assert unread_of([wanted, offered]) == set()


def test_refresh_reads_again_where_somebody_wrote_meanwhile(wanted, offered, monkeypatch):
    solve, ended = work.solve, []

    def official_ends_meanwhile(*arguments):
        if not ended:
            ended.append(official())
        return solve(*arguments)

    monkeypatch.setattr(work, "solve", official_ends_meanwhile)
    edit(offered)
    (run, *_again) = refresh_all()

    assert run.book_cut_at > ended[0].finished_at
    assert Match.objects.get().latest.planned_kg == 100_000  # by the plan that it had not seen at first


def test_only_one_refresh_is_at_work_and_the_next_one_waits_for_it(wanted, offered, monkeypatch):
    solve, tried = work.solve, []

    def another_is_called(*arguments):
        if not tried:
            edit(wanted)
            tried.append(refresh_of(wanted))
            services.carry_out_refresh(tried[0].pk)
            tried[0].refresh_from_db()
            assert (tried[0].state, tried[0].attempt) == (RunState.QUEUED, 0)
        return solve(*arguments)

    monkeypatch.setattr(work, "solve", another_is_called)
    edit(offered)

    assert [run.need for run in refresh_all()] == [None, wanted]


def test_worker_lost_three_times_fails_the_refresh_and_changes_nothing(wanted, offered):
    official()
    edit(offered, price_amount=TOO_DEAR)
    run = refresh_of(offered)
    for _attempt in range(3):
        assert work._begin(run.pk, "w@lost") is not None

    services.carry_out_refresh(run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.LOST)
    assert (current(), unread_of([wanted, offered])) == ({(wanted.pk, offered.pk)}, {offered})


def test_error_that_comes_back_fails_the_refresh_through_its_task(wanted, monkeypatch, sent):
    monkeypatch.setattr(work, "solve", lambda *_arguments: 1 / 0)
    edit(wanted)
    run = refresh_of(wanted)

    for _attempt in range(3):
        tasks.refresh_listing(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code, run.reason) == (
        RunState.FAILED,
        Failure.ERROR,
        "refreshing a listing: ZeroDivisionError",
    )
    assert sent == [run.pk, run.pk]


@contextmanager
def somebody_saves():
    """Another session writes who fits whom, and is not done."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [int(Work.SAVE)])
        yield
    finally:
        other.close()


def test_refresh_that_meets_a_run_that_saves_does_not_begin(wanted, offered):
    edit(offered)
    run = refresh_of(offered)

    with somebody_saves():
        assert services.carry_out_refresh(run.pk) is None
        run.refresh_from_db()
        assert (run.state, run.attempt, current()) == (RunState.QUEUED, 0, set())

    refresh_all()
    assert current() == {(wanted.pk, offered.pk)}


def answer(monkeypatch, *answers: bool) -> None:
    """To each question whether one may save."""
    left = list(answers)
    monkeypatch.setattr(work, "may_save", lambda: left.pop(0))


def test_refresh_that_may_not_write_is_given_back_however_often_and_called_by_who_saved(
    wanted, offered, monkeypatch, sent
):
    official_run = services.start_run(as_of=AS_OF)
    shards = services.cut_book(official_run.pk).shards
    edit(offered)
    run = refresh_of(offered)
    for _time in range(4):
        with monkeypatch.context() as patched:
            answer(patched, True, False, False)
            tasks.refresh_listing(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.attempt, run.as_of) == (RunState.RUNNING, 0, AS_OF)
    assert sent == []

    for shard in shards:
        services.carry_out_shard(shard)
    tasks.close_run(run_id=official_run.pk)

    assert sent == [run.pk]
    refresh_all()
    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.FINISHED, 1)


def test_refresh_is_called_again_where_the_saving_ends_while_it_is_given_back(wanted, offered, monkeypatch, sent):
    edit(offered)
    run = refresh_of(offered)

    answer(monkeypatch, True, False, True)
    tasks.refresh_listing(run_id=run.pk)

    assert sent == [run.pk]


def test_run_that_cannot_be_closed_calls_the_refresh_that_waited_for_it(wanted, offered, monkeypatch, sent):
    official_run = services.start_run(as_of=AS_OF)
    services.cut_book(official_run.pk)
    edit(offered)
    monkeypatch.setattr(services, "close_run", lambda *_arguments, **_named: 1 / 0)
    monkeypatch.setattr(tasks.match_shard, "delay", lambda **_named: None)

    tasks.close_run(run_id=official_run.pk)

    assert sent == [refresh_of(offered).pk]
