"""What programs read in the JSON of a report."""

import json
from decimal import Decimal

from reports.document import Column, Kind
from reports.enums import Format
from reports.writing import WRITERS
from tests.reports.frozen import four, frozen, table, text_column
from tests.reports.hostile import TEXTS

RULES = Column(key="rules", title=four("Rules"), kind=Kind.CODES, words={"a": four("A"), "b": four("B")})
TONNES = Column(key="t", title=four("Tonnes"), kind=Kind.NUMBER, places=3)
DAY = Column(key="day", title=four("Day"), kind=Kind.DAY)


def read(folder, made, *languages: str) -> dict:
    path = folder / "m.json"
    WRITERS[Format.JSON](path, made, languages or ("en",))
    return json.loads(path.read_bytes(), parse_float=Decimal, parse_int=Decimal)


def test_no_letter_of_a_text_is_lost(tmp_path):
    made = frozen([text_column(title=TEXTS[0])], [[text] for text in TEXTS], recipient=TEXTS[8])

    told = read(tmp_path, made)

    assert [row["name"] for row in told["rows"]["matches"]] == TEXTS
    assert (told["tables"][0]["columns"][0]["title"], told["recipient"]) == (TEXTS[0], TEXTS[8])


def test_rows_stand_by_the_keys_of_columns_with_the_digits_of_the_cut(tmp_path):
    rows = [["0042", "12345678901234567890.10", "2027-01-31", "a b"], [None, None, None, None], ["", "NaN", "", ""]]

    told = read(tmp_path, frozen([text_column(), TONNES, DAY, RULES], rows))

    assert told["rows"] == {
        "matches": [
            {"name": "0042", "t": Decimal("12345678901234567890.10"), "day": "2027-01-31", "rules": ["a", "b"]},
            {"name": None, "t": None, "day": None, "rules": None},
            {"name": "", "t": "NaN", "day": "", "rules": []},
        ]
    }
    assert "12345678901234567890.10," in (tmp_path / "m.json").read_text()


def test_head_says_what_the_rows_are_in_the_languages_of_the_file(tmp_path):
    made = frozen([TONNES, RULES], [], recipient="Akimat", left_out=2)

    told = read(tmp_path, made, "ru", "id")

    rules = {"a": {"ru": "A (ру)", "id": "A (id)"}, "b": {"ru": "B (ру)", "id": "B (id)"}}
    assert told["tables"][0]["columns"][1] == {
        "key": "rules",
        "title": {"ru": "Rules (ру)", "id": "Rules (id)"},
        "kind": "codes",
        "meaning": "",
        "places": 0,
        "is_name": False,
        "words": rules,
    }
    assert told["about"] == [{"label": {"ru": "Run (ру)", "id": "Run (id)"}, "value": "7"}]
    named = ("version", "languages", "cut_at", "number", "data_sha256", "recipient", "left_out", "rows")
    assert [told[name] for name in named] == [
        *(1, ["ru", "id"], "2026-11-26T09:05:00Z", made.number, made.data_sha256, "Akimat", 2, {"matches": []}),
    ]


def test_codes_that_are_languages_keep_all_their_words(tmp_path):
    spoken = Column(key="s", title="S", kind=Kind.CODE, words={code: four(code) for code in ("en", "id", "ru", "kk")})

    told = read(tmp_path, frozen([spoken], [["kk"]]), "en")

    assert told["tables"][0]["columns"][0]["words"] == {code: {"en": code} for code in ("en", "id", "ru", "kk")}


def test_tables_stand_in_the_order_of_the_document(tmp_path):
    first, second = table([TONNES], key="b"), table([TONNES], key="a")

    told = read(tmp_path, frozen(tables=[(first, [["1"]]), (second, [["2"], ["3"]])]))

    assert list(told["rows"].items()) == [("b", [{"t": 1}]), ("a", [{"t": 2}, {"t": 3}])]
