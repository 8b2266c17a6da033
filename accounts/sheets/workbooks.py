"""Opens a workbook that a stranger sent: looks at the box first, then at each part, then lets calamine read it.

What calamine reads is a workbook made anew of the very sheets, texts and styles that were looked at, so that no second
directory, no untrue size and no part that was skipped here can reach it. All else is never unpacked.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from python_calamine import CalamineWorkbook, SheetTypeEnum

from accounts.sheets.boxes import Box
from accounts.sheets.scanning import scan_shared_texts, scan_sheet
from accounts.sheets.sheet import FileRefused, Sheet, Value, sheet_of
from accounts.sheets.walking import Budget, walk

TYPES = "[Content_Types].xml"
RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
WORKBOOK = "xl/workbook.xml"

MAX_SHEETS = 20
MAX_SHARED_TEXT_BYTES = 10_000_000

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"

Flaws = dict[tuple[int, int], str]


@dataclass
class Outline:
    """What a workbook says of itself: where its sheets, texts and styles lie, and from when it counts days."""

    sheets: dict[str, str] = field(default_factory=dict)
    shared_texts: str = "xl/sharedStrings.xml"
    styles: str = "xl/styles.xml"
    counts_from_1904: bool = False


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of an .xlsx in their order. Raises FileRefused when it is not a plain workbook of plain cells."""
    packed, flaws = _looked_at(Box(data))
    sheets = []
    for name, table in _tables(packed, list(flaws)):
        sheets.append(sheet_of(name, ([_plain(value) for value in row] for row in table), flaws[name]))
    return sheets


def _tables(packed: io.BytesIO, names: list[str]) -> Iterator[tuple[str, list[list]]]:
    """The values of each sheet, one sheet at a time. The sheets must be those that were looked at."""
    try:
        workbook = CalamineWorkbook.from_filelike(packed)
        worksheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if worksheets != names:
            raise FileRefused("workbook_is_damaged")
        for name in worksheets:
            yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (FileRefused, GeneratorExit):
        raise
    except Exception as error:
        raise FileRefused("workbook_not_read", reason=str(error)[:200]) from error
    except BaseException as error:  # a panic inside the reader's Rust code is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused("workbook_not_read", reason=str(error)[:200]) from error


def _looked_at(box: Box) -> tuple[io.BytesIO, dict[str, Flaws]]:
    """A workbook of the parts that hold rows, looked at one after another; and the flaws of each sheet."""
    if WORKBOOK not in box:
        raise FileRefused("workbook_is_none")
    if TYPES in box and b"macroenabled" in box.read(TYPES).lower():
        raise FileRefused("workbook_has_macros", part=TYPES)
    budget = Budget()
    outline = _outline(box, budget)
    packed = io.BytesIO()
    flaws = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        _write_outline(new, outline)
        shared: list[int] = []
        if outline.shared_texts in box:
            content = box.read(outline.shared_texts, MAX_SHARED_TEXT_BYTES)
            shared = scan_shared_texts(content, budget)
            new.writestr("xl/sharedStrings.xml", content)
        if outline.styles in box:
            content = box.read(outline.styles)
            walk(content, budget, lambda _name, _attributes: None)
            new.writestr("xl/styles.xml", content)
        for number, (name, path) in enumerate(outline.sheets.items(), start=1):
            content = box.read(path)
            flaws[name] = scan_sheet(name, content, shared, budget)
            new.writestr(f"xl/worksheets/sheet{number}.xml", content)
    packed.seek(0)
    return packed, flaws


def _outline(box: Box, budget: Budget) -> Outline:
    """Two sheets may not share a name or a place: a small file could become very many tables."""
    outline = Outline()
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def on_relationship(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
        if kind == "worksheet":
            targets[attributes.get("Id", "")] = target
        elif kind == "sharedStrings":
            outline.shared_texts = target
        elif kind == "styles":
            outline.styles = target

    def on_workbook(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            if len(sheets) == MAX_SHEETS:
                raise FileRefused("workbook_has_too_many_sheets", most=MAX_SHEETS)
            link = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), link))
        elif name == "workbookPr":
            outline.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    if RELATIONSHIPS in box:
        walk(box.read(RELATIONSHIPS), budget, on_relationship)
    walk(box.read(WORKBOOK), budget, on_workbook)
    found = [(name, targets[link]) for name, link in sheets if link in targets]
    outline.sheets = dict(found)
    paths = set(outline.sheets.values())
    if len(outline.sheets) < len(found) or len(paths) < len(found) or not all(path in box for path in paths):
        raise FileRefused("workbook_is_damaged")
    return outline


def _write_outline(new: zipfile.ZipFile, outline: Outline) -> None:
    """The parts that bind a workbook together, with every sheet, text and style where it is going to be."""
    numbers = range(1, len(outline.sheets) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, outline.sheets, strict=True)
    )
    days = f'<workbookPr date1904="{int(outline.counts_from_1904)}"/>'
    new.writestr(
        WORKBOOK, f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONSHIP}">{days}<sheets>{sheets}</sheets></workbook>'
    )
    links = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    links += [("texts", "sharedStrings", "sharedStrings.xml"), ("styles", "styles", "styles.xml")]
    new.writestr(RELATIONSHIPS, _relationships(links))
    new.writestr("_rels/.rels", _relationships([("book", "officeDocument", WORKBOOK)]))


def _relationships(links: list[tuple[str, str, str]]) -> str:
    rows = (f'<Relationship Id="{key}" Type="{RELATIONSHIP}/{kind}" Target="{path}"/>' for key, kind, path in links)
    return f'<Relationships xmlns="{LINKS}">{"".join(rows)}</Relationships>'


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
