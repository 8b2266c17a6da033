"""Every refusal can be said: whoever raises one gives all the facts that its sentence names."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from companies.book.sentences import BOOK_SENTENCES
from companies.texts import SENTENCES
from tests.companies.books import COMPANY, csv_file, table

ROOT = Path(__file__).parents[2]
SOURCES = [path for app in ("companies", "accounts") for path in sorted((ROOT / app).rglob("*.py"))]
ALL = {**BOOK_SENTENCES, **SENTENCES}


def raised() -> list[tuple[str, int, str, set[str]]]:
    """Every refusal whose code and facts stand in the source: file, line, code, names of the facts."""
    return [
        (path.name, call.lineno, *found)
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and (found := code_and_facts(call))
    ]


def code_and_facts(call: ast.Call) -> tuple[str, set[str]] | None:
    if not call.args or not isinstance(call.args[0], ast.Constant) or call.args[0].value not in ALL:
        return None
    if call.func.id in ("FileRefused", "Refusal"):
        return call.args[0].value, {keyword.arg for keyword in call.keywords}
    if call.func.id not in ("Fault", "Message"):
        return None
    facts = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
    return (call.args[0].value, {key.value for key in facts.keys}) if isinstance(facts, ast.Dict) else None


RAISED = raised()


def test_the_refusals_of_the_source_are_found():
    """So that the test below does not pass for want of anything to look at."""
    assert len(RAISED) > 80
    assert {"too_many_rows", "csv_not_read", "commodity_unknown", "company_suspended"} <= {one[2] for one in RAISED}


@pytest.mark.parametrize(("file", "line", "code", "facts"), RAISED, ids=[f"{one[0]}-{one[1]}" for one in RAISED])
def test_whoever_refuses_gives_every_fact_of_the_sentence(file, line, code, facts):
    # What stands near is added to every sentence; a day is known as it is written in ISO too.
    given = facts | {f"{fact}_iso" for fact in facts} | {"near"}

    assert set(re.findall(r"%\((\w+)\)s", str(ALL[code]))) <= given


@pytest.mark.django_db
def test_a_book_of_too_many_rows_is_refused_in_words(tmp_path, capsys):
    path = tmp_path / "companies.csv"
    path.write_bytes(csv_file(table(*({**COMPANY, "code": f"c-{number}"} for number in range(5_001)))))

    with pytest.raises(SystemExit):
        call_command("import_book", str(path))

    said = "companies.csv row 5002: There is something in row 5002; at most 5000 rows are read."
    assert said in capsys.readouterr().out
