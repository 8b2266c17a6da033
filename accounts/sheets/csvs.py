"""Opens a CSV file: UTF-8, with commas, semicolons or tabs, as the spreadsheets of each country write it.

It is read row by row and left at the first row that breaks a limit, so that ten megabytes of commas or of blank lines
never become a table.
"""

import csv
import io
from collections.abc import Iterator

from accounts.sheets.harmless import as_it_was
from accounts.sheets.sheet import (
    MAX_CELL_LETTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    FileRefused,
    Sheet,
    Value,
    cell_ref,
    sheet_of,
)

SEPARATORS = ",;\t"
# A full row whose every letter is a quotation mark, which is written twice.
MAX_ROW_LETTERS = MAX_COLUMNS * (2 * MAX_CELL_LETTERS + 3)


def read_csv(name: str, data: bytes) -> Sheet:
    """The one sheet of a CSV file. Raises FileRefused when it is not text, or its quotation marks do not close."""
    file = io.StringIO(_decoded(data), newline="")
    first_line = file.readline()
    if first_line.strip().lower().startswith("sep="):  # how Excel tells the separator to itself
        separator, first_row = (first_line.strip()[4:] or "\t")[:1], 2
    else:
        separator, first_row = max(SEPARATORS, key=first_line.count), 1
        file.seek(0)
    lines = _Lines(name, file, separator, first_row)
    limit = csv.field_size_limit(MAX_CELL_LETTERS * 4)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        return sheet_of(name, _rows(reader, lines), first_row=first_row)
    except csv.Error as error:
        raise FileRefused("csv_not_read", sheet=name, row=reader.line_num, reason=str(error)) from error
    finally:
        csv.field_size_limit(limit)


class _Lines:
    """The lines of a file, as long as those of one row hold no more letters than a row can."""

    def __init__(self, name: str, file: io.StringIO, separator: str, first_row: int):
        self.name = name
        self.row = first_row
        self._file = file
        self._separator = separator
        self._letters = 0
        self._separators = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self._letters += len(line)
        self._separators += line.count(self._separator)
        if self._letters > MAX_ROW_LETTERS:
            self._refuse()
        return line

    def end_row(self) -> None:
        self.row += 1
        self._letters = self._separators = 0

    def _refuse(self) -> None:
        if self._separators >= MAX_COLUMNS:
            ref = cell_ref(self.row, MAX_COLUMNS)
            raise FileRefused("too_many_columns", sheet=self.name, cell=ref, columns=MAX_COLUMNS)
        raise FileRefused("cell_too_long", sheet=self.name, row=self.row, letters=MAX_CELL_LETTERS)


def _rows(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[Value]]:
    for values in reader:
        if lines.row > MAX_ROWS + 1 and not any(value.strip() for value in values):
            raise FileRefused("too_many_cells", sheet=lines.name)
        lines.end_row()
        yield [as_it_was(value) or None for value in values]


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused("csv_not_utf8", row=line, line=line) from error
    if "\x00" in text:
        raise FileRefused("csv_not_text")
    return text
