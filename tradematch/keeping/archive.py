"""The file of a backup: a zip of a dump, the uploads and a manifest that tells what is in it. Whole or not there.

The dump is compressed by PostgreSQL itself and uploads are pictures and papers, so nothing is compressed here: what a
part declares is what it holds. The list of a zip stands at its end, so a file that was cut off is known as such.
"""

import fcntl
import hashlib
import json
import os
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from tradematch.keeping.failures import KeepingError

FORMAT = 1
SUFFIX = ".tmbackup"
DATABASE, SECRETS, ERASURES, MANIFEST = "database.dump", "secrets.json", "erasures.jsonl", "manifest.json"
UPLOADS = "uploads/"
CHUNK = 1 << 20
MOST_MANIFEST_BYTES = 200_000_000  # a line for each upload
TELL_EVERY_S = 10

Say = Callable[[str], object]


@dataclass(frozen=True)
class Part:
    """One part of a backup: its size and what its bytes come to."""

    bytes: int
    sha256: str


@dataclass
class Manifest:
    """What a backup says of itself."""

    version: str
    made_at: str
    postgres: int
    migrations: list[str]
    rows: dict[str, int]
    set_up: dict[str, str]
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT
    product: str = "TradeMatch"

    @property
    def has_secrets(self) -> bool:
        return SECRETS in self.parts

    @property
    def uploads(self) -> list[str]:
        return [name for name in self.parts if name.startswith(UPLOADS)]


class Writer:
    """Fills a backup, part after part; only a piece of each is in memory."""

    def __init__(self, file: IO[bytes], say: Say):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self.parts: dict[str, Part] = {}
        self.say = say

    def add(self, name: str, source: IO[bytes]) -> None:
        digest, size, told_at = hashlib.sha256(), 0, time.monotonic()
        entry = zipfile.ZipInfo(name, time.gmtime()[:6])
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        with self.zip.open(entry, "w", force_zip64=True) as part:
            while chunk := source.read(CHUNK):
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                if time.monotonic() - told_at > TELL_EVERY_S:
                    self.say(f"  {name}: {in_mb(size)} so far")
                    told_at = time.monotonic()
        self.parts[name] = Part(size, digest.hexdigest())

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *failure) -> None:
        self.zip.close()

    def finish(self, manifest: Manifest) -> None:
        manifest.parts = self.parts
        entry = zipfile.ZipInfo(MANIFEST, time.gmtime()[:6])
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        self.zip.writestr(entry, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))


class Backup:
    """An opened backup whose manifest could be read."""

    def __init__(self, opened: zipfile.ZipFile, manifest: Manifest):
        self.zip, self.manifest = opened, manifest

    def part(self, name: str) -> IO[bytes]:
        return self.zip.open(name)

    def verify(self) -> None:
        """Every part is there and holds what it held when it was written; nothing else is."""
        there = {entry.filename for entry in self.zip.infolist()}
        for name in sorted(there ^ {*self.manifest.parts, MANIFEST}):
            raise KeepingError(f"The backup is damaged: {name} is missing or does not belong into it.")
        for name, expected in self.manifest.parts.items():
            refuse_a_strange_name(name)
            entry = self.zip.getinfo(name)
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != expected.bytes:
                raise KeepingError(f"The backup is damaged: {name} has another size than its list says.")
            try:
                digest = digest_of(self.part(name))
            except (zipfile.BadZipFile, OSError, ValueError) as fault:
                raise KeepingError(f"The backup is damaged: {name} cannot be read ({fault}).") from None
            if digest != expected.sha256:
                raise KeepingError(f"The backup is damaged: {name} is not what was written.")


def digest_of(source: IO[bytes]) -> str:
    with source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def refuse_a_strange_name(name: str) -> None:
    """A part goes where its name says, so its name may not lead anywhere else."""
    path = PurePosixPath(name)
    if name in (DATABASE, SECRETS, ERASURES):
        return
    within = name.startswith(UPLOADS) and ".." not in path.parts and str(path) == name and "\\" not in name
    if not within or not name.isprintable():
        raise KeepingError(f"The backup holds a part with a strange name, {name!r}: it was not made by TradeMatch.")


@contextmanager
def reading(path: Path) -> Iterator[Backup]:
    """Open a backup and read what it says of itself."""
    if path.is_dir():
        raise KeepingError(f"{path} is a folder: name the file of a backup.")
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise KeepingError(f"There is no file {path}.") from None
    except zipfile.BadZipFile:
        raise KeepingError(f"{path} is no backup of TradeMatch, or its end is missing: try another copy.") from None
    with opened:
        yield Backup(opened, read_manifest(opened, path))


def read_manifest(opened: zipfile.ZipFile, path: Path) -> Manifest:
    no_backup = KeepingError(f"{path} is no backup of TradeMatch: it has no list of what is in it.")
    try:
        entry = opened.getinfo(MANIFEST)
        if entry.file_size > MOST_MANIFEST_BYTES or entry.compress_type != zipfile.ZIP_STORED:
            raise no_backup
        told = json.loads(opened.read(entry))
        if told["product"] != "TradeMatch":
            raise no_backup
        made_by = told["format"]
        if made_by != FORMAT:
            raise KeepingError(
                f"{path} is a backup of form {made_by}, and this TradeMatch reads form {FORMAT}: "
                f"restore it with the version that made it, {told.get('version')}."
            )
        parts = {name: Part(**facts) for name, facts in told.pop("parts").items()}
        return Manifest(**told, parts=parts)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise no_backup from None
    except zipfile.BadZipFile:
        raise KeepingError(f"The backup is damaged: the list in {path} cannot be read.") from None


@contextmanager
def writing(path: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A file for this user's eyes only, that gets its name when it is whole. A killed one's draft is used again."""
    if path.is_dir():
        raise KeepingError(f"{path} is a folder: name a file in it.")
    if path.exists() and not force:
        raise KeepingError(f"{path} is there already: choose another name, or overwrite it with --force.")
    draft = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KeepingError(f"Another backup into {path} is under way: wait until it has ended.") from None
        os.fchmod(file.fileno(), 0o600)
        file.truncate()
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _give_name(draft, path, force=force)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _give_name(draft: Path, path: Path, *, force: bool) -> None:
    if force:
        draft.replace(path)
    else:
        try:
            os.link(draft, path)  # refuses what somebody else has put there meanwhile
        except FileExistsError:
            raise KeepingError(f"Somebody else has written {path} meanwhile: choose another name.") from None
        except OSError:
            draft.replace(path)  # not every file system knows links
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def in_mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
