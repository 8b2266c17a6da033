"""The command that measures likely duplicates: what it says, and that nothing of its book stays."""

import pytest
from django.core.management import CommandError, call_command

from companies.management.commands import measure_company_finder
from companies.models import Company

pytestmark = pytest.mark.django_db

PAIRS = """left,right,verdict,kind,half
PT Sinar 1,Sinar 1 PT,same,legal_form,tuned
PT Sinar 1,PT Sinar 2,different,numbered,held
PT Sinar Laut,PT Cahaya Laut,same,near_word,fresh
"""


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def test_measuring_counts_pairs_and_searches_and_leaves_nothing(pairs, capsys):
    call_command("measure_company_finder", "--pairs", str(pairs), "--book", "20")

    said = capsys.readouterr().out.splitlines()
    assert "| tuned: rules were made on it | 1 | 0 | 1 | 0 | 0 | 1.000 | 1.000 |" in said
    assert "| held: first looked at when they stood | 0 | 1 | 0 | 0 | 0 | 1.000 | 1.000 |" in said
    assert "| all | 2 | 1 | 1 | 0 | 1 | 1.000 | 0.500 |" in said
    assert "| PT Sinar Laut | PT Cahaya Laut | one company | 0.27 |" in said
    assert said[-1].startswith("Among 20 made-up companies 1 of the 1 that the pairs tell as one were found.")
    assert not Company.objects.exists()


def test_measuring_writes_its_figures_between_the_marks(pairs, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(measure_company_finder, "PAGE", page)

    call_command("measure_company_finder", "--pairs", str(pairs), "--write")

    report = capsys.readouterr().out.rstrip("\n")
    assert page.read_text(encoding="utf-8") == (
        f"before\n<!-- measured: begin -->\n\n{report}\n\n<!-- measured: end -->\nafter\n"
    )


def test_measuring_says_where_pairs_are_missing(tmp_path):
    with pytest.raises(CommandError, match="There are no labelled pairs at"):
        call_command("measure_company_finder", "--pairs", str(tmp_path / "none.csv"))
