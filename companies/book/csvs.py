"""Opens a CSV file: UTF-8, with commas, semicolons or tabs, as the spreadsheets of each country write it."""

import csv
import io

from companies.book.sheets import MAX_CELL_LETTERS, BookRefused, Sheet, sheet_of

SEPARATORS = ",;\t"


def read_csv(name: str, data: bytes) -> Sheet:
    """The one sheet of a CSV file. Raises BookRefused when it is not text, or its quotation marks do not close."""
    text = _decoded(data)
    first_line, _, rest = text.partition("\n")
    if first_line.strip().lower().startswith("sep="):  # how Excel tells the separator to itself
        separator, text, first_row = (first_line.strip()[4:] or "\t")[:1], rest, 2
    else:
        separator, first_row = max(SEPARATORS, key=first_line.count), 1
    limit = csv.field_size_limit(MAX_CELL_LETTERS * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        table = [[value or None for value in row] for row in reader]
    except csv.Error as error:
        raise BookRefused("csv_not_read", sheet=name, row=reader.line_num, reason=str(error)) from error
    finally:
        csv.field_size_limit(limit)
    return sheet_of(name, table, first_row=first_row)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BookRefused("csv_not_utf8", row=line, line=line) from error
    if "\x00" in text:
        raise BookRefused("csv_not_text")
    return text
