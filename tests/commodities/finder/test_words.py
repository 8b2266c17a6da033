"""What a line of the trade words may not say."""

import csv

import pytest

from commodities.loading import Loading, ReferenceDataError
from commodities.models import Commodity, CommodityWord
from commodities.services.words import load_words

pytestmark = pytest.mark.django_db

HEADER = ["kind", "means", "words_en", "words_id", "words_ru", "words_kk", "source", "confidence"]


def load(directory, *rows):
    with (directory / "commodity_words.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADER, *rows])
    load_words(Loading(directory))


def test_load_words_keeps_what_a_code_is_called(tmp_path):
    Commodity.objects.create(kind="heading", code="0101", hs_code="0101", name_en="Horses")

    load(tmp_path, ["code", "0101", "", "kuda", "лошадь;конь", "жылқы", "trade usage", "unsure"])

    assert list(CommodityWord.objects.values_list("kind", "means", "words", "confidence")) == [
        ("code", "0101", {"id": ["kuda"], "ru": ["лошадь", "конь"], "kk": ["жылқы"]}, "unsure")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["code", "9999", "x", "", "", "", "s", "unsure"], "line 2: no HS code, good or group is '9999'"),
        (["code", "group:no", "x", "", "", "", "s", "unsure"], "line 2: no HS code, good or group is 'group:no'"),
        (["english", "shrimp", "", "", "", "", "s", "unsure"], "line 2: has no words for 'shrimp' in any language"),
        (["english", "shrimp", "a;a", "", "", "", "s", "unsure"], "line 2, column words_en: names a word twice"),
        (["slang", "shrimp", "a", "", "", "", "s", "unsure"], "line 2, column kind: 'slang' is none of"),
        (["english", "shrimp", "a", "", "", "", "", "unsure"], "line 2, column source: must not be empty"),
    ],
)
def test_load_words_refuses_what_cannot_be_true(tmp_path, row, reason):
    with pytest.raises(ReferenceDataError, match=f"^commodity_words.csv, {reason}"):
        load(tmp_path, row)

    assert list(CommodityWord.objects.all()) == []
