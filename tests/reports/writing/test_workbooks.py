"""What spreadsheets and programs make of a workbook."""

import datetime as dt
import re
import zipfile
from html import unescape as unescaped
from pathlib import Path

import openpyxl
import pandas
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from reports.document import Column, Kind, Line
from reports.enums import Format
from reports.writing import WRITERS, workbooks
from tests.reports.frozen import four, frozen, table, text_column
from tests.reports.hostile import TEXTS

STATE = Column(key="state", title=four("State"), kind=Kind.CODE, words={"new": four("new")})
RULES = Column(key="rules", title=four("Rules"), kind=Kind.CODES, words={"a": four("A"), "b": four("B")})
TONNES = Column(key="t", title=four("Tonnes"), kind=Kind.NUMBER, places=3, meaning=four("in a month"))
DAY = Column(key="day", title=four("Day"), kind=Kind.DAY)


def written(folder: Path, made, *languages: str) -> Path:
    path = folder / "m.xlsx"
    WRITERS[Format.XLSX](path, made, languages or ("en",))
    return path


def rows_of(path: Path, sheet: int = 0) -> list[list]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as box:
        return {name: box.read(name).decode() for name in box.namelist()}


def everywhere(text: str):
    """A report that says a text wherever a report can say one."""
    column = text_column(words={}, meaning=text, title=text)
    coded = Column(key="c", title=text, kind=Kind.CODE, words={"x": text})
    return frozen(
        tables=[(table([column, coded], title=text, note=text), [[text, "x"]])],
        title=text,
        subtitle=text,
        about=[Line(text, text)],
        recipient=text,
    )


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_a_workbook_is_live(tmp_path, text):
    parts = parts_of(written(tmp_path, everywhere(text), "en", "ru"))

    assert not [name for name in parts if re.search("link|macro|vba|embed|connection", name, re.IGNORECASE)]
    rows = parts["xl/worksheets/sheet1.xml"]
    assert set(re.findall("<([a-zA-Z]+)", rows[rows.index("<sheetData>") :])) <= {
        *("sheetData", "row", "c", "is", "t", "v", "autoFilter", "printOptions", "pageMargins", "pageSetup"),
        *("headerFooter", "oddFooter"),
    }
    assert set(re.findall(r'<c r="[A-Z]+2"[^>]* t="([a-z]+)"', rows, re.IGNORECASE)) <= {"inlineStr"}


def test_no_letter_of_a_text_is_lost(tmp_path):
    path = written(tmp_path, frozen([text_column()], [[text] for text in TEXTS]))

    by_openpyxl = [row[0] or "" for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(2, values_only=True)]
    by_pandas = pandas.read_excel(path, dtype=str, na_filter=False, engine="calamine")["Name"]
    assert [unescape(text) for text in by_openpyxl] == TEXTS
    # calamine reads all escapes but those of two letters that mean nothing
    plain = [text.replace("\uffff", "_xFFFF_") for text in TEXTS]
    assert [row[0] for row in rows_of(path)[1:]] == plain
    assert list(by_pandas) == plain


def test_numbers_and_days_are_real_and_codes_are_words(tmp_path):
    made = frozen([text_column(), TONNES, DAY, STATE, RULES], [["0042", "-1234.500", "2027-01-31", "new", "a b"]])

    path = written(tmp_path, made, "id")

    assert rows_of(path) == [
        ["Name (id)", "Tonnes (id)", "Day (id)", "State (id)", "Rules (id)"],
        ["0042", -1234.5, dt.date(2027, 1, 31), "new (id)", "A (id); B (id)"],
    ]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.number_format for cell in sheet[2]] == ["General", "#,##0.000", "yyyy-mm-dd", "General", "General"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E2")


def test_a_number_that_names_something_keeps_its_digits_together(tmp_path):
    number = Column(key="n", title=four("Number"), kind=Kind.NUMBER, is_name=True)

    path = written(tmp_path, frozen([number], [["1234567"]]))

    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert (cell.value, cell.number_format) == (1234567, "0")


@pytest.mark.parametrize("cell", ["1234567890123456", "0.1234567890123456", "NaN", "1e5", "=1", "１２", "1<2"])
def test_what_a_spreadsheet_would_not_hold_as_a_number_stays_a_text(tmp_path, cell):
    path = written(tmp_path, frozen([TONNES], [[cell]]))

    assert rows_of(path)[1] == [cell]


@pytest.mark.parametrize("cell", ["1899-12-31", "1900-02-28", "0001-01-01", "2027-13-01", "soon"])
def test_a_day_that_workbooks_do_not_count_stays_a_text(tmp_path, cell):
    path = written(tmp_path, frozen([DAY], [[cell]]))

    assert rows_of(path)[1] == [cell]


def test_two_languages_stand_side_by_side_where_something_is_said_in_words(tmp_path):
    made = frozen([text_column(), TONNES, STATE], [["PT Satu", "1234.5", "new"]])

    path = written(tmp_path, made, "ru", "id")

    assert rows_of(path) == [
        ["Name (ру)\nName (id)", "Tonnes (ру)\nTonnes (id)", "State (ру)", "State (id)"],
        ["PT Satu", 1234.5, "new (ру)", "new (id)"],
    ]
    cover = rows_of(path, 1)
    assert ["Run (ру)", "7", "Run (id)", "7"] in cover
    assert ["Tonnes (ру)", "in a month (ру)", "Tonnes (id)", "in a month (id)"] in cover


def test_what_is_not_known_is_an_empty_cell(tmp_path):
    path = written(tmp_path, frozen([text_column(), TONNES, STATE], [[None, None, None], ["", "0", "gone"]]))

    assert [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0][2:3]] == [
        [None, None, None],
        [None, 0, "gone"],
    ]


def test_a_text_longer_than_a_cell_is_cut_where_all_can_see_it(tmp_path):
    whole, long, wide = "x" * 32_767, "x" * 40_000, "\U0001f9c0" * 20_000

    path = written(tmp_path, frozen([text_column()], [[whole], [long], [wide]]), "en")

    read = [row[0] for row in rows_of(path)[1:]]
    assert read[0] == whole
    for text, letters in ((read[1], "40,000"), (read[2], "20,000")):
        assert text.endswith(f"… [cut here: {letters} letters in all]")
        assert 32_760 < len(text.encode("utf-16-le")) // 2 <= 32_767


def test_more_rows_than_a_sheet_holds_go_on_in_further_sheets(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    made = frozen([TONNES], [[str(number)] for number in range(5)])

    path = written(tmp_path, made, "en")

    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Matches", "Matches (2)", "Matches (3)", "About"]
    assert [rows_of(path, sheet) for sheet in range(3)] == [
        [["Tonnes"], [0.0], [1.0]],
        [["Tonnes"], [2.0], [3.0]],
        [["Tonnes"], [4.0]],
    ]
    assert ["Rows", "5"] in rows_of(path, 3)


def test_a_sheet_ends_before_it_is_larger_than_a_box_may_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1_000)
    made = frozen([text_column()], [["&" * 100], ["&" * 100], ["&" * 100]])

    path = written(tmp_path, made)

    assert CalamineWorkbook.from_path(path).sheet_names == ["Matches", "Matches (2)", "Matches (3)", "About"]


@pytest.mark.parametrize(("titles", "names"), [
    (["a/b:c*?[d]\\e"], ["a b c   d  e"]),
    (["'quoted'"], ["quoted"]),
    ([""], ["1"]),
    (["x" * 40, "X" * 40], ["x" * 31, "X" * 27 + " (2)"]),
    (["About"], ["About"]),
])  # fmt: skip
def test_sheets_have_names_that_spreadsheets_allow(tmp_path, titles, names):
    tables = [(table([TONNES], key=f"t{number}", title=title), []) for number, title in enumerate(titles)]

    path = written(tmp_path, frozen(tables=tables), "en")

    assert CalamineWorkbook.from_path(path).sheet_names[:-1] == names


def test_cover_says_what_the_rows_are_and_how_to_ask_whether_they_are_genuine(tmp_path):
    made = frozen([TONNES], [["1"]], recipient="Akimat & Co", left_out=2, subtitle=four("Palm oil"))

    path = written(tmp_path, made, "en")

    assert [row for row in rows_of(path, 1) if any(row)] == [
        ["Matches of a day", ""],
        ["About", "Palm oil"],
        ["Cut", "26 Nov 2026, 17:05 WITA (14:05 Astana)"],
        ["Run", "7"],
        ["Empty cell", "not known, or not said"],
        ["Made for", "Akimat & Co"],
        ["Left out", "2 fields may not cross to the recipient and are not in this file."],
        ["Matches", ""],
        ["Rows", "1"],
        ["Tonnes", "in a month"],
        ["Genuine or not", ""],
        ["Number of the report", made.number],
        ["SHA-256 of its data", made.data_sha256],
        ["Ask here", made.verify_at],
    ]
    assert "&amp;LAkimat &amp;&amp;&amp;&amp; Co" not in parts_of(path)["xl/worksheets/sheet1.xml"]
    assert "&amp;LAkimat &amp;&amp; Co&amp;C" in parts_of(path)["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    ("recipient", "printed"),
    [
        ("Akimat & Co", "Akimat && Co"),
        ("R&G Ltd, R&[Picture] Ltd", "R&&&K000000G Ltd, R&&&K000000[Picture] Ltd"),
        ("&" * 120, "&&" * 103),
        ("𐍈" * 120, "𐍈" * 103),
    ],
)
def test_every_printed_page_names_the_recipient_whatever_it_is_called(tmp_path, recipient, printed):
    """A foot that a spreadsheet could not print would be left out, and with it who got the contact persons."""
    made = frozen([TONNES], [["1"]], recipient=recipient)

    book = openpyxl.load_workbook(written(tmp_path, made))
    parts = parts_of(tmp_path / "m.xlsx")

    foots = [re.search(r"<oddFooter>(.*?)</oddFooter>", parts[f"xl/worksheets/sheet{number}.xml"]) for number in (1, 2)]
    assert [foot and unescaped(foot[1]) for foot in foots] == [f"&L{printed}&C{made.number}&R&P / &N"] * 2
    assert len(book.worksheets) == 2
