"""What `benchmark run` tells: its section of the page, which is also what the terminal shows."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from matching.benchmarks.measuring import Cost
from matching.benchmarks.pages import Goal, goals_table, seconds, table, written
from matching.benchmarks.runs import Figures, Reading
from matching.benchmarks.whole import WORKERS, WholeRun, at_least_s

HEAD = """## What a run costs: `benchmark run`

{written}"""
READING = """
### Reading the book

The listings as arrays, and for each pair of points that occurs its routes, landed cost and law.
Pairs of points: {points:,}; rows of lanes: {lanes:,}.

{table}
"""
RUNS = """
### A run with and without the corridor

*Search* asks the rules of every pair whose goods may be the same, scores what fits and keeps the best ten of each.
*Plan* divides the scarce kilograms among all that fits; other candidates are another problem, so its ratio tells less.
With *constant* lanes every way takes 40 to 60 days and adds 200 USD a tonne. *Density* is the share of all pairs of a
need and a capacity that fails no rule. Made markets come from `matching/benchmarks/making.py`, seed {seed}.

{table}
{ratios}
"""


WHOLE = """
### A whole run in the database

A made book of {size:,} needs and {size:,} capacities, 30% of the facts unknown, written into this installation,
matched and divided with everything stored, and taken away again. {workers} workers take the shards, the heaviest
first, and one of them cuts and stores, as in the product. *Clock* is what one waits for, the server's work and all;
*at least* is what the step takes on {workers} processors that do nothing else: its processor seconds one after the
other, shared by the workers where there are many pieces, but never less than the heaviest piece. *MB* is what
workers and their connections in the server held together at most, beside the server's shared memory.

{goals}

{table}

All shards together took, in CPU s of the workers: {parts}.

**Plain storing.** All that the run has stored, read and put once more into empty tables with the same indexes (no
foreign keys, no triggers, no merging; rolled back), takes {plain_server_s} CPU s of the server and {plain_wall_s} s by
the clock: *store* takes {times} times as many CPU s, with its own and the server's.

**The limit.** To cut, match and divide at least as long as above and then store plainly would take {limit_s} s. The run
took {over_limit} times that.

Stored: {rows}. Found: {counts}.
"""


def whole(run: WholeRun) -> str:
    titles = ("step", "processes", "clock, s", "CPU s of workers", "CPU s of the server", "at least, s", "MB")
    rows = [
        (
            *(name, str(one.processes), f"{one.wall_s:.1f}", seconds(one.cpu_s), seconds(one.server_s)),
            *(f"{at_least_s(one):.1f}", f"{one.peak_mb:.0f}"),
        )
        for name, one in run.steps.items()
    ]
    steps = run.steps.values()
    cpu_s, server_s = (seconds(sum(getattr(one, name) for one in steps)) for name in ("cpu_s", "server_s"))
    least_s = sum(at_least_s(one) for one in steps)
    rows.append(("**all**", "", f"{run.wall_s:.1f}", cpu_s, server_s, f"{least_s:.1f}", f"{run.peak_mb:.0f}"))
    reached = f"{run.wall_s:.0f} s, {run.peak_mb:,.0f} MB"
    met = run.wall_s <= 90 and run.peak_mb <= 1500 if run.needs >= 100_000 else None
    goal = Goal(
        *("100k x 100k, everything stored", "90 s on two cores, 1.5 GB", "-"),
        *(reached if met is not None else "-", met),
    )
    counts = (f"{name.replace('_', ' ')} {number}" for name, number in run.counts.items() if type(number) is int)
    return WHOLE.format(
        size=run.needs,
        workers=WORKERS,
        goals=goals_table([goal]),
        table=table(titles, rows),
        parts=", ".join(f"{name} {seconds(cpu_s)}" for name, cpu_s in run.parts.items()),
        rows=", ".join(f"{number:,} {name}" for name, number in run.rows.items()),
        counts=", ".join(counts),
        plain_server_s=seconds(run.put_down.server_s),
        plain_wall_s=f"{run.put_down.wall_s:.1f}",
        times=times_of_plain(run),
        limit_s=f"{limit_s(run):.1f}",
        over_limit=f"{run.wall_s / limit_s(run):.1f}",
    )


def limit_s(run: WholeRun) -> float:
    """What no way of storing gets below: everything before it at least, and the plain storing of what it stores."""
    return sum(at_least_s(one) for name, one in run.steps.items() if name != "store") + run.put_down.wall_s


def times_of_plain(run: WholeRun) -> str:
    """How many times what plain storing costs it does; "-" where the server's seconds cannot be seen."""
    store, plain_s = run.steps["store"], run.put_down.server_s
    return f"{(store.cpu_s + store.server_s) / plain_s:.1f}" if plain_s else "-"


def section(machine: str, day: date, reading: Reading | None, figures: list[Figures], *, seed: int, times: int) -> str:
    parts = [HEAD.format(written=written(day, machine, times))]
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


def megabytes(cost: Cost) -> str:
    return f"{cost.peak_mb:.0f}"
