"""Writers of files: each makes one file of what is frozen and nothing else; the same once more gives the same bytes."""

from collections.abc import Callable
from pathlib import Path

from reports.enums import Format
from reports.frozen import Frozen
from reports.writing import csvs, jsons, pdfs, workbooks

WRITERS: dict[Format, Callable[[Path, Frozen, tuple[str, ...]], None]] = {
    Format.XLSX: workbooks.write,
    Format.CSV: csvs.write,
    Format.PDF: pdfs.write,
    Format.JSON: jsons.write,
}
