"""When something comes next: strictly later, on the right day of the right clock, none passed over."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.enums import Clock, Every
from reports.rhythm import in_utc, newest_due, next_after, on_clock

MINUTE = timedelta(minutes=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@dataclass(frozen=True)
class Rhythm:
    every: Every
    at: time
    weekday: int | None = None
    day: int | None = None
    clock: str = Clock.BALIKPAPAN


RHYTHMS = st.builds(
    Rhythm, st.sampled_from(Every), HOURS, st.integers(0, 6), st.integers(1, 31), st.sampled_from(Clock.values)
)


def is_due(rhythm: Rhythm, moment: datetime) -> bool:
    """The same, asked of one minute: is it the hour, and is it the day in the place of the clock?"""
    there = moment.astimezone(ZoneInfo(rhythm.clock))
    last = monthrange(there.year, there.month)[1]
    of_day = {
        Every.DAY: True,
        Every.WEEK: there.weekday() == rhythm.weekday,
        Every.MONTH: there.day == rhythm.day or (there.day == last and rhythm.day > last),
    }
    return of_day[rhythm.every] and moment.astimezone(UTC).time() == rhythm.at


@given(RHYTHMS, MOMENTS)
def test_next_is_later_and_due_and_nothing_due_lies_between(rhythm, moment):
    due = next_after(rhythm, moment)

    assert due > moment
    assert is_due(rhythm, due)
    between = datetime.combine(moment.date(), rhythm.at, UTC)
    while between < due:
        assert between <= moment or not is_due(rhythm, between)
        between += timedelta(days=1)


@given(RHYTHMS, MOMENTS)
def test_each_follows_the_last_within_a_month(rhythm, moment):
    first = next_after(rhythm, moment)
    second = next_after(rhythm, first)

    longest = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 31}
    assert timedelta(0) < second - first <= timedelta(days=longest[rhythm.every])
    assert next_after(rhythm, second - MINUTE) == second


@given(RHYTHMS, MOMENTS, st.integers(0, 40))
def test_newest_due_counts_what_was_missed(rhythm, moment, missed):
    first = next_after(rhythm, moment)
    moments = [first]
    for _number in range(missed):
        moments.append(next_after(rhythm, moments[-1]))

    assert newest_due(rhythm, first, moments[-1]) == (moments[-1], missed)


@pytest.mark.parametrize(
    ("moment", "day", "due"),
    [
        ("2027-01-31T01:00", 31, "2027-02-28T00:00"),
        ("2028-01-31T01:00", 31, "2028-02-29T00:00"),
        ("2028-02-28T01:00", 29, "2028-02-29T00:00"),
        ("2027-02-28T00:00", 30, "2027-03-30T00:00"),
        ("2027-12-31T00:00", 31, "2028-01-31T00:00"),
        ("2100-02-01T00:00", 29, "2100-02-28T00:00"),
    ],
)
def test_shorter_months_take_their_last_day(moment, day, due):
    rhythm = Rhythm(Every.MONTH, time(0), day=day)

    assert next_after(rhythm, datetime.fromisoformat(moment).replace(tzinfo=UTC)) == datetime.fromisoformat(
        due
    ).replace(tzinfo=UTC)


def test_early_on_the_first_in_astana_is_the_last_day_before_in_utc():
    rhythm = Rhythm(Every.MONTH, in_utc(date(2027, 1, 1), time(3), Clock.ASTANA), day=1, clock=Clock.ASTANA)

    due = next_after(rhythm, datetime(2027, 2, 1, tzinfo=UTC))

    assert due == datetime(2027, 2, 28, 22, tzinfo=UTC)
    assert due.astimezone(ZoneInfo(Clock.ASTANA)) == datetime(2027, 3, 1, 3, tzinfo=ZoneInfo(Clock.ASTANA))


@given(HOURS, st.sampled_from(Clock.values))
def test_an_hour_that_was_typed_is_shown_again(at, clock):
    today = date(2027, 1, 4)

    assert on_clock(today, in_utc(today, at, clock), clock) == at
