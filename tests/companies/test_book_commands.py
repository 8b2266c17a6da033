"""The commands that take a book, write its template and load the sample: what they print and what they leave."""

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from companies.book.columns import SHEETS
from companies.book.importing import import_book
from companies.book.template import book_template
from companies.enums import CompanyKind
from companies.models import Company, Need
from tests.companies.books import COMPANY, NEED, TODAY, catalogue, csv_file, table, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    catalogue()


def run(*arguments: str, **options) -> str:
    output = io.StringIO()
    call_command("import_book", *arguments, stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def book(tmp_path, goods):
    def write(name: str = "book.xlsx", **need):
        path = tmp_path / name
        path.write_bytes(workbook({"Companies": table(COMPANY), "Needs": table(NEED | need)}))
        return str(path)

    return write


def test_import_book_prints_what_became_of_each_row(book):
    printed = run(book())

    assert printed == (
        "Companies 2 alatau: taken\n"
        "Needs 2 alatau/N-1: taken, converted\n"
        "    D2 quantity = “120”: 120 t are kept as 120000 kg.\n"
        "taken: 1, taken, converted: 1\n"
        "All rows are in the book.\n"
    )


def test_import_book_fails_when_something_is_refused_and_nothing_taken(book):
    output = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_book", book(quantity="1.500"), stdout=output)

    assert ended.value.code == 1
    assert "D2 quantity = “1.500”: “1.500” can be read as 1500 or as 1.5." in output.getvalue()
    assert "Nothing was written." in output.getvalue()
    assert not Company.objects.exists()


def test_import_book_takes_the_good_rows_when_told_to(book):
    printed = run(book(quantity="1.500"), "--take-good-rows")

    assert printed.endswith("The good rows were written; 1 row was left out.\n")
    assert (Company.objects.count(), Need.objects.count()) == (1, 0)


def test_import_book_tries_without_writing(book):
    printed = run(book(), "--dry-run")

    assert printed.endswith("This was a trial: nothing was written.\n")
    assert not Company.objects.exists()


def test_import_book_answers_in_json_with_the_same_bytes_each_time(book):
    path = book(window_from="13.01.2027", commodities="Olein sawit RBD")

    first, second = (run(path, "--dry-run", "--json") for _ in range(2))

    assert first == second
    answer = json.loads(first)
    assert (answer["written"], answer["trial"], answer["counts"]["converted"]) == (False, True, 1)
    assert answer["rows"][1]["messages"][0] == {
        "code": "converted_goods",
        "params": {"code": "rbd-palm-olein", "text": "Olein sawit RBD"},
        "sheet": "Needs",
        "row": 2,
        "cell": "C2",
        "column": "commodities",
        "found": "Olein sawit RBD",
        "text": "C2 commodities = “Olein sawit RBD”: “Olein sawit RBD” is taken as rbd-palm-olein.",
    }


def test_import_book_takes_csv_files_together(tmp_path, goods):
    for name, rows in (("companies.csv", table(COMPANY)), ("needs.csv", table(NEED))):
        (tmp_path / name).write_bytes(csv_file(rows))

    printed = run(str(tmp_path / "companies.csv"), str(tmp_path / "needs.csv"))

    assert printed.startswith("companies.csv 2 alatau: taken\nneeds.csv 2 alatau/N-1: taken, converted\n")


def test_import_book_says_that_a_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "book.xlsx"))


def test_import_book_wants_a_file():
    with pytest.raises(CommandError, match="Name at least one"):
        run()


# The template


def test_import_book_writes_the_template(tmp_path, goods):
    path = tmp_path / "template.xlsx"

    run("--template", str(path), "--language", "id")

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Perusahaan", "Kebutuhan", "Kapasitas", "Nilai yang diizinkan"]


@pytest.mark.parametrize("language", ["en", "id", "ru", "kk"])
def test_template_has_every_column_one_example_row_and_no_formula(goods, language):
    book = openpyxl.load_workbook(io.BytesIO(book_template(language)))

    for kind, sheet in zip(SHEETS, book.worksheets[:3], strict=True):
        headings = [cell.value for cell in sheet[1]]
        assert headings == [column.heading(language) + (" *" if column.required else "") for column in kind.columns]
        assert sheet.max_row == 2
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    allowed = {row[1].value for row in book.worksheets[3].iter_rows()}
    assert {"t", "monthly", "USD", "FOB", "KZALA", "rbd-palm-olein", "edible-palm", "halal_bpjph"} <= allowed


@pytest.mark.parametrize("language", ["en", "id", "ru", "kk"])
def test_template_can_be_sent_back_and_its_example_row_is_not_read(goods, language):
    template = book_template(language)

    answer = import_book([("template.xlsx", template)], today=TODAY)

    assert [message.code for message in answer.refusals] == ["book_is_empty"]
    assert [(row.row, row.outcome.value) for row in answer.rows] == [(2, "skipped")] * 3
    assert answer.notes == []


def test_template_filled_in_becomes_a_book(goods):
    book = openpyxl.load_workbook(io.BytesIO(book_template("ru")))
    for kind, sheet, facts in zip(SHEETS[:2], book.worksheets[:2], (COMPANY, NEED), strict=True):
        for index, column in enumerate(kind.columns, start=1):
            sheet.cell(3, index).value = facts.get(column.key)
    filled = io.BytesIO()
    book.save(filled)

    answer = import_book([("book.xlsx", filled.getvalue())], today=TODAY)

    assert answer.is_written
    assert (Company.objects.get().code, Need.objects.get().quantity_kg) == ("alatau", 120_000)


def test_load_sample_book_stops_where_the_reference_is_missing():
    with pytest.raises(CommandError, match="is not in the catalogue of goods"):
        call_command("load_sample_book", stdout=io.StringIO())

    assert not Company.objects.filter(kind=CompanyKind.EXAMPLE).exists()
