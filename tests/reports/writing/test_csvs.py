"""What spreadsheets and programs make of a csv."""

import csv
import io

import duckdb
import pandas
import pytest

from accounts.sheets.harmless import harmless
from reports.document import Column, Kind
from reports.enums import Format
from reports.writing import WRITERS
from tests.reports.frozen import four, frozen, table, text_column
from tests.reports.hostile import FORMULAS, TEXTS

STATE = Column(
    key="state",
    title=four("State"),
    kind=Kind.CODE,
    words={"new": four("new"), "live": {"en": "=1", "id": "=2", "ru": "=3", "kk": "=4"}},
)
RULES = Column(key="rules", title=four("Rules"), kind=Kind.CODES, words={"a": four("A"), "b": four("B")})
TONNES = Column(key="t", title=four("Tonnes"), kind=Kind.NUMBER, places=3)
DAY = Column(key="day", title=four("Day"), kind=Kind.DAY)


def written(path, made, *languages: str) -> str:
    WRITERS[Format.CSV](path / "m.csv", made, languages or ("en",))
    return (path / "m.csv").read_bytes().decode()


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize(("language", "lines"), [
    ("en", 'Name,Tonnes,Day,State,Rules\r\nPT Satu,1234.500,2027-01-31,new,"A; B"\r\n'),
    ("id", "Name (id);Tonnes (id);Day (id);State (id);Rules (id)\r\n"
           'PT Satu;1234,500;2027-01-31;new (id);"A (id); B (id)"\r\n'),
    ("ru", "Name (ру);Tonnes (ру);Day (ру);State (ру);Rules (ру)\r\n"
           'PT Satu;1234,500;2027-01-31;new (ру);"A (ру); B (ру)"\r\n'),
    ("kk", "Name (қаз);Tonnes (қаз);Day (қаз);State (қаз);Rules (қаз)\r\n"
           'PT Satu;1234,500;2027-01-31;new (қаз);"A (қаз); B (қаз)"\r\n'),
])  # fmt: skip
def test_csv_is_written_as_spreadsheets_of_the_language_read_it(tmp_path, language, lines):
    columns = [text_column(), TONNES, DAY, STATE, RULES]
    made = frozen(columns, [["PT Satu", "1234.500", "2027-01-31", "new", "a b"]])

    assert written(tmp_path, made, language) == "\ufeff" + lines


def test_two_languages_stand_side_by_side_where_something_is_said_in_words(tmp_path):
    made = frozen([text_column(), TONNES, STATE], [["PT Satu", "1234.500", "new"]])

    assert read(written(tmp_path, made, "ru", "id"), ";") == [
        ["Name (ру) / Name (id)", "Tonnes (ру) / Tonnes (id)", "State (ру)", "State (id)"],
        ["PT Satu", "1234,500", "new (ру)", "new (id)"],
    ]


def test_a_title_that_two_languages_share_is_told_apart_where_it_stands_twice(tmp_path):
    code = Column(key="hs", title={"id": "HS", "en": "HS", "ru": "HS", "kk": "HS"}, kind=Kind.CODE)

    assert read(written(tmp_path, frozen([code]), "en", "id")) == [["HS (en)", "HS (id)"]]


def test_what_is_not_known_is_empty_and_a_code_without_words_is_itself(tmp_path):
    columns = [text_column(), TONNES, DAY, STATE, RULES]

    rows = read(
        written(tmp_path, frozen(columns, [[None] * 5, ["", "-5", None, "other", "a x"], ["", "0", None, "", ""]]))
    )

    assert rows[1:] == [[""] * 5, ["", "-5", "", "other", "A; x"], ["", "0", "", "", ""]]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_hostile_text_is_live_or_loses_a_letter(tmp_path, language):
    made = frozen([text_column(), TONNES], [[text, "-5"] for text in TEXTS])

    rows = read(written(tmp_path, made, language), "," if language == "en" else ";")[1:]

    assert rows == [[harmless(text), "-5"] for text in TEXTS]
    assert [harmless(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]


def test_words_that_look_like_a_formula_are_harmless_too(tmp_path):
    made = frozen([STATE, Column(key="=x", title=four("=Title"), kind=Kind.TEXT)], [["live", "a"]])

    assert read(written(tmp_path, made)) == [["State", "'=Title"], ["'=1", "a"]]


def test_a_report_with_several_tables_writes_its_first(tmp_path):
    tables = [(table([text_column()]), [["first"]]), (table([text_column()], key="more"), [["second"]])]

    assert read(written(tmp_path, frozen(tables=tables))) == [["Name"], ["first"]]


def test_many_different_texts_come_out_as_they_went_in(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.writing.csvs.REMEMBERED", 10)
    monkeypatch.setattr("reports.writing.csvs.TOGETHER", 7)
    names = [f"name {number % 40}" for number in range(100)]

    rows = read(written(tmp_path, frozen([text_column()], [[name] for name in names])))

    assert [name for (name,) in rows[1:]] == names


def test_the_same_twice_is_the_same_to_the_byte(tmp_path):
    made = frozen([text_column(), STATE], [[text, "new"] for text in TEXTS])

    assert written(tmp_path, made, "kk", "en") == written(tmp_path, made, "kk", "en")


def test_other_programs_read_the_same_figures(tmp_path):
    made = frozen([text_column(), TONNES, DAY], [['a, "b"\nc', "1234.500", "2027-01-31"], ["ТОО", None, None]])
    written(tmp_path, made)

    by_pandas = pandas.read_csv(tmp_path / "m.csv", dtype=str, keep_default_na=False).values.tolist()
    by_duckdb = duckdb.read_csv(str(tmp_path / "m.csv"), all_varchar=True, header=True).fetchall()

    assert by_pandas == [['a, "b"\nc', "1234.500", "2027-01-31"], ["ТОО", "", ""]]
    assert [[cell or "" for cell in row] for row in by_duckdb] == by_pandas
