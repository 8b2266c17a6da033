"""The answer to a book as a file to carry along: each bad cell a line. Nothing in it is live."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.sheets.harmless import harmless
from companies.book.answer import Outcome
from companies.book.saying import said
from companies.book.told import from_kept

BOM = "\ufeff"
WIDTHS = (16, 8, 28, 18, 8, 24, 30, 90)


def headings() -> list[str]:
    return [
        _("Sheet"),
        _("Row"),
        pgettext("of a row", "Code or reference"),
        _("What becomes of it"),
        _("Cell"),
        _("Column"),
        _("What was found"),
        _("Why, and where"),
    ]


def lines(rows: Iterable) -> Iterator[list[str]]:
    """A line for all that is said of a row, and one for a row of which nothing is."""
    for row in rows:
        head = [row.sheet, str(row.row), row.key, str(Outcome(row.outcome).label)]
        told = from_kept(row.told)
        for message in told:
            yield [*head, message.cell, message.column, message.found, said(message)]
        if not told:
            yield [*head, "", "", "", ""]


def csv_lines(rows: Iterable) -> Iterator[str]:
    """A csv as spreadsheets of the reader's country expect it."""
    is_english = (get_language() or "en").startswith("en")
    writer = csv.writer(_Echo(), delimiter="," if is_english else ";")
    yield BOM + writer.writerow(headings())
    for line in lines(rows):
        yield writer.writerow([harmless(text) for text in line])


def write_xlsx(path: Path, rows: Iterable) -> None:
    """A workbook of one sheet. Text is never a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Answer")[:31])
        sheet.freeze_panes(1, 0)
        for number, (title, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, title, head)
        for place, line in enumerate(lines(rows), start=1):
            for number, text in enumerate(line):
                if text:
                    sheet.write_string(place, number, text)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
