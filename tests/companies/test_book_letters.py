"""Letters that nobody sees, and that would make a name look like another one or break the line it stands in."""

import pytest

from accounts.sheets.sheet import Cell, FileRefused, sheet_of
from companies.book.importing import import_book
from companies.book.telling import answer_lines
from companies.models import Company, Need
from tests.companies.books import COMPANY, NEED, TODAY, catalogue, csv_file, faults, send, table, take

pytestmark = pytest.mark.django_db

UNSEEN = [
    *"\x01\x08\x0b\x0c\x1b\x1f\x7f\x80\x85\x9b\x9f",
    *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\ufffe",
]


def sent(company: dict):
    return import_book([("companies.csv", csv_file(table(company)))], today=TODAY)


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_a_name_with_an_unseen_letter_is_refused_and_told_without_it(letter):
    answer = sent({**COMPANY, "name_registered": f"PT {letter}Satu"})

    assert faults(answer) == [("B2", "cell_has_control_letters", "PT \ufffdSatu")]
    assert letter not in "".join(answer_lines(answer))
    assert not Company.objects.exists()


@pytest.mark.parametrize("letter", ["\x00", "\ud800"], ids=ascii)
def test_a_name_with_half_a_letter_or_none_is_refused(monkeypatch, letter):
    """No file of today brings them here; whatever brings them is answered all the same."""
    sheet = sheet_of("Companies", table({**COMPANY, "name_registered": f"PT {letter}Satu"}))
    monkeypatch.setattr("companies.book.importing.read_sheets", lambda name, data: [sheet])

    answer = import_book([("book.xlsx", b"")], today=TODAY)

    assert faults(answer) == [("B2", "cell_has_control_letters", "PT \ufffdSatu")]
    assert "\n".join(answer_lines(answer)).encode()


@pytest.mark.parametrize("letter", ["\n", "\r\n", "\t"], ids=ascii)
@pytest.mark.parametrize("column", ["name_registered", "name_latin", "name_short", "city", "website", "switchboard"])
def test_a_name_stands_on_one_line(column, letter):
    answer = sent({**COMPANY, column: f"one{letter}two"})

    assert [code for _cell, code, _found in faults(answer)] == ["cell_has_lines"]


def test_blanks_and_line_breaks_around_a_name_do_no_harm():
    assert sent({**COMPANY, "name_registered": " PT Satu\n"}).is_written

    assert Company.objects.get().name_registered == "PT Satu"


def test_own_words_and_descriptions_may_have_lines():
    catalogue()
    company = {**COMPANY, "description": "makes\nsweets"}
    need = {**NEED, "own_words": "first\n\tsecond"}

    answer = take({"Companies": table(company), "Needs": table(need)})

    assert answer.is_written
    assert Company.objects.get().description == "makes\nsweets"
    assert Need.objects.get().own_words == "first\n\tsecond"


def test_letters_of_every_language_of_the_corridor_are_no_unseen_ones():
    name = "ТОО «Әлем–Қазына» № 1, PT Sumber “Jaya”, 进出口\u00a0公司 — شركة"

    assert send({**COMPANY, "name_registered": name}).is_written


def test_what_is_said_of_a_file_cannot_bend_the_answer():
    refusal = FileRefused("workbook_has_macros", sheet="a\u202eb", cell="\x1b[2J", part="xl/vba\x1b]0;x\x07", row=1)

    assert (refusal.sheet, refusal.cell, refusal.params) == (
        "a\ufffdb",
        "\ufffd[2J",
        {"row": 1, "part": "xl/vba\ufffd]0;x\ufffd"},
    )
    assert sheet_of("a\u202eb", []).name == "a\ufffdb"
    assert Cell("A1", "x\u2066y").text == "x\ufffdy"
