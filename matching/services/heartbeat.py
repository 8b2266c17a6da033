"""Signs of life of runs, comparisons and differences: what each kind of work notes of itself while it goes on."""

from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum

from accounts.heartbeat import SignOfLife, beating
from matching.enums import RunState, ShardState

__all__ = ["ComparisonBeat", "DifferenceBeat", "Heartbeat", "RefreshBeat", "Work", "beating", "heartbeat"]


class Work(IntEnum):
    """First number of the advisory locks: what kind of work is held. The second one is the row."""

    CUT = 7301
    SHARD = 7302
    CLOSE = 7303
    SWEEP = 7304
    COMPARE = 7305
    REFRESH = 7306  # one at a time, whichever listing it is of: what is read later is written later
    SAVE = 7307  # only for as long as the transaction that writes who fits whom
    DIFFER = 7308
    SNAPSHOT = 7309
    WHAT_IF = 7310  # only for as long as the transaction that starts one


class Heartbeat(SignOfLife):
    """That of a step of a run: of its shard where it is one, and of the run itself."""

    def __init__(self, work: Work, pk: int, *, run_id: int):
        super().__init__(work, pk)
        self.run_id = run_id
        self.share_done = 0.0  # set by the work itself

    def progress(self, done: int, total: int) -> None:
        """What the engine calls while it works. What was done once is never told as undone."""
        self.share_done = max(self.share_done, done / max(total, 1))

    def _write(self, cursor, now: datetime) -> None:
        if self.work == Work.SHARD:
            cursor.execute(
                "UPDATE matching_runshard SET done = floor(total * %s), taken_at = %s WHERE id = %s AND state = %s",
                [self.share_done, now, self.pk, ShardState.WAITING],
            )
        cursor.execute(
            "UPDATE matching_run SET heartbeat_at = %s,"
            " done = (SELECT coalesce(sum(done), 0) FROM matching_runshard WHERE run_id = %s)"
            " WHERE id = %s AND state = %s",
            [now, self.run_id, self.run_id, RunState.RUNNING],
        )


class ComparisonBeat(Heartbeat):
    """The same for a comparison, which is one piece of work and belongs to no run."""

    def __init__(self, pk: int):
        super().__init__(Work.COMPARE, pk, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_comparison SET heartbeat_at = %s, done = floor(total * %s) WHERE id = %s AND state = %s",
            [now, self.share_done, self.pk, RunState.RUNNING],
        )


class DifferenceBeat(Heartbeat):
    """The same for the difference of two runs, which is one piece of work and belongs to neither."""

    def __init__(self, pk: int):
        super().__init__(Work.DIFFER, pk, run_id=0)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_rundifference SET heartbeat_at = %s, done = floor(total * %s)"
            " WHERE id = %s AND state = %s",
            [now, self.share_done, self.pk, RunState.RUNNING],
        )


class RefreshBeat(Heartbeat):
    """The same for a refresh, which is one piece of work. Only one refresh at a time is carried out."""

    def __init__(self, run_id: int):
        super().__init__(Work.REFRESH, 0, run_id=run_id)

    def _write(self, cursor, now: datetime) -> None:
        cursor.execute(
            "UPDATE matching_run SET heartbeat_at = %s, done = floor(total * %s) WHERE id = %s AND state = %s",
            [now, self.share_done, self.run_id, RunState.RUNNING],
        )


@contextmanager
def heartbeat(work: Work, pk: int, *, run_id: int):
    """The heartbeat of one piece of work, or None when another worker is at it already."""
    with beating(Heartbeat(work, pk, run_id=run_id)) as beat:
        yield beat
