"""Numbers and days of each language against a written table and against Babel (CLDR)."""

import datetime as dt
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django import forms
from django.utils import formats, translation

from accounts import figures

NB = "\u00a0"
DAY = dt.date(2026, 11, 24)
MOMENT = dt.datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001  what a clock on the wall shows
# Language: number, short day, long day, short month and day, day and time, plural rules stand in test_plurals.
TABLE = {
    "id": ("1.234.567,89", "24 Nov 2026", "24 Nov 2026", "24 Nov 2026, 14.05", "24 November 2026"),
    "en": ("1,234,567.89", "24 Nov 2026", "24 Nov 2026", "24 Nov 2026, 14:05", "24 November 2026"),
    "ru": (
        f"1{NB}234{NB}567,89",
        "24.11.2026",
        f"24 ноября 2026{NB}г.",
        f"24 ноября 2026{NB}г., 14:05",
        f"24 ноября 2026{NB}г.",
    ),
    "kk": (
        f"1{NB}234{NB}567,89",
        "24.11.2026",
        f"2026{NB}ж. 24 қараша",
        f"2026{NB}ж. 24 қараша, 14:05",
        f"2026{NB}ж. 24 қараша",
    ),
}
LOCALES = {"id": "id", "en": "en_GB", "ru": "ru", "kk": "kk"}


@pytest.mark.parametrize("language", TABLE)
def test_numbers_and_days_are_written_as_the_table_says(language):
    with translation.override(language):
        written = (
            formats.number_format(Decimal("1234567.89"), 2, force_grouping=True),
            formats.date_format(DAY, "SHORT_DATE_FORMAT"),
            formats.date_format(DAY),
            formats.date_format(MOMENT, "DATETIME_FORMAT"),
            figures.written_day(DAY),
        )

    assert written == TABLE[language]


@pytest.mark.parametrize("language", TABLE)
def test_numbers_are_written_as_babel_does(language):
    for number in (Decimal("0.5"), Decimal(999), Decimal(1000), Decimal("1234567.89"), Decimal(-12345)):
        with translation.override(language):
            ours = formats.number_format(number, force_grouping=True)

        assert ours == format_decimal(number, locale=LOCALES[language])


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_long_days_are_written_as_babel_does(language, month):
    day = dt.date(2026, month, 5)

    with translation.override(language):
        written = formats.date_format(day)

    assert written == format_date(day, "long", locale=language).replace("\u202f", NB)


@pytest.mark.parametrize("language", TABLE)
def test_weeks_start_on_monday(language):
    with translation.override(language):
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
    assert Locale.parse(LOCALES[language]).first_week_day == 0  # Babel counts Monday as 0


@pytest.mark.parametrize("language", TABLE)
@pytest.mark.parametrize("typed", ["05/06/2026", "06/13/2026", "05-06-2026", "5.6.26", "2026-06-05", "05.06.2026"])
def test_a_plain_day_field_never_takes_a_day_for_another(language, typed):
    """Forms here use DayField; should one use Django's, it takes ISO and dots, and refuses all that is ambiguous."""
    with translation.override(language):
        field = forms.DateField(localize=True)
        try:
            taken = field.clean(typed)
        except forms.ValidationError:
            taken = None

    is_clear = typed in ("2026-06-05", "05.06.2026") and not (language == "en" and "." in typed)
    assert taken == (dt.date(2026, 6, 5) if is_clear else None)
