"""What is left of a text when numbers, addresses and small talk are gone."""

import pytest

from commodities.finding.query import read_query


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0306 17", ("030617",)),
        ("HS 1511.90", ("151190",)),
        ("код ТН ВЭД 7202 60 000 0", ("720260",)),
        ("pos tarif 15119020", ("151190",)),
        ("HS 8701 traktor", ("8701",)),
        ("8701", ("8701",)),
        ("креветка 31/40", ()),
        ("20 тонн 5000 USD", ()),
        ("cement M500 2000 bags", ()),
    ],
)
def test_codes_are_read_where_they_are_written_as_such(text, codes):
    assert read_query(text).codes == codes


def test_words_know_the_number_behind_them():
    words = read_query("ФФА макс. 5%, клейковина 23, SIR 20").words

    assert [(word.plain, word.number) for word in words] == [
        ("ффа", "5"),
        ("макс", "5"),
        ("клейковина", "23"),
        ("sir", "20"),
    ]


def test_addresses_are_not_words():
    assert read_query("sales@example.com https://example.com/shrimp www.example.com").words == ()


def test_long_texts_are_cut():
    assert len(read_query("udang " * 1000).words) <= 24
