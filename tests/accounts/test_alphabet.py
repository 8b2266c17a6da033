"""Lists of names follow the alphabet of the reader's language, the 42 letters of Kazakh too."""

import random

import pytest
from django.db import connection
from django.utils import translation

from accounts.alphabet import KAZAKH, RUSSIAN, by_alphabet
from companies.book.words import folded

KAZAKH_LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"


def shuffled(letters: str) -> list[str]:
    mixed = list(letters)
    random.Random(7).shuffle(mixed)
    return mixed


def test_kazakh_alphabet_has_its_42_letters_each_once():
    assert (len(KAZAKH), len(set(KAZAKH)), len(RUSSIAN)) == (42, 42, 33)
    assert set(KAZAKH) - set(RUSSIAN) == set(KAZAKH_LETTERS.lower())


@pytest.mark.parametrize(("language", "alphabet"), [("kk", KAZAKH), ("ru", RUSSIAN), ("kk", KAZAKH.upper())])
def test_by_alphabet_puts_every_letter_in_its_place(language, alphabet):
    with translation.override(language):
        assert "".join(by_alphabet(shuffled(alphabet))) == alphabet


def test_by_alphabet_sorts_names_as_a_kazakh_reader_looks_for_them():
    names = [
        "Үржар",
        "Қарағанды",
        "Ақтау",
        "Өскемен",
        "Әулиекөл",
        "Костанай",
        "Омск",
        "Усть",
        "Іле",
        "Ыстық",
        "Almaty",
        "3",
    ]

    with translation.override("kk"):
        assert by_alphabet(names) == [
            "3", "Almaty", "Ақтау", "Әулиекөл", "Костанай", "Қарағанды", "Омск", "Өскемен", "Усть", "Үржар", "Ыстық",
            "Іле",
        ]  # fmt: skip


def test_by_alphabet_sorts_by_what_is_named():
    with translation.override("ru"):
        assert by_alphabet([{"name": "ёлка"}, {"name": "Ель"}, {"name": "жук"}], lambda one: one["name"]) == [
            {"name": "Ель"},
            {"name": "ёлка"},
            {"name": "жук"},
        ]


def test_kazakh_letters_have_their_large_and_small_forms():
    assert [letter.lower() for letter in KAZAKH_LETTERS[::2]] == list(KAZAKH_LETTERS[1::2])
    assert [letter.upper() for letter in KAZAKH_LETTERS[1::2]] == list(KAZAKH_LETTERS[::2])
    assert folded("ҚАЗАҚСТАН ӘӨҮҰІҢҒҺ") == folded("қазақстан әөүұіңғһ")


@pytest.mark.django_db
def test_database_knows_the_large_and_small_forms_of_kazakh_letters():
    """Under the plain C locale they would be left as they are, and a search would not find them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(%s), upper(%s), 'ҚАЗАҚ' ILIKE 'қазақ'", [KAZAKH_LETTERS, KAZAKH_LETTERS])
        (answer,) = cursor.fetchall()

    assert answer == (KAZAKH_LETTERS.lower(), KAZAKH_LETTERS.upper(), True)
