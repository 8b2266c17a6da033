"""Processes that work as those of a worker do: they take pieces from one line, and the server works for each of them.

Told are processor seconds and memory of the processes and of the server's processes that serve them, as far as the
server runs on this machine and `/proc` tells of it.
"""

import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, connections

from matching.benchmarks.measuring import leave_connections_to_the_parent

LOOK_EVERY_S = 0.1
TICKS = os.sysconf("SC_CLK_TCK")
PARTS = {"search": "find", "plan": "_divided", "near misses": "near_misses_fast", "tell": "pair_table"}


@dataclass(frozen=True)
class Spent:
    """What a piece of work took."""

    wall_s: float
    cpu_s: float  # of the process itself
    parts: dict[str, float] = field(default_factory=dict)  # processor seconds of the steps of the fast engine


@dataclass(frozen=True)
class Worked:
    """What a step took that some processes did together."""

    processes: int
    wall_s: float
    pieces: list[Spent]
    server_s: float  # processor seconds of the server's processes that served them
    peak_mb: float  # of all of them and of what serves them, at one time

    @property
    def cpu_s(self) -> float:
        return sum(piece.cpu_s for piece in self.pieces)

    @property
    def parts(self) -> dict[str, float]:
        """The steps of the fast engine and what is left: small shards by the reference, reading, packing."""
        known = Counter(dict.fromkeys(PARTS, 0.0))
        for piece in self.pieces:
            known.update(piece.parts)
        return dict(known) | {"other": max(self.cpu_s - sum(known.values()), 0.0)}


class Workers:
    """Does one step after the other; the clock runs from the beginning."""

    def __init__(self, tell: Callable[[str], None]):
        self.tell = tell

    def __enter__(self) -> "Workers":
        # Before the clock runs and before any fork: a worker loads it once in its life, not once a step.
        from matching.engine.fast import solve  # noqa: F401

        self.started = time.perf_counter()
        return self

    def __exit__(self, *_error) -> None:
        pass

    def elapsed_s(self) -> float:
        return time.perf_counter() - self.started

    def do(self, work: Callable[[int], Any], keys: Sequence[int], *, processes: int) -> Worked:
        """Each piece once, the first ones first, by so many processes. Raises RuntimeError where one of them dies."""
        connections.close_all()  # a fork would share them
        forking = multiprocessing.get_context("fork")
        line, told = forking.SimpleQueue(), forking.SimpleQueue()
        for key in [*keys, *[None] * processes]:
            line.put(key)
        began = time.perf_counter()
        busy = [forking.Process(target=_take, args=(work, line, told), daemon=True) for _process in range(processes)]
        for process in busy:
            process.start()
        with looking_on([process.pid for process in busy]) as seen:
            pieces = list(_answers(told, busy))
        for process in busy:
            process.join()
        worked = Worked(processes, time.perf_counter() - began, pieces, sum(seen.server_s.values()), seen.peak_mb)
        self.tell(f"{work.__name__}: {worked.wall_s:.1f} s, {worked.cpu_s:.1f} + {worked.server_s:.1f} CPU s")
        return worked


def _answers(told, busy: list) -> Iterator[Spent]:
    left = len(busy)
    while left:
        while told.empty():
            if any(process.exitcode not in (None, 0) for process in busy):
                raise RuntimeError("a worker ended before its work was done")
            time.sleep(LOOK_EVERY_S / 10)
        answer = told.get()
        if isinstance(answer, Spent):
            yield answer
        elif answer is None:
            left -= 1
        else:
            raise RuntimeError(answer)


def _take(work: Callable[[int], Any], line, told) -> None:
    """In a process of its own: pieces from the line, until it says that there is none."""
    leave_connections_to_the_parent()
    try:
        while (key := line.get()) is not None:
            told.put(_spent(work, key))
    except Exception as error:  # told where it can be seen
        told.put(f"{type(error).__name__}: {error}")
        raise
    finally:
        connections.close_all()
    told.put(None)


def _spent(work: Callable[[int], Any], key: int) -> Spent:
    with timed_parts() as parts:
        wall, cpu = time.perf_counter(), time.process_time()
        work(key)
        return Spent(time.perf_counter() - wall, time.process_time() - cpu, dict(parts))


@contextmanager
def timed_parts() -> Iterator[Counter]:
    """Processor seconds that the steps of the fast engine take meanwhile."""
    from matching.engine.fast import solve

    parts: Counter[str] = Counter()
    whole = {part: getattr(solve, name) for part, name in PARTS.items()}

    def timed(part: str) -> Callable:
        def step(*arguments, **named):
            began = time.process_time()
            try:
                return whole[part](*arguments, **named)
            finally:
                parts[part] += time.process_time() - began

        return step

    for part, name in PARTS.items():
        setattr(solve, name, timed(part))
    try:
        yield parts
    finally:
        for part, name in PARTS.items():
            setattr(solve, name, whole[part])


@dataclass
class Seen:
    """What was seen of processes while they worked."""

    peak_mb: float = 0.0
    server_s: dict[int, float] = field(default_factory=dict)  # of each process of the server


@contextmanager
def looking_on(pids: list[int]) -> Iterator[Seen]:
    """What these processes, and those of the server that serve this database, spend and hold together meanwhile."""
    seen, over = Seen(), threading.Event()

    def look() -> None:
        before = {pid: spent_s(pid) for pid in serving_pids()}
        while not over.wait(LOOK_EVERY_S):
            serving = serving_pids()
            seen.peak_mb = max(seen.peak_mb, sum(own_mb(pid) for pid in [*pids, *serving]))
            for pid in serving:
                seen.server_s[pid] = max(spent_s(pid) - before.get(pid, 0.0), seen.server_s.get(pid, 0.0))
        connections.close_all()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def serving_pids() -> list[int]:
    """Processes of the server that serve this database, but for the one that is asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def spent_s(pid: int) -> float:
    """Processor seconds of a process of the server since it began; 0 where it is gone or on another machine."""
    said = told_by_system(pid, "stat")
    if "(postgres" not in said:
        return 0.0
    user, system = said.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICKS


def own_mb(pid: int) -> float:
    """Memory of a process that lies in no file, in MB; 0 where it is gone or on another machine.

    What a fork still shares with its parent is counted with it, and the server's shared memory is not.
    """
    lines = told_by_system(pid, "status").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def told_by_system(pid: int, what: str) -> str:
    try:
        return Path(f"/proc/{pid}/{what}").read_text(encoding="utf-8")
    except OSError:
        return ""
