import re
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from matching.benchmarks import jobs, match, match_page
from matching.benchmarks.chart import Point, Series, line_chart
from matching.benchmarks.kernel.limit import Limit
from matching.benchmarks.making import Sizes
from matching.benchmarks.measuring import Cost
from matching.benchmarks.pages import INTRODUCTION, put
from matching.benchmarks.peers.base import Top
from matching.benchmarks.peers.blocks import NumPyBlocks
from matching.benchmarks.peers.ours import Both

SMALL = Sizes(needs=700, capacities=600, headings=2)


def answer(name: str, size: int, cpu_s: float, asked: int | None = None) -> match.Answered:
    return match.Answered(name, Sizes(size, size), asked or size, cpu_s, 0.1, 50, 10, True)


def scale(size: int, seconds: float, unknown: float = 0.3) -> match.Scaled:
    both = Both(None, 5, 0.1, 0.2, seconds / 2, 0.2, seconds / 2 - 0.4, [size * 100, size, size * 12, size])
    return match.Scaled(Sizes(size, size, unknown), Cost(both, 0, 0, 800.0))


def told(**changes) -> match_page.Told:
    facts = {
        "densities": [match.Density(Sizes(1_000_000, 1_000_000), 2_000, 2_000 * 14_600, 2_000 * 1_300)],
        "answers": [
            answer("TradeMatch", 100_000, 2.0),
            answer("DuckDB SQL", 100_000, 60.0),
            answer("NumPy blocks", 100_000, 14.0),
        ],
        "scales": [scale(100_000, 5.0), scale(1_000_000, 100.0), scale(100_000, 1.0, unknown=0.0)],
        "limit": Limit(3.0, 2.0, agrees=True),
    }
    return match_page.Told(**(facts | changes))


def test_every_tool_is_told_beside_ours_with_the_same_answer(tmp_path):
    out = StringIO()
    arguments = ["--sizes", "150", "--unknown", "30,70", "--only", "numpy,pandas,duckdb,reference"]
    call_command("benchmark", "match", *arguments, "--write", str(tmp_path / "page.md"), stdout=out, stderr=StringIO())

    page = out.getvalue()
    rows = re.findall(r"^\| 150 x 150 \| ([^|]+) \| [\d.]+ \| [\d,.]+ \| \d+ \| 150 \| (\d+) \| yes \|$", page, re.M)
    assert [name for name, _rows in rows] == [
        "**TradeMatch**", "NumPy blocks", "pandas, chunked", "DuckDB SQL", "the reference engine",
    ]  # fmt: skip
    assert len({found for _name, found in rows}) == 1
    assert len(re.findall(r"^\| 150 x 150 \| (30|70)% \| [\d.]+% \|", page, re.M)) == 2
    assert (tmp_path / "page.md").read_text(encoding="utf-8").startswith(INTRODUCTION)
    ElementTree.parse(tmp_path / "benchmarks" / "match.svg")


def test_tool_that_takes_too_long_is_asked_less_and_carried_on(monkeypatch):
    market = match.make_market(SMALL, seed=2)
    expected = match.ours(market, back=False).answer.for_needs

    # A tool whose loading and answering take a millisecond for each need asked.
    def ask(_peer, _market, few):
        top = expected.of_needs(match.spread(SMALL.needs, few))
        return top, few / 1000, 0.0

    monkeypatch.setattr(match, "ask", ask)

    whole = match.answered(NumPyBlocks, market, SMALL, expected, limit_s=1.0, times=1)
    part = match.answered(NumPyBlocks, market, SMALL, expected, limit_s=0.5, times=1)

    assert (whole.asked, whole.is_whole, whole.agrees) == (700, True, True)
    assert (part.asked, part.is_whole, part.agrees) == (500, False, True)
    assert part.cpu_s == pytest.approx(0.7)


def test_another_answer_is_not_the_same():
    market = match.make_market(SMALL, seed=2)
    top = match.ours(market, back=False).answer.for_needs

    assert match.same(top, top)
    assert not match.same(top, Top(top.need[1:], top.capacity[1:], top.score[1:]))
    assert not match.same(top, Top(top.need, top.capacity, top.score * 1.00001))


def test_goals_are_told_with_what_was_reached():
    goals = {one.what.partition(",")[0]: (one.reached, one.is_met) for one in match_page.goals(told())}
    nothing = {one.is_met for one in match_page.goals(told(answers=[], scales=[], limit=None))}

    assert [(one.reached, one.is_met) for one in match_page.goals(told())][:2] == [("1/30", True), ("1/7", False)]
    assert goals["kernel"] == ("1.50", True)
    assert goals["scaling exponent 100k -> 1M"] == ("1.30", True)
    assert goals["memory at 1M beside the interpreter"] == ("800 MB", True)
    assert nothing == {None}


def test_reason_names_the_work_of_the_largest_market_and_its_limit():
    words = match_page.why(told())

    assert "a need sees 100 lanes of the index, 12.0 pairs are scored exactly" in words
    assert "A perfect brute force looks at 14,600 pairs a need, 29.2 us" in words
    assert "1,300 capacities are candidates of a need." in words


def test_chart_has_its_axes_names_and_what_was_not_measured():
    series = [
        Series("ours", [Point(1000, 0.02), Point(100_000, 3)]),
        Series("theirs & more", [Point(1000, 0.5), Point(100_000, 90, is_measured=False)]),
    ]

    drawing = ElementTree.fromstring(line_chart("Title", "needs", "seconds", series))

    words = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Title", "needs", "seconds", "ours", "theirs & more", "1,000", "100,000", "0.01", "100"} <= set(words)
    circles = list(drawing.iter("{http://www.w3.org/2000/svg}circle"))
    assert sorted(circle.get("fill") == "#ffffff" for circle in circles) == [False, False, False, True]
    assert sum(line.get("stroke-dasharray") is not None for line in drawing) == 1


@pytest.mark.parametrize("points", [[], [Point(0, 1)], [Point(10, -1)]])
def test_chart_of_nothing_is_refused(points):
    with pytest.raises(ValueError, match="above 0"):
        line_chart("Title", "x", "y", [Series("one", points)])


def test_section_is_put_in_its_place_and_leaves_the_others(tmp_path):
    page = tmp_path / "page.md"

    put(page, "run", "the run\n")
    put(page, "match", "old\n")
    put(page, "match", "the match\n")

    text = page.read_text(encoding="utf-8")
    assert text.count(INTRODUCTION) == 1
    sections = "".join(text.removeprefix(INTRODUCTION).split("\n"))
    assert sections == "<!-- match -->the match<!-- /match --><!-- run -->the run<!-- /run -->"


def test_tool_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(jobs, "find_spec", lambda name: None)

    with pytest.raises(
        CommandError, match=r"^Not installed: duckdb \(requirements-dev\.txt\)\. Leave it out with --only\.$"
    ):
        call_command("benchmark", "match", "--sizes", "10", "--only", "numpy,duckdb", stderr=StringIO())
