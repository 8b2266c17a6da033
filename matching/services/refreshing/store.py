"""Snapshots of the market in files: written beside, made current by one rename, mapped into memory by who reads.

A version is a folder: one file of numpy's for each array, and a manifest that says of what it is and how each array is
laid out. `current` names the version that counts. Whoever has an older one open keeps it until they let go of it,
though its folder is gone: the system keeps files that are open. After a power cut `current` may name a version that is
not there, or not whole: that is seen when it is read, and another is made.
"""

import json
import logging
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
CURRENT = "current"
UNFINISHED = ".part"
TRIES = "tries.json"  # of making one: see `tries`
FREE = 2  # times as many bytes as a version takes: the older one stays until the newer one counts
OURS = re.compile(r"\d+-\d{8}T\d{12}(\.part)?")  # versions; nothing else is ever deleted
OF_DATABASES = re.compile(r"database-\d+-\d+")


class DamagedError(Exception):
    """Files are missing, cut short, or of another kind than this programme writes."""


class NoPlaceError(Exception):
    """The disk is full, or the folder holds what is not ours."""


@dataclass(frozen=True)
class Manifest:
    """On what a snapshot rests."""

    version: str
    programme: str  # what laid the arrays out: see `programme.stamp`
    run: int  # the official run whose lists stood when it was made
    newest_run: list  # number and time of the newest run of any kind at that moment
    cut_at: str  # when the book was read, ISO
    as_of: int  # the day taken as today, as an ordinal
    corridor_version: str
    catalogue_version: str  # what the numbers of goods, certificates and parameters stand for
    weights: dict
    k: int
    words: dict  # of the market, and the points that its lanes run between


def folder() -> Path:
    """Each database has its own: two installations that share a disk leave each other's snapshots alone."""
    return Path(settings.SNAPSHOT_DIR) / database()


@cache
def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database())"
            " FROM pg_control_system()"
        )
        return "database-{}-{}".format(*cursor.fetchone())


# --- writing one


def make_room(bytes_needed: int) -> None:
    """For a version of so many bytes: what was left unfinished goes, nothing else does. Raises NoPlaceError."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    strange = [path for path in place.parent.iterdir() if not OF_DATABASES.fullmatch(path.name)]
    known = {CURRENT, f"{CURRENT}{UNFINISHED}", TRIES}
    strange += [path for path in place.iterdir() if not OURS.fullmatch(path.name) and path.name not in known]
    if strange:
        raise NoPlaceError(f"{strange[0]} is no part of a snapshot: give TM_SNAPSHOT_DIR a folder of its own")
    remove_unfinished()
    free = shutil.disk_usage(place).free
    if free < FREE * bytes_needed:
        raise NoPlaceError(f"{place} has {free:,} bytes free, and a snapshot takes {bytes_needed:,}")


def size_of(version: str) -> int:
    """Of all its files, in bytes. Raises DamagedError."""
    return sum(size for size, *_layout in _said(version)[1].values())


def write(manifest: Manifest, arrays: Mapping[str, np.ndarray]) -> Path:
    """A version in files, whole or not at all. It does not count before `make_current`.

    To be called by one at a time: what another has left unfinished goes. Raises NoPlaceError, OSError.
    """
    make_room(sum(array.nbytes for array in arrays.values()))
    target, part = folder() / manifest.version, folder() / f"{manifest.version}{UNFINISHED}"
    part.mkdir(mode=0o700)  # it holds what companies state
    try:
        layouts = {name: _saved(part / f"{name}.npy", array) for name, array in arrays.items()}
        said = json.dumps({"arrays": layouts} | asdict(manifest), ensure_ascii=False)
        with (part / MANIFEST).open("w", encoding="utf-8") as file:
            file.write(said)
            _settle(file)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _saved(path: Path, array: np.ndarray) -> list:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        _settle(file)
    return [path.stat().st_size, *_layout(array)]


def _settle(file) -> None:
    """A rename must not outlive the files that it names."""
    file.flush()
    os.fsync(file.fileno())


def _layout(array: np.ndarray) -> list:
    return [array.dtype.str, list(array.shape)]


def make_current(version: str) -> None:
    """From now on this version counts; the others go."""
    pointer = folder() / f"{CURRENT}{UNFINISHED}"
    pointer.write_text(version, encoding="utf-8")
    pointer.replace(folder() / CURRENT)
    for other in _versions():
        if other.name != version:
            shutil.rmtree(other, ignore_errors=True)


def forget() -> None:
    """No version counts any more: somebody wrote in a way that a snapshot does not hear of."""
    (folder() / CURRENT).unlink(missing_ok=True)


def remove_unfinished() -> None:
    """What somebody began to write who was killed."""
    for other in _versions():
        if other.name.endswith(UNFINISHED):
            shutil.rmtree(other, ignore_errors=True)


def remove(version: str) -> None:
    """One that was written and will never count."""
    if OURS.fullmatch(version):
        shutil.rmtree(folder() / version, ignore_errors=True)


def _versions() -> list[Path]:
    if not folder().is_dir():
        return []
    return [path for path in folder().iterdir() if OURS.fullmatch(path.name) and path.is_dir()]


# --- reading one


def current_version() -> str | None:
    try:
        version = (folder() / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return version or None


def manifest_of(version: str) -> Manifest:
    """What a version says of itself. Raises DamagedError."""
    return _said(version)[0]


def read(version: str) -> tuple[Manifest, dict[str, np.ndarray]]:
    """The same, and its arrays, mapped. Raises DamagedError."""
    manifest, layouts = _said(version)
    try:
        return manifest, {name: _mapped(folder() / version / f"{name}.npy", *said) for name, said in layouts.items()}
    except (OSError, ValueError, TypeError) as fault:
        raise DamagedError(f"{version}: {type(fault).__name__}") from fault


def _said(version: str) -> tuple[Manifest, dict[str, list]]:
    try:
        said = json.loads((folder() / version / MANIFEST).read_text(encoding="utf-8"))
        layouts = dict(said.pop("arrays"))
        return Manifest(**said), layouts
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise DamagedError(f"{version}: {type(fault).__name__}") from fault


def _mapped(path: Path, size: int, *layout) -> np.ndarray:
    if path.stat().st_size != size:
        raise DamagedError(f"{path.name} is cut short")
    # Copied when written to, which nobody does: compiled code takes it for the same kind as an array in memory.
    array = np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    if _layout(array) != list(layout):
        raise DamagedError(f"{path.name} is laid out otherwise")
    return array
