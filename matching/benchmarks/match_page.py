"""What `benchmark match` tells: its section of the page and its chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from matching.benchmarks.chart import Point, Series, line_chart
from matching.benchmarks.kernel.limit import Limit
from matching.benchmarks.match import OURS, Answered, Density, Scaled, exponent
from matching.benchmarks.pages import Goal, goals_table, seconds, table, written
from matching.benchmarks.peers.blocks import NumPyBlocks

DUCKDB = "DuckDB SQL"
CHART = "benchmarks/match.svg"  # beside the page
SECTION = """## The ten best of every need: `benchmark match`

{written}
{goals}
{why}
### How dense the market is

*Same goods* is the share of all pairs of a need and a capacity whose goods may be the same, *candidates* the share that
fails no rule. Large markets are counted for {sample:,} of their needs.

{densities}

### The same question to other tools

The same market, the same rules, the same facts at {unknown:.0%} unknown: three answers, ranges, routes, certificates
with their days, months. Each tool starts from plain columns with everything worked out that no pair changes
(`matching/benchmarks/wide.py`), and filling its tables is not counted; building our index is. Every tool must give as
many rows for the same needs and the same sum of scores (to a millionth); *same* says whether it did. On small markets
a test compares every row and every score to the last bit (`tests/matching/benchmarks/test_peers.py`).

- **DuckDB SQL**: narrow joins first, then the rules as expressions over columns, months by grouped joins
  (`peers/sql.py`, `peers/duck.py`); one thread.
- **NumPy blocks**: needs of the same goods against capacities sorted by price, cheap conditions on whole blocks, all
  else for what is left (`peers/blocks.py`, `peers/columns.py`).
- **pandas, chunked**: merges of some needs at a time, the same formulas (`peers/frames.py`).
- **PostgreSQL LATERAL**: per need over a b-tree on goods and price, or one that covers all columns the first conditions
  ask for (`peers/postgres.py`); the server's seconds are counted with the client's.
- **the reference engine**: the specification, which also finds the lists of capacities and what nearly fits.

{peers}

![Processor seconds of each tool by the size of the market]({chart})

Rings and broken lines: carried on from some of the needs.

### How it grows

The ten best of every need *and* of every capacity, both indexes built. *Facts* is the market laid out as kernels read
it, which is not counted, as the tables of the others are not.

{scales}

{exponents}
### The physical limit

{limit}
"""


@dataclass(frozen=True)
class Told:
    """Everything that was measured."""

    densities: Sequence[Density]
    answers: Sequence[Answered]
    scales: Sequence[Scaled]
    limit: Limit | None


def section(day: date, machine: str, told: Told, *, times: int) -> str:
    return SECTION.format(
        written=written(day, machine, times),
        goals=goals_table(goals(told)),
        why=why(told),
        sample=2_000,
        densities=densities(told.densities),
        unknown=told.answers[0].sizes.unknown if told.answers else 0.3,
        peers=peers(told.answers),
        chart=CHART,
        scales=scales(told.scales),
        exponents=exponents(told.scales),
        limit=limit(told),
    )


def goals(told: Told) -> Iterable[Goal]:
    for peer, goal, trial in ((DUCKDB, 20, "1/31"), (NumPyBlocks.name, 8, "1/12")):
        what = f"exact top-10, 100k x 100k, CPU against {peer}, same rows"
        ratio = ratio_to(told.answers, peer, 100_000)
        reached = "-" if ratio is None else f"1/{ratio:.0f}"
        yield Goal(what, f"1/{goal}", trial, reached, None if ratio is None else ratio >= goal)
    ratio = told.limit.ratio if told.limit else None
    reached = "-" if ratio is None else f"{ratio:.2f}"
    met = None if ratio is None else ratio <= 1.5
    yield Goal("kernel, ns per pair, against a compiled AVX2 loop of the same rules", "1.5", "1.0-1.1", reached, met)
    by_size = judged(told.scales)
    power = (
        exponent((100_000, by_size[100_000].both.both_ways_s), (1_000_000, by_size[1_000_000].both.both_ways_s))
        if {100_000, 1_000_000} <= set(by_size)
        else None
    )
    reached = "-" if power is None else f"{power:.2f}"
    met = None if power is None else power <= 1.5
    yield Goal("scaling exponent 100k -> 1M, both directions with build", "1.5", "1.44", reached, met)
    mb = by_size[1_000_000].cost.peak_mb if 1_000_000 in by_size else None
    reached = "-" if mb is None else f"{mb:,.0f} MB"
    yield Goal(
        "memory at 1M beside the interpreter", "under 1 GB", "0.63 GB", reached, None if mb is None else mb < 1000
    )


def ratio_to(answers: Sequence[Answered], name: str, size: int) -> float | None:
    """How many times as long another tool takes."""
    times = {one.name: one.cpu_s for one in answers if one.sizes.needs == size}
    return times[name] / times[OURS] if {name, OURS} <= set(times) else None


def judged(scales: Sequence[Scaled]) -> dict[int, Scaled]:
    """By size, at the share of unknown facts at which figures are judged."""
    return {one.sizes.needs: one for one in scales if one.sizes.unknown == 0.3}


def why(told: Told) -> str:
    """How much there is to look at in the largest market, and what that would take at the very least."""
    found = list(judged(told.scales).values())
    if not found or not told.limit:
        return ""
    largest = max(found, key=lambda one: one.sizes.needs)
    both, n = largest.both, largest.sizes.needs
    pairs = next((one for one in told.densities if one.sizes == largest.sizes), None)
    lanes, _blocks, exact, filled = (int(number) for number in both.seen)
    needs_us = both.needs_s / n * 1e6
    lines = [
        f"\nWhat there is to do at {n:,} x {n:,}: a need sees {lanes / n:,.0f} lanes of the index, {exact / n:,.1f} "
        f"pairs are scored exactly, {filled / n:,.2f} blocks are filled in with what their lanes promise; "
        f"{needs_us:,.1f} us a need, {both.needs_s / max(lanes, 1) * 1e9:.1f} ns for each lane seen."
    ]
    if pairs:
        each = pairs.pairs / pairs.needs_seen
        bare_us = each * (told.limit.c_ns or told.limit.ours_ns) / 1000
        lines.append(
            f"A perfect brute force looks at {each:,.0f} pairs a need, {bare_us:,.1f} us with the bare loop, and then "
            f"has only promises, no scores: the index takes {needs_us / bare_us:.2f} times that. "
            f"{pairs.of_candidates * largest.sizes.capacities:,.0f} capacities are candidates of a need."
        )
    return "\n".join(lines) + "\n"


def densities(found: Sequence[Density]) -> str:
    rows = [
        (
            f"{one.sizes.needs:,} x {one.sizes.capacities:,}",
            f"{one.sizes.unknown:.0%}",
            f"{one.of_pairs:.3%}",
            f"{one.of_candidates:.4%}",
            f"{one.candidates / max(one.pairs, 1):.1%}",
            f"{one.candidates / one.needs_seen:,.1f}",
        )
        for one in found
    ]
    return table(("market", "unknown", "same goods", "candidates", "of those", "candidates a need"), rows)


def peers(answers: Sequence[Answered]) -> str:
    rows = []
    for one in answers:
        ratio = ratio_to(answers, one.name, one.sizes.needs)
        rows.append(
            (
                f"{one.sizes.needs:,} x {one.sizes.capacities:,}",
                f"**{one.name}**" if one.name == OURS else one.name,
                seconds(one.cpu_s) + ("" if one.is_whole else " *(e)*"),
                "1" if ratio is None else f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}",
                f"{one.peak_mb:,.0f}",
                f"{one.asked:,}",
                f"{one.rows:,}",
                "yes" if one.agrees else "**no**",
            )
        )
    return table(("market", "tool", "CPU s", "times ours", "peak MB", "needs asked", "rows", "same"), rows)


def scales(found: Sequence[Scaled]) -> str:
    titles = (
        "market",
        "unknown",
        "facts",
        "build",
        "needs",
        "build back",
        "capacities",
        "both ways",
        "us a need",
        "peak MB",
    )
    rows = []
    for one in found:
        both = one.both
        steps = (both.facts_s, both.build_s, both.needs_s, both.build_back_s, both.capacities_s, both.both_ways_s)
        rows.append(
            (
                f"{one.sizes.needs:,} x {one.sizes.capacities:,}",
                f"{one.sizes.unknown:.0%}",
                *(seconds(step) for step in steps),
                f"{both.needs_s / one.sizes.needs * 1e6:,.1f}",
                f"{one.cost.peak_mb:,.0f}",
            )
        )
    return table(titles, rows)


def exponents(found: Sequence[Scaled]) -> str:
    """By which power of the size the seconds grow, from each size to the next."""
    lines = []
    for share in sorted({one.sizes.unknown for one in found}):
        mine = sorted((one for one in found if one.sizes.unknown == share), key=lambda one: one.sizes.needs)
        for one, other in pairwise(mine):
            power = exponent(*((each.sizes.needs, each.both.both_ways_s) for each in (one, other)))
            lines.append(f"- {share:.0%} unknown, {one.sizes.needs:,} to {other.sizes.needs:,}: exponent {power:.2f}\n")
    return "".join(lines)


def limit(told: Told) -> str:
    if told.limit is None:
        return "Not measured."
    found = told.limit
    if found.c_ns is None:
        return f"The lane kernel takes {found.ours_ns:.2f} ns a pair. {found.reason}"
    agrees = "Both answer every lane alike" if found.agrees else "**They do not answer alike**"
    return (
        f"`matching/benchmarks/kernel/minimal.c` is the rules and the score of the index's lanes and nothing else,\n"
        f"eight lanes at a time, on blocks in the cache: **{found.c_ns:.2f} ns a pair**. Our kernel on the same\n"
        f"blocks takes **{found.ours_ns:.2f} ns**, {found.ratio:.2f} times as long. {agrees}. The C loop is\n"
        f"compiled for AVX2, ours where it runs, for what that processor has."
    )


def chart(answers: Sequence[Answered]) -> str:
    names = list(dict.fromkeys(one.name for one in answers))
    series = [
        Series(
            name,
            [Point(one.sizes.needs, max(one.cpu_s, 1e-3), one.is_whole) for one in answers if one.name == name],
        )
        for name in names
    ]
    return line_chart(
        "The ten best capacities of every need, exactly", "needs, and as many capacities", "processor seconds", series
    )
