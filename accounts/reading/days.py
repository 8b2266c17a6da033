"""A day as people write it: 2026-06-13, 13.06.2026, 13/06/2026; not 05/06/2026, which is a day in May or in June."""

import re
from datetime import date

from accounts.reading.numbers import stripped
from accounts.reading.refusals import Refusal, echoed

FIRST_YEAR, LAST_YEAR = 2000, 2100


def parse_day(text: str) -> date:
    """The one day that the text can mean.

    Between dots the day comes first wherever dots are used. Between strokes or dashes it does so in Indonesia and
    Britain, and not in America: such a day is taken only when the other order is no day at all.
    """
    written = stripped(text)
    if not written:
        raise Refusal("day_missing")
    shown = echoed(written)
    if found := re.fullmatch(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", written, re.ASCII):
        readings = _days((int(found[1]), int(found[3]), int(found[4])))
    elif found := re.fullmatch(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", written, re.ASCII):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        orders = [(year, second, first)] if found[2] == "." else [(year, second, first), (year, first, second)]
        readings = _days(*orders)
    elif re.fullmatch(r"\d{1,2}[-./]\d{1,2}[-./]\d{2}", written, re.ASCII):
        raise Refusal("day_short_year", text=shown)
    else:
        raise Refusal("day_not_read", text=shown)
    if not readings:
        raise Refusal("day_not_in_calendar", text=shown)
    if len(readings) > 1:
        raise Refusal("day_two_readings", text=shown, one=readings[0], two=readings[1])
    return check_year(readings[0])


def check_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal("day_far_away", text=day.isoformat(), first=FIRST_YEAR, last=LAST_YEAR)
    return day


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
