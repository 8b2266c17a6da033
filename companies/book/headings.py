"""Finds out which kind of sheet this is and which column stands where. A column that is not known refuses the sheet."""

from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches

from accounts.sheets.sheet import Cell, Row, Sheet, cell_ref
from companies.book.answer import Message
from companies.book.columns import EXPLAINING_SHEETS, SHEETS, Column, SheetKind
from companies.book.words import folded


@dataclass
class ReadableSheet:
    """A sheet whose kind is known, with the place of each of its columns. `faults` refuse all its rows."""

    kind: SheetKind
    sheet: Sheet
    places: dict[str, int] = field(default_factory=dict)
    faults: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.sheet.name

    def has(self, key: str) -> bool:
        return key in self.places

    def cell(self, row: Row, column: Column) -> Cell | None:
        """The cell of a row in a column; None where the sheet has no such column."""
        if (index := self.places.get(column.key)) is None:
            return None
        return row.cells[index] if index < len(row.cells) else Cell(cell_ref(row.number, index), None)

    def heading(self, key: str) -> str:
        """The heading as the file has it."""
        return self.sheet.header[self.places[key]].text if key in self.places else key


def is_explaining(sheet: Sheet) -> bool:
    return folded(sheet.name) in EXPLAINING_SHEETS


def recognise(sheet: Sheet, *, may_miss: frozenset[str] = frozenset()) -> ReadableSheet | None:
    """The sheet with its columns found; None when neither its name nor its headings tell what it holds.

    Columns that `may_miss` need not be there.
    """
    kind = next((kind for kind in SHEETS if folded(sheet.name) in kind.names), None) or _kind_by_headings(sheet)
    if kind is None:
        return None
    readable = ReadableSheet(kind, sheet)
    if not sheet.is_blank:
        _place_columns(readable, may_miss)
    return readable


def _kind_by_headings(sheet: Sheet) -> SheetKind | None:
    """The kind most of whose headings are here; it must beat the others."""
    headings = {folded(_bare(cell)) for cell in sheet.header}
    found = {kind.key: sum(1 for column in kind.columns if headings & set(column.names)) for kind in SHEETS}
    best, *others = sorted(SHEETS, key=lambda kind: -found[kind.key])
    if found[best.key] < 3 or any(found[other.key] == found[best.key] for other in others):
        return None
    return best


def _place_columns(readable: ReadableSheet, may_miss: frozenset[str]) -> None:
    by_name = {name: column for column in readable.kind.columns for name in column.names}
    header = readable.sheet.header
    found = [None if cell.is_blank else by_name.get(folded(_bare(cell))) for cell in header]
    counts = Counter(column.key for column in found if column)
    for index, (cell, column) in enumerate(zip(header, found, strict=True)):
        if column is None and not cell.is_blank:
            near = get_close_matches(folded(_bare(cell)), by_name, n=1, cutoff=0.6)
            params = {"text": cell.text, "near": [by_name[name].heading("en") for name in near]}
            _fault(readable, "column_unknown", params, cell.ref)
        elif column and counts[column.key] > 1:
            _fault(readable, "column_twice", {"text": cell.text}, cell.ref)
        elif column:
            readable.places[column.key] = index
    for column in readable.kind.columns:
        if column.required and column.key not in may_miss and not counts[column.key]:
            params = {"headings": [column.en, column.id, column.ru]}
            _fault(readable, "column_missing", params, cell_ref(1, len(header)))
    _check_cells_without_heading(readable, {index for index, cell in enumerate(header) if not cell.is_blank})


def _check_cells_without_heading(readable: ReadableSheet, with_heading: set[int]) -> None:
    """What stands below no heading would be lost without a word. The first such cell of a column tells it."""
    seen = set(with_heading)
    for row in readable.sheet.rows:
        for index, cell in enumerate(row.cells):
            if not cell.is_blank and index not in seen:
                seen.add(index)
                readable.faults.append(
                    Message(
                        "cell_without_heading", {"text": cell.text}, readable.name, row.number, cell.ref, "", cell.text
                    )
                )


def _bare(cell: Cell) -> str:
    """A heading without the star that marks it as needed in the template."""
    return cell.text.strip().rstrip("*").strip()


def _fault(readable: ReadableSheet, code: str, params: dict, ref: str) -> None:
    readable.faults.append(Message(code, params, readable.name, 1, ref))
