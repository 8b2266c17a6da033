"""Numbers and days as people type them: in a form, in a spreadsheet, in an address. Read here and nowhere else."""

from accounts.reading.days import check_year, parse_day
from accounts.reading.fields import DayField, NumberField, TypedField
from accounts.reading.lines import LineField, WordsField
from accounts.reading.numbers import parse_number, typed_form
from accounts.reading.refusals import Refusal

__all__ = [
    "DayField",
    "LineField",
    "NumberField",
    "Refusal",
    "TypedField",
    "WordsField",
    "check_year",
    "parse_day",
    "parse_number",
    "typed_form",
]
