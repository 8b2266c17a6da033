"""Numbers and days as people type them: one meaning, or a refusal that names both."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from companies.faults import Refusal
from companies.parsing import parse_day, parse_number, typed_form


def refused(function, text, **options) -> tuple[str, dict]:
    with pytest.raises(Refusal) as caught:
        function(text, **options)
    params = {name: value for name, value in caught.value.params.items() if name != "text"}
    return caught.value.code, params


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500", "1500"),
        ("007", "7"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("0.500", "0.5"),
        ("0,500", "0.5"),
        ("1234.500", "1234.5"),
        ("1.5000", "1.5"),
        ("1 500", "1500"),
        ("1\u00a0500", "1500"),
        ("1\u202f500,75", "1500.75"),
        ("1 500.750", "1500.75"),
        ("1.500,75", "1500.75"),
        ("1,500.750", "1500.75"),
        ("1,234,567.50", "1234567.5"),
        ("1.234.567", "1234567"),
        ("1'500", "1500"),
        ("1\u2019234\u2019567.5", "1234567.5"),
        ("1\u2009500", "1500"),
        ("1\u2007500", "1500"),
        ("1,234,567", "1234567"),
        (" 20 ", "20"),
    ],
)
def test_parse_number_takes_what_has_one_meaning(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "one", "two"),
    [
        ("1.500", "1500", "1.5"),
        ("1,500", "1500", "1.5"),
        ("12.345", "12345", "12.3450"),
        ("999,001", "999001", "999.0010"),
    ],
)
def test_parse_number_names_both_readings(text, one, two):
    assert refused(parse_number, text) == ("number_two_readings", {"one": one, "two": two})


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "number_missing", {}),
        ("\u00a0", "number_missing", {}),
        ("-5", "number_negative", {}),
        ("\u22125", "number_negative", {}),
        ("1e400", "number_exponent", {}),
        ("1,5E+3", "number_exponent", {}),
        ("1_0", "number_strange_letter", {"letter": "_"}),
        ("20 t", "number_strange_letter", {"letter": "t"}),
        ("Rp20", "number_strange_letter", {"letter": "R"}),
        ("+5", "number_strange_letter", {"letter": "+"}),
        ("１５００", "number_other_digits", {"letter": "１"}),
        ("٣", "number_other_digits", {"letter": "٣"}),
        ("15 00", "number_bad_groups", {}),
        ("1.23,45,6", "number_bad_groups", {}),
        ("1,23,456", "number_bad_groups", {}),
        ("1.", "number_bad_groups", {}),
        (".5", "number_bad_groups", {}),
        ("1 500\u00a0", "1500", None),
        ("9" * 40, "number_too_long", {"digits": 18}),
        ("1" * 100_000, "number_too_long", {"digits": 18}),
        ("1\x000", "number_strange_letter", {"letter": "U+0000"}),
        ("1.500,75'3", "number_bad_groups", {}),
    ],
)
def test_parse_number_says_why_it_refuses(text, code, params):
    if params is None:  # blanks around a number mean nothing
        assert parse_number(text) == Decimal(code)
    else:
        assert refused(parse_number, text) == (code, params)


def test_parse_number_refuses_more_decimals_than_can_be_kept():
    assert refused(parse_number, "0.12345", decimals=4) == ("number_too_fine", {"decimals": 4})
    assert parse_number("0.12340", decimals=4) == Decimal("0.1234")


def test_parse_number_takes_a_sign_where_it_makes_sense():
    assert parse_number("-18", signed=True) == Decimal(-18)
    assert parse_number("\u221218,5", signed=True) == Decimal("-18.5")


def test_parse_number_leaves_out_a_reading_above_what_can_be():
    assert parse_number("99.995", most=Decimal(100)) == Decimal("99.995")
    assert refused(parse_number, "1.500", most=Decimal(2000)) == ("number_two_readings", {"one": "1500", "two": "1.5"})


def second_reading(text: str) -> set[Decimal]:
    """All meanings of a text once more, by taking it apart by hand instead of by patterns."""
    text = re.sub("[\u00a0\u202f\u2009]", " ", text).strip(" ")
    if not text or not set(text) <= set("0123456789., "):
        return set()
    found = set()
    for decimal in (".", ",", None):
        whole, _, fraction = text.rpartition(decimal) if decimal and text.count(decimal) == 1 else (text, "", "0")
        if decimal and text.count(decimal) != 1:
            continue
        if not fraction.isdigit() or not whole or not whole[0].isdigit() or not whole[-1].isdigit():
            continue
        signs = {letter for letter in whole if not letter.isdigit()}
        if not signs:
            found.add(Decimal(f"{whole}.{fraction}"))
        elif len(signs) == 1 and decimal not in signs:
            first, *groups = whole.split(signs.pop())
            if 1 <= len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in groups):
                found.add(Decimal(f"{first}{''.join(groups)}.{fraction}"))
    return found


@given(text=st.text(st.sampled_from("0123456789 .,\u00a0\u202f"), min_size=1, max_size=14))
@example("1.500")
@example("1.500,75")
@example("1,234,567.50")
def test_parse_number_agrees_with_a_second_way_of_reading(text):
    meanings = second_reading(text)

    if len(meanings) == 1:
        assert parse_number(text) == meanings.pop()
    else:
        code, params = refused(parse_number, text)
        assert (code == "number_two_readings") == (len(meanings) == 2)
        if meanings:
            assert {Decimal(params["one"]), Decimal(params["two"])} == meanings


@given(value=st.decimals(min_value=0, max_value=10**12, places=4))
def test_typed_form_can_be_typed_again(value):
    assert parse_number(typed_form(value)) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-13", dt.date(2026, 6, 13)),
        ("2026-6-3", dt.date(2026, 6, 3)),
        ("2026/06/05", dt.date(2026, 6, 5)),
        ("13.06.2026", dt.date(2026, 6, 13)),
        ("05.06.2026", dt.date(2026, 6, 5)),  # between dots the day comes first in every country
        ("13/06/2026", dt.date(2026, 6, 13)),
        ("06/13/2026", dt.date(2026, 6, 13)),
        ("05/05/2026", dt.date(2026, 5, 5)),
        (" 24-11-2026 ", dt.date(2026, 11, 24)),
    ],
)
def test_parse_day_takes_what_has_one_meaning(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize("text", ["05/06/2026", "5/6/2026", "05-06-2026"])
def test_parse_day_names_both_readings(text):
    both = {"one": dt.date(2026, 6, 5), "two": dt.date(2026, 5, 6)}

    assert refused(parse_day, text) == ("day_two_readings", both)


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "day_missing", {}),
        ("13/06/26", "day_short_year", {}),
        ("2026-02-30", "day_not_in_calendar", {}),
        ("31.06.2026", "day_not_in_calendar", {}),
        ("soon", "day_not_read", {}),
        ("13 June 2026", "day_not_read", {}),
        ("２０２６-06-13", "day_not_read", {}),
        ("1926-06-13", "day_far_away", {"first": 2000, "last": 2100}),
    ],
)
def test_parse_day_says_why_it_refuses(text, code, params):
    assert refused(parse_day, text) == (code, params)


def days_read(text: str) -> set[dt.date]:
    """The day that was taken, or the two that were named."""
    try:
        return {parse_day(text)}
    except Refusal as refusal:
        return {refusal.params["one"], refusal.params["two"]}


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)), sign=st.sampled_from("./-"))
def test_parse_day_never_takes_a_day_for_another(day, sign):
    written = sign.join((f"{day.day:02d}", f"{day.month:02d}", str(day.year)))

    found = days_read(written)

    other_order = sign != "." and day.day <= 12
    assert found == ({day, dt.date(day.year, day.day, day.month)} if other_order else {day})


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)))
def test_parse_day_takes_every_iso_day(day):
    assert parse_day(day.isoformat()) == day
