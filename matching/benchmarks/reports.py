"""The figures as a page of the documentation, which is also what the terminal shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from matching.benchmarks.measuring import Cost
from matching.benchmarks.runs import Figures

HEAD = """# What a run costs

Written by `python3 run.py manage benchmark run` on {day}: {machine}.

Each figure is the median of {times}, made in a process of its own; processor seconds, user and system together, for
other people's work stretches the clock. Memory is the peak beyond what the process held when the work began. Ratios
carry over to other machines, seconds do not.
"""
READING = """
## Reading the book

The listings as arrays, and for each pair of points that occurs its routes, landed cost and law.
Pairs of points: {points:,}; rows of lanes: {lanes:,}.

{table}
"""
RUNS = """
## A run with and without the corridor

*Search* asks the rules of every pair whose goods may be the same, scores what fits and keeps the best ten of each.
*Plan* divides the scarce kilograms among all that fits; other candidates are another problem, so its ratio tells less.
With *constant* lanes every way takes 40 to 60 days and adds 200 USD a tonne. *Density* is the share of all pairs of a
need and a capacity that fails no rule. Made markets come from `matching/benchmarks/making.py`, seed {seed}.

{table}
{ratios}
"""


@dataclass(frozen=True)
class Reading:
    """What it takes to read the book from the database, and between how many points its goods may go."""

    costs: dict[str, Cost]
    points: int
    lanes: int


def page(machine: str, day: date, reading: Reading | None, figures: list[Figures], *, seed: int, times: int) -> str:
    parts = [HEAD.format(day=day.isoformat(), machine=machine, times=times)]
    if reading:
        rows = [(name, seconds(cost.cpu_s), megabytes(cost)) for name, cost in reading.costs.items()]
        costs = table(("what", "CPU s", "peak MB"), rows)
        parts.append(READING.format(table=costs, points=reading.points, lanes=reading.lanes))
    titles = ("market", "needs", "capacities", "lanes", "rows", "pairs", "candidates", "density")
    titles += ("search, CPU s", "peak MB", "plan, CPU s", "peak MB")
    rows = [row_of(one) for one in figures]
    parts.append(RUNS.format(seed=seed, table=table(titles, rows), ratios="".join(ratios(figures))))
    return "".join(parts)


def row_of(one: Figures) -> tuple[str, ...]:
    sizes = [f"{number:,}" for number in (one.rows_of_lanes, one.pairs, one.candidates)]
    costs = [text for cost in (one.search, one.plan) for text in (seconds(cost.cpu_s), megabytes(cost))]
    return (one.market, f"{one.needs:,}", f"{one.capacities:,}", one.lanes, *sizes, f"{one.density:.3%}", *costs)


def ratios(figures: list[Figures]) -> Iterable[str]:
    """How much the corridor adds to each market."""
    for with_it, without in list(pairwise(figures))[::2]:
        search, plan = (
            having.cpu_s / max(lacking.cpu_s, 1e-9)
            for having, lacking in ((with_it.search, without.search), (with_it.plan, without.plan))
        )
        sizes = f"{with_it.needs:,} x {with_it.capacities:,}"
        yield f"\n- {with_it.market}, {sizes}: search {search:.2f} times, plan {plan:.2f} times as long with it"


def table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [titles, tuple("---" for _title in titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def seconds(number: float) -> str:
    return f"{number:.3f}" if number < 10 else f"{number:.1f}"


def megabytes(cost: Cost) -> str:
    return f"{cost.peak_mb:.0f}"
