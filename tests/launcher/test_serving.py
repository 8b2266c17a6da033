"""`run.py` as a person starts it: served, killed, started again, stopped. Slow, and the proof of the whole launcher."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import django
import pytest

from launcher import processes
from launcher.console import on_stderr
from launcher.places import ROOT, Places
from launcher.ports import free_port, listen_near
from launcher.postgres import Postgres
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
def start(tmp_path):
    """Start `run.py` on one data folder, as often as the test likes; the end of the test stops what still runs."""
    data, starts = tmp_path / "var", []

    def start(*options: object) -> Start:
        starts.append(Start(data, *options))
        return starts[-1]

    yield start
    for one in starts:
        if one.process.poll() is None:
            one.stop()
    if living(data):  # a killed start left its servers; a command that finds them stops them when it ends
        manage(data, "version")


def manage(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py", "manage", "--data", str(data), *command],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in FROM_THE_TESTS},
        capture_output=True,
        text=True,
    )


def database_process(data: Path) -> int:
    """The PostgreSQL server that works for a data folder, wherever it keeps its files."""
    mark, _ = Postgres(Places(data), "", on_stderr()).running()
    return mark.pid


def test_run_py_serves_survives_its_own_death_and_leaves_nothing_behind(start, tmp_path):
    data = tmp_path / "var"
    with listen_near(free_port()) as taken:
        wished = taken.getsockname()[1]
        first = start("--port", wished, "--empty")
        address = first.address()
    with urlopen(f"{address}readyz") as answer:
        assert answer.status == 200

    # The wished port was taken, which it says in words.
    port = int(address.rstrip("/").rpartition(":")[2])
    assert port != wished
    assert f"Port {wished} is taken by another program; using {port} instead.\n" in first.text()

    # A second one on the same folder is told where the first one is.
    second = start()
    assert second.process.wait(PATIENCE_S) == 1
    assert second.text() == (
        f"TradeMatch already runs from {data} at {address}: use that one, stop it first, "
        "or start a second one with --data ANOTHER_FOLDER.\n"
    )

    # Killed, it leaves its servers behind; the next start takes over, on the same port.
    first.process.kill()
    first.process.wait()
    database = database_process(data)
    third = start("--port", port, "--empty")
    assert third.address() == address
    assert "The web server was left behind by an earlier start; stopping it." in third.text()
    assert "Making the database" not in third.text()
    assert database_process(data) == database

    # What dies under its eyes is started again.
    worker, _ = PidFile(data / "run" / "worker.pid").running()
    os.kill(worker.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    while "The worker has ended; starting it again." not in third.text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert processes.mark_of(worker.pid) != worker

    # A command finds the servers running and leaves them running; its answer is all there is on stdout.
    told = manage(data, "version")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"{django.__version__}\n", "")
    assert third.process.poll() is None

    assert third.stop(signal.SIGINT) == 130
    assert living(data) == []
