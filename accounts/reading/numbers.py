"""A number as people write it. What could be read two ways is refused, and both readings are named.

`1.500` is one and a half in London and fifteen hundred in Balikpapan, and no setting of a page or a file tells which
of the two the writer meant. So every way of writing is tried; only a text with one meaning is taken, and it is the
same one in every language.
"""

import re
from decimal import Decimal

from accounts.reading.refusals import Refusal, echoed

# A blank between groups of three, as Russian, Kazakh and many spreadsheets write it: plain, no-break, thin, narrow.
BLANKS = " \u00a0\u202f\u2006\u2007\u2008\u2009\u200a"
APOSTROPHES = "'\u2019"
MINUS = "-\u2212"
MAX_DIGITS = 18
MAX_LETTERS = 60

# (group separator, decimal separator): every way to write a number that somebody on the corridor uses.
WAYS_TO_WRITE = [(group, decimal) for group in ("", ".", ",", " ", "'") for decimal in (".", ",") if group != decimal]


def _pattern(group: str, decimal: str) -> re.Pattern:
    whole = r"\d+" if not group else rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+"
    return re.compile(rf"({whole})(?:{re.escape(decimal)}(\d+))?", re.ASCII)


PATTERNS = [(group, _pattern(group, decimal)) for group, decimal in WAYS_TO_WRITE]


def parse_number(
    text: str, *, decimals: int | None = None, signed: bool = False, most: Decimal | None = None
) -> Decimal:
    """The one number that the text can mean.

    Of two readings one above `most` is none: 99.995 % is not 99995 %. Raises Refusal when the text means no number
    or two, is negative where that makes no sense, is longer than 18 digits, or has more than `decimals` decimals.
    """
    written = stripped(text)
    if not written:
        raise Refusal("number_missing")
    shown = echoed(written)
    is_negative = written[0] in MINUS
    if is_negative and not signed:
        raise Refusal("number_negative", text=shown)
    if len(written) > MAX_LETTERS or sum(letter.isdigit() for letter in written) > MAX_DIGITS:
        raise Refusal("number_too_long", text=shown, digits=MAX_DIGITS)
    readings = _readings(written[1:] if is_negative else written)
    if not readings:
        raise _why_not_read(written)
    if most is not None and any(value <= most for value in readings):
        readings = {value for value in readings if value <= most}
    if len(readings) > 1:
        sign = "-" if is_negative else ""
        one, two = (sign + typed_form(value) for value in (max(readings), min(readings)))
        raise Refusal("number_two_readings", text=shown, one=one, two=two)
    (value,) = readings
    if decimals is not None and -value.normalize().as_tuple().exponent > decimals:
        raise Refusal("number_too_fine" if decimals else "number_not_whole", text=shown, decimals=decimals)
    return -value if is_negative else value


def stripped(text: str) -> str:
    return text.strip(BLANKS + "\t\r\n")


def typed_form(value: Decimal, sign: str = ".") -> str:
    """The number written so that it has one meaning: 1500, 1.5, and 1.2340 since 1.234 could be a thousand.

    `sign` is the decimal sign of the reader's language; the other one would be taken just as well.
    """
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", plain):
        plain += "0"
    return plain.replace(".", sign)


def _readings(text: str) -> set[Decimal]:
    """Every number the text can mean."""
    plain = "".join(" " if letter in BLANKS else "'" if letter in APOSTROPHES else letter for letter in text)
    found = ((group, pattern.fullmatch(plain)) for group, pattern in PATTERNS)
    return {
        Decimal(f"{match[1].replace(group, '') if group else match[1]}.{match[2] or 0}")
        for group, match in found
        if match
    }


def _why_not_read(text: str) -> Refusal:
    """The rule that a text breaks which is no number in any way of writing."""
    shown = echoed(text)
    if re.fullmatch(r"[+-]?[\d.,]+[eE][+-]?\d+", text, re.ASCII):
        return Refusal("number_exponent", text=shown)
    known = "0123456789.," + BLANKS + APOSTROPHES
    strange = next((letter for letter in text.lstrip(MINUS) if letter not in known), None)
    if strange is not None and strange.isdigit():
        return Refusal("number_other_digits", text=shown, letter=strange)
    if strange is not None:
        return Refusal("number_strange_letter", text=shown, letter=echoed(strange))
    return Refusal("number_bad_groups", text=shown)
