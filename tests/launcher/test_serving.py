"""`run.py` as a person starts it: served, killed, started again, stopped. Slow, and the proof of the whole launcher."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from launcher import processes
from launcher.places import ROOT
from launcher.ports import free_port, listen_near
from launcher.processes import PROC, PidFile

pytestmark = pytest.mark.slow
PATIENCE_S = 120


class Start:
    """One `run.py` on a data folder, and what it says."""

    def __init__(self, data: Path, *options: object):
        self.said = data.parent / f"said-{time.monotonic_ns()}"
        environ = {name: value for name, value in os.environ.items() if name not in FROM_THE_TESTS}
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "run.py", "--data", str(data), *map(str, options)],
                cwd=ROOT,
                env=environ | {"HOME": str(data.parent / "no home")},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def address(self) -> str:
        """Where it serves, once it says so."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := re.search(r"^TradeMatch is ready: (\S+)$", self.text(), re.MULTILINE)):
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.1)
        return found[1]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


# What points to the servers of the tests; a person has none of it.
FROM_THE_TESTS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TM_DATA_DIR", "TM_TEST_DB", "TM_STATIC_STORAGE"}


def living(data: Path) -> list[str]:
    """The command lines of all processes that work on this folder."""
    sign = str(data).encode()
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            command, environ = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:
            continue
        if sign in command or b"TM_DATA_DIR=" + sign in environ:
            found.append(command.replace(b"\0", b" ").decode())
    return found


@pytest.fixture
def data(tmp_path):
    """A data folder; whatever still works on it at the end of the test is stopped by the next start, and that too."""
    data = tmp_path / "var"
    yield data
    if living(data):
        subprocess.run(
            [sys.executable, "run.py", "manage", "--data", str(data), "check"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in FROM_THE_TESTS},
            capture_output=True,
        )


def test_run_py_serves_survives_its_own_death_and_leaves_nothing_behind(data):
    wished = free_port()
    first = Start(data, "--port", wished, "--empty")
    assert first.address() == f"http://127.0.0.1:{wished}/"
    with urlopen(f"{first.address()}readyz") as answer:
        assert answer.status == 200

    # A second one on the same folder is told where the first one is.
    second = Start(data)
    assert second.process.wait(PATIENCE_S) == 1
    assert second.text() == (
        f"TradeMatch already runs from {data} at http://127.0.0.1:{wished}/: use that one, stop it first, "
        "or start a second one with --data ANOTHER_FOLDER.\n"
    )

    # Killed, it leaves its servers behind; the next start takes over, on the same port.
    first.process.kill()
    first.process.wait()
    database = int((next(data.rglob("postmaster.pid"))).read_text().split()[0])
    third = Start(data, "--port", wished, "--empty")
    assert third.address() == f"http://127.0.0.1:{wished}/"
    assert "The web server was left behind by an earlier start; stopping it." in third.text()
    assert "Making the database" not in third.text()
    assert int((next(data.rglob("postmaster.pid"))).read_text().split()[0]) == database

    # What dies under its eyes is started again.
    worker, _ = PidFile(data / "run" / "worker.pid").running()
    os.kill(worker.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    while "The worker has ended; starting it again." not in third.text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert processes.mark_of(worker.pid) != worker

    # A command finds the servers running and leaves them running.
    told = subprocess.run(
        [sys.executable, "run.py", "manage", "--data", str(data), "shell", "-c", "print(6 * 7)"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in FROM_THE_TESTS},
        capture_output=True,
        text=True,
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "42\n", "")
    assert third.process.poll() is None

    assert third.stop(signal.SIGINT) == 130
    assert living(data) == []


def test_run_py_takes_another_port_and_says_so(data):
    with listen_near(free_port()) as taken:
        wished = taken.getsockname()[1]
        start = Start(data, "--port", wished, "--empty")

        address = start.address()

        assert address != f"http://127.0.0.1:{wished}/"
        assert f"Port {wished} is taken by another program; using " in start.text()
        assert start.stop() == 143
    assert living(data) == []
