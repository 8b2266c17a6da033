"""The form fields for numbers and days: one meaning, or both to choose from; what was typed stays."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from accounts.reading import DayField, NumberField

TODAY = dt.date(2026, 11, 25)


class Wish(forms.Form):
    tonnes = NumberField(label="How much?", decimals=3, most=100_000, required=False)
    days = NumberField(label="How many days?", least=1, most=365, required=False)
    change = NumberField(label="What changes?", decimals=2, least=-100, most=100, required=False)
    on = DayField(label="When?", earliest=lambda: TODAY, latest=dt.date(2030, 1, 1), required=False)


def asked(**typed) -> Wish:
    data = QueryDict(mutable=True)
    data.update(typed)
    return Wish(data)


def answer(**typed):
    """What a form made of one field: its value, or what it says."""
    form = asked(**typed)
    name = next(iter(typed))
    return form.cleaned_data[name] if form.is_valid() else form.errors[name].data[0].code


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1500", Decimal(1500)),
        ("1,5", Decimal("1.5")),
        ("1.500", "two_readings"),
        ("99,999", "two_readings"),
        ("1'500", Decimal(1500)),
        ("1\u202f500,75", Decimal("1500.75")),
        ("0,0001", "number_too_fine"),
        ("100001", "number_above_most"),
        ("-1", "number_negative"),
        ("1e400", "number_exponent"),
        ("9" * 40, "number_too_long"),
        ("1_0", "number_strange_letter"),
        ("１５", "number_other_digits"),
        ("1\x00", "number_strange_letter"),
        ("  ", None),
        ("", None),
    ],
)
def test_number_field_takes_one_meaning_or_says_what_is_wrong(typed, value):
    assert answer(tonnes=typed) == value


def test_number_field_without_decimals_gives_a_whole_number():
    assert (answer(days="30"), type(answer(days="30"))) == (30, int)
    assert [answer(days=typed) for typed in ("1.5", "0", "366")] == [
        "number_not_whole",
        "number_below_least",
        "number_above_most",
    ]


def test_number_field_takes_a_sign_where_its_bounds_do():
    assert answer(change="\u22125,5") == Decimal("-5.5")
    assert answer(change="-101") == "number_below_least"


def test_number_field_takes_the_reading_that_was_chosen():
    assert answer(tonnes="1.500", tonnes_meant="1500") == Decimal(1500)
    assert answer(tonnes="1.500", tonnes_meant="1.5") == Decimal("1.5")


@pytest.mark.parametrize("meant", ["", "15", "1500.0", "nonsense", "1500\x00"])
def test_number_field_asks_again_where_the_choice_is_no_reading(meant):
    assert answer(tonnes="1.500", tonnes_meant=meant) == "two_readings"


def test_number_field_takes_what_was_typed_anew_rather_than_the_old_choice():
    assert answer(tonnes="20", tonnes_meant="1500") == Decimal(20)


def test_number_field_offers_only_readings_that_it_would_take():
    form = asked(tonnes="200.500", days="1.500")

    assert [[reading.value for reading in form.fields[name].readings(form[name].value())] for name in form.data] == [
        ["200.5"],
        [],
    ]
    assert not form.is_valid()


def test_number_field_shows_a_stored_number_so_that_it_has_one_meaning():
    form = Wish(initial={"tonnes": Decimal("1.234"), "days": 90})

    with translation.override("id"):
        shown = [form["tonnes"].value(), form["days"].value()]

    assert shown == ["1,2340", "90"]
    assert asked(tonnes="1,2340").fields["tonnes"].has_changed(Decimal("1.234"), "1,2340") is False


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-12-13", dt.date(2026, 12, 13)),
        ("13.12.2026", dt.date(2026, 12, 13)),
        ("05/12/2026", "two_readings"),
        ("13/12/2026", dt.date(2026, 12, 13)),
        ("2026-11-24", "day_too_early"),
        ("2030-01-02", "day_too_late"),
        ("2026-02-30", "day_not_in_calendar"),
        ("24 Nov", "day_not_read"),
        ("２０２６-12-13", "day_not_read"),
        ("2026-12-13\x00", "day_not_read"),
        (" ", None),
    ],
)
def test_day_field_takes_one_meaning_or_says_what_is_wrong(typed, value):
    assert answer(on=typed) == value


def test_day_field_takes_the_day_that_was_chosen():
    assert answer(on="05/12/2026", on_meant="2026-12-05") == dt.date(2026, 12, 5)
    assert answer(on="05/12/2026", on_meant="2027-01-01") == "two_readings"


def test_day_field_offers_only_days_that_it_would_take():
    form = asked(on="05/12/2026")

    readings = form.fields["on"].readings(form["on"].value())

    assert [reading.value for reading in readings] == ["2026-12-05"]  # 12 May is over


def test_day_field_is_a_calendar_that_keeps_what_it_could_not_take():
    assert '<input type="date" name="on"' in str(Wish(initial={"on": TODAY})["on"])
    assert 'type="text" name="on" value="05/12/2026"' in str(asked(on="05/12/2026")["on"])


def shown_field(form: forms.Form, name: str, language: str, suffix: str = "") -> str:
    with translation.override(language):
        html = render_to_string("ui/_field.html", {"field": form[name], "suffix": suffix})
    return html.replace("&nbsp;", " ").replace("\u00a0", " ")


def test_field_asks_back_with_both_readings_in_figures_and_in_words():
    html = shown_field(asked(tonnes="1.290", tonnes_meant="1.29"), "tonnes", "ru", "т")

    assert (
        '<input type="radio" name="tonnes_meant" value="1290"><span><b>1 290 т</b>одна тысяча двести девяносто' in html
    )
    assert 'value="1.29" checked><span><b>1,29 т</b>одна целая двадцать девять сотых</span>' in html
    assert 'name="tonnes" value="1.290"' in html


def test_field_says_both_readings_in_its_error():
    with translation.override("en"):
        messages = [asked(tonnes="1.290").errors["tonnes"], asked(on="06/12/2026").errors["on"]]

    assert messages == [
        ["“1.290” can be read as 1290 or as 1.29. Choose one, or type it again."],
        ["“06/12/2026” can be 6 December 2026 or 12 June 2026. Choose one, or type it again."],
    ]


def test_field_with_one_meaning_asks_nothing():
    assert "radio" not in shown_field(asked(tonnes="1290"), "tonnes", "en")
    assert "radio" not in shown_field(Wish(), "tonnes", "en")


def test_least_that_is_allowed_is_written_with_all_its_decimals():
    field = NumberField(decimals=10, least=Decimal("0.0000000001"))

    with pytest.raises(forms.ValidationError) as refused:
        field.clean("0")

    assert refused.value.messages == ["0 is too small. Write 0.0000000001 or more."]
