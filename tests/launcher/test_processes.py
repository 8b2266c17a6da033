import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import processes
from launcher.processes import Mark, PidFile

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Does not mind being asked to stop, and has a child that does not either.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen(['sleep', '60'], preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)",
]


@pytest.fixture
def start(tmp_path):
    """Start programs as the launcher does; whatever is left at the end is killed."""
    marks = []

    def start(command) -> Mark:
        marks.append(processes.start_detached(command, env=os.environ, log=tmp_path / "log"))
        return marks[-1]

    yield start
    for mark in marks:
        processes.kill_group(mark)
        processes.wait_until_dead(mark, 30)


def written_number(log: Path) -> int:
    deadline = time.monotonic() + 60
    while not log.exists() or not log.read_text().endswith("\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(log.read_text())


def test_pid_file_remembers_a_process_and_its_facts(tmp_path, start):
    mark = start(SLEEPER)
    pid_file = PidFile(tmp_path / "web.pid")

    pid_file.write(mark, port=8000)

    assert pid_file.running() == (mark, {"port": 8000})
    assert (tmp_path / "web.pid").stat().st_mode & 0o777 == 0o600


def test_pid_file_of_a_dead_process_names_nobody(tmp_path, start):
    mark = start(SLEEPER)
    pid_file = PidFile(tmp_path / "web.pid")
    pid_file.write(mark)
    os.kill(mark.pid, signal.SIGKILL)
    assert processes.wait_until_dead(mark, 30)

    assert pid_file.running() is None
    assert pid_file.read() == (mark, {})


def test_pid_file_does_not_take_a_stranger_with_a_reused_number_for_ours(tmp_path, start):
    stranger = start(SLEEPER)
    pid_file = PidFile(tmp_path / "web.pid")
    pid_file.write(Mark(stranger.pid, "another boot:123"))

    assert pid_file.running() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "12345", '{"pid": "many", "began": "x"}', '{"pid": 1}'])
def test_pid_file_that_was_damaged_names_nobody(tmp_path, text):
    (tmp_path / "web.pid").write_text(text)

    assert PidFile(tmp_path / "web.pid").read() is None


def test_mark_of_a_zombie_is_none():
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has collected it yet

    assert processes.mark_of(child.pid) is None
    child.wait()


def test_mark_of_survives_a_name_with_brackets_and_blanks(tmp_path, start):
    program = tmp_path / "odd) name (x"
    program.write_bytes(Path("/bin/sleep").resolve().read_bytes())
    program.chmod(0o755)

    mark = start([program, "60"])

    assert processes.mark_of(mark.pid) == mark


def test_marks_told_by_ps_agree_with_themselves(start):
    mark = start(SLEEPER)

    told = processes._mark_told_by_ps(mark.pid)

    assert told is not None
    assert told == processes._mark_told_by_ps(mark.pid)
    processes.stop(mark, patience_s=5)
    assert processes._mark_told_by_ps(mark.pid) is None


def test_stop_ends_what_heeds_no_request_and_its_children(tmp_path, start):
    mark = start(STUBBORN)
    child = written_number(tmp_path / "log")

    processes.stop(mark, patience_s=0.2)

    assert not processes.is_alive(mark)
    assert processes.mark_of(child) is None


def test_kill_group_ends_the_children_of_a_killed_leader(tmp_path, start):
    mark = start(STUBBORN)
    child = written_number(tmp_path / "log")
    os.kill(mark.pid, signal.SIGKILL)
    assert processes.wait_until_dead(mark, 30)
    child_mark = processes.mark_of(child)

    processes.kill_group(mark)

    assert processes.wait_until_dead(child_mark, 30)


def test_kill_group_leaves_a_stranger_with_a_reused_number_alone(start):
    stranger = start(SLEEPER)

    processes.kill_group(Mark(stranger.pid, "another boot:123"))

    assert processes.is_alive(stranger)
