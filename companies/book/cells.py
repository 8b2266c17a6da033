"""Reads one cell as its column wants it. A reader answers with the value, or refuses with the rule that is broken.

Cells that hold numbers or days in an .xlsx are exact and have one meaning; text goes through `companies.parsing`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.sheets.sheet import UNSEEN_LETTERS, Cell
from companies.book.catalogue import Catalogue
from companies.book.columns import Column
from companies.book.phrases import read_certificate_kinds, read_stated_certificates
from companies.book.words import by_word, folded
from companies.faults import Refusal
from companies.parsing import check_year, parse_day, parse_number

LIST_SEPARATORS = re.compile(r"[;\n]")
MAX_NUMBER = Decimal(10) ** 12


@dataclass(frozen=True)
class Converted:
    """A value that is not what the cell shows, and how it came about."""

    value: object
    code: str
    params: dict


def read_cell(cell: Cell, column: Column, catalogue: Catalogue):
    """The value of a filled cell, or Converted. Raises Refusal."""
    if cell.flaw:
        raise Refusal(f"cell_is_{cell.flaw}")
    if isinstance(cell.value, str):
        if cell.value.lstrip().startswith(("=", "\uff1d")):
            raise Refusal("cell_starts_like_formula")
        if UNSEEN_LETTERS.search(cell.value):
            raise Refusal("cell_has_control_letters")
    return READERS[column.kind](cell, column, catalogue)


def text_in(cell: Cell) -> str:
    """A cell as text. What the spreadsheet has made a day or a truth value is no text any more."""
    value = cell.value
    if isinstance(value, bool):
        raise Refusal("cell_is_truth_value")
    if isinstance(value, (date, datetime, time, timedelta)):
        raise Refusal("cell_became_day", text=cell.text)
    if isinstance(value, Decimal):
        value = _exact(value)
        return f"{value.to_integral_value():f}" if value == value.to_integral_value() else f"{value.normalize():f}"
    return value.strip()


def _exact(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= MAX_NUMBER * 1_000_000:
        raise Refusal("number_too_large", amount=str(value))
    return value


def _read_text(cell: Cell, column: Column, _catalogue) -> str:
    text = text_in(cell)
    if not column.has_lines and re.search(r"[\t\n\r]", text):
        raise Refusal("cell_has_lines")
    if column.size and len(text) > column.size:
        raise Refusal("text_too_long", letters=len(text), most=column.size)
    return text


def _read_code(cell: Cell, column: Column, catalogue):
    text = _read_text(cell, column, catalogue)
    code = text.lower()
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", code):
        raise Refusal("code_not_slug", text=text)
    return code


def _read_company(cell: Cell, _column, _catalogue) -> str:
    return text_in(cell).lower()


def _read_amount(cell: Cell, column: Column, _catalogue) -> Decimal:
    """An amount above zero; the size of its column is how many decimals can be kept."""
    if isinstance(cell.value, Decimal):
        amount = _exact(cell.value)
        if amount < 0:
            raise Refusal("number_negative", text=f"{amount:f}")
        if -amount.normalize().as_tuple().exponent > column.size:
            raise Refusal("number_too_fine", text=f"{amount:f}", decimals=column.size)
    else:
        amount = parse_number(_typed(cell), decimals=column.size)
    if amount == 0:
        raise Refusal("number_not_positive")
    if amount >= MAX_NUMBER:
        raise Refusal("number_too_large", amount=f"{amount:f}")
    return amount


def _read_whole(cell: Cell, column: Column, _catalogue) -> int:
    if isinstance(cell.value, Decimal):
        amount = _exact(cell.value)
        if amount < 0:
            raise Refusal("number_negative", text=f"{amount:f}")
    else:
        amount = parse_number(_typed(cell))
    if amount != amount.to_integral_value():
        raise Refusal("number_not_whole", text=cell.text)
    if amount > column.size:
        raise Refusal("number_too_large", amount=f"{amount:f}")
    return int(amount)


def _typed(cell: Cell) -> str:
    """The text of a cell that should hold a number."""
    if not isinstance(cell.value, str):
        raise Refusal("number_cell_expected", text=cell.text)
    return cell.value


def _read_day(cell: Cell, _column, _catalogue):
    value = cell.value
    if isinstance(value, datetime):
        raise Refusal("day_with_time", text=value.isoformat(sep=" ", timespec="minutes"))
    if isinstance(value, date):
        return check_year(value)
    if isinstance(value, Decimal):
        raise Refusal("day_is_number", text=cell.text)
    if not isinstance(value, str):
        raise Refusal("day_not_read", text=cell.text)
    day = parse_day(value)
    if value.strip() == day.isoformat():
        return day
    return Converted(day, "converted_day", {"text": value.strip(), "day": day})


@cache
def _words_of(column_key: str, choices: tuple) -> dict[str, str]:
    return by_word(dict(choices))


def _read_choice(cell: Cell, column: Column, _catalogue) -> str:
    return _chosen(text_in(cell), column)


def _chosen(text: str, column: Column) -> str:
    words = _words_of(column.key, tuple(column.choices.items()))
    if (code := words.get(folded(text))) is None:
        raise Refusal("choice_unknown", text=text, allowed=[accepted[0] for accepted in column.choices.values()])
    return code


def _read_choices(cell: Cell, column: Column, _catalogue) -> tuple[str, ...]:
    separators = r"[;,\n]" if column.key != "payment_terms" else LIST_SEPARATORS
    chosen = [_chosen(part, column) for part in _parts(text_in(cell), separators)]
    return tuple(dict.fromkeys(chosen))


def _parts(text: str, separators=LIST_SEPARATORS) -> list[str]:
    return [part.strip() for part in re.split(separators, text) if part.strip()]


def _read_registration_number(cell: Cell, _column, _catalogue):
    """Its digits, still to be checked once the country is known. A number cell may have lost zeros or digits."""
    if isinstance(cell.value, Decimal):
        value = _exact(cell.value)
        if value != value.to_integral_value() or value < 0:
            raise Refusal("number_not_digits", number=cell.text)
        digits = f"{value.to_integral_value():f}"
        return Converted(digits, "number_from_number_cell", {"text": cell.text, "number": digits})
    text = text_in(cell)
    if re.fullmatch(r"\d+[.,]\d+[eE]\+?\d+", text):
        raise Refusal("digits_lost", text=text)
    if found := re.fullmatch(r"(\d+)[.,]0+", text):  # a number cell that went through another program
        return Converted(found[1], "number_from_number_cell", {"text": text, "number": found[1]})
    return text


def _read_email(cell: Cell, column: Column, catalogue) -> str:
    text = _read_text(cell, column, catalogue)
    try:
        validate_email(text)
    except ValidationError:
        raise Refusal("email_not_read", text=text) from None
    return text


def _read_commodity(cell: Cell, _column, catalogue: Catalogue):
    text = text_in(cell)
    if isinstance(cell.value, Decimal) and cell.value != cell.value.to_integral_value():
        raise Refusal("hs_code_became_number", text=text)
    return _named(text, catalogue.node(text, groups=False))


def _read_commodities(cell: Cell, _column, catalogue: Catalogue):
    text = text_in(cell)
    if isinstance(cell.value, Decimal) and cell.value != cell.value.to_integral_value():
        raise Refusal("hs_code_became_number", text=text)
    parts = _parts(text)
    nodes = tuple(catalogue.node(part, groups=True) for part in parts)
    if [node.code for node in nodes] == [part.lower() for part in parts]:
        return nodes
    return Converted(nodes, "converted_goods", {"text": text, "code": "; ".join(node.code for node in nodes)})


def _named(text: str, node):
    """Goods found by a name rather than a code are answered with the code."""
    if node.code == text.lower():
        return node
    return Converted(node, "converted_goods", {"text": text, "code": node.code})


def _read_place(cell: Cell, _column, catalogue: Catalogue):
    return catalogue.places.find(text_in(cell))


def _read_region(cell: Cell, _column, catalogue: Catalogue):
    return catalogue.regions.find(text_in(cell))


def _read_certificate_kinds(cell: Cell, _column, catalogue: Catalogue):
    return read_certificate_kinds(text_in(cell), catalogue)


def _read_stated_certificates(cell: Cell, _column, catalogue: Catalogue):
    return read_stated_certificates(text_in(cell), catalogue)


def _read_parameters(cell: Cell, _column, _catalogue) -> str:
    """Kept as text: which parameters there are hangs on the goods, which stand in another cell."""
    return text_in(cell)


READERS: dict[str, Callable] = {
    "text": _read_text,
    "code": _read_code,
    "company": _read_company,
    "amount": _read_amount,
    "whole": _read_whole,
    "day": _read_day,
    "choice": _read_choice,
    "choices": _read_choices,
    "registration_number": _read_registration_number,
    "email": _read_email,
    "commodity": _read_commodity,
    "commodities": _read_commodities,
    "place": _read_place,
    "region": _read_region,
    "certificate_kinds": _read_certificate_kinds,
    "stated_certificates": _read_stated_certificates,
    "parameters": _read_parameters,
}
