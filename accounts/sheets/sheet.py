"""A sheet of a book as cells: what stands where, before anybody asks what it means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

MAX_BYTES = 10_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL_LETTERS = 4_000

# Letters that show nothing, break lines unseen or turn the direction of what follows (but tabs and plain line breaks).
UNSEEN_LETTERS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)

Value = str | Decimal | bool | date | datetime | time | timedelta | None


def marked(text: str) -> str:
    """A text for an answer: letters that could hide or bend what is said are shown as unknown ones."""
    return UNSEEN_LETTERS.sub("\ufffd", text)


class FileRefused(Exception):  # noqa: N818  a refusal is an answer, not a mishap
    """A file or a sheet that cannot be read at all, with the rule it breaks."""

    def __init__(self, code: str, /, *, sheet: str = "", cell: str = "", row: int | None = None, **params):
        super().__init__(code)
        self.code = code
        self.sheet = marked(sheet)
        self.cell = marked(cell)
        self.row = row
        facts = params if row is None else {"row": row, **params}
        self.params = {name: marked(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. A flaw (a formula, an error of the spreadsheet) makes it unreadable whatever it shows."""

    ref: str
    value: Value
    flaw: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.flaw and _is_blank(self.value)

    @property
    def text(self) -> str:
        """What a person sees there, shortened for an answer."""
        shown = "" if self.value is None else str(self.value)
        if isinstance(self.value, Decimal) and self.value.is_finite():
            shown = f"{self.value.normalize():f}"
        shown = marked(shown)
        return shown if len(shown) <= 80 else shown[:77] + "..."


@dataclass
class Row:
    number: int
    cells: list[Cell]

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank for cell in self.cells)


@dataclass
class Sheet:
    """One sheet of a workbook, or one CSV file: its first row names the columns."""

    name: str
    header: list[Cell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank for cell in self.header) and not self.rows


def column_letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_ref(row_number: int, column_index: int) -> str:
    return f"{column_letters(column_index)}{row_number}"


def sheet_of(
    name: str, table: Iterable[list[Value]], flaws: dict[tuple[int, int], str] | None = None, *, first_row: int = 1
) -> Sheet:
    """A sheet from the rows of a table; `flaws` by (row number, column index). Blank rows are left out.

    Raises FileRefused at the first row or column too many, or cell too long: no further row is drawn from the table.
    """
    flaws = flaws or {}
    sheet = Sheet(marked(name))
    for number, values in enumerate(table, start=first_row):
        width = len(values)
        while width and _is_blank(values[width - 1]) and (number, width - 1) not in flaws:
            width -= 1
        _check_size(name, number, values[:width])
        cells = [
            Cell(cell_ref(number, index), value, flaws.get((number, index), ""))
            for index, value in enumerate(values[:width])
        ]
        if number == first_row:
            sheet.header = cells
        elif not all(cell.is_blank for cell in cells):
            sheet.rows.append(Row(number, cells))
    return sheet


def _is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _check_size(sheet: str, number: int, values: list[Value]) -> None:
    if number > MAX_ROWS + 1 and values:
        raise FileRefused("too_many_rows", sheet=sheet, row=number, rows=MAX_ROWS)
    if len(values) > MAX_COLUMNS:
        ref = cell_ref(number, len(values) - 1)
        raise FileRefused("too_many_columns", sheet=sheet, cell=ref, columns=MAX_COLUMNS)
    for index, value in enumerate(values):
        if isinstance(value, str) and len(value) > MAX_CELL_LETTERS:
            raise FileRefused("cell_too_long", sheet=sheet, cell=cell_ref(number, index), letters=MAX_CELL_LETTERS)
