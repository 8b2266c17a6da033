"""The backend of PostgreSQL that serves this process: what it took so far."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

USER, SYSTEM = 13, 14  # of /proc/PID/stat, counted from the name of the program, which may hold blanks
NAME = 2


def backend_cpu_s() -> float:
    """Processor seconds of the backend; 0 where it runs on another machine or nobody may look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    try:
        name, _bracket, rest = stat.read_text(encoding="utf-8").rpartition(")")
    except OSError:
        return 0.0
    if "postgres" not in name:
        return 0.0
    fields = rest.split()
    ticks = sum(int(fields[place - NAME]) for place in (USER, SYSTEM))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def without_helpers() -> Iterator[None]:
    """One backend does all: the seconds of its helpers would be lost."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET max_parallel_workers_per_gather")
