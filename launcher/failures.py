"""What can go wrong, said in one sentence that names the remedy."""

import errno
import json
from collections.abc import Iterable
from pathlib import Path


class Failure(Exception):  # noqa: N818 - it is told to a person, not to a programmer
    """Something the person at the terminal can mend. Its text is one sentence with the remedy in it."""


class Stopped(BaseException):
    """Somebody asked the launcher to stop: Ctrl-C, or a signal of the system."""

    def __init__(self, signal_number: int):
        super().__init__(signal_number)
        self.signal_number = signal_number
        self.exit_code = 128 + signal_number


DISK_FULL = "The disk is full: free some space in {place}, then start again; what was done so far is kept."


def failure_from(error: OSError) -> Failure:
    """The sentence for an error of the operating system."""
    place = error.filename or "the folder of TradeMatch"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure(DISK_FULL.format(place=place))
    if error.errno in (errno.EACCES, errno.EPERM):
        return Failure(
            f"This user may not use {place}: start TradeMatch as the user who owns it, "
            "or keep its data elsewhere with --data DIR."
        )
    if error.errno == errno.EROFS:
        return Failure(f"{place} cannot be written to: copy TradeMatch to a folder of your own and start it there.")
    return Failure(f"The system refused something TradeMatch needs: {error}. TM_DEBUG=1 shows where.")


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a log, to be shown after a sentence; empty when there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return indented([readable(line) for line in lines if line.strip()][-count:])


def last_line(log: Path) -> str:
    """What a log says at the moment, in brackets, to be shown beside a step."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return f"({readable(lines[-1])})" if lines else ""


def readable(line: str) -> str:
    """What a line of a log says to a person; our programs write JSON objects."""
    try:
        facts = json.loads(line)
        traceback = facts.get("traceback", "").strip().splitlines()
        return " ".join([facts["message"], *traceback[-1:]])
    except (ValueError, AttributeError, KeyError, TypeError):
        return line


def indented(lines: Iterable[str]) -> str:
    return "".join(f"\n    {line}" for line in lines)


def says_disk_is_full(text: str) -> bool:
    return "No space left on device" in text or "Disk quota exceeded" in text
