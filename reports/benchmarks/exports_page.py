"""What `benchmark exports` tells: its section of the page."""

from datetime import date

from matching.benchmarks.pages import Goal, goals_table, seconds, table, written
from reports.benchmarks.exports import MOST_FOR_PANDAS, Exports, Part

SECTION = """## Carrying matches away: `benchmark exports`

{written}
{goals}

{rows} matches with all {columns} columns, in the order of their list. *Cut* is the answer to an order: one query, read
by COPY within one snapshot, packed and digested on the way; each file is then written from that cut alone, in English.
COPY answers the same query, as csv of its own with codes where ours has words. To the processor seconds those of the
backend of PostgreSQL are added, which was asked to work without helpers. *Peak MB* is what the writer took beyond what
its process held when it began. `pandas.to_excel` (engine xlsxwriter) is given a frame of the same words, numbers and
days, which is made beforehand; of more than {most} rows it is given these alone, for it holds every cell, and ours of
as many rows stands beside it. The PDF is set from the first {paper} rows.

{table}
"""


def section(day: date, machine: str, exports: Exports, columns: int) -> str:
    return SECTION.format(
        written=written(day, machine, 1),
        goals=goals_table(goals(exports)),
        rows=f"{exports.rows:,}",
        columns=columns,
        most=f"{MOST_FOR_PANDAS:,}",
        paper=f"{exports.pdf.rows:,}",
        table=table_of(exports),
    )


def goals(exports: Exports) -> list[Goal]:
    cpu = ratio(exports.cut.cpu_s + exports.csv.cpu_s, exports.copy.cpu_s)
    wall = ratio(exports.cut.wall_s + exports.csv.wall_s, exports.copy.wall_s)
    quicker = ratio(exports.xlsx_of_pandas.cpu_s, exports.xlsx_of_as_many.cpu_s)
    memory, paper = exports.xlsx.peak_mb or 0.0, exports.pdf.wall_s
    return [
        Goal(
            "csv, cut and written, against COPY of the same rows",
            "within 3x",
            "-",
            f"{cpu:.1f}x; by the clock {wall:.1f}x",
            cpu <= 3,
        ),
        Goal("xlsx against pandas.to_excel", "1.5x as fast", "-", f"{quicker:.1f}x", quicker >= 1.5),
        Goal("memory of the xlsx", "at most 150 MB", "-", f"{memory:,.0f} MB", memory <= 150),
        Goal(f"PDF of {exports.pdf.rows} matches, by the clock", "15 s", "-", f"{paper:.1f} s", paper <= 15),
    ]


def ratio(one: float, other: float) -> float:
    return one / max(other, 0.001)


def table_of(exports: Exports) -> str:
    rows = [cells(part) for part in exports.parts]
    return table(("what", "rows", "CPU s", "wall s", "us a row", "MB made", "peak MB"), rows)


def cells(part: Part) -> tuple[str, ...]:
    return (
        part.name,
        f"{part.rows:,}",
        seconds(part.cpu_s),
        seconds(part.wall_s),
        f"{part.cpu_s / max(part.rows, 1) * 1e6:,.0f}",
        f"{part.size / 1e6:,.1f}",
        "-" if part.peak_mb is None else f"{part.peak_mb:,.0f}",
    )
