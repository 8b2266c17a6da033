"""What `benchmark plan` tells: its section of the page."""

from collections.abc import Iterable, Sequence
from datetime import date

from matching.benchmarks.pages import Goal, goals_table, seconds, table, written
from matching.benchmarks.plan import ALL, GREEDY, LINPROG, MOST_PAIRS, OURS, THREADS, TOP, Planned

SECTION = """## Dividing what is scarce: `benchmark plan`

{written}
{goals}
{why}
### Every way to divide the same candidates

*Value* is the sum of kilograms times the worth of a kilogram (score without quantity, in millionths), in units of
10^12; *of the best* its share of what the planner finds over all candidates of the same market. *Gap* is what is
proven: how much better any other plan could be at most. An *arc* is a pair in a month; where none are counted the tool
expands them itself, and that is part of its seconds.

- **TradeMatch**: `engine.division.divide`, as a run does it, over all candidates and all their months; on the graph of
  the ten best of each need `make_plan`. Where there are more than {most:,} pairs of the same goods no candidate is kept
  and `divide_unlisted` finds them through the index, by {threads} threads, from the ten best of both sides, found
  before.
- **greedy**: the arc worth most first, each given all that is left and its lot allows, in compiled code
  (`graph.py`); over the ten best of each need, as most products do, and over all candidates.
- **SciPy linprog (HiGHS)**, **NetworkX** network simplex and **OR-Tools** with every arc laid out (`peers/flows.py`):
  the plan without lots; they must find the same value. What does not end within {limit:,} s is left out.

{plans}
"""


def section(day: date, machine: str, plans: Sequence[Planned], *, times: int, limit_s: int) -> str:
    return SECTION.format(
        written=written(day, machine, times),
        goals=goals_table(goals(plans)),
        why=why(plans),
        limit=limit_s,
        most=MOST_PAIRS,
        threads=THREADS,
        plans=table_of(plans),
    )


def found(
    plans: Sequence[Planned], size: int, name: str, graph: str = ALL, *, has_lots: bool = False
) -> Planned | None:
    wanted = (size, name, graph, has_lots)
    mine = (one for one in plans if (one.sizes.needs, one.name, one.graph, one.has_lots) == wanted)
    return next((one for one in mine if one.value is not None), None)


def goals(plans: Sequence[Planned]) -> Iterable[Goal]:
    for size in (10_000, 100_000):
        ours = found(plans, size, OURS)
        yield _gap(f"plan against the full optimum, {size // 1000}k", "proven gap 0.1 %", "0", ours, 0.001)
    ours = found(plans, 100_000, OURS)
    for graph, goal, trial in ((TOP, 1.3, "1.47x"), (ALL, None, "1.26x on top-50")):
        ratio = _ratio(ours, found(plans, 100_000, GREEDY, graph))
        reached = "-" if ratio is None else f"{ratio:.3f}x"
        met = None if ratio is None else goal is None or ratio >= goal
        asked = f"{goal}x" if goal else "what it is"
        yield Goal(f"plan value against greedy on {graph}, 100k", asked, trial, reached, met)
    ours, theirs = found(plans, 100_000, OURS, TOP), found(plans, 100_000, LINPROG, TOP)
    late = next((one for one in plans if (one.sizes.needs, one.name, one.value) == (100_000, LINPROG, None)), None)
    reached, met = "-", None
    if ours and theirs:
        reached, met = f"1/{theirs.cpu_s / ours.cpu_s:.1f}", ours.cpu_s <= theirs.cpu_s / 3
    elif ours and late:
        reached, met = f"less than 1/{late.limit_s / ours.cpu_s:.1f}", ours.cpu_s <= late.limit_s / 3 or None
    yield Goal("plan CPU against SciPy linprog on the same graph, 100k", "1/3", "1/10", reached, met)
    yield _gap("plan with lots, 10k", "proven gap 0.5 %", "0.35 %", found(plans, 10_000, OURS, has_lots=True), 0.005)
    largest = found(plans, 1_000_000, OURS)
    yield _largest(largest)


def _gap(what: str, goal: str, trial: str, plan: Planned | None, most: float) -> Goal:
    if plan is None:
        return Goal(what, goal, trial, "-", None)
    return Goal(what, goal, trial, f"{plan.gap:.4%} in {seconds(plan.cpu_s)} s", plan.gap <= most)


def _largest(plan: Planned | None) -> Goal:
    what = "1M x 1M plan", "1 % proven in 10 minutes", "2.2 %, 9 CPU-minutes, 4.7 GB"
    if plan is None:
        return Goal(*what, "-", None)
    took = f"{plan.wall_s:,.0f} s, {plan.cpu_s:,.0f} CPU s, {plan.peak_mb / 1000:,.1f} GB"
    return Goal(*what, f"{plan.gap:.2%} in {took}", plan.gap <= 0.01 and plan.wall_s <= 600)


def _ratio(one: Planned | None, other: Planned | None) -> float | None:
    return one.value / other.value if one and other else None


def why(plans: Sequence[Planned]) -> str:
    """What the market allows: how far the ten best of each need reach, and how greedy does among them."""
    lines = []
    for size in sorted({one.sizes.needs for one in plans}):
        best, top, taken = found(plans, size, OURS), found(plans, size, OURS, TOP), found(plans, size, GREEDY, TOP)
        if best and top and taken:
            lines.append(
                f"- {size:,} x {size:,}: the best that any solver can do with the ten best of each need is "
                f"{1 - top.value / best.value:.2%} below the plan over all candidates; greedy among them is "
                f"{1 - taken.value / best.value:.2%} below."
            )
    if not any(one.sizes.needs >= 1_000_000 for one in plans):
        lines.append(
            "- 1,000,000 x 1,000,000 is planned where it is asked for (`--sizes 1000000`). The density of this market "
            "(see `benchmark match`) makes some 1,200 candidates a need there, 1.2 thousand million pairs: 15 GB as "
            "need, capacity and value alone, so none is kept."
        )
    return "\n" + "\n".join(lines) + "\n"


def table_of(plans: Sequence[Planned]) -> str:
    titles = ("market", "lots", "way", "over", "arcs", "value", "of the best", "gap", "CPU s", "peak MB")
    rows = []
    for one in plans:
        best = found(plans, one.sizes.needs, OURS, has_lots=one.has_lots)
        rows.append(
            (
                f"{one.sizes.needs:,} x {one.sizes.capacities:,}",
                "with" if one.has_lots else "without",
                f"**{one.name}**" if one.name == OURS else one.name,
                one.graph,
                "-" if one.arcs is None else f"{one.arcs:,}",
                "-" if one.value is None else f"{one.value / 1e12:,.3f}",
                "-" if one.value is None or best is None else f"{one.value / best.value:.3%}",
                "-" if one.gap is None else f"{one.gap:.4%}",
                f"over {one.limit_s:,.0f}" if one.cpu_s is None else seconds(one.cpu_s),
                "-" if one.peak_mb is None else f"{one.peak_mb:,.0f}",
            )
        )
    return table(titles, rows)
