"""`manage benchmark run`: how long a run takes with and without the corridor, on the book and on made markets."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from accounts.reading.arguments import day_argument
from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.benchmarks.measuring import machine, measured
from matching.benchmarks.reports import Reading, page
from matching.benchmarks.runs import Figures, figures_of
from matching.engine.market import NO_LANE
from matching.services.market import hash_of_book, load_book, one_moment

MOST = 200_000  # listings a side: what fits into the memory of a usual machine


class Command(BaseCommand):
    help = "Measure what a run costs, in processor seconds and memory. Nothing is changed. See docs/benchmarks.md."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("what", choices=["run"], help="run: search and plan, with the lanes of the corridor and with constant ones")
        add("--sizes", default="500,1000", metavar="N,N", help="needs, and as many capacities, of the made markets")
        add("--unknown", default="0,30,70", metavar="%,%", help="which share of the facts nobody knows: 0 to 100")
        add("--seed", type=int, default=1, help="of the made markets: the same seed makes the same market")
        add("--times", type=int, default=3, help="how often each is measured; the median is told")
        add("--as-of", type=day_argument, metavar="DAY", help="the day taken as today for the book, such as 2026-11-30")
        add("--without-book", action="store_true", help="made markets alone, not the book of this installation")
        add("--write", type=Path, metavar="FILE", help="write the page there too")

    def handle(self, *, sizes: str, unknown: str, seed: int, times: int, **options):
        wanted = [
            Sizes(needs=number, capacities=number, unknown=share / 100)
            for number in numbers("--sizes", sizes, 1, MOST)
            for share in numbers("--unknown", unknown, 0, 100)
        ]
        if not 1 <= times <= 99:
            raise CommandError("--times is a number from 1 to 99.")
        where = machine()
        reading, book = None, []
        if not options["without_book"]:
            reading, book = self.book(options["as_of"] or timezone.localdate(), times)
        made = [figures for one in wanted for figures in self.made(one, seed, times)]
        text = page(where, timezone.localdate(), reading, [*book, *made], seed=seed, times=times)
        if options["write"]:
            options["write"].write_text(text, encoding="utf-8")
        self.stdout.write(text)

    def book(self, as_of: date, times: int) -> tuple[Reading, list[Figures]]:
        """What it takes to read the book, its lanes and all; and what a run over it costs."""
        with one_moment():
            market = load_book(as_of).market
        if not len(market.needs.id) or not len(market.capacities.id):
            raise CommandError("The book has no open needs or no open capacities; --without-book leaves it out.")
        connections.close_all()  # each measurement opens one of its own
        ways = {"the listings alone": hash_of_book, "the listings and their lanes": load_book}
        costs = {name: measured(partial(carried_out, read, as_of), times=times) for name, read in ways.items()}
        reading = Reading(costs, points=int((market.lanes.of != NO_LANE).sum()), lanes=len(market.lanes.days_low))
        self.stderr.write("the book: read")
        return reading, list(self.told(figures_of("the book", market, as_of.toordinal(), times=times)))

    def made(self, sizes: Sizes, seed: int, times: int) -> Iterator[Figures]:
        name = f"made, {sizes.unknown:.0%} unknown"
        yield from self.told(figures_of(name, make_market(sizes, seed=seed), TODAY, times=times))

    def told(self, found: Iterator[Figures]) -> Iterator[Figures]:
        """A sign of life at the terminal: a large market takes minutes."""
        for figures in found:
            self.stderr.write(f"{figures.market}, {figures.needs:,} needs, {figures.lanes} lanes: measured")
            yield figures


def carried_out(read, as_of: date) -> None:
    with one_moment():
        read(as_of)


def numbers(option: str, typed: str, least: int, most: int) -> list[int]:
    try:
        found = [int(one) for one in typed.split(",")]
    except ValueError:
        raise CommandError(f"{option} takes whole numbers with commas between them.") from None
    if not all(least <= one <= most for one in found):
        raise CommandError(f"{option} takes numbers from {least:,} to {most:,}.")
    return found
