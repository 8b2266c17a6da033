"""The days of the example book in later years."""

import csv
import datetime as dt

import pytest
from django.conf import settings

from companies.book.moving_days import moved_days, years_to_move


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-11-25", 0), ("2027-07-31", 0), ("2027-08-01", 1), ("2028-07-31", 1), ("2028-08-01", 2), ("2040-01-01", 13)],
)
def test_years_to_move_are_whole_seasons(today, years):
    assert years_to_move(dt.date.fromisoformat(today)) == years


def test_moved_days_are_the_same_days_of_a_later_year():
    data = "halal=checked until 2028-02-29; ,2026-12-01,HS 1511-90, 20 т".encode()

    assert moved_days(data, 0) == data
    assert moved_days(data, 2) == "halal=checked until 2030-02-28; ,2028-12-01,HS 1511-90, 20 т".encode()


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2035])
def test_example_book_lives_on_every_first_of_a_month(year):
    """Two thirds of it at least can still be delivered, and nobody has been checked on a day to come."""
    for month in range(12 if year == 2026 else 1, 13):
        today = dt.date(year, month, 1)
        needs, capacities, companies = (rows(f"{name}.csv", today) for name in ("needs", "capacities", "companies"))
        for listings, until in ((needs, "window_until"), (capacities, "available_until")):
            alive = [row for row in listings if min(row[until], row["valid_until"] or row[until]) > today.isoformat()]
            assert len(alive) > len(listings) * 2 / 3, today
        checks = [row[kind] for row in companies for kind in ("number_checked_on", "documents_seen_on", "visited_on")]
        assert max(checks) <= today.isoformat()


def rows(name: str, today: dt.date) -> list[dict]:
    data = (settings.REFERENCE_DIR / "example_book" / name).read_bytes()
    return list(csv.DictReader(moved_days(data, years_to_move(today)).decode().splitlines()))
