"""One function for all cells of a csv: what a spreadsheet would take for a formula is written as text."""

import unicodedata
from datetime import date
from decimal import Decimal

# What a spreadsheet programme may take for the beginning of a formula or a command.
STARTS_A_FORMULA = frozenset("=+-@|%\N{MINUS SIGN}")
STARTS_A_CELL = frozenset("\t\r\n")
# Blanks, controls and marks that nobody sees (zero width, direction): programmes may skip them.
UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf")


def harmless(text: str) -> str:
    """Text with an apostrophe before what could become a live formula. Numbers do not come this way."""
    if text[:1].isalnum():
        return text
    seen = next((letter for letter in text if unicodedata.category(letter) not in UNSEEN), "")
    first = unicodedata.normalize("NFKC", seen)  # a sign of full width or of small form is that sign
    return f"'{text}" if text[:1] in STARTS_A_CELL or first in STARTS_A_FORMULA else text


def as_it_was(text: str) -> str:
    """The text before `harmless` wrote it: a telephone number that begins with + comes back as it went out."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def written_number(value: int | Decimal, places: int, mark: str) -> str:
    """A number with its decimal mark and nothing between thousands, so that programmes read it back."""
    return f"{Decimal(value):.{places}f}".replace(".", mark)


def written_day(value: date) -> str:
    return value.isoformat()
