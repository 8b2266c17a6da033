import os
import signal
import sys

import pytest

from launcher import foreground
from launcher.failures import Stopped

HANDLES_TERM = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: (print('tidied up', flush=True), sys.exit(3)))\n"
    "print('ready', flush=True); time.sleep(60)"
)


def run(code, log, look_after=lambda: None):
    with log.open("wb") as output:
        return foreground.run([sys.executable, "-c", code], environ=os.environ, look_after=look_after, output=output)


def test_foreground_hands_the_exit_code_on(tmp_path):
    assert run("import sys; sys.exit(7)", tmp_path / "log") == 7


def test_foreground_tells_a_killed_program_as_a_shell_would(tmp_path):
    assert run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tmp_path / "log") == 137


def test_foreground_looks_after_the_servers_meanwhile(tmp_path):
    looks = tmp_path / "looks"
    looks.touch()
    until_the_third = f"import pathlib, time\nwhile len(pathlib.Path({str(looks)!r}).read_text()) < 3: time.sleep(0.02)"

    def look_after():
        looks.write_text(looks.read_text() + "x")

    assert run(until_the_third, tmp_path / "log", look_after=look_after) == 0


def test_foreground_passes_on_what_stopped_it_and_waits_for_an_orderly_end(tmp_path):
    log = tmp_path / "log"

    def stop_when_ready():
        if "ready" in log.read_text():
            raise Stopped(signal.SIGTERM)

    with pytest.raises(Stopped):
        run(HANDLES_TERM, log, look_after=stop_when_ready)

    assert log.read_text() == "ready\ntidied up\n"


def test_foreground_insists_when_a_request_is_not_heeded(tmp_path, monkeypatch):
    monkeypatch.setattr(foreground, "LAST_WORDS_S", 0.2)
    log = tmp_path / "log"
    stubborn = (
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )

    def stop_when_ready():
        if log.read_text().endswith("\n"):
            raise Stopped(signal.SIGTERM)

    with pytest.raises(Stopped):
        run(stubborn, log, look_after=stop_when_ready)

    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text()), 0)
