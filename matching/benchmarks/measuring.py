"""What a piece of work costs: processor time and memory, each time in a process of its own."""

import ctypes
import multiprocessing
import os
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connections

LONGEST_S = 3600
STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Cost:
    """What a piece of work took. Other people's work on the machine slows the clock more than the processor time."""

    answer: object  # what the work returned
    cpu_s: float
    wall_s: float
    peak_mb: float  # beyond what the process held before


def measured(work: Callable[[], object], *, times: int = 1, longest_s: float = LONGEST_S) -> Cost:
    """The median of so many times, each in a fork that sees all that was made before and leaves nothing behind.

    Raises TimeoutError where one takes longer than that by the clock.
    """
    costs = sorted((_in_a_fork(work, longest_s) for _time in range(times)), key=lambda cost: cost.cpu_s)
    return costs[len(costs) // 2]


def measured_here(work: Callable[[], object]) -> Cost:
    """The same once, in this process: for work over a database, whose connections a fork would share."""
    held_mb, cpu, wall = _peak_mb(), time.process_time(), time.perf_counter()
    answer = work()
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return Cost(answer, *spent, max(_peak_mb() - held_mb, 0.0))


def _in_a_fork(work: Callable[[], object], longest_s: float) -> Cost:
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe(duplex=False)
    process = forking.Process(target=_work, args=(work, there), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(longest_s):
            raise TimeoutError(f"no answer within {longest_s:g} s")
        told = here.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"the work ended with code {process.exitcode} and no answer") from None
    finally:
        process.kill()
        process.join()
        here.close()
    if isinstance(told, Exception):
        raise told
    return told


def _work(work: Callable[[], object], there) -> None:
    leave_connections_to_the_parent()
    _let_go_of_what_is_free()
    held_mb, cpu, wall = _peak_mb(), time.process_time(), time.perf_counter()
    try:
        answer = work()
    except Exception as error:  # raised again where it can be told
        there.send(error)
        return
    spent = time.process_time() - cpu, time.perf_counter() - wall
    there.send(Cost(answer, *spent, max(_peak_mb() - held_mb, 0.0)))


def leave_connections_to_the_parent() -> None:
    """In a fork, which opens its own: what is made over the parent's would be there for the next fork as well."""
    for connection in connections.all(initialized_only=True):
        connection.connection = None


def _let_go_of_what_is_free() -> None:
    """Of the memory that a fork is born with, what its parent had let go of: the work would take that first, unseen.

    Then the most that was held counts from here. Both as far as the system knows how (glibc, Linux).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5", encoding="ascii")  # proc(5): the peak of resident memory is that of now


def _peak_mb() -> float:
    """The most memory that this process has held; a fork begins with what it holds at birth."""
    lines = STATUS.read_text(encoding="utf-8").splitlines() if STATUS.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return (peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def machine() -> str:
    """Where the figures come from, in one line, and how much else the machine has to do."""
    return (
        f"{processor()}, {multiprocessing.cpu_count()} processors, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}; load of the last minute {os.getloadavg()[0]:.1f}"
    )


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "a processor without a name")
