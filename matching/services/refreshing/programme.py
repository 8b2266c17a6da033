"""What lays out and reads the arrays of a snapshot: by its source, for a number would have to be raised by hand."""

from functools import cache
from pathlib import Path

from accounts.programme import digest_of

MATCHING = Path(__file__).parents[2]
# The engine with its index and its kernels, and what makes numbers of rows of the database.
LAYS_OUT = ("engine", "services/columns", "services/refreshing", "services/lanes.py", "services/trips.py")


@cache
def stamp(root: Path = MATCHING) -> str:
    """SHA-256 of those sources, as they were when this process began."""
    found = (file for name in LAYS_OUT for file in (root / name, *(root / name).rglob("*.py")))
    return digest_of((file for file in found if file.is_file()), root)


stamp()  # now: a delivery may replace the files while this process goes on with the code that it has loaded
