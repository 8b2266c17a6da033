"""The page of figures: each benchmark writes its own section and leaves the others as they are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SECTIONS = ("match", "plan", "edit", "run", "pages", "exports")
INTRODUCTION = """# Benchmarks

What the engine costs beside the tools that people would otherwise take, on made markets, with every answer checked
against the others. Each section is written by a command of its own, which anybody can run again:

```
python3 run.py manage benchmark match --write docs/benchmarks.md
python3 run.py manage benchmark plan --write docs/benchmarks.md
python3 run.py manage benchmark edit --write docs/benchmarks.md
python3 run.py manage benchmark run --write docs/benchmarks.md
python3 run.py manage benchmark pages --matches 1000000 --write docs/benchmarks.md
python3 run.py manage benchmark exports --matches 1000000 --write docs/benchmarks.md
```

**How it is measured.** Every figure is made in a process of its own (`matching/benchmarks/measuring.py`). *CPU s* are
processor seconds, user and system together, because other people's work on the machine stretches the clock; where a
server does the work, its seconds are added. *Peak MB* is the most memory beyond what the process held when it began.
Ratios carry over to other machines, seconds do not. Where a tool would take longer than the limit for all needs it is
asked for some of them, twice as many and more, and carried on along the slope: such figures are marked *(e)*.

**The market** is made by `matching/benchmarks/making.py`: 20 headings traded as unequally as real ones, 64 kinds of
goods in each, needs over a whole heading (8 %), a subheading or one kind of goods, a tenth of them over two nodes; 60
departures by 40 arrivals with one to three routes each, landed cost the larger of two lines, six kinds of certificates
with days of validity, law of the lanes, four parameters, months, lots, multiples, smallest shares. *Unknown* is the
share of those facts that may be unknown which nobody knows; figures are judged at 30 %.
"""


@dataclass(frozen=True)
class Goal:
    """A line of the table of figures."""

    what: str
    goal: str
    trial: str  # what trials reached on a simpler market
    reached: str
    is_met: bool | None  # None: nothing was measured


def goals_table(goals: Iterable[Goal]) -> str:
    words = {True: "yes", False: "no", None: "not measured"}
    rows = [(one.what, one.goal, one.trial, one.reached, words[one.is_met]) for one in goals]
    return table(("what", "goal", "trials, simpler market", "reached", "met"), rows)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, tuple("---" for _title in titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def seconds(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3f}" if number < 10 else f"{number:.1f}"


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def written(day: date, machine: str, times: int) -> str:
    often = "made once" if times == 1 else f"the median of {times}"
    return f"Written on {day.isoformat()}: {machine}. Each figure is {often}.\n"


def put(path: Path, name: str, section: str) -> None:
    """Write one section of the page, in its place; the page begins with what all of them share."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    found = dict(re.findall(r"<!-- (\w+) -->\n(.*?)<!-- /\1 -->\n", page, re.DOTALL))
    found[name] = section
    parts = [f"<!-- {one} -->\n{found[one]}<!-- /{one} -->\n" for one in SECTIONS if one in found]
    path.write_text("\n".join([INTRODUCTION, *parts]), encoding="utf-8")
