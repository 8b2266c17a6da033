"""Snapshots of the market in files: written beside, made current by one rename, mapped into memory by who reads.

A version is a folder: one file of numpy's for each array, and a manifest that says of what it is and how long each file
must be. `current` names the version that counts. Whoever has an older one open keeps it until they let go of it, though
its folder is gone: the system keeps files that are open.
"""

import json
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

log = logging.getLogger(__name__)

FORMAT = 1  # of the files: one of another kind is not read
MANIFEST = "manifest.json"
CURRENT = "current"
UNFINISHED = ".part"


class DamagedError(Exception):
    """Files are missing, cut short, or of another kind than this programme writes."""


@dataclass(frozen=True)
class Manifest:
    """On what a snapshot rests."""

    version: str
    run: int  # the official run whose lists stood when it was made
    newest_run: list  # number and time of the newest run of any kind at that moment
    cut_at: str  # when the book was read, ISO
    as_of: int  # the day taken as today, as an ordinal
    corridor_version: str
    weights: dict
    k: int
    rules_version: str
    engine_version: str
    words: dict  # of the market, and the points that its lanes run between


def folder() -> Path:
    return Path(settings.SNAPSHOT_DIR)


def write(manifest: Manifest, arrays: Mapping[str, np.ndarray]) -> Path:
    """A version in files, whole or not at all. It does not count before `make_current`."""
    target, part = folder() / manifest.version, folder() / f"{manifest.version}{UNFINISHED}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    sizes = {}
    for name, array in arrays.items():
        np.save(part / f"{name}.npy", array, allow_pickle=False)
        sizes[name] = (part / f"{name}.npy").stat().st_size
    said = {"format": FORMAT, "sizes": sizes} | asdict(manifest)
    (part / MANIFEST).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    os.sync()  # a rename must not outlive the files that it names
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return target


def make_current(version: str) -> None:
    """From now on this version counts; the others go."""
    pointer = folder() / f"{CURRENT}{UNFINISHED}"
    pointer.write_text(version, encoding="utf-8")
    pointer.replace(folder() / CURRENT)
    remove_others(version)


def remove_others(kept: str) -> None:
    """Older versions, and what somebody began to write and did not end."""
    for other in folder().iterdir():
        if other.is_dir() and other.name != kept:
            shutil.rmtree(other, ignore_errors=True)


def current_version() -> str | None:
    try:
        return (folder() / CURRENT).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def manifest_of(version: str) -> Manifest:
    """What a version says of itself. Raises DamagedError."""
    return _said(version)[0]


def read(version: str) -> tuple[Manifest, dict[str, np.ndarray]]:
    """The same, and its arrays, mapped. Raises DamagedError."""
    manifest, sizes = _said(version)
    try:
        return manifest, {name: _mapped(folder() / version / f"{name}.npy", size) for name, size in sizes.items()}
    except (OSError, ValueError) as fault:
        raise DamagedError(f"{version}: {type(fault).__name__}") from fault


def _said(version: str) -> tuple[Manifest, dict[str, int]]:
    try:
        said = json.loads((folder() / version / MANIFEST).read_text(encoding="utf-8"))
        if said.pop("format") != FORMAT:
            raise DamagedError(f"{version}: another format")
        sizes = said.pop("sizes")
        return Manifest(**said), sizes
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise DamagedError(f"{version}: {type(fault).__name__}") from fault


def _mapped(path: Path, size: int) -> np.ndarray:
    if path.stat().st_size != size:
        raise DamagedError(f"{path.name} is cut short")
    # Copied when written to, which nobody does: compiled code takes it for the same kind as an array in memory.
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
