"""`find_company`: companies likely called so, pairs of names from a file, and what it refuses."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def told(capsys, *arguments) -> list[str]:
    call_command("find_company", *arguments)
    return capsys.readouterr().out.splitlines()


def test_company_is_found_under_another_script_and_legal_form(capsys):
    CompanyFactory(code="astyk", name_registered="ТОО «Астық Трейд»", country="KZ", registration_number="")
    CompanyFactory(code="hidden", name_registered="ТОО «Астык Трейд»", country="KZ", is_hidden=True)

    (line,) = told(capsys, "Astyk Trade LLP", "--country", "KZ", "--json")

    (found,) = json.loads(line)
    assert (found["code"], found["country"], 0.9 <= found["score"] <= 1) == ("astyk", "KZ", True)
    assert told(capsys, "Astyk Trade LLP")[0].endswith(f"({found['country']}, {found['why']})")


def test_name_that_nobody_bears_says_so(capsys):
    assert told(capsys, "Kilang Minyak Nusantara") == ["No company here is likely called so."]


def test_pairs_of_a_file_get_a_line_each(capsys, tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text("name_a,name_b\nТОО Астык Трейд,ЖШС «Астық Трейд»\nPT Samudra Beku,PT Borneo Fishery\n", "utf-8")

    lines = [json.loads(line) for line in told(capsys, "--file", str(file))]

    assert [(line["name_a"], line["is_same"]) for line in lines] == [
        ("ТОО Астык Трейд", True),
        ("PT Samudra Beku", False),
    ]
    assert lines[0]["score"] > lines[1]["score"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"name_a,other\nx,y\n", "has no column name_b"), (b"name_a,name_b\n\xff\xfe,x\n", "no CSV file in UTF-8")],
)
def test_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, said):
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=said):
        call_command("find_company", "--file", str(file))


@pytest.mark.parametrize("arguments", [(), ("A name", "--file", "pairs.csv"), ("--file", "none.csv")])
def test_neither_a_name_nor_a_file_is_refused(arguments):
    with pytest.raises(CommandError):
        call_command("find_company", *arguments)
