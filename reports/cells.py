"""One function for all cells of a csv: what a spreadsheet would take for a formula is written as text."""

import re
from datetime import date
from decimal import Decimal

# What a spreadsheet programme may take for the beginning of a formula or a command, in half and full width.
STARTS_A_FORMULA = re.compile(r"^\s*[=+\-@|%＝＋－＠]|^[\t\r\n]")


def harmless(text: str) -> str:
    """Text with an apostrophe before what could become a live formula. Numbers do not come this way."""
    return f"'{text}" if STARTS_A_FORMULA.match(text) else text


def written_number(value: int | Decimal, places: int, mark: str) -> str:
    """A number with its decimal mark and nothing between thousands, so that programmes read it back."""
    return f"{Decimal(value):.{places}f}".replace(".", mark)


def written_day(value: date) -> str:
    return value.isoformat()
