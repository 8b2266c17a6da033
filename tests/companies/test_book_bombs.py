"""Small files that would grow large: each is refused in a sentence before time or memory is spent on it."""

import io
import tracemalloc
import zipfile

import pytest

from accounts.sheets import scanning, walking, workbooks
from accounts.sheets.files import read_sheets
from accounts.sheets.sheet import FileRefused
from companies.book.headings import recognise
from companies.book.near import NearWords
from companies.texts import sentence
from tests.companies.books import COMPANY, csv_file, table, workbook
from tests.companies.held_small import held_small

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
GOOD = workbook({"Companies": table(COMPANY)})


def refused(data: bytes, name: str = "book.xlsx") -> tuple[str, str, str]:
    with held_small(), pytest.raises(FileRefused) as caught:
        read_sheets(name, data)
    assert sentence(caught.value.code, caught.value.params)
    return caught.value.code, caught.value.sheet, caught.value.cell


def changed(changes: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A good workbook with some parts changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(packed, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return packed.getvalue()


def with_rows(rows: str) -> bytes:
    return changed({SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'})


def test_a_reference_must_fit_its_row():
    """The reader believes the reference; a table up to it would hold millions of cells."""
    book = with_rows('<row r="2"><c r="A2"><v>1</v></c><c r="C1048576"><v>2</v></c></row>')

    assert refused(book) == ("workbook_is_damaged", "Companies", "C1048576")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="A2"/><c r="A2"/></row>',
        '<row r="2"><c r="2A"/></row>',
        '<row r="2"><c r=""/></row>',
        '<row r="2"><c r="A&#50;2"/></row>',
        '<c r="A1"><v>1</v></c>',
        '<row r="2"><row r="3"/></row>',
        '<row r="2"><c><c/></c></row>',
        "<sheetData/>",
        "</sheetData><sheetData>",
    ],
)
def test_rows_and_cells_stand_in_their_order_and_their_place(rows):
    assert refused(with_rows(rows))[0] == "workbook_is_damaged"


def test_cells_without_a_reference_and_blank_ones_far_out_are_read():
    """As some programs write them: they hold nothing, so no table is set up for them."""
    rows = (
        '<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
    )

    (sheet,) = read_sheets("book.xlsx", with_rows(rows))

    assert [[cell.ref for cell in row] for row in (sheet.header, sheet.rows[0].cells)] == [["A1", "B1"], ["A2"]]


def test_a_declared_dimension_costs_nothing():
    data = '<dimension ref="A1:XFD1048576"/><sheetData><row><c><v>1</v></c></row></sheetData>'
    with held_small():
        (sheet,) = read_sheets("book.xlsx", changed({SHEET: f'<worksheet xmlns="{MAIN}">{data}</worksheet>'}))

    assert [cell.ref for cell in sheet.header] == ["A1"]


def test_a_workbook_of_very_many_sheets_is_refused():
    listed = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(1, 3_001))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{kind}"><sheets>%s</sheets></workbook>'

    assert refused(changed({"xl/workbook.xml": book % listed}))[0] == "workbook_has_too_many_sheets"
    twice = '<sheet name="A" r:id="rId1"/><sheet name="B" r:id="rId1"/>'
    assert refused(changed({"xl/workbook.xml": book % twice}))[0] == "workbook_is_damaged"


def test_twenty_sheets_are_read_and_one_more_is_not():
    sheets = {f"Sheet {number}": [["x"]] for number in range(21)}

    assert refused(workbook(sheets))[0] == "workbook_has_too_many_sheets"
    sheets.popitem()
    assert [sheet.name for sheet in read_sheets("book.xlsx", workbook(sheets))] == list(sheets)


def test_sheets_that_are_large_only_together_are_refused():
    """A cell in the last column of each row makes a table of half a million from a hundred kilobytes."""
    corner = [[None] * 99 + [1]] + [[]] * 4_999 + [[1]]

    assert refused(workbook({"A": corner, "B": corner}))[0] == "too_many_cells"


def test_a_long_text_that_very_many_cells_share_is_refused():
    rows = "".join(
        f'<row r="{row}">{"".join(f"""<c r="{letter}{row}" t="s"><v>0</v></c>""" for letter in "ABCDE")}</row>'
        for row in range(1, 1_001)
    )
    text = f'<sst xmlns="{MAIN}"><si><t>{"y" * 3_900}</t></si></sst>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'

    assert refused(changed({SHEET: sheet, SHARED: text}))[0] == "workbook_holds_too_much_text"


def test_very_many_shared_texts_are_refused():
    texts = f'<sst xmlns="{MAIN}">{"<si/>" * (scanning.MAX_SHARED_TEXTS + 1)}</sst>'

    assert refused(changed({SHARED: texts}))[0] == "workbook_holds_too_much_text"


@pytest.mark.parametrize("stated", ['count="4000000000"', 'uniqueCount="4000000000"', 'uniqueCount="+4000000000"'])
@pytest.mark.parametrize(("part", "xml"), [(SHARED, "<sst {}/>"), ("xl/styles.xml", "<s><cellXfs {}/></s>")])
def test_memory_is_not_set_aside_for_what_a_part_only_says_it_holds(part, xml, stated):
    """The reader would ask for it in one piece, and the whole program would end."""
    assert refused(changed({part: xml.format(stated)}))[0] == "workbook_is_damaged"


def test_a_shared_text_that_is_not_there_is_refused():
    assert refused(with_rows('<row r="1"><c r="A1" t="s"><v>4000000</v></c></row>')) == (
        "workbook_is_damaged",
        "Companies",
        "A1",
    )


@pytest.mark.parametrize(
    ("part", "size", "most"), [(SHEET, 20_000_001, 20), (SHARED, 10_000_001, 10), ("xl/styles.xml", 20_000_001, 20)]
)
def test_a_part_that_unpacks_too_large_is_refused(part, size, most):
    bomb = changed({part: "<a>" + " " * (size - 7) + "</a>"})

    with pytest.raises(FileRefused) as caught:
        read_sheets("book.xlsx", bomb)

    assert (caught.value.code, caught.value.params) == (
        "workbook_part_too_large",
        {"part": part, "megabytes": most + 1, "most": most},
    )


def test_pictures_are_not_unpacked():
    packed = io.BytesIO(GOOD)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as box:
        box.writestr("xl/media/image1.bin", b"\0" * 30_000_000)

    with held_small():
        tracemalloc.reset_peak()
        (sheet,) = read_sheets("book.xlsx", packed.getvalue())
        assert tracemalloc.get_traced_memory()[1] < 5_000_000

    assert len(sheet.rows) == 1


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_unpacked_step_by_step_are_refused(compression):
    assert refused(changed({}, compression))[0] == "workbook_is_damaged"


def test_a_part_unpacks_no_further_than_it_declares():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box, zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        for name in good.namelist():
            box.writestr(name, good.read(name) if name != SHEET else b"0" * 150_000_000)
        box.getinfo(SHEET).file_size = 10

    with held_small():
        tracemalloc.reset_peak()
        assert refused_code(packed.getvalue()) == "workbook_is_damaged"


def refused_code(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read_sheets("book.xlsx", data)
    return caught.value.code


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<a>" * 100_000, "workbook_is_damaged"),
        ("<a " + " ".join(f"b{number}=''" for number in range(200_000)) + "/>", "workbook_is_damaged"),
        ("<a>" + "".join(f"<b{number}/>" for number in range(20_000)) + "</a>", "workbook_is_damaged"),
        (f"<!--{'x' * 1_000_000}--><a/>", "workbook_is_damaged"),
    ],
    ids=["deep", "attributes", "names", "comment"],
)
@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/styles.xml", "xl/workbook.xml"])
def test_xml_that_no_spreadsheet_writes_is_refused(part, xml, code):
    assert refused(changed({part: xml}))[0] == code


def test_a_sheet_that_another_reading_of_its_letters_would_change_is_refused():
    """What is Chinese text in UTF-16 can be cells to a reader that takes it for UTF-8."""
    hidden = b'<row r="1"><c r="A9"><v>1</v></c></row> '.decode("utf-16-le")

    xml = f"<worksheet>{hidden}</worksheet>"

    assert refused(changed({SHEET: xml.encode("utf-16")}))[0] == "workbook_is_damaged"


def test_very_many_blank_cells_are_refused(monkeypatch):
    monkeypatch.setattr(walking, "MAX_ELEMENTS", 1_000)
    monkeypatch.setattr(workbooks, "Budget", lambda: walking.Budget(elements=1_000))

    assert refused(with_rows('<row r="1">' + "<c/>" * 1_000 + "</row>"))[0] == "too_many_cells"


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"code,name\n" + b"\n" * 9_000_000, ("too_many_cells", "a.csv", "")),
        (b"code,name\n" + b"," * 9_000_000, ("too_many_columns", "a.csv", "CW2")),
        (b"," * 9_000_000, ("too_many_columns", "a.csv", "CW1")),
        (b"code,name\n" + b"1," * 300_000, ("too_many_columns", "a.csv", "")),
        (b"code,name\n" + b"x" * 9_000_000, ("cell_too_long", "a.csv", "")),
        (b"code,name\n" + b'"\n",' * 2_000_000, ("too_many_columns", "a.csv", "")),
        (b"code,name\n" + b"a,b\n" * 2_000_000, ("too_many_rows", "a.csv", "")),
        (b"code,name\r" + b"a,b\r" * 2_000_000, ("too_many_rows", "a.csv", "")),
        (b'code,name\n"' + b"x\n" * 3_000_000, ("csv_not_read", "a.csv", "")),
    ],
    ids=["lines", "commas", "heading", "cells", "letters", "quoted-lines", "rows", "returns", "open"],
)
def test_a_csv_file_is_left_at_the_first_row_too_many_or_too_long(data, refusal):
    code, sheet, cell = refused(data, "a.csv")

    assert (code, sheet) == refusal[:2]
    assert not refusal[2] or cell == refusal[2]


def test_blank_lines_and_blank_cells_within_the_limits_are_let_be():
    rows = [["code", "name"], ["a", "b"], *([[]] * 4_999)]

    (sheet,) = read_sheets("a.csv", csv_file(rows))
    (wide,) = read_sheets("b.csv", b"code,name" + b"," * 500 + b"\na,b" + b"," * 500)

    for found in (sheet, wide):
        assert [[cell.value for cell in row.cells] for row in found.rows] == [["a", "b"]]


def test_a_column_without_a_heading_is_told_once():
    """And not once for each of half a million cells."""
    rows = [["code", "name_registered", "country"], *[["a", "b", "KZ", "lost", "too"]] * 3]
    (sheet,) = read_sheets("companies.csv", csv_file(rows))

    assert [(fault.code, fault.cell) for fault in recognise(sheet).faults] == [
        ("cell_without_heading", "D2"),
        ("cell_without_heading", "E2"),
    ]


def test_words_near_to_unknown_ones_are_looked_up_for_so_many_and_so_long():
    known = NearWords([("palm oil", "1511")])

    assert known.near("palm oil" + "!" * 192) == ["1511 (palm oil)"]
    assert known.near("palm oil" + "!" * 193) == []
    assert [len(known.near(f"palm oil {number}")) for number in (*range(300), 0)] == [1] * 299 + [0, 1]
