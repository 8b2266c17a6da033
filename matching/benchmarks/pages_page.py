"""What `benchmark pages` tells: its section of the page."""

from collections.abc import Sequence
from datetime import date

from matching.benchmarks.page_times import READERS, WORKERS, PageTimes
from matching.benchmarks.pages import Goal, goals_table, table, written

SECTION = """## The pages of a large list: `benchmark pages`

{written}
{goals}

The database holds {holds}. {readers} readers are signed in and ask at once, over 127.0.0.1, the web server that the
product begins ({workers} processes of gunicorn with 4 threads each). *Waited* is the time from the question to the last
byte, with all the others asking too; *server* is the median of what the server itself took. The bare page is the frame
of every page for the same reader, filled to the same number of bytes, and nothing looked up: it is asked for by the
same readers right after. *Deep* begins behind the row in the middle of the list.

The matches are made without a search (`matching/benchmarks/page_rows.py`): their number and their spread over goods,
countries, states and gaps are what a page has to cope with, not which pairs they are. They pass the tables and the
triggers that a run passes, and are taken away afterwards. Counts beside the filter are remembered until the list
changes (docs/lists.md); the first reader after a change waits for them to be counted anew, which is not in these
figures.

{table}
"""


def section(day: date, machine: str, holds: str, times: Sequence[PageTimes]) -> str:
    return SECTION.format(
        written=written(day, machine, 1),
        goals=goals_table([goal(times)]),
        holds=holds,
        readers=READERS,
        workers=WORKERS,
        table=table_of(times),
    )


def goal(times: Sequence[PageTimes]) -> Goal:
    lists = [one for one in times if one.address.startswith("/matches/")]
    worst = max((one.ratio for one in lists), default=None)
    reached, met = ("-", None) if worst is None else (f"{worst:.1f}x", worst <= 5)
    return Goal("lists of matches against a bare page of the same size, p95, at most", "5x", "-", reached, met)


def table_of(times: Sequence[PageTimes]) -> str:
    titles = ("page", "kB", "queries", "waited p50 ms", "waited p95 ms", "server ms", "bare p95 ms", "bare server", "x")
    rows = [
        (
            one.name,
            f"{one.page.size / 1000:,.0f}",
            str(one.page.queries),
            f"{one.page.at(0.5):,.0f}",
            f"{one.page.at(0.95):,.0f}",
            f"{one.page.server_p50:,.0f}",
            f"{one.bare.at(0.95):,.0f}",
            f"{one.bare.server_p50:,.0f}",
            f"{one.ratio:.1f}",
        )
        for one in times
    ]
    return table(titles, rows)
