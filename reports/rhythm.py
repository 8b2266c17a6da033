"""When something that comes again and again comes next."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from reports.enums import Every

LONGEST = 63  # days: from the last day of a month that is just over to that of the next, and one on either side
DAY = timedelta(days=1)


class Rhythm(Protocol):
    """Of each day, week or month: the hour in UTC; which day it is, as a calendar in the place of `clock` says it."""

    every: str
    weekday: int | None  # 0: Monday
    day: int | None  # of the month; its last where it is shorter
    at: time
    clock: str


def next_after(rhythm: Rhythm, moment: datetime) -> datetime:
    """The first moment at which it is due after this one, in UTC."""
    first = moment.astimezone(UTC).date()
    place = ZoneInfo(rhythm.clock)
    for ahead in range(LONGEST):
        due = datetime.combine(first + ahead * DAY, rhythm.at, UTC)
        if due > moment and is_on(rhythm, due.astimezone(place).date()):
            return due
    raise ValueError(f"nothing is due within {LONGEST} days: {rhythm.every}, {rhythm.weekday}, {rhythm.day}")


def is_on(rhythm: Rhythm, today: date) -> bool:
    if rhythm.every == Every.WEEK:
        return today.weekday() == rhythm.weekday
    if rhythm.every == Every.MONTH:
        return today.day == min(rhythm.day, monthrange(today.year, today.month)[1])
    return True


def newest_due(rhythm: Rhythm, due: datetime, now: datetime) -> tuple[datetime, int]:
    """The last moment of those from `due` to now, and how many came before it."""
    missed = 0
    while (later := next_after(rhythm, due)) <= now:
        due, missed = later, missed + 1
    return due, missed


def in_utc(day: date, typed: time, clock: str) -> time:
    """An hour on the clock of a place, as it is kept."""
    return datetime.combine(day, typed, ZoneInfo(clock)).astimezone(UTC).time()


def on_clock(day: date, at: time, clock: str) -> time:
    """An hour in UTC, as the clock of a place says it."""
    return datetime.combine(day, at, UTC).astimezone(ZoneInfo(clock)).time()
