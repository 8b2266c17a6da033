"""What lays out and reads the arrays of a snapshot: by its source, for a number would have to be raised by hand."""

import hashlib
from functools import cache
from pathlib import Path

MATCHING = Path(__file__).parents[2]
# The engine with its index and its kernels, and what makes numbers of rows of the database.
LAYS_OUT = ("engine", "services/columns", "services/refreshing", "services/lanes.py", "services/trips.py")


@cache
def stamp(root: Path = MATCHING) -> str:
    """SHA-256 of those sources, as they were when this process began."""
    files = [file for name in LAYS_OUT for file in (root / name, *(root / name).rglob("*.py")) if file.is_file()]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


stamp()  # now: a delivery may replace the files while this process goes on with the code that it has loaded
