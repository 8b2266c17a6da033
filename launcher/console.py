"""What the person sees while something slow goes on."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

# Without a terminal each progress report is a line of its own, so there are few of them.
FIRST_REPORT_S = 3
REPORT_EVERY_S = 10


class Console:
    """Says what goes on. For `manage` and `test` on stderr, so that stdout holds only the command's answer."""

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.is_terminal = stream.isatty()
        self._shown = ""

    def say(self, text: str = "") -> None:
        self._clear()
        self._write(text + "\n")

    @contextmanager
    def step(self, text: str, how_far: Callable[[], str] = lambda: "") -> Iterator[None]:
        """Name a slow step, say how long it has taken and how far it is, and how long it took in the end."""
        began = time.monotonic()
        ended = threading.Event()
        reporter = threading.Thread(target=self._report, args=(text, how_far, began, ended), daemon=True)
        reporter.start()
        try:
            yield
        finally:
            ended.set()
            reporter.join()
        self.say(f"{text}: {time.monotonic() - began:.1f} s")

    def _report(self, text: str, how_far: Callable[[], str], began: float, ended: threading.Event) -> None:
        pause_s = 0.2 if self.is_terminal else FIRST_REPORT_S
        while not ended.wait(pause_s):
            line = f"{text} ... {time.monotonic() - began:.0f} s {how_far()}".rstrip()
            if self.is_terminal:
                self._clear()
                self._write(line)
                self._shown = line
                pause_s = 1
            else:
                self._write(line + "\n")
                pause_s = REPORT_EVERY_S
        self._clear()

    def _clear(self) -> None:
        if self._shown:
            self._write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except BrokenPipeError:
            # Whoever read along has gone; the work goes on and must still be tidied up.
            self.stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        except UnicodeEncodeError:
            self.stream.write(text.encode("ascii", "replace").decode())


def on_stdout() -> Console:
    return Console(sys.stdout)


def on_stderr() -> Console:
    return Console(sys.stderr)
