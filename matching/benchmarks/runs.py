"""The time of a run with and without the corridor: the same market, once with its lanes, once with constant ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.benchmarks.making import with_constant_lanes
from matching.benchmarks.measuring import Cost, measured
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.division import divide
from matching.engine.market import Market
from matching.engine.search import Found, search

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
