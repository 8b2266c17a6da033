"""The twenty landed costs of docs/landed-cost.md: each line by hand, and the same line of the programme."""

import ast
import operator
import re
import shlex
from decimal import ROUND_HALF_EVEN, Decimal
from io import StringIO
from json import loads
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

PAGE = Path(settings.BASE_DIR) / "docs" / "landed-cost.md"
EXAMPLE = re.compile(
    r"^### (?P<title>\d+\. .+)\n\n`landed_cost (?P<command>.+)`\n\n(?P<table>(?:\|.*\n)+)", re.MULTILINE
)
EXAMPLES = [found.groupdict() for found in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))]
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
NOT_KNOWN = "not known"


def rows_of(table: str) -> list[list[str]]:
    """The cells of the table without its head."""
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.strip().splitlines()[2:]]


def worked_out(text: str) -> str:
    """Plain arithmetic, to the cent: "820 / 21.5", or a range "a to b"."""
    if text == NOT_KNOWN:
        return NOT_KNOWN
    ends = [Decimal(value_of(end)).quantize(Decimal("0.01"), ROUND_HALF_EVEN) for end in text.split(" to ")]
    return " to ".join(dict.fromkeys(str(end) for end in ends))


def value_of(text: str) -> Decimal:
    def walk(node) -> Decimal:
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](walk(node.left), walk(node.right))
        assert isinstance(node, ast.Constant), text
        return Decimal(ast.get_source_segment(text, node))

    return walk(ast.parse(text, mode="eval").body)


def told(ends: list[str] | None) -> str:
    return NOT_KNOWN if ends is None else " to ".join(dict.fromkeys(ends))


def name_of(line: dict) -> str:
    words = f"{'less ' if line['is_taken_out'] else ''}{line['for'].replace('_', ' ')} {line['at']} {line['equipment']}"
    sources = f" ({' '.join(line['sources'])})" if line["sources"] else ""
    return words.strip() + sources


def test_there_are_twenty_examples():
    assert len(EXAMPLES) == 20


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["title"])
def test_every_line_by_hand_comes_to_what_the_page_says(example):
    *lines, _total = rows_of(example["table"])

    assert [worked_out(by_hand) for _name, by_hand, _usd in lines] == [usd for _name, _by_hand, usd in lines]


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["title"])
def test_the_programme_says_every_line_and_the_total(shipped, example):
    out = StringIO()
    call_command("landed_cost", *shlex.split(example["command"]), "--json", stdout=out)
    found = loads(out.getvalue())

    lines = [[name_of(line), told(line["usd_per_t"])] for line in found["lines"]]
    total = told(found["usd_per_t"])
    if found["usd_per_t"] is None and found["at_least_usd_per_t"] is not None:
        total = f"not known, at least {found['at_least_usd_per_t']}"
    assert [*lines, ["**total**", f"**{total}**"]] == [[name, usd] for name, _by_hand, usd in rows_of(example["table"])]
