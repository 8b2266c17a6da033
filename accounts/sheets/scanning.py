"""Looks at the parts of a workbook before a reader sets up tables and texts from them."""

import re
from dataclasses import dataclass, field

from accounts.sheets.sheet import MAX_COLUMNS, MAX_ROWS, FileRefused, cell_ref
from accounts.sheets.walking import Budget, walk

MAX_SHARED_TEXTS = 200_000
CELL_REF = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass
class SheetScan:
    """What the raw XML of a sheet tells that its values do not: which cells hold a formula or an error.

    Rows and cells must stand in their order, each cell in the row its reference names. A cell that holds something
    and stands too far out is refused: the reader would set up a table of millions up to it.
    """

    sheet: str
    shared: list[int]
    budget: Budget
    flaws: dict[tuple[int, int], str] = field(default_factory=dict)
    row: int = 0
    column: int = -1
    kind: str = ""
    index: str = ""
    height: int = 0
    width: int = 0
    # Which of sheetData, row and c is open, and whether sheetData was there.
    within: str = ""
    has_data: bool = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("c", "row", "sheetData"):
            self._open(name, attributes)
        elif self.within == "c" and name in ("v", "is", "f"):
            self._take_content(name)

    def on_end(self, name: str) -> None:
        if name == "v" and self.within == "c" and self.kind == "s":
            self._take_shared_text()
        elif self.within and name == self.within:
            self.within = {"c": "row", "row": "sheetData"}.get(name, "")

    def on_text(self, text: str) -> None:
        if self.kind == "s" and self.within == "c":
            self.index += text

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            if self.has_data:
                self._refuse_as_damaged()
            self.has_data, self.within = True, name
        elif not self.within:
            return  # beside the data: where a button stands, for example
        elif (name, self.within) == ("row", "sheetData"):
            self._open_row(attributes.get("r"))
        elif (name, self.within) == ("c", "row"):
            self._open_cell(attributes.get("r"))
            self.kind, self.index = attributes.get("t", ""), ""
        else:
            self._refuse_as_damaged()

    def _open_row(self, stated: str | None) -> None:
        number = self.row + 1
        if stated is not None:
            number = int(stated) if re.fullmatch(r"[0-9]{1,10}", stated) else 0
        if number <= self.row:
            self._refuse_as_damaged()
        self.row, self.column, self.within = number, -1, "row"

    def _open_cell(self, ref: str | None) -> None:
        column = self.column + 1
        if ref is not None:
            found = CELL_REF.fullmatch(ref)
            if not found or int(found[2]) != self.row:
                self._refuse_as_damaged(ref)
            column = _column_index(found[1])
        if column <= self.column:
            self._refuse_as_damaged(ref or "")
        self.column, self.within = column, "c"

    def _take_content(self, name: str) -> None:
        if self.row > MAX_ROWS + 1:
            raise FileRefused("too_many_rows", sheet=self.sheet, row=self.row, rows=MAX_ROWS)
        if self.column >= MAX_COLUMNS:
            ref = cell_ref(self.row, self.column)
            raise FileRefused("too_many_columns", sheet=self.sheet, cell=ref, columns=MAX_COLUMNS)
        self.height, self.width = self.row, max(self.width, self.column + 1)
        if name == "f":
            self.flaws[self.row, self.column] = "formula"
        elif self.kind == "e":
            self.flaws.setdefault((self.row, self.column), "error")

    def _take_shared_text(self) -> None:
        index, self.index = self.index.strip(), ""
        if not index:
            return
        if not re.fullmatch(r"[0-9]{1,7}", index) or int(index) >= len(self.shared):
            self._refuse_as_damaged(cell_ref(self.row, self.column))
        self.budget.take_shared_letters(self.shared[int(index)])

    def _refuse_as_damaged(self, cell: str = "") -> None:
        raise FileRefused("workbook_is_damaged", sheet=self.sheet, cell=cell[:20])


def scan_sheet(sheet: str, content: bytes, shared: list[int], budget: Budget) -> dict[tuple[int, int], str]:
    """The flaws of a sheet by (row number, column index). Raises FileRefused when it would become too large a table."""
    scan = SheetScan(sheet, shared, budget)
    walk(content, budget, scan.on_start, scan.on_end, scan.on_text)
    budget.take_cells(scan.height * scan.width)
    return scan.flaws


def scan_shared_texts(content: bytes, budget: Budget) -> list[int]:
    """How many letters each of the texts has that the cells of a workbook share."""
    lengths: list[int] = []

    def on_start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            if len(lengths) == MAX_SHARED_TEXTS:
                raise FileRefused("workbook_holds_too_much_text")
            lengths.append(0)

    def on_text(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    walk(content, budget, on_start, on_text=on_text)
    return lengths


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
