"""A Celery worker of the product, for as long as something is measured."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from launcher import processes

PATIENCE_S = 60
PYTHON = Path(sys.executable)


@contextmanager
def live_worker() -> Iterator[None]:
    """It carries out what is queued, two tasks at once, as the launcher's does, without its clock."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        name = f"benchmark-{os.getpid()}@here"
        command = [
            *(PYTHON, "-m", "celery", "-A", "tradematch", "worker", "-n", name),
            *("--concurrency", "2", "--queues", "matching,reports,mail,default", "--loglevel", "info"),
            *("--without-gossip", "--without-mingle"),
        ]
        mark = processes.start_detached(command, env=os.environ | _as_here(), log=log)
        try:
            _wait_until_ready(mark, log, name)
            yield
        finally:
            processes.stop(mark, patience_s=PATIENCE_S)


def _as_here() -> dict[str, str]:
    """The database, and what is a large book, as this process has them: a test has its own."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "TM_PROCESS": "worker",
        "DATABASE_URL": urlunsplit(address),
        "TM_SNAPSHOT_DIR": str(settings.SNAPSHOT_DIR),
        "TM_SNAPSHOT_FROM": str(settings.SNAPSHOT_FROM),
    }


def _wait_until_ready(mark: processes.Mark, log: Path, name: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while f"{name} ready" not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if not processes.is_alive(mark) or time.monotonic() > deadline:
            raise RuntimeError(f"the worker does not come up:\n{said[-2000:]}")
        time.sleep(0.1)
