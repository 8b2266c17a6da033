"""How one cell of a reference file is read. A reader takes the text and returns the value, or says why not."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

Reader = Callable[[str], Any]

WHOLE = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def text(longest: int | None = None, *, required: bool = False) -> Reader:
    def read(cell: str) -> str:
        if required and not cell:
            raise ValueError("must not be empty")
        if cell != cell.strip():
            raise ValueError("has blanks before or after the text")
        if CONTROL.search(cell):
            raise ValueError("holds a control character or a line break")
        if longest and len(cell) > longest:
            raise ValueError(f"is {len(cell)} characters long, at most {longest} fit")
        return cell

    return read


def one_of(allowed: Iterable[str], *, required: bool = True) -> Reader:
    words = sorted(str(word) for word in allowed)

    def read(cell: str) -> str:
        if cell in words or (not cell and not required):
            return cell
        raise ValueError(f"'{cell}' is none of: {', '.join(words)}")

    return read


def known_code(codes: Collection[str], of_what: str) -> Reader:
    """A code that stands in another file."""

    def read(cell: str) -> str:
        if cell not in codes:
            raise ValueError(f"no {of_what} has the code '{cell}'")
        return cell

    return read


def words(each: Reader) -> Reader:
    """A list with semicolons between; no word twice."""

    def read(cell: str) -> list[str]:
        found = [each(word) for word in cell.split(";")] if cell else []
        if "" in found:
            raise ValueError("has an empty word between two semicolons")
        if len(found) != len(set(found)):
            raise ValueError("names a word twice")
        return found

    return read


def words_or_all(each: Reader) -> Reader:
    """A list, or the word "all", which is kept as the empty list."""
    read_words = words(each)

    def read(cell: str) -> list[str]:
        if not cell:
            raise ValueError("must not be empty: write 'all' where it holds for all")
        return [] if cell == "all" else read_words(cell)

    return read


def whole_number(lowest: int, highest: int, *, required: bool = False) -> Reader:
    def read(cell: str) -> int | None:
        if not cell and not required:
            return None
        if not WHOLE.fullmatch(cell):
            raise ValueError(f"'{cell}' is not a whole number")
        if not lowest <= int(cell) <= highest:
            raise ValueError(f"{cell} is not between {lowest} and {highest}")
        return int(cell)

    return read


def decimal(digits: int, places: int, *, required: bool = False) -> Reader:
    """A number with a point, as `1234.5`; what would be rounded on the way into the database is refused."""

    def read(cell: str) -> Decimal | None:
        if not cell and not required:
            return None
        if not NUMBER.fullmatch(cell):
            raise ValueError(f"'{cell}' is not a number")
        whole, _, fraction = cell.lstrip("-").partition(".")
        if len(fraction.rstrip("0")) > places:
            raise ValueError(f"{cell} has more than {places} decimal places")
        if len(whole.lstrip("0")) > digits - places:
            raise ValueError(f"{cell} is too large")
        return Decimal(cell)

    return read


def day(*, required: bool = False) -> Reader:
    def read(cell: str) -> dt.date | None:
        if not cell and not required:
            return None
        try:
            return dt.date.fromisoformat(DAY.fullmatch(cell).group())
        except (AttributeError, ValueError):
            raise ValueError(f"'{cell}' is not a day like 2026-11-24") from None

    return read


def yes_no(yes: str = "yes", no: str = "no") -> Reader:
    def read(cell: str) -> bool:
        if cell not in (yes, no):
            raise ValueError(f"'{cell}' is neither '{yes}' nor '{no}'")
        return cell == yes

    return read


def reader_of(field: models.Field) -> Reader:
    """The reader that a model field asks for: what the field cannot hold, the cell may not say."""
    required = not field.blank
    match field:
        case ArrayField():
            return words(reader_of(field.base_field))
        case models.TextField():
            return text(required=required)
        case models.CharField() if field.choices:
            return one_of((value for value, _ in field.flatchoices if value), required=required)
        case models.CharField():
            return text(field.max_length, required=required)
        case models.DecimalField():
            return decimal(field.max_digits, field.decimal_places, required=required)
        case models.DateField():
            return day(required=required)
        case models.BooleanField():
            return yes_no()
        case models.PositiveBigIntegerField():
            return whole_number(0, 2**63 - 1, required=required)
        case models.PositiveSmallIntegerField():
            return whole_number(0, 2**15 - 1, required=required)
        case models.PositiveIntegerField():
            return whole_number(0, 2**31 - 1, required=required)
    raise TypeError(f"no cell can be read into {field}")
