"""Reads one cell as its column wants it: a value, or a ValidationError in words that the sender can act on."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField, Refusal, check_year, parse_day, parse_number
from accounts.sheets.sentences import FILE_SENTENCES
from accounts.sheets.sheet import Cell
from corridor.quoting import refusal
from corridor.sheets.columns import Column, Kind, allowed_words, folded, words_of

DECIMALS = 4
MOST_AMOUNT = Decimal("9999999999.9999")
APOSTROPHE = "'"


class Named:
    """Rows of reference data that a cell may name: by their code, or by a name that only one of them has."""

    def __init__(self, unknown, rows):
        self.unknown = unknown
        self.codes = {folded(row.code): row for row in rows}
        self.names: dict[str, set] = {}
        for row in rows:
            for language in ("en", "id", "ru", "kk"):
                if name := getattr(row, f"name_{language}", ""):
                    self.names.setdefault(folded(name), set()).add(row)

    def find(self, text: str):
        if row := self.codes.get(folded(text)):
            return row
        called = self.names.get(folded(text), set())
        if len(called) > 1:
            codes = ", ".join(sorted(row.code for row in called))
            words = _("“%(text)s” is the name of more than one: %(codes)s. Write the code.")
            raise refusal("name_ambiguous", words, text=text, codes=codes)
        if not called:
            raise refusal("name_unknown", self.unknown, text=text)
        return next(iter(called))


def read_cell(cell: Cell, column: Column, named: dict[str, Named], *, is_csv: bool):
    """The value of a filled cell. Raises ValidationError."""
    if cell.flaw:
        raise refusal(f"cell_is_{cell.flaw}", FILE_SENTENCES[f"cell_is_{cell.flaw}"])
    if column.kind == Kind.AMOUNT:
        return read_amount(cell)
    if column.kind == Kind.DAY:
        return read_day(cell)
    text = read_text(cell, column, is_csv=is_csv)
    if column.kind == Kind.CODE:
        return named[column.key].find(text)
    return read_choice(text, column) if column.kind == Kind.CHOICE else text


def read_text(cell: Cell, column: Column, *, is_csv: bool) -> str:
    value = cell.value
    if isinstance(value, bool):
        raise refusal("cell_is_truth_value", FILE_SENTENCES["cell_is_truth_value"])
    if isinstance(value, Decimal):
        value = cell.text
    elif not isinstance(value, str):
        raise refusal(
            "cell_became_day",
            _(
                "The spreadsheet has made a day or a time of what was typed (%(text)s). Format the cell as text and "
                "write it again."
            ),
            text=cell.text,
        )
    if is_csv:
        # One that our own csv puts before what a spreadsheet would take for a formula.
        value = value.removeprefix(APOSTROPHE)
    return LineField(most=column.most or 200, required=False).to_python(value)


def read_amount(cell: Cell) -> Decimal:
    value = cell.value
    if isinstance(value, str):
        value = said(lambda: parse_number(cell.value, decimals=DECIMALS, signed=True))
    if isinstance(value, bool) or not isinstance(value, Decimal) or not value.is_finite():
        raise refusal("number_expected", _("“%(text)s” is not a number. Write digits only."), text=cell.text)
    if abs(value) > MOST_AMOUNT:
        raise refusal("number_too_large", _("%(text)s is more than can be kept. Check the amount."), text=cell.text)
    if -value.normalize().as_tuple().exponent > DECIMALS:
        words = _("%(text)s has more than four digits after the decimal sign. Round it.")
        raise refusal("number_too_fine", words, text=cell.text)
    return value


def read_day(cell: Cell) -> date:
    value = cell.value
    if isinstance(value, datetime):
        words = _("“%(text)s” has a time of day. Write the day alone, for example 2026-06-13.")
        raise refusal("day_with_time", words, text=value.isoformat(sep=" ", timespec="minutes"))
    if isinstance(value, date):
        return said(lambda: check_year(value))
    if isinstance(value, str):
        return said(lambda: parse_day(value))
    words = _("%(text)s is not a day. Format the cell as a date, or write the day as 2026-06-13.")
    raise refusal("day_expected", words, text=cell.text)


def read_choice(text: str, column: Column) -> str:
    found = words_of(column.choices).get(folded(text))
    if found is None:
        words = _("“%(text)s” is not one of the words of this column: %(allowed)s.")
        raise refusal("choice_unknown", words, text=text, allowed=allowed_words(column))
    return found


def said(read):
    """What a reader of numbers or days answers, its refusal as ours."""
    try:
        return read()
    except Refusal as fault:
        raise ValidationError(str(fault), code=fault.code) from None
