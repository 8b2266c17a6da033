"""Files that are no book, or mean harm: refused by their box, before anything inside is trusted."""

import datetime as dt
import io
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from accounts.sheets import workbooks
from accounts.sheets.files import read_sheets
from accounts.sheets.sheet import FileRefused
from companies.book.answer import BookAnswer
from companies.book.importing import import_book
from companies.texts import sentence
from tests.companies.books import COMPANY, TODAY, Formula, csv_file, table, workbook
from tests.companies.held_small import held_small

GOOD = workbook({"Companies": table(COMPANY)})


def refused(data: bytes, name: str = "book.xlsx") -> tuple[str, str, str]:
    """The rule that refuses a file, with the sheet and cell it names; it can be said in words."""
    with pytest.raises(FileRefused) as caught:
        read_sheets(name, data)
    assert sentence(caught.value.code, caught.value.params)
    return caught.value.code, caught.value.sheet, caught.value.cell


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """A workbook with some parts changed or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return packed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(xml: str) -> bytes:
    body = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{xml}</worksheet>'
    return repacked(GOOD, {SHEET: body.encode()})


def test_a_good_workbook_is_read():
    (sheet,) = read_sheets("book.xlsx", GOOD)

    assert (sheet.name, [cell.value for cell in sheet.header]) == ("Companies", list(COMPANY))
    assert [[cell.value for cell in row.cells] for row in sheet.rows] == [list(COMPANY.values())]


def test_a_workbook_of_another_program_is_read():
    book = openpyxl.Workbook()
    book.active.title = "Companies"
    for row in table(COMPANY):
        book.active.append(row)
    book.active["A1"].font = Font(bold=True)
    book.active["Z4000"].font = Font(bold=True)  # a styled cell that holds nothing
    buffer = io.BytesIO()
    book.save(buffer)

    (sheet,) = read_sheets("book.xlsx", buffer.getvalue())

    assert [[cell.value for cell in row.cells] for row in sheet.rows] == [list(COMPANY.values())]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("book.xlsx", b"", "file_is_empty"),
        ("book.csv", b" \r\n ", "file_is_empty"),
        ("book.xlsx", b"PK\x03\x04" + b"x" * 10_000_000, "file_too_large"),
        ("book.pdf", GOOD, "file_kind_unknown"),
        ("book", GOOD, "file_kind_unknown"),
        ("book.xls", GOOD, "file_kind_unknown"),
        ("book.xlsm", GOOD, "workbook_has_macros"),
        ("book.xlsb", GOOD, "workbook_has_macros"),
        ("book.xlsx", b"\xd0\xcf\x11\xe0 locked", "workbook_is_locked"),
        ("book.xlsx", b"code;name\n", "workbook_is_none"),
        ("book.xlsx", b"PK\x03\x04 but no more", "workbook_is_damaged"),
        ("book.xlsx", GOOD[:-200], "workbook_is_damaged"),
        ("book.csv", GOOD, "csv_is_workbook"),
        ("book.csv", "Алматы".encode("cp1251"), "csv_not_utf8"),
        ("book.csv", b"a\x00b", "csv_not_text"),
        ("book.csv", b'code\n"open', "csv_not_read"),
    ],
)
def test_what_is_no_book_is_refused_by_name_size_or_signature(name, data, code):
    assert refused(data, name)[0] == code


def test_a_zip_that_is_no_workbook_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        box.writestr("hello.txt", "hello")

    assert refused(packed.getvalue())[0] == "workbook_is_none"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box, box.open(SHEET, "w") as part:
        for _ in range(200):
            part.write(b"0" * 1_000_000)
    bomb = packed.getvalue()
    assert len(bomb) < 1_000_000

    with held_small(megabytes=20):
        code, _, _ = refused(bomb)

    assert code == "workbook_unpacks_too_large"


def test_a_zip_that_lies_about_its_size_does_not_reach_the_reader():
    """The directory declares ten bytes and their sum; the packed data would unpack to fifty million."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
            for name in good.namelist():
                if name != SHEET:
                    box.writestr(name, good.read(name))
        box.writestr(SHEET, b"<worksheet>" + b" " * 50_000_000)
        entry = box.getinfo(SHEET)
        entry.file_size, entry.CRC = 10, zlib.crc32(b"<worksheet")

    with held_small(megabytes=20):
        code, _, _ = refused(packed.getvalue())

    assert code == "workbook_is_damaged"


def test_a_zip_of_very_many_parts_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        for number in range(1_001):
            box.writestr(f"{number}.xml", "")

    assert refused(packed.getvalue())[0] == "workbook_has_too_many_parts"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_a_part_twice_is_refused():
    packed = io.BytesIO(GOOD)
    with zipfile.ZipFile(packed, "a") as box:
        box.writestr(SHEET, "<worksheet/>")

    assert refused(packed.getvalue())[0] == "workbook_is_damaged"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "workbook_has_macros"),
        ("XL/VBAPROJECT.BIN", "workbook_has_macros"),
        ("xl/macrosheets/sheet1.xml", "workbook_has_macros"),
        ("xl/externalLinks/externalLink1.xml", "workbook_has_links"),
        ("xl/connections.xml", "workbook_has_links"),
        ("xl/embeddings/oleObject1.bin", "workbook_has_objects"),
        ("xl/activeX/activeX1.xml", "workbook_has_objects"),
    ],
)
def test_parts_that_act_or_reach_out_are_refused(part, code):
    assert refused(repacked(GOOD, {part: b"x"}))[0] == code


def test_a_macro_workbook_under_a_plain_name_is_refused():
    types = zipfile.ZipFile(io.BytesIO(GOOD)).read("[Content_Types].xml")
    types = types.replace(b"spreadsheetml.sheet.main+xml", b"vnd.ms-excel.sheet.macroEnabled.main+xml")

    assert refused(repacked(GOOD, {"[Content_Types].xml": types}))[0] == "workbook_has_macros"


def test_a_document_type_that_could_expand_is_refused():
    lol = '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'

    assert refused(repacked(GOOD, {SHEET: lol.encode()}))[0] == "workbook_is_damaged"


def relationships(target: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    link = f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'.encode()


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"])
def test_a_sheet_is_found_by_either_way_of_pointing_at_it(target):
    (sheet,) = read_sheets("book.xlsx", repacked(GOOD, {"xl/_rels/workbook.xml.rels": relationships(target)}))

    assert [[cell.value for cell in row.cells] for row in sheet.rows] == [list(COMPANY.values())]


def test_a_workbook_whose_sheet_is_missing_is_refused_and_not_taken_as_empty():
    lost = repacked(GOOD, {"xl/_rels/workbook.xml.rels": relationships("worksheets/sheet9.xml")})

    assert refused(lost)[0] == "workbook_is_damaged"


def test_days_are_right_in_workbooks_that_count_from_1904():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("Needs").write_datetime(0, 0, dt.date(2027, 6, 5))

    (sheet,) = read_sheets("book.xlsx", buffer.getvalue())

    assert [cell.value for cell in sheet.header] == [dt.date(2027, 6, 5)]


def test_a_number_no_computer_can_hold_is_read_as_endless_and_refused_later():
    (sheet,) = read_sheets(
        "book.xlsx", with_sheet('<sheetData><row r="1"><c r="A1"><v>1e999</v></c></row></sheetData>')
    )

    assert not sheet.header[0].value.is_finite()


def test_broken_xml_is_refused():
    assert refused(repacked(GOOD, {SHEET: b"<worksheet><row>"}))[0] == "workbook_is_damaged"


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', ("too_many_rows", "Companies", "")),
        ('<row r="5002"><c><v>1</v></c></row>', ("too_many_rows", "Companies", "")),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', ("too_many_columns", "Companies", "XFD1")),
        ('<row r="1"><c r="CW1" t="inlineStr"><is><t>x</t></is></c></row>', ("too_many_columns", "Companies", "CW1")),
    ],
)
def test_one_cell_far_out_is_refused_before_a_table_is_set_up(cell, refusal):
    with held_small(megabytes=20):
        assert refused(with_sheet(f"<sheetData>{cell}</sheetData>")) == refusal


def test_the_last_row_and_column_that_are_read():
    xml = '<row r="5001"><c r="CV5001"><v>1</v></c></row>'

    (sheet,) = read_sheets("book.xlsx", with_sheet(f"<sheetData>{xml}</sheetData>"))

    assert [(row.number, row.cells[-1].ref) for row in sheet.rows] == [(5001, "CV5001")]


def test_csv_is_held_to_the_same_limits():
    assert refused(csv_file([["code"]] + [["x"]] * 5_001), "a.csv") == ("too_many_rows", "a.csv", "")
    assert refused(csv_file([["x"] * 101]), "a.csv") == ("too_many_columns", "a.csv", "CW1")
    assert refused(csv_file([["code"], ["x" * 4_001]]), "a.csv") == ("cell_too_long", "a.csv", "A2")
    assert refused(csv_file([["code"], ["x" * 20_000]]), "a.csv")[0] == "csv_not_read"


def test_csv_is_read_as_the_spreadsheets_of_each_country_write_it():
    rows = [["code", "name"], ["a", "PT; Satu, Dua"], ["b", "две\nстроки"]]
    texts = [
        csv_file(rows),
        csv_file(rows, separator=";", encoding="utf-8-sig"),
        csv_file(rows, separator="\t", encoding="utf-16"),
        b"sep=;\r\n" + csv_file(rows, separator=";"),
    ]

    for data in texts:
        (sheet,) = read_sheets("a.csv", data)
        assert [[cell.value for cell in row.cells] for row in sheet.rows] == rows[1:]
    assert [row.number for row in sheet.rows] == [3, 4]  # the line that names the separator counts


def test_formulas_and_errors_are_marked_whatever_they_show():
    data = workbook({"Needs": [["quantity"], [Formula("=1+1", 2)], [Formula("=1/0", "#DIV/0!")]]})

    (sheet,) = read_sheets("book.xlsx", data)

    assert [[cell.flaw for cell in row.cells] for row in sheet.rows] == [["formula"], ["formula"]]


def test_an_error_value_without_a_formula_is_marked():
    xml = '<row r="1"><c r="A1" t="inlineStr"><is><t>quantity</t></is></c></row><row><c t="e"><v>#N/A</v></c></row>'

    (sheet,) = read_sheets("book.xlsx", with_sheet(f"<sheetData>{xml}</sheetData>"))

    assert [[cell.flaw for cell in row.cells] for row in sheet.rows] == [["error"]]


def test_a_locked_part_is_refused():
    data = bytearray(GOOD)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # local headers and the directory
        start = data.find(signature)
        while start >= 0:
            data[start + flags] |= 1
            start = data.find(signature, start + 4)

    assert refused(bytes(data))[0] == "workbook_is_locked"


@pytest.mark.parametrize("panics", [False, True])
def test_a_reader_that_gives_up_or_panics_is_a_refusal_and_no_crash(monkeypatch, panics):
    class PanicException(BaseException):
        pass

    class Reader:
        @staticmethod
        def from_filelike(_file):
            raise PanicException("index out of bounds") if panics else ValueError("no such sheet")

    monkeypatch.setattr(workbooks, "CalamineWorkbook", Reader)

    assert refused(GOOD)[0] == "workbook_not_read"


def test_a_person_who_stops_the_reading_stops_it(monkeypatch):
    class Reader:
        @staticmethod
        def from_filelike(_file):
            raise KeyboardInterrupt

    monkeypatch.setattr(workbooks, "CalamineWorkbook", Reader)

    with pytest.raises(KeyboardInterrupt):
        read_sheets("book.xlsx", GOOD)


@pytest.mark.django_db
def test_a_refused_file_is_answered_with_its_name_and_nothing_is_written():
    answer: BookAnswer = import_book([("photo.png", b"\x89PNG")], today=TODAY)

    assert [(message.code, message.params) for message in answer.refusals] == [
        ("file_kind_unknown", {"file": "photo.png", "extension": ".png"})
    ]
    assert (answer.rows, answer.is_written, answer.takes_nothing) == ([], False, True)
