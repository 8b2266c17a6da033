"""Cells and files of the export: what spreadsheets make of them."""

import csv
import datetime as dt
import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation

from accounts.sheets.harmless import harmless
from reports.columns import MATCH_COLUMNS, Column, Kind
from reports.exporters import About, csv_lines, json_pieces, write_xlsx

ABOUT = About((("Run", "7"),))
LIVE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "|calc",
    "%0A=1",
    "  =1",
    "\t=1",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x")',
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\u00ad=1",
    "\u2061 =1",
    "\u202e=1",
    "\ufe661",
    "\ufe631",
]
PLAIN = ["", "PT Kariangau", "a=b", "12", "ТОО «Алатау»", "'quoted'", "0042", "1-2", "https://example.test"]
TEXTS = (Column("text", "Text", Kind.TEXT, lambda row: row), Column("number", "Number", Kind.NUMBER, lambda row: -5))


@pytest.mark.parametrize("text", LIVE)
def test_harmless_puts_an_apostrophe_before_what_could_become_a_formula(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_harmless_leaves_other_text_as_it_is(text):
    assert harmless(text) == text


def read_csv(lines: list[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("text", LIVE + PLAIN)
def test_csv_keeps_every_text_and_the_minus_of_a_number(text):
    rows = read_csv(list(csv_lines([text], TEXTS)), ",")

    assert rows == [["Text", "Number"], [f"'{text}" if text in LIVE else text, "-5"]]


@pytest.mark.parametrize(("language", "delimiter", "number"), [
    ("en", ",", "1234.50"), ("id", ";", "1234,50"), ("ru", ";", "1234,50"), ("kk", ";", "1234,50"),
])  # fmt: skip
def test_csv_is_written_as_spreadsheets_of_the_language_read_it(language, delimiter, number):
    columns = (
        Column("n", "Number", Kind.NUMBER, lambda row: row, places=2),
        Column("t", "T", Kind.TEXT, lambda row: "x"),
    )

    with translation.override(language):
        lines = list(csv_lines([Decimal("1234.5")], columns))

    assert lines[0].startswith("\ufeff")
    assert lines[1] == f"{number}{delimiter}x\r\n"


def test_csv_that_breaks_off_says_that_it_is_incomplete():
    def rows():
        yield "whole"
        raise RuntimeError("the database went away")

    lines = csv_lines(rows(), TEXTS)
    head, first, last = next(lines), next(lines), next(lines)

    assert (head, first) == ("\ufeffText,Number\r\n", "whole,-5\r\n")
    assert "THIS FILE IS INCOMPLETE" in last
    with pytest.raises(RuntimeError, match="went away"):
        next(lines)


def test_xlsx_writes_every_text_unchanged_and_no_formula(tmp_path):
    path = tmp_path / "m.xlsx"

    write_xlsx(path, [text for text in LIVE + PLAIN if text], ABOUT, TEXTS)

    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    expected = [text for text in LIVE + PLAIN if text]
    # A carriage return is stored as _x000D_, which spreadsheets turn back.
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == expected
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(path) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_xlsx_has_real_numbers_and_days_and_a_sheet_about_them(tmp_path):
    path = tmp_path / "m.xlsx"
    columns = (
        Column("n", "Number", Kind.NUMBER, lambda row: Decimal("12.345"), places=3),
        Column("hs", "HS code", Kind.TEXT, lambda row: "010121"),
        Column("d", "Day", Kind.DAY, lambda row: dt.date(2027, 1, 31)),
        Column("none", "Nothing", Kind.NUMBER, lambda row: None),
    )

    write_xlsx(path, [1], ABOUT, columns)

    book = openpyxl.load_workbook(path)
    number, code, day, nothing = (cell.value for cell in book.worksheets[0][2])
    assert (number, code, day.date(), nothing) == (12.345, "010121", dt.date(2027, 1, 31), None)
    assert [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()] == [["Run", "7"], ["Rows", "1"]]


def test_xlsx_sets_thousands_of_quantities_apart_and_never_those_of_numbers_of_rows(tmp_path):
    path = tmp_path / "m.xlsx"
    columns = (
        Column("match", "Match", Kind.NUMBER, lambda row: row, is_name=True),
        Column("days", "Days", Kind.NUMBER, lambda row: row),
        Column("tonnes", "Tonnes", Kind.NUMBER, lambda row: row, places=3),
    )

    write_xlsx(path, [12345], ABOUT, columns)

    cells = openpyxl.load_workbook(path).worksheets[0][2]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (12345, "0"),
        (12345, "#,##0"),
        (12345, "#,##0.000"),
    ]


@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_titles_of_columns_are_told_apart_in_every_language(language):
    with translation.override(language):
        titles = [str(column.title).casefold() for column in MATCH_COLUMNS]

    assert [title for title in titles if titles.count(title) > 1] == []


def test_json_is_one_object_with_the_keys_of_the_columns():
    pieces = json_pieces(["=a", "b"], ABOUT, TEXTS)

    assert json.loads("".join(pieces)) == {
        "about": {"Run": "7"},
        "matches": [{"text": "=a", "number": -5}, {"text": "b", "number": -5}],
    }


def test_columns_have_keys_of_their_own_and_titles_in_words():
    keys = [column.key for column in MATCH_COLUMNS]

    assert len(keys) == len(set(keys))
    assert all(str(column.title) for column in MATCH_COLUMNS)
    assert {column.key: column.kind for column in MATCH_COLUMNS}["hs_code"] == Kind.TEXT


def test_columns_are_frozen():
    with pytest.raises(AttributeError):
        MATCH_COLUMNS[0].key = "other"
    assert replace(MATCH_COLUMNS[0], key="other").key == "other"
