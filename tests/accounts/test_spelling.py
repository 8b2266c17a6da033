"""Numbers in words: what tells 1,290 and 1.29 apart for whoever reads."""

from decimal import Decimal

import pytest
from django.utils import translation

from accounts.reading.spelling import spelled


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", ["zero", "nol", "ноль", "нөл"]),
        ("11", ["eleven", "sebelas", "одиннадцать", "он бір"]),
        ("15", ["fifteen", "lima belas", "пятнадцать", "он бес"]),
        ("100", ["one hundred", "seratus", "сто", "жүз"]),
        ("1290", ["one thousand two hundred and ninety", "seribu dua ratus sembilan puluh",
                  "одна тысяча двести девяносто", "мың екі жүз тоқсан"]),
        ("1.29", ["one point two nine", "satu koma dua sembilan", "одна целая двадцать девять сотых",
                  "бір бүтін жүзден жиырма тоғыз"]),
        ("2.002", ["two point zero zero two", "dua koma nol nol dua", "две целых две тысячных",
                   "екі бүтін мыңнан екі"]),
        ("21001", ["twenty-one thousand and one", "dua puluh satu ribu satu", "двадцать одна тысяча один",
                   "жиырма бір мың бір"]),
        ("2000000", ["two million", "dua juta", "два миллиона", "екі миллион"]),
        ("5000000000", ["five billion", "lima miliar", "пять миллиардов", "бес миллиард"]),
        ("1.23456", ["", "", "", ""]),
        ("1000000000000000", ["", "", "", ""]),
    ],
)  # fmt: skip
def test_spelled_says_a_number_in_each_language(number, words):
    said = []
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            said.append(spelled(Decimal(number)))

    assert said == words


def test_spelled_tells_all_numbers_apart():
    with translation.override("en"):
        assert len({spelled(Decimal(number)) for number in range(12_000)}) == 12_000
    for language in ("id", "ru", "kk"):
        with translation.override(language):
            assert len({spelled(Decimal(number)) for number in range(12_000)}) == 12_000
