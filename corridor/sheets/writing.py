"""Writes quotes as csv or as a workbook, so that reading them again changes nothing and nothing in them is live."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.reading import typed_form
from accounts.sheets.harmless import harmless
from corridor.enums import QuoteScope
from corridor.models import FreightQuote
from corridor.quoting import AT_ONE_PLACE
from corridor.sheets.columns import COLUMNS, Column, Kind

BOM = "\ufeff"
APOSTROPHE = "'"


def value_of(quote: FreightQuote, column: Column):
    """What stands in a cell: codes of places and legs, a Decimal, a day, or text. None where nothing does."""
    match column.key:
        case "origin" | "equipment":
            return getattr(quote, column.key).code
        case "destination":
            return None if quote.scope in AT_ONE_PLACE else quote.destination.code
        case "leg":
            return quote.leg.code if quote.scope == QuoteScope.LEG else None
        case "withdrawn":
            return timezone.localtime(quote.withdrawn_at).date() if quote.withdrawn_at else None
    return getattr(quote, column.key)


def csv_lines(quotes: Iterable[FreightQuote]) -> Iterator[str]:
    """Lines of a csv as spreadsheets of the reader's country expect it. A list cut short by a fault says so itself."""
    is_english = (get_language() or "en").startswith("en")
    delimiter, mark = (",", ".") if is_english else (";", ",")
    writer = csv.writer(_Echo(), delimiter=delimiter)
    yield BOM + writer.writerow([str(column.title) for column in COLUMNS])
    try:
        for quote in quotes:
            yield writer.writerow([csv_cell(value_of(quote, column), column, mark) for column in COLUMNS])
    except Exception:
        yield writer.writerow([_("THIS FILE IS INCOMPLETE: something broke while it was written.")])
        raise


def csv_cell(value, column: Column, mark: str) -> str:
    """A cell as text. An apostrophe at its beginning is doubled, since the first one is taken off when it is read."""
    if value is None:
        return ""
    if column.kind == Kind.AMOUNT:
        return typed_form(value, mark)
    if column.kind == Kind.DAY:
        return value.isoformat()
    return APOSTROPHE + value if value.startswith(APOSTROPHE) else harmless(value)


def write_xlsx(path: Path, quotes: Iterable[FreightQuote]) -> None:
    """A workbook of one sheet. Text is never a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        formats = {
            Kind.AMOUNT: book.add_format({"num_format": "#,##0.####"}),
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet = book.add_worksheet(_("Quotes")[:31])
        sheet.freeze_panes(1, 1)
        for number, column in enumerate(COLUMNS):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, str(column.title), head)
        last = 0
        for last, quote in enumerate(quotes, start=1):
            for number, column in enumerate(COLUMNS):
                value = value_of(quote, column)
                if value is None or value == "":
                    continue
                if column.kind == Kind.AMOUNT:
                    sheet.write_number(last, number, float(value), formats[column.kind])
                elif column.kind == Kind.DAY:
                    sheet.write_datetime(last, number, value, formats[column.kind])
                else:
                    sheet.write_string(last, number, value)
        sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)


class _Echo:
    """Hands back what a csv writer writes."""

    def write(self, line: str) -> str:
        return line
