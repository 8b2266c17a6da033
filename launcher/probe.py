"""Health checks for containers, which have no curl: `python -m launcher.probe ADDRESS` or `--fresh=SECONDS FILES`."""

import glob
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

FRESH = "--fresh="


def main(arguments: Sequence[str]) -> int:
    """0 when all is well, 1 when it is not; the reason goes to stderr, where the container's health log keeps it."""
    if arguments[0].startswith(FRESH):
        fault = why_stale(arguments[1], within_s=float(arguments[0].removeprefix(FRESH)))
    else:
        fault = why_not_well(arguments[0])
    if fault:
        sys.stderr.write(f"{fault}\n")
    return 1 if fault else 0


def why_not_well(address: str) -> str | None:
    """What is wrong with a page; None when it answers with 200."""
    # The proxy in front speaks TLS and says so; without its word the answer would be a redirect.
    try:
        with urlopen(Request(address, headers={"X-Forwarded-Proto": "https"}), timeout=8) as answer:  # noqa: S310
            return None if answer.status == 200 else f"{address} answers {answer.status}"
    except (URLError, OSError) as error:
        return f"{address}: {error}"


def why_stale(pattern: str, *, within_s: float) -> str | None:
    """What is wrong with a file that should be written again and again; None when it was, lately."""
    written_at = [Path(name).stat().st_mtime for name in glob.glob(pattern)]  # noqa: PTH207 - the pattern is absolute
    if not written_at:
        return f"{pattern} does not exist"
    age_s = time.time() - max(written_at)
    return None if age_s <= within_s else f"{pattern} was last written {age_s:.0f} s ago"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
