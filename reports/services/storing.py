"""Files of a report: written beside, then kept whole or not at all, piece by piece; read back the same way."""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.document import Cell
from reports.enums import Format
from reports.frozen import Frozen
from reports.models import FilePiece, Report, ReportFile
from reports.pieces import WATCHED
from reports.workplace import work_dir
from reports.writing import WRITERS
from reports.writing.state import written_by
from reports.writing.templates import TEMPLATES

log = logging.getLogger(__name__)

PIECE_BYTES = 1_000_000


def written(file: ReportFile, path: Path, watch: Callable[[int], None] | None = None) -> None:
    """Write a file of what is frozen of its report. The same once more gives the same bytes."""
    frozen = Frozen.of(file.report)
    if watch is not None:
        rows = frozen.rows
        frozen = replace(frozen, rows=lambda table: _watched(rows(table), watch))
    WRITERS[Format(file.format)](path, frozen, tuple(file.languages))


def _watched(rows: Iterator[list[Cell]], watch: Callable[[int], None]) -> Iterator[list[Cell]]:
    while some := list(islice(rows, WATCHED)):
        watch(len(some))
        yield from some


def keep(file: ReportFile, path: Path) -> None:
    """Take a written file into pieces, within the caller's transaction, and say what it is."""
    digest, size, pieces = hashlib.sha256(), 0, 0
    with path.open("rb") as written_file:
        while content := written_file.read(PIECE_BYTES):
            FilePiece.objects.create(file=file, number=pieces, content=content)
            digest.update(content)
            size, pieces = size + len(content), pieces + 1
    file.sha256, file.size, file.name = digest.hexdigest(), size, name_of(file)
    file.template, file.written_by, file.failure = TEMPLATES[Format(file.format)], written_by(), ""
    file.made_at = timezone.now()
    file.save()


def name_of(file: ReportFile) -> str:
    """`tradematch-matches-2026-11-26-id-ru.xlsx`: letters that every system and every letter by mail can carry.

    A csv has no other place to say how many fields were left out.
    """
    day = timezone.localdate(file.report.cut_at).isoformat()
    left_out = f"-{file.report.left_out}-fields-left-out" if file.format == Format.CSV and file.report.left_out else ""
    return f"tradematch-{file.report.subject}-{day}-{'-'.join(file.languages)}{left_out}.{file.format}"


def pieces_of(file: ReportFile) -> Iterator[bytes]:
    """The bytes of a file, never more than one piece at once."""
    for number in list(file.pieces.order_by("number").values_list("pk", flat=True)):
        yield bytes(FilePiece.objects.values_list("content", flat=True).get(pk=number))


@dataclass(frozen=True)
class Again:
    """A file made once more of its cut."""

    sha256: str  # empty where what writes files now cannot read the cut
    is_same: bool
    is_written_alike: (
        bool  # by the templates, words, fonts and programs of the first time: then other bytes are a fault
    )


def made_again(file: ReportFile) -> Again:
    """Make a file once more, by what writes files now, and tell what that gives."""
    if file.report.removed_at is not None:
        raise ValidationError(_("The rows of this report are removed. Order it anew."))
    is_written_alike = file.written_by == written_by()
    try:
        digest = _digest_again(file)
    except Exception:
        if is_written_alike:
            raise
        log.exception("report %s: a file of other writers is not made again", file.report_id)
        digest = ""
    return Again(digest, digest == file.sha256, is_written_alike)


def _digest_again(file: ReportFile) -> str:
    with workplace(file.report, "again") as folder:
        path = folder / f"again.{file.format}"
        written(file, path)
        with path.open("rb") as again:
            return hashlib.file_digest(again, "sha256").hexdigest()


@contextmanager
def workplace(report: Report, work: str = "making") -> Iterator[Path]:
    """A folder that only this program can read, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=_prefix(report.pk, work), dir=work_dir()) as folder:
        yield Path(folder)


def clear_workplaces(pk: int) -> None:
    """Remove what a killed worker left behind; to be called by whoever holds the work on that report."""
    for left in (work_dir() or Path(tempfile.gettempdir())).glob(f"{_prefix(pk, 'making')}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(pk: int, work: str) -> str:
    return f"tradematch-{connection.settings_dict['NAME']}-{work}-{pk}-"
