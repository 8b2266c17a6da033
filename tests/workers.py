"""Real Celery workers for tests, working on the test database. Tests may kill them in any way.

def test_run_ends_though_its_worker_was_killed(transactional_db, live_worker): ...
    worker = live_worker(TM_VISIBILITY_TIMEOUT_S=5)
    worker.kill()
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

from launcher import processes
from launcher.house import UNWANTED

PATIENCE_S = 120


class LiveWorker:
    """One Celery worker in a process of its own, with children that do the work."""

    def __init__(self, name: str, folder: Path, *, concurrency: int, beat: bool, **environ: object):
        self.name = f"{name}@tests"
        self.log = folder / f"{name}.log"
        command = [
            *(sys.executable, "-m", "celery", "-A", "tradematch", "worker", "-n", self.name),
            *("--queues", "matching,reports,mail,default", "--concurrency", str(concurrency), "--loglevel", "info"),
            *(("--beat", "--schedule", str(folder / f"{name}-schedule")) if beat else ()),
        ]
        self.mark = processes.start_detached(
            command,
            env={
                **{name: value for name, value in os.environ.items() if name not in UNWANTED},
                "DATABASE_URL": database_url_of_tests(),
                **{key: str(value) for key, value in environ.items()},
            },
            log=self.log,
        )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while f"{self.name} ready" not in self.written():
            if not self.is_alive() or time.monotonic() > deadline:
                pytest.fail(f"The worker does not come up:\n{self.written()}")
            time.sleep(0.05)

    def written(self) -> str:
        """Its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def is_alive(self) -> bool:
        return processes.is_alive(self.mark)

    def children(self) -> list[int]:
        """The processes that carry out its tasks."""
        told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.mark.pid)], capture_output=True, text=True)
        return [int(pid) for pid in told.stdout.split()]

    def kill(self) -> None:
        """End it as the system does when memory runs out: no last words, and its children go with it."""
        processes.kill_group(self.mark)
        assert processes.wait_until_dead(self.mark, PATIENCE_S)

    def kill_children(self) -> None:
        """End what carries out its tasks; the worker itself lives and sees it."""
        for pid in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def live_worker(transactional_db) -> Iterator[Callable[..., LiveWorker]]:
    """Start workers on the test database; whatever still runs at the end of the test is killed.

    Arguments in capitals are environment variables of that worker, for example TM_VISIBILITY_TIMEOUT_S=5.
    """
    workers: list[LiveWorker] = []
    empty_the_broker()
    with tempfile.TemporaryDirectory() as folder:

        def start(*, concurrency: int = 2, beat: bool = False, wait: bool = True, **environ: object) -> LiveWorker:
            name = f"worker{len(workers)}-{os.getpid()}"
            worker = LiveWorker(name, Path(folder), concurrency=concurrency, beat=beat, **environ)
            workers.append(worker)
            if wait:
                worker.wait_until_ready()
            return worker

        yield start
        for worker in workers:
            worker.kill()  # an orderly end takes seconds, in each of these tests
        wait_until_nobody_writes()
    empty_the_broker()


def database_url_of_tests() -> str:
    """The address of the database that the tests use, which is not the one in DATABASE_URL."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


def wait_until_nobody_writes() -> None:
    """The database undoes what a killed worker was at, a moment later; what empties the tables would meet its locks."""
    deadline = time.monotonic() + PATIENCE_S
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if not cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "somebody is still at work in the database of the tests"
            time.sleep(0.05)


def empty_the_broker() -> None:
    """Messages of an earlier test would reach the next one's worker."""
    redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
