"""`benchmark run`: the time of a run with and without the corridor, once with its lanes, once with constant ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from django.db import connections

from matching.benchmarks.making import TODAY, Sizes, make_market, with_constant_lanes
from matching.benchmarks.measuring import Cost, measured
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.division import divide
from matching.engine.market import NO_LANE, Market
from matching.engine.search import Found, search
from matching.services.market import hash_of_book, load_book, one_moment

BEST = 10


@dataclass(frozen=True)
class Figures:
    """One market, one kind of lanes: what there was, and what it took to search it and to divide what was found."""

    market: str
    lanes: str
    needs: int
    capacities: int
    rows_of_lanes: int
    pairs: int
    candidates: int
    search: Cost
    plan: Cost

    @property
    def density(self) -> float:
        """Which share of all pairs of a need and a capacity is a candidate."""
        return self.candidates / (self.needs * self.capacities)


@dataclass(frozen=True)
class Reading:
    """What it takes to read the book from the database, and between how many points its goods may go."""

    costs: dict[str, Cost]
    points: int
    lanes: int


def figures_of(name: str, market: Market, as_of: int, *, times: int) -> Iterator[Figures]:
    """With the lanes of the market, and then with constant ones."""
    for lanes, one in (("the corridor's", market), ("constant", with_constant_lanes(market))):
        searched = measured(partial(counted, one, as_of), times=times)
        planned = measured(partial(divided, Book(one, as_of), found(one, as_of)), times=times)
        n_pairs, n_candidates = searched.answer
        yield Figures(
            market=name,
            lanes=lanes,
            needs=len(one.needs.id),
            capacities=len(one.capacities.id),
            rows_of_lanes=len(one.lanes.days_low),
            pairs=n_pairs,
            candidates=n_candidates,
            search=searched,
            plan=planned,
        )


def found(market: Market, as_of: int) -> Found:
    return search(Book(market, as_of), ScoreTable(), BEST)


def counted(market: Market, as_of: int) -> tuple[int, int]:
    """Pairs whose goods may be the same, and those of them that fail no rule."""
    everything = found(market, as_of)
    return everything.n_pairs, len(everything.candidate_need)


def divided(book: Book, everything: Found) -> int:
    """How many kilograms the plan moves."""
    columns = everything.candidate_need, everything.candidate_capacity, everything.candidate_value
    return int(np.sum(divide(book, *columns).kg))


def of_book(as_of: date, times: int, tell: Callable[[str], None]) -> tuple[Reading | None, list[Figures]]:
    """What it takes to read the book, its lanes and all, and what a run over it costs; nothing where it is empty."""
    with one_moment():
        market = load_book(as_of).market
    if not len(market.needs.id) or not len(market.capacities.id):
        return None, []
    connections.close_all()  # each measurement opens one of its own
    ways = {"the listings alone": hash_of_book, "the listings and their lanes": load_book}
    costs = {name: measured(partial(carried_out, read, as_of), times=times) for name, read in ways.items()}
    reading = Reading(costs, points=int((market.lanes.of != NO_LANE).sum()), lanes=len(market.lanes.days_low))
    tell("the book: read")
    return reading, list(told(figures_of("the book", market, as_of.toordinal(), times=times), tell))


def carried_out(read, as_of: date) -> None:
    with one_moment():
        read(as_of)


def of_made(sizes: Sizes, seed: int, times: int, tell: Callable[[str], None]) -> Iterator[Figures]:
    name = f"made, {sizes.unknown:.0%} unknown"
    yield from told(figures_of(name, make_market(sizes, seed=seed), TODAY, times=times), tell)


def told(found: Iterator[Figures], tell: Callable[[str], None]) -> Iterator[Figures]:
    for figures in found:
        tell(f"{figures.market}, {figures.needs:,} needs, {figures.lanes} lanes: measured")
        yield figures
