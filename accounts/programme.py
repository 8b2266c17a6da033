"""Which programme this process runs, by its sources: a number would have to be raised by hand.

For what is kept as objects of our own classes. Another release may have moved or renamed these, or mean something else
by them, so the stamp is part of the key by which they are found.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def stamp(root: Path = ROOT) -> str:
    """SHA-256 of the sources of all apps, as they were when this process began."""
    return digest_of((file for app in root.glob("*/apps.py") for file in app.parent.rglob("*.py")), root)


def digest_of(files: Iterable[Path], root: Path) -> str:
    """SHA-256 of files below a folder: of their names and of what stands in them."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


stamp()  # now: a delivery may replace the files while this process goes on with the code that it has loaded
