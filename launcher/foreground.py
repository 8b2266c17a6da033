"""Runs one program in front of the person while the servers behind it are looked after."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from launcher.failures import Stopped
from launcher.places import ROOT

LOOK_EVERY_S = 0.1
LAST_WORDS_S = 15  # how long a program may take to end in order after we were asked to stop


def run(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    look_after: Callable[[], None] = lambda: None,
    output: IO[bytes] | None = None,
) -> int:
    """Run a program to its end, looking after the servers meanwhile; its exit code as a shell would tell it.

    With `output` the program talks to a file and hears nothing; without, it has the person's own terminal.
    """
    has_terminal = output is None and sys.stdin is not None and sys.stdin.isatty()
    process = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=dict(environ),
        stdin=subprocess.DEVNULL if output else None,
        stdout=output,
        stderr=output,
    )
    # At a terminal Ctrl-C reaches the program as well, and it is for the program to decide what it means.
    heard_before = signal.signal(signal.SIGINT, signal.SIG_IGN) if has_terminal else None
    try:
        while process.poll() is None:
            look_after()
            time.sleep(LOOK_EVERY_S)
    except BaseException as reason:
        _end(process, reason)
        raise
    finally:
        if has_terminal:
            signal.signal(signal.SIGINT, heard_before)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _end(process: subprocess.Popen, reason: BaseException) -> None:
    """Pass on what stopped us, and insist if it is not heeded."""
    process.send_signal(reason.signal_number if isinstance(reason, Stopped) else signal.SIGTERM)
    try:
        process.wait(LAST_WORDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
