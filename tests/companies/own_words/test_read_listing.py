"""What is read out of a person's own words: whole answers, no guesses, and no fact without its letters."""

import csv
import datetime as dt
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from companies.own_words import Fact, OwnWords, Quantity, Window, read_listing
from tests.companies.own_words.telling import told

TODAY = dt.date(2026, 11, 25)
LANGUAGES = ("id", "en", "ru", "kk")
NAMES = ("name_en", "name_id", "name_ru", "name_kk")


def places() -> dict[str, list[str]]:
    with (settings.BASE_DIR / "data" / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: [row[name] for name in NAMES] for row in csv.DictReader(file)}


def sentences() -> list[tuple[str, str, list[str]]]:
    """(language, text, what is told of it): blocks of `ru: текст`, then a fact a line."""
    blocks = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    lines = [block.split("\n") for block in blocks]
    return [(first[:2], first[4:], [line.removeprefix("    ") for line in rest]) for first, *rest in lines]


PLACES = places()
SENTENCES = sentences()


def read(text: str, language: str = "en") -> OwnWords:
    return read_listing(text, language, PLACES, today=TODAY)


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES, ids=[text for _language, text, _ in SENTENCES])
def test_read_listing_tells_all_that_is_said(language, text, expected):
    assert told(text, read(text, language)) == expected


def test_read_listing_reads_the_same_in_every_language_of_the_page():
    """The language of a page is no reason to take a number, a day or a word for another."""
    differing = [
        text for _own, text, _told in SENTENCES if len({_readings(text, language) for language in LANGUAGES}) > 1
    ]

    assert differing == []


def _readings(text: str, language: str) -> tuple:
    """All readings, without the order in which those of a question are shown."""
    answer = read(text, language)
    return answer.goods, *((fact.kind, fact.value, fact.start, frozenset(fact.alternatives)) for fact in answer.facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("1.500", ["1500", "1.5"]),
        ("1,500", ["1500", "1.5"]),
        ("1,5", ["1.5"]),
        ("1 500", ["1500"]),
        ("1.500,75", ["1500.75"]),
        ("1\u00a0500,75", ["1500.75"]),
        ("1\u202f500,75", ["1500.75"]),
        ("1.290", ["1290", "1.29"]),
        ("1'500", ["1500"]),
    ],
)
def test_a_quantity_has_one_reading_or_is_a_question(typed, readings, language):
    text = f"olein {typed} t"
    amounts = tuple(Quantity(Decimal(reading), "t") for reading in readings)

    answer = read(text, language)

    value, alternatives = (amounts[0], ()) if len(amounts) == 1 else (None, amounts)
    assert answer == OwnWords((Fact("quantity", value, 6, len(text), alternatives),), "olein")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("05/06/2026", [dt.date(2026, 6, 5), dt.date(2026, 5, 6)]),
        ("06/13/2026", [dt.date(2026, 6, 13)]),
        ("13.06.2026", [dt.date(2026, 6, 13)]),
        ("2026-06-13", [dt.date(2026, 6, 13)]),
    ],
)
def test_a_day_has_one_reading_or_is_a_question(typed, days, language):
    windows = tuple(Window(day, day) for day in days)

    answer = read(f"olein {typed}", language)

    value, alternatives = (windows[0], ()) if len(windows) == 1 else (None, windows)
    assert answer == OwnWords((Fact("window", value, 6, 16, alternatives),), "olein")


def test_quantities_are_also_kilograms_where_the_unit_has_a_weight():
    written = ["40 t", "3 kwintal", "12,5 kg", "2 kontainer"]

    kilograms = [read(text).facts[0].value.kilograms for text in written]

    assert kilograms == [Decimal(40_000), Decimal(300), Decimal("12.5"), None]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2026, 11, 25), "? ..2027-03-31 | ..2027-02-28"),
        (dt.date(2027, 2, 28), "? ..2027-03-31 | ..2027-02-28"),
        (dt.date(2027, 3, 1), "= ..2027-03-31"),  # the days before March are over
        (dt.date(2027, 4, 1), "? ..2028-03-31 | ..2028-02-29"),
    ],
)
def test_till_march_means_the_next_march(today, expected):
    answer = read_listing("до марта", "ru", PLACES, today=today)

    assert told("до марта", answer) == [f'window "до марта" {expected}', "goods = "]


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "?!", "%%%", "a" * 5000, "1" * 5000, " " * 5000, "1.2.3.4", "((((" * 900]
)
def test_junk_is_no_fact(text):
    assert read(text).facts == ()


TOKENS = "40 t|1.290|кг|USD|/t|до|марта|FOB|Алматы|10-12%|LC|30 hari|sebulan|x|20'|наурызға дейін|,|.|-|q1 2027|31/40"


@given(st.lists(st.sampled_from(TOKENS.split("|")), max_size=14).map(" ".join))
def test_every_fact_names_letters_of_its_own(text):
    answer = read(text)

    spans = [(fact.start, fact.end) for fact in answer.facts]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(word in text for word in answer.goods.split())
