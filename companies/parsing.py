"""Numbers and days of a book: read as everywhere (`accounts.reading`), refused as everything else in a book is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from accounts import reading
from accounts.reading import typed_form
from companies.faults import Refusal

__all__ = ["check_year", "parse_day", "parse_number", "typed_form"]


def parse_number(text: str, **bounds) -> Decimal:
    """The one number that the text can mean. Raises Refusal, which names both where there are two."""
    return _refused_here(reading.parse_number, text, **bounds)


def parse_day(text: str) -> date:
    """The one day that the text can mean. Raises Refusal, which names both where there are two."""
    return _refused_here(reading.parse_day, text)


def check_year(day: date) -> date:
    return _refused_here(reading.check_year, day)


def _refused_here(read: Callable, *arguments, **named):
    try:
        return read(*arguments, **named)
    except reading.Refusal as refusal:
        raise Refusal(refusal.code, **refusal.params) from None
