"""How a process is known again, and how it is ended.

A number alone does not name a process: after a crash or a restart of the machine the system gives it to another one.
So a pid file also keeps when the process began, and only a process that matches both is ours.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.places import ROOT, write_private

PROC = Path("/proc")


@dataclass(frozen=True)
class Mark:
    """One process: its number, and when it began as the system tells it."""

    pid: int
    began: str


def mark_of(pid: int) -> Mark | None:
    """The process that has this number now; None when there is none, or only the remains of a dead one (a zombie)."""
    if not (PROC / "self" / "stat").exists():
        return _mark_told_by_ps(pid)
    fields = _stat_of(pid)
    if fields is None or fields[STATE] in "ZX":
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return Mark(pid, f"{boot}:{fields[BEGAN_TICKS]}")


# Where things stand in a process's `stat`, counted from behind its name.
STATE, GROUP, BEGAN_TICKS = 0, 2, 19


def _stat_of(pid: int | str) -> list[str] | None:
    try:
        # The name in brackets may itself hold brackets and blanks; what follows the last one is regular.
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _mark_told_by_ps(pid: int) -> Mark | None:
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return None if len(answer) < 2 or answer[0].startswith("Z") else Mark(pid, answer[1].strip())


def is_alive(mark: Mark) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(mark.pid, os.WNOHANG)  # if it was our child, let the system forget it
    return mark_of(mark.pid) == mark


@dataclass(frozen=True)
class PidFile:
    """Remembers one running process and what others need to know of it (its port, say)."""

    path: Path

    def write(self, mark: Mark, **facts: Any) -> None:
        write_private(self.path, json.dumps({"pid": mark.pid, "began": mark.began, **facts}))

    def read(self) -> tuple[Mark, dict[str, Any]] | None:
        """The process remembered here and the facts; None when nothing readable is here. It may be dead."""
        try:
            facts = json.loads(self.path.read_text(encoding="utf-8"))
            return Mark(int(facts.pop("pid")), str(facts.pop("began"))), facts
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def running(self) -> tuple[Mark, dict[str, Any]] | None:
        """The same, when the process lives."""
        remembered = self.read()
        return remembered if remembered and is_alive(remembered[0]) else None

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def start_detached(
    command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, keep_fds: Sequence[int] = ()
) -> Mark:
    """Start a server in a session of its own: Ctrl-C then reaches the launcher alone, which stops it in order."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep_fds,
        )
    process.returncode = 0  # ended through its mark, not through this object: no warning when that is dropped
    return mark_of(process.pid) or Mark(process.pid, "ended at once")


def stop(mark: Mark, *, patience_s: float) -> None:
    """End a process that leads its session, and whatever it started. Asks first, then insists."""
    if is_alive(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(mark.pid, signal.SIGTERM)
        wait_until_dead(mark, patience_s)
    kill_group(mark)


def kill_group(mark: Mark) -> None:
    """Kill the session that this process leads or led; a dead leader may have left children behind."""
    now = mark_of(mark.pid)
    # A number stays reserved while it still names a group, so a stranger with that number means the group has gone.
    if now is not None and now != mark:
        return
    deadline = time.monotonic() + 5
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(mark.pid, signal.SIGKILL)
        while _somebody_lives_in(mark) and time.monotonic() < deadline:
            time.sleep(0.01)


def _somebody_lives_in(group: Mark) -> bool:
    if is_alive(group):
        return True
    number = str(group.pid)
    everybody = (_stat_of(entry.name) for entry in PROC.glob("[0-9]*"))
    return any(stat and stat[GROUP] == number and stat[STATE] not in "ZX" for stat in everybody)


def wait_until_dead(mark: Mark, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while is_alive(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
