"""Opens a workbook that a stranger sent: looks at the box first, then at every part, then lets calamine read it.

What calamine reads is packed anew from the very bytes that were looked at, so that no second directory, no untrue size
and no part that was skipped here can reach it.
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetTypeEnum

from companies.book.sheets import MAX_COLUMNS, MAX_ROWS, BookRefused, Sheet, Value, cell_ref, sheet_of

MAX_UNPACKED_BYTES = 50_000_000
MAX_ENTRIES = 1_000

# Parts that make a workbook do something, or reach out of it.
FORBIDDEN_PARTS = {
    "xl/vbaproject": "workbook_has_macros",
    "xl/macrosheets/": "workbook_has_macros",
    "xl/externallinks/": "workbook_has_links",
    "xl/connections": "workbook_has_links",
    "xl/querytables/": "workbook_has_links",
    "xl/embeddings/": "workbook_has_objects",
    "xl/activex/": "workbook_has_objects",
}


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of an .xlsx in their order. Raises BookRefused when it is not a plain workbook of plain cells."""
    parts = _unpack(data)
    paths = _sheet_paths(parts)
    scans = {name: _scan(name, parts[path]) for name, path in paths.items()}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_pack(parts)))
        worksheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        tables = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in worksheets}
    except Exception as error:
        raise BookRefused("workbook_not_read", reason=str(error)[:200]) from error
    except BaseException as error:  # a panic inside the reader's Rust code is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        raise BookRefused("workbook_not_read", reason=str(error)[:200]) from error
    if set(tables) != set(scans):  # a sheet that was not looked at, or one that was not read
        raise BookRefused("workbook_is_damaged")
    return [
        sheet_of(name, [[_plain(value) for value in row] for row in table], scans[name].flaws)
        for name, table in tables.items()
    ]


def _unpack(data: bytes) -> dict[str, bytes]:
    """Every part of the box, after the sizes it declares were found bearable."""
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BookRefused("workbook_is_damaged") from error
    entries = box.infolist()
    if len(entries) > MAX_ENTRIES:
        raise BookRefused("workbook_has_too_many_parts", parts=len(entries), most=MAX_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise BookRefused(
            "workbook_unpacks_too_large", megabytes=unpacked // 1_000_000, most=MAX_UNPACKED_BYTES // 1_000_000
        )
    for entry in entries:
        for beginning, code in FORBIDDEN_PARTS.items():
            if entry.filename.replace("\\", "/").lstrip("/").lower().startswith(beginning):
                raise BookRefused(code, part=entry.filename)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise BookRefused("workbook_is_damaged")
    try:
        # ZipExtFile stops at the declared size and checks the sum, so nothing unpacks to more than was declared.
        parts = {entry.filename: box.read(entry) for entry in entries if not entry.is_dir()}
    except RuntimeError as error:  # a locked part
        raise BookRefused("workbook_is_locked") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise BookRefused("workbook_is_damaged") from error
    types = parts.get("[Content_Types].xml", b"")
    if b"macroenabled" in types.lower():
        raise BookRefused("workbook_has_macros", part="[Content_Types].xml")
    return parts


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as box:
        for name, content in parts.items():
            box.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _sheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Where in the box each worksheet lies, by its name."""
    if "xl/workbook.xml" not in parts:
        raise BookRefused("workbook_is_none")
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def on_relationship(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), link))

    _walk(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), on_relationship)
    _walk(parts["xl/workbook.xml"], on_sheet)
    paths = {name: targets[link] for name, link in sheets if link in targets}
    if not set(paths.values()) <= set(parts):
        raise BookRefused("workbook_is_damaged")
    return paths


@dataclass
class _Scan:
    """What the raw XML of a sheet tells that its values do not: which cells hold a formula or an error."""

    sheet: str
    flaws: dict[tuple[int, int], str] = field(default_factory=dict)
    row: int = 0
    column: int = -1
    kind: str = ""

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            stated = attributes.get("r", "")
            self.row = int(stated) if re.fullmatch(r"[0-9]{1,10}", stated) else self.row + 1
            self.column = -1
        elif name == "c":
            self.column = _column_of(attributes.get("r", ""), self.column + 1)
            self.kind = attributes.get("t", "")
        elif name in ("v", "is", "f") and self.column >= 0:
            self._check_bounds()
            if name == "f":
                self.flaws[self.row, self.column] = "formula"
            elif self.kind == "e":
                self.flaws.setdefault((self.row, self.column), "error")

    def _check_bounds(self) -> None:
        """A single cell far out would make the reader set up a table of millions."""
        if self.row > MAX_ROWS + 1:
            raise BookRefused("too_many_rows", sheet=self.sheet, row=self.row, rows=MAX_ROWS)
        if self.column >= MAX_COLUMNS:
            ref = cell_ref(self.row, self.column)
            raise BookRefused("too_many_columns", sheet=self.sheet, cell=ref, columns=MAX_COLUMNS)


def _scan(sheet: str, content: bytes) -> _Scan:
    scan = _Scan(sheet)
    _walk(content, scan.on_start)
    return scan


def _walk(content: bytes, on_start) -> None:
    """Read XML from end to end, telling each element by its local name. A document type is refused: it can expand."""

    def start(name: str, attributes: dict[str, str]) -> None:
        on_start(name.rpartition(":")[2], attributes)

    def refuse_document_type(*_facts) -> None:
        raise BookRefused("workbook_is_damaged")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BookRefused("workbook_is_damaged") from error


def _column_of(ref: str, otherwise: int) -> int:
    """The index of a reference such as AB12; a cell without one stands beside the cell before it."""
    if not (letters := re.match(r"[A-Za-z]{1,3}(?=\d)", ref)):
        return otherwise
    index = 0
    for letter in letters[0].upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _plain(value) -> Value:
    """A cell's value: numbers as exact decimals of what the sheet holds, days without their midnight."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, date) or value != "":
        return value
    return None
