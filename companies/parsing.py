"""Numbers and days as people write them. What could be read two ways is refused, and both readings are named.

`1.500` is one and a half in London and fifteen hundred in Balikpapan, and no setting of a page or a file tells which
of the two the writer meant. So every way of reading is tried; only a text with one meaning is taken.
"""

import re
from datetime import date
from decimal import Decimal

from companies.faults import Refusal

# A blank between groups of three, as Russian, Kazakh and many spreadsheets write it.
BLANKS = {" ", "\u00a0", "\u202f", "\u2009"}
MAX_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 2000, 2100

# (group separator, decimal separator): every way to write a number that somebody on the corridor uses.
WAYS_TO_WRITE = [(group, decimal) for group in ("", ".", ",", " ") for decimal in (".", ",") if group != decimal]


def _pattern(group: str, decimal: str) -> re.Pattern:
    whole = r"\d+" if not group else rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+"
    return re.compile(rf"({whole})(?:{re.escape(decimal)}(\d+))?")


PATTERNS = [(group, _pattern(group, decimal)) for group, decimal in WAYS_TO_WRITE]


def parse_number(
    text: str, *, decimals: int | None = None, signed: bool = False, most: Decimal | None = None
) -> Decimal:
    """The one number that the text can mean.

    Of two readings one above `most` is none: 99.995 % is not 99995 %. Raises Refusal when the text means no number
    or two, is negative where that makes no sense, is longer than 18 digits, or has more than `decimals` decimals.
    """
    written = text.strip("".join(BLANKS) + "\t\r\n")
    if not written:
        raise Refusal("number_missing")
    negative = written[0] in "-\u2212"
    if negative and not signed:
        raise Refusal("number_negative", text=written)
    readings = _readings(_with_plain_blanks(written[1:] if negative else written))
    if not readings:
        raise _why_not_read(written)
    if most is not None and any(value <= most for value in readings):
        readings = {value for value in readings if value <= most}
    if len(readings) > 1:
        high, low = max(readings), min(readings)
        raise Refusal("number_two_readings", text=written, one=typed_form(high), two=typed_form(low))
    (value,) = readings
    if sum(letter.isdigit() for letter in written) > MAX_DIGITS:
        raise Refusal("number_too_long", text=written, digits=MAX_DIGITS)
    if decimals is not None and -value.normalize().as_tuple().exponent > decimals:
        raise Refusal("number_too_fine", text=written, decimals=decimals)
    return -value if negative else value


def typed_form(value: Decimal) -> str:
    """The number written so that it has one meaning: 1500, 1.5, and 1.2340 since 1.234 could be a thousand."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain if not re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain) else plain + "0"


def parse_day(text: str) -> date:
    """The one day that the text can mean: 2026-06-13, 13.06.2026, 13/06/2026; not 05/06/2026.

    Between dots the day comes first wherever dots are used. Between strokes or dashes it does so in Indonesia and
    Britain, and not in America: such a day is taken only when the other order is no day at all.
    """
    written = text.strip("".join(BLANKS) + "\t\r\n")
    if not written:
        raise Refusal("day_missing")
    if found := re.fullmatch(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", written, re.ASCII):
        readings = _days((int(found[1]), int(found[3]), int(found[4])))
    elif found := re.fullmatch(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", written, re.ASCII):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        orders = [(year, second, first)] if found[2] == "." else [(year, second, first), (year, first, second)]
        readings = _days(*orders)
    elif re.fullmatch(r"\d{1,2}[-./]\d{1,2}[-./]\d{2}", written, re.ASCII):
        raise Refusal("day_short_year", text=written)
    else:
        raise Refusal("day_not_read", text=written)
    if not readings:
        raise Refusal("day_not_in_calendar", text=written)
    if len(readings) > 1:
        raise Refusal("day_two_readings", text=written, one=readings[0], two=readings[1])
    return check_year(readings[0])


def check_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal("day_far_away", text=day.isoformat(), first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _with_plain_blanks(text: str) -> str:
    return "".join(" " if letter in BLANKS else letter for letter in text)


def _readings(text: str) -> set[Decimal]:
    """Every number the text can mean."""
    if not text.isascii():
        return set()
    found = ((group, pattern.fullmatch(text)) for group, pattern in PATTERNS)
    return {
        Decimal(f"{match[1].replace(group, '') if group else match[1]}.{match[2] or 0}")
        for group, match in found
        if match
    }


def _why_not_read(text: str) -> Refusal:
    """The rule that a text breaks which is no number in any way of writing."""
    if re.fullmatch(r"[+-]?[\d.,]+[eE][+-]?\d+", text, re.ASCII):
        return Refusal("number_exponent", text=text)
    strange = next(
        (letter for letter in text.lstrip("-\u2212") if letter not in "0123456789., \u00a0\u202f\u2009"), None
    )
    if strange is not None and strange.isdigit():
        return Refusal("number_other_digits", text=text, letter=strange)
    if strange is not None:
        return Refusal("number_strange_letter", text=text, letter=strange)
    return Refusal("number_bad_groups", text=text)


def _days(*orders: tuple[int, int, int]) -> list[date]:
    """The days of the calendar among some orders of year, month and day, each once."""
    days = []
    for year, month, day in orders:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found not in days:
            days.append(found)
    return days
