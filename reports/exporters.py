"""Writers of tables: rows go in one by one, so that a hundred thousand of them need no more memory than ten."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.sheets.harmless import harmless, written_day, written_number
from reports.columns import MATCH_COLUMNS, Column, Kind

MOST_ROWS = 100_000
BOM = "\ufeff"


@dataclass(frozen=True)
class About:
    """What a table rests on, as lines of a label and a value."""

    lines: tuple[tuple[str, str], ...]


class _Echo:
    """Hands back what a csv writer writes."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable, columns: tuple[Column, ...] = MATCH_COLUMNS) -> Iterator[str]:
    """Lines of a csv as spreadsheets of the reader's country expect it. A list cut short by a fault says so itself."""
    is_english = (get_language() or "en").startswith("en")
    delimiter, mark = (",", ".") if is_english else (";", ",")
    writer = csv.writer(_Echo(), delimiter=delimiter)
    yield BOM + writer.writerow([harmless(str(column.title)) for column in columns])
    try:
        for row in rows:
            yield writer.writerow([csv_cell(column, column.read(row), mark) for column in columns])
    except Exception:
        yield writer.writerow([_("THIS FILE IS INCOMPLETE: something broke while it was written.")])
        raise


def csv_cell(column: Column, value, mark: str) -> str:
    if value is None:
        return ""
    if column.kind == Kind.NUMBER:
        return written_number(value, column.places, mark)
    if column.kind == Kind.DAY:
        return written_day(value)
    return harmless(str(value))


def write_xlsx(path: Path, rows: Iterable, about: About, columns: tuple[Column, ...] = MATCH_COLUMNS) -> None:
    """A workbook of two sheets: the rows, and what they rest on. Text is never a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        codes = sorted({number_format(column) for column in columns})
        formats = {code: book.add_format({"num_format": code}) for code in codes}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_("Matches")[:31])
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        for number, column in enumerate(columns):
            sheet.write_string(0, number, str(column.title), head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for number, column in enumerate(columns):
                value = column.read(row)
                if value is None or value == "":
                    continue
                if column.kind == Kind.NUMBER:
                    sheet.write_number(last, number, float(value), formats[number_format(column)])
                elif column.kind == Kind.DAY:
                    sheet.write_datetime(last, number, value, day)
                else:
                    sheet.write_string(last, number, str(value))
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        about_sheet = book.add_worksheet(_("About")[:31])
        about_sheet.set_column(0, 0, 28)
        about_sheet.set_column(1, 1, 90)
        for number, (label, text) in enumerate((*about.lines, (_("Rows"), str(last)))):
            about_sheet.write_string(number, 0, label)
            about_sheet.write_string(number, 1, text)


def number_format(column: Column) -> str:
    if column.is_name:
        return "0"
    return "#,##0" + ("." + "0" * column.places if column.places else "")


def json_pieces(rows: Iterable, about: About, columns: tuple[Column, ...] = MATCH_COLUMNS) -> Iterator[str]:
    """One JSON object: what it rests on, and the rows by the keys of the columns."""
    yield '{"about": ' + json.dumps(dict(about.lines), ensure_ascii=False) + ', "matches": ['
    for number, row in enumerate(rows):
        cells = {column.key: json_value(column, column.read(row)) for column in columns}
        yield (",\n" if number else "\n") + json.dumps(cells, ensure_ascii=False)
    yield "\n]}\n"


def json_value(column: Column, value):
    if value is None:
        return None
    if column.kind == Kind.DAY:
        return value.isoformat()
    if isinstance(value, Decimal):
        return round(float(value), column.places)
    return value
