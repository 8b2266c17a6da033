"""`manage benchmark match|plan|edit|run|pages|exports`: what we cost beside other tools. See docs/benchmarks.md."""

from argparse import RawTextHelpFormatter
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.reading.arguments import day_argument
from matching.benchmarks.jobs import JOBS, Options, RefusedError
from matching.benchmarks.pages import put
from reports.benchmarks import job

HELP = """match: the ten best of every need, beside DuckDB, NumPy, pandas and PostgreSQL
plan:  the division of scarce kilograms, beside greedy plans, SciPy and NetworkX
edit:  the lists after one edit, beside PostgreSQL
run:   search and plan with and without the corridor, and a whole run in the database
pages:  the pages of this database for 20 readers at once, beside a bare page of the same size
exports:  the matches of this database as files, beside COPY of PostgreSQL and pandas"""


class Command(BaseCommand):
    help = (
        "Measure the engine beside other tools. Nothing is changed, but for a run of a made book with --in-database"
        " and made matches with --matches, which are taken away again."
    )

    def create_parser(self, *arguments, **options):
        return super().create_parser(*arguments, formatter_class=RawTextHelpFormatter, **options)

    def add_arguments(self, parser):
        add = parser.add_argument
        add("what", choices=[*JOBS, job.NAME], help=HELP)
        add("--sizes", metavar="N,N", help="needs, and as many capacities, of the made markets")
        add(
            "--unknown", metavar="%,%", help="which share of the facts nobody knows: 0 to 100; figures are judged at 30"
        )
        add("--seed", type=int, default=1, help="of the made markets: the same seed makes the same market")
        add("--times", type=int, help="how often each is measured; the median is told")
        add("--only", metavar="PEER,PEER", help="these other tools alone; none: no other tool")
        add("--limit", type=int, default=90, metavar="S", help="seconds for one tool; what takes longer is carried on")
        add("--as-of", type=day_argument, metavar="DAY", help="the day taken as today for the book, such as 2026-11-30")
        add("--without-book", action="store_true", help="run: made markets alone, not the book of this installation")
        add(
            "--in-database",
            type=int,
            metavar="N",
            help="run: also a whole run of N x N made listings, beside the book; edit: also edits of such a book"
            " through a worker, in a database of its own",
        )
        add("--matches", type=int, metavar="N", help="pages, exports: with so many made matches, taken away afterwards")
        add("--write", type=Path, metavar="FILE", help="write the section into this page, and its chart beside it")

    def handle(self, *, what: str, write: Path | None, **given):
        try:
            if what == job.NAME:
                report = job.measure_exports(given["matches"] or 0, self.told)
            else:
                report = JOBS[what](Options.read(what, given), self.told)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from None
        if write:
            put(write, what, report.section)
            for name, chart in report.charts.items():
                (write.parent / name).parent.mkdir(parents=True, exist_ok=True)
                (write.parent / name).write_text(chart, encoding="utf-8")
        self.stdout.write(report.section)

    @property
    def told(self) -> Callable[[str], None]:
        """A sign of life at the terminal: a large market takes minutes."""
        return self.stderr.write
