"""The days of the example book, moved by whole years: a first start in a later year shall find a book that lives."""

import re
from datetime import date

# The files as they are written speak of one season: by this day most of their windows are about to close, and all
# their days of checks have passed a year and more ago.
SEASON_ENDS = date(2027, 8, 1)
DAY = re.compile(rb"\b(20\d\d)-(\d\d)-(\d\d)\b")


def years_to_move(today: date) -> int:
    """By how many years the season of the files lies behind."""
    has_ended = (today.month, today.day) >= (SEASON_ENDS.month, SEASON_ENDS.day)
    return max(0, today.year - SEASON_ENDS.year + has_ended)


def moved_days(data: bytes, years: int) -> bytes:
    """The same file with every day that many years later."""

    def later(day: re.Match) -> bytes:
        year, month, of_month = (int(part) for part in day.groups())
        # A 29 February becomes the day before: not every year has one.
        return date(year + years, month, min(of_month, 28) if month == 2 else of_month).isoformat().encode()

    return DAY.sub(later, data) if years else data
