"""Figures are written as the reader's language writes them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import formats, translation

from accounts import figures

LANGUAGES = ("id", "en", "ru", "kk")
NB = "\u00a0"


def in_all(write, *arguments, **named) -> list[str]:
    written = []
    for language in LANGUAGES:
        with translation.override(language):
            written.append(write(*arguments, **named))
    return written


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1208, 0, ["1.208", "1,208", f"1{NB}208", f"1{NB}208"]),
        (Decimal("1234567.5"), 1, ["1.234.567,5", "1,234,567.5", f"1{NB}234{NB}567,5", f"1{NB}234{NB}567,5"]),
        (-12, 0, ["\u221212"] * 4),
        (-0.4, 0, ["0"] * 4),
        (0.1, 2, ["0,10", "0.10", "0,10", "0,10"]),
    ],
)
def test_decimal_is_written_as_the_language_does(value, places, expected):
    assert in_all(figures.decimal, value, places) == expected


@pytest.mark.parametrize(
    ("kg", "expected"),
    [
        (63_000, "63"),
        (1, "0.001"),
        (1_500, "1.5"),
        (20_750, "20.75"),
        (999_999, "1,000"),
        (1_234_567_890, "1,234,568"),
        (0, "0"),
    ],
)
def test_tonnes_are_whole_where_they_are_many_and_exact_where_they_are_few(kg, expected):
    with translation.override("en"):
        assert figures.tonnes(kg) == expected


def test_percent_has_the_blank_that_the_language_wants():
    assert in_all(figures.percent, 0.064, 1) == ["6,4%", "6.4%", f"6,4{NB}%", f"6,4{NB}%"]


def test_a_figure_is_never_torn_from_its_unit():
    assert in_all(figures.measured, "5", "%") == ["5%", "5%", f"5{NB}%", f"5{NB}%"]
    assert in_all(figures.measured, "5", "mg/kg") == [f"5{NB}mg/kg"] * 4
    assert in_all(figures.measured, "5", "") == ["5"] * 4


def test_days_are_never_read_as_other_days():
    assert in_all(figures.day, dt.date(2026, 6, 5)) == ["5 Jun 2026", "5 Jun 2026", "05.06.2026", "05.06.2026"]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["id", "en"])
def test_days_in_tables_and_in_sentences_read_alike(language, month):
    day = dt.date(2027, month, 24)

    with translation.override(language):
        assert figures.day(day) == formats.date_format(day, "DATE_FORMAT")


def test_a_range_of_days_has_an_en_dash_and_says_the_year_once():
    assert in_all(figures.days, dt.date(2027, 1, 10), dt.date(2027, 1, 31)) == [
        "10\u201331 Jan 2027",
        "10\u201331 Jan 2027",
        f"10\u201331 янв. 2027{NB}г.",
        f"2027{NB}ж. 10\u201331 қаң.",
    ]


def test_a_moment_is_told_on_the_clocks_of_both_ends():
    at = dt.datetime(2026, 11, 23, 22, 10, tzinfo=dt.UTC)

    assert in_all(figures.moment, at) == [
        "24 Nov 2026, 06.10 WITA (03.10 Astana)",
        "24 Nov 2026, 06:10 WITA (03:10 Astana)",
        "24.11.2026, 06:10 WITA (03:10 Астана)",
        "24.11.2026, 06:10 WITA (03:10 Астана)",
    ]


def test_a_range_of_one_figure_is_that_figure():
    assert (figures.span("21", "21"), figures.span("19", "31")) == ("21", "19\u201331")


def test_django_writes_days_and_numbers_our_way():
    day = dt.date(2026, 11, 24)

    assert [written.lower() for written in in_all(formats.date_format, day)] == [
        "24 nov 2026",
        "24 nov 2026",
        f"24 ноября 2026{NB}г.",
        f"2026{NB}ж. 24 қараша",
    ]
    assert in_all(formats.date_format, day, "SHORT_DATE_FORMAT") == [
        "24 Nov 2026",
        "24 Nov 2026",
        "24.11.2026",
        "24.11.2026",
    ]
    assert in_all(formats.number_format, Decimal("1234.5"), 1, force_grouping=True) == [
        "1.234,5", "1,234.5", f"1{NB}234,5", f"1{NB}234,5",
    ]  # fmt: skip
    assert in_all(formats.get_format, "FIRST_DAY_OF_WEEK") == [1, 1, 1, 1]


def test_thin_and_narrow_blanks_are_in_no_figure():
    everything = "".join(
        in_all(figures.days, dt.date(2027, 1, 10), dt.date(2028, 3, 1)) + in_all(figures.long_day, dt.date(2027, 1, 1))
        + in_all(figures.month, dt.date(2027, 1, 1))
    )  # fmt: skip

    assert not {"\u2009", "\u202f"} & set(everything)


def test_day_of_a_moment_is_the_day_in_balikpapan():
    evening = dt.datetime(2026, 11, 25, 18, 30, tzinfo=dt.UTC)

    assert figures.day(evening) == "26 Nov 2026"


def test_range_below_zero_has_no_dash_between_minus_signs():
    assert figures.span("\u221218", "\u221212") == "\u221218\u2026\u221212"
    assert figures.span("\u22122", "4") == "\u22122\u20264"
    assert figures.span("2", "4") == "2\u20134"
    assert figures.span("\u221218", "\u221218") == "\u221218"
