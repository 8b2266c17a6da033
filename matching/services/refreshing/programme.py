"""What lays out and reads the arrays of a snapshot: by its source, for a number would have to be raised by hand."""

from functools import cache
from pathlib import Path

from accounts.programme import ROOT, digest_of

# The engine with its index and its kernels; what makes numbers of rows; what makes lanes of the corridor.
LAYS_OUT = (
    "matching/engine",
    "matching/services/columns",
    "matching/services/refreshing",
    *(f"matching/services/{name}.py" for name in ("checked", "copying", "lanes", "listings", "market")),
    *(f"matching/services/{name}.py" for name in ("months_left", "trips", "vocabulary")),
    "corridor/engine",
    *(f"corridor/{name}.py" for name in ("law", "queries", "ways")),
)


@cache
def stamp(root: Path = ROOT) -> str:
    """SHA-256 of those sources, as they were when this process began."""
    found = (file for name in LAYS_OUT for file in (root / name, *(root / name).rglob("*.py")))
    return digest_of((file for file in found if file.is_file()), root)


stamp()  # now: a delivery may replace the files while this process goes on with the code that it has loaded
