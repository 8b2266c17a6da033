"""The benchmark of exports, in small: what it asks, and that it leaves nothing behind."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from matching.models import ListedMatch, Match, Run
from reports.models import Report
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("benchmark", "exports", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_exports_are_measured_on_made_matches_that_are_taken_away_again(tmp_path):
    open_corridor()
    goods = CommodityFactory()
    for _listing in range(4):
        need(goods)
        capacity(goods)

    page = told("--matches", "8", "--write", str(tmp_path / "page.md"))

    rows = [line.split(" | ")[:2] for line in page.splitlines() if re.search(r"\| \d+ \| \d", line)]
    assert rows == [
        ["| PostgreSQL: COPY to csv", "8"],
        ["| cut, packed", "8"],
        ["| its pieces kept in the database", "8"],
        ["| csv", "8"],
        ["| xlsx", "8"],
        ["| xlsx", "8"],
        ["| pandas.to_excel", "8"],
        ["| json", "8"],
        ["| pdf", "8"],
    ]
    assert page in (tmp_path / "page.md").read_text(encoding="utf-8")
    assert [model.objects.count() for model in (ListedMatch, Match, Run, Report)] == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_a_database_without_matches_is_refused():
    with pytest.raises(CommandError, match="There are no matches to carry away: --matches makes some"):
        told()
