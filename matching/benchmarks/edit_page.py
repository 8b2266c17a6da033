"""What `benchmark edit` tells: its section of the page."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matching.benchmarks.edit import OURS, TEN, Answered
from matching.benchmarks.edit_book import StoodBook
from matching.benchmarks.edit_times import Checked, Refreshed
from matching.benchmarks.pages import Goal, goals_table, table, written
from matching.benchmarks.peers.postgres import CoveringPostgreSQL

SECTION = """## One edit: `benchmark edit`

{written}
{goals}

Milliseconds by the clock, edit by edit, each of another listing, once everything is in memory.

- **the ten best of one need**: the engine by the index of its snapshot (`Live.search` of `engine.fast.live`);
  PostgreSQL by the query of `benchmark match` for one need, prepared, over a b-tree on goods and price, and over one
  that covers all columns that the first conditions ask for. Both must name the same ten in the same order.
- **every list that changes**: a listing gets a better price; `engine.fast.live` finds whose lists it leaves, enters or
  moves in, of both sides, and makes each anew in the market of now, where the edited listing stands beside the
  snapshot: its own list comes of everybody it meets, who have to be looked at for theirs, not of the index. No other
  tool answers that question here. What a page does around it (reading the listing, writing the lists) is not in it.

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


IN_DATABASE = """
### From the save to the page, through Celery

`--in-database {size}`: a book of `make_market`, {size:,} x {size:,}, stands in PostgreSQL; the snapshot is made of all
of it; a worker of the product carries out what the service of the form has queued. Each edit is of another listing,
drawn by chance. The clock runs from the commit of the save; *ended* is when the first query of the page finds the
refresh over (asked every 10 ms; the page itself asks once a second), *shown* when the page has read the lists. *Lists*
are asked anew, *rows* are results written, on average and at most; *reading* and *writing* are the refresh's own
seconds, *save* is the service of the form before the commit.

{written}
{goals}

{table}

{whole}
- The snapshot: made in {cpu:,.0f} CPU s ({wall:,.0f} s by the clock), {peak:,.0f} MB of memory beyond what the process
  had held, {disk:,.0f} MB on disk.
- After all edits {checked_lists:,} lists with {checked_pairs:,} pairs and {checked_misses:,} near misses were held
  against the engine solving their headings anew: {same}.
"""
LEFT_OUT = """- Lists and near misses stand of {headings} of {all} headings, the largest among them: {lists:,} lists,
  {pairs:,} pairs, {misses:,} near misses; only their listings are edited. Of the other headings there are the
  listings, but no lists, and no plan was made. What a refresh reads of the database are rows of the listings that it
  touches, by index, and these lie within what is joined by goods. The tables of matches are so much smaller than a run
  of the whole book would leave them."""
ALL_IN = """- Every list and near miss of the book stands ({pairs:,} pairs, {misses:,} near misses), but no plan was
  made."""


def in_database(day: date, machine: str, book: StoodBook, edits: Sequence[Refreshed], checked: Checked) -> str:
    is_all = book.headings == book.headings_of_all
    whole = (ALL_IN if is_all else LEFT_OUT).format(
        headings=book.headings,
        all=book.headings_of_all,
        lists=len(book.needs) + len(book.capacities),
        pairs=book.pairs,
        misses=book.near_misses,
    )
    same = "each is what an answer made anew says" if not checked.wrong else f"**{checked.wrong:,} are otherwise**"
    return IN_DATABASE.format(
        size=book.size,
        written=written(day, machine, 1),
        goals=goals_table(goals_in_database(book, edits)),
        table=table_of_edits(edits),
        whole=whole,
        cpu=book.snapshot.cpu_s,
        wall=book.snapshot.wall_s,
        peak=book.snapshot.peak_mb,
        disk=book.snapshot_mb,
        checked_lists=checked.lists,
        checked_pairs=checked.pairs,
        checked_misses=checked.near_misses,
        same=same,
    )


def goals_in_database(book: StoodBook, edits: Sequence[Refreshed]) -> Iterable[Goal]:
    # No figure between two edits: of a hundred, five at most may take longer.
    shown = np.quantile([one.shown_ms for one in edits], 0.95, method="inverted_cdf") / 1000
    reached = f"{shown:.2f} s at {book.size:,}"
    yield Goal("a saved edit, from the commit to the lists of its page, p95, at 1M", "2 s", "-", reached, shown <= 2)


def table_of_edits(edits: Sequence[Refreshed]) -> str:
    kinds = dict.fromkeys((f"{one.side}: {one.kind}", one.side, one.kind) for one in edits)
    rows = [
        row_of_edits(name, [one for one in edits if (one.side, one.kind) == (side, kind)]) for name, side, kind in kinds
    ]
    titles = ("edit", "edits", "save, ms", "ended p50", "shown p50", "p95", "most", "lists", "most", "rows", "most")
    return table((*titles, "reading, s", "writing, s"), [*rows, row_of_edits("**all**", edits)])


def row_of_edits(name: str, edits: Sequence[Refreshed]) -> tuple[str, ...]:
    def at(share: float, values: Iterable[float]) -> str:
        return f"{float(np.quantile(list(values), share)):,.0f}"

    shown = [one.shown_ms for one in edits]
    counted = [values for name in ("lists", "written") for values in [[getattr(one, name) for one in edits]]]
    return (
        name,
        f"{len(edits):,}",
        at(0.5, (one.save_ms for one in edits)),
        at(0.5, (one.ended_ms for one in edits)),
        *(at(share, shown) for share in (0.5, 0.95, 1.0)),
        *(text for values in counted for text in (f"{np.mean(values):,.1f}", f"{max(values):,}")),
        *(f"{np.median([one.timings[step] for one in edits]):.2f}" for step in ("cut_s", "close_s")),
    )
