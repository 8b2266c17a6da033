"""What `benchmark edit` tells: its section of the page."""

from collections.abc import Iterable, Sequence
from datetime import date

from matching.benchmarks.edit import OURS, TEN, Answered
from matching.benchmarks.pages import Goal, goals_table, table, written
from matching.benchmarks.peers.postgres import CoveringPostgreSQL

SECTION = """## One edit: `benchmark edit`

{written}
{goals}

Milliseconds by the clock, edit by edit, each of another listing, once everything is in memory.

- **the ten best of an edited need**: the engine by the index of its snapshot (`engine.fast.best.best_of_need`);
  PostgreSQL by the query of `benchmark match` for one need, prepared, over a b-tree on goods and price, and over one
  that covers all columns that the first conditions ask for. Both must name the same ten in the same order.
- **every list that changes**: a listing gets a better price; `engine.fast.live` finds whose lists it leaves, enters or
  moves in, of both sides, and makes each anew in the market of now, where the edited listing stands beside the
  snapshot. What a page does around it (reading the listing, writing the lists) is not in it.

{table}
"""


def section(day: date, machine: str, answers: Sequence[Answered]) -> str:
    return SECTION.format(written=written(day, machine, 1), goals=goals_table(goals(answers)), table=table_of(answers))


def goals(answers: Sequence[Answered]) -> Iterable[Goal]:
    p50 = {one.name: one.at(0.5) for one in answers if (one.question, one.sizes.needs) == (TEN, 1_000_000)}
    ratio = p50[CoveringPostgreSQL.name] / p50[OURS] if {OURS, CoveringPostgreSQL.name} <= set(p50) else None
    reached, met = ("-", None) if ratio is None else (f"1/{ratio:,.0f}", ratio >= 100)
    yield Goal(
        "one edit at 1M, in the engine, against a covering index in PostgreSQL, p50", "1/100", "1/340", reached, met
    )


def table_of(answers: Sequence[Answered]) -> str:
    words = {True: "yes", False: "**no**", None: "-"}
    rows = [
        (
            f"{one.sizes.needs:,} x {one.sizes.capacities:,}",
            one.question,
            f"**{one.name}**" if one.name == OURS else one.name,
            *(f"{one.at(share):,.3f}" for share in (0.5, 0.95, 1.0)),
            f"{len(one.ms):,}",
            f"{one.lists:,.1f}",
            words[one.agrees],
        )
        for one in answers
    ]
    return table(("market", "question", "tool", "p50 ms", "p95 ms", "most", "edits", "lists", "same"), rows)
