"""Who holds the work: a beat held up keeps its lock, a silent one loses it, and a lost database is no answer."""

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from matching import services
from matching.enums import RunState
from matching.models import Run, RunShard
from matching.services.heartbeat import Heartbeat, Work
from tests.matching.book import small_book
from tests.matching.faults import start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def holders(work: Work, pk: int) -> list[int]:
    """Database processes that hold the lock of a piece of work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND granted AND classid = %s AND objid = %s AND datname = current_database()",
            [int(work), pk],
        )
        return [pid for (pid,) in cursor.fetchall()]


@pytest.fixture
def run(settings) -> Run:
    settings.RUN_HEARTBEAT_LOST_S = 6  # a beat each second, silent after six
    small_book(headings=1)
    return start()


@pytest.mark.slow
def test_lock_is_kept_while_the_row_of_the_run_is_locked(run, caplog):
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    beat = Heartbeat(Work.CLOSE, run.pk, run_id=run.pk)
    assert beat.start()
    try:
        holder = holders(Work.CLOSE, run.pk)
        with transaction.atomic():
            Run.objects.select_for_update().get(pk=run.pk)
            wait_until(lambda: caplog.text.count("no heartbeat this time") == 2, "two beats were held up for 2 s each")

            assert holders(Work.CLOSE, run.pk) == holder
        assert len(holder) == 1
    finally:
        beat.stop()

    assert holders(Work.CLOSE, run.pk) == []


def test_lock_of_a_machine_that_vanished_is_taken_away(run, settings, monkeypatch):
    """Nobody closes the connection of such a machine: it is only silent."""
    settings.RUN_HEARTBEAT_LOST_S = 3
    is_back = threading.Event()
    monkeypatch.setattr(Heartbeat, "_note", lambda self, connection: is_back.wait(60))
    vanished = Heartbeat(Work.CUT, run.pk, run_id=run.pk)
    assert vanished.start()
    try:
        wait_until(lambda: not holders(Work.CUT, run.pk), "the lock is free")
        other = Heartbeat(Work.CUT, run.pk, run_id=run.pk)

        assert other.start()
        assert len(holders(Work.CUT, run.pk)) == 1
    finally:
        is_back.set()
        vanished.stop()
        other.stop()


def test_beat_that_lost_its_lock_to_another_is_quiet(run, settings, caplog):
    settings.RUN_HEARTBEAT_LOST_S = 30
    first = Heartbeat(Work.CUT, run.pk, run_id=run.pk)
    second = Heartbeat(Work.CUT, run.pk, run_id=run.pk)
    lost = connections.create_connection("default")
    try:
        assert second.start()

        first._note(lost)

        assert lost.connection is None
        assert f"the lock of CUT {run.pk} is held elsewhere" in caplog.text
        run.refresh_from_db()
        assert run.heartbeat_at is None
    finally:
        lost.close()
        second.stop()


def test_step_that_cannot_reach_the_database_is_not_taken_for_one_in_other_hands(run, monkeypatch):
    def refuse(self, connection):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(Heartbeat, "_take", refuse)

    with pytest.raises(OperationalError, match="shutting down"):
        services.cut_book(run.pk)

    run.refresh_from_db()
    assert (run.attempt, RunShard.objects.count()) == (0, 0)
