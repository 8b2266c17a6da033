"""The register of who was erased: proof that it was done, and what a restore needs to do it again.

It lies beside the database, because a restored database knows nothing of what happened after its backup. It names
nobody: a person stands in it as a digest of their row's number and the moment the row was made, which never change and
which nobody can tell from the digest.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import models

from accounts.models import User
from companies.models import ContactPerson

BORN = {User: "date_joined", ContactPerson: "created_at"}


@dataclass(frozen=True)
class Erasure:
    """One line of the register."""

    erased_at: str
    reason: str
    rows: tuple[str, ...]  # digests


def digest_of(row: models.Model) -> str:
    """A row as the register knows it."""
    born = getattr(row, BORN[type(row)])
    return hashlib.sha256(f"{row._meta.label}:{row.pk}:{born.isoformat()}".encode()).hexdigest()


def append(erasure: Erasure) -> None:
    """Write one line more, on the disk when this returns."""
    path = settings.ERASURE_REGISTER
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # A line that a full disk or a power cut left half stays a line of its own.
        length = file.seek(0, os.SEEK_END)
        needs_end = length and os.pread(file.fileno(), 1, length - 1) != b"\n"
        file.write(b"\n" * bool(needs_end) + json.dumps(asdict(erasure), ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Erasure]:
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        return []


def parse(text: bytes) -> list[Erasure]:
    """The lines that are whole; half a line was never answered for."""
    erasures = []
    for line in text.splitlines():
        try:
            facts = json.loads(line)
            erasures.append(Erasure(str(facts["erased_at"]), str(facts["reason"]), tuple(map(str, facts["rows"]))))
        except (ValueError, KeyError, TypeError):
            continue
    return erasures


def merge(given: Iterable[Erasure]) -> list[Erasure]:
    """Add to our register what another one holds beyond it; all of them together."""
    known = read(settings.ERASURE_REGISTER)
    for erasure in given:
        if erasure not in known:
            append(erasure)
            known.append(erasure)
    return known


def of(erasures: Iterable[Erasure], model: type[models.Model]) -> Iterable[tuple[models.Model, Erasure]]:
    """The rows of a model that the register names, and that are here again."""
    wanted = {digest: erasure for erasure in erasures for digest in erasure.rows}
    if not wanted:
        return
    for row in model.objects.order_by("pk").iterator():
        if erasure := wanted.get(digest_of(row)):
            yield row, erasure
