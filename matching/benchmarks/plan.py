"""`benchmark plan`: dividing scarce kilograms, by the planner over all candidates and by what others would do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matching.benchmarks.graph import Graph, graph_of, greedy
from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.benchmarks.measuring import measured
from matching.benchmarks.peers.flows import by_linprog, by_networkx, by_ortools
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.division import MOST_PAIRS_LISTED, Lists, divide, divide_unlisted
from matching.engine.fast.candidates import Found, Goods, find
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import best_for_capacities, best_for_needs
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.tell import weights_of
from matching.engine.market import Market
from matching.engine.plan import PlanProblem, make_plan
from matching.engine.solver import lists_of

BEST = 10
TABLE = ScoreTable()
MOST_FOR_NETWORKX = 60_000  # arcs
MOST_FOR_ENUMERATION = 2_500_000
MOST_GREEDY = 60_000_000
MOST_PAIRS = 10 * MOST_PAIRS_LISTED  # of the same goods: about one in eleven is a candidate
THREADS = 2  # for what may use several

ALL, TOP = "all candidates", "the ten best of each need"
OURS, GREEDY, LINPROG, NETWORKX, ORTOOLS = (
    "TradeMatch",
    "greedy",
    "SciPy linprog (HiGHS)",
    "NetworkX",
    "OR-Tools, all arcs",
)


@dataclass(frozen=True)
class Planned:
    """One way to divide one market."""

    name: str
    sizes: Sizes
    graph: str
    has_lots: bool
    arcs: int | None
    value: float | None  # kilograms x millionths; none: not within the limit
    bound: float | None
    cpu_s: float | None
    peak_mb: float | None
    limit_s: float = 0.0
    wall_s: float | None = None

    @property
    def gap(self) -> float | None:
        """How much better any other plan could be at most, as a share."""
        if self.bound is None or self.value is None:
            return None
        return max(self.bound - self.value, 0) / max(self.bound, 1)


@dataclass(frozen=True)
class Candidates:
    """A market and all its candidates, with and without lots."""

    sizes: Sizes
    book: Book
    facts: Facts
    found: Found

    @classmethod
    def of(cls, sizes: Sizes, *, seed: int) -> "Candidates":
        book = Book(make_market(sizes, seed=seed), TODAY)
        return cls.among(sizes, book, Facts.of(book))

    @classmethod
    def among(cls, sizes: Sizes, book: Book, facts: Facts) -> "Candidates":
        return cls(sizes, book, facts, find(facts, weights_of(TABLE), BEST))

    def without_lots(self) -> "Candidates":
        """The same candidates where any share may be shipped."""
        book = Book(no_lots(self.book.market), TODAY)
        return replace(self, book=book, facts=Facts.of(book))

    @property
    def columns(self) -> tuple[np.ndarray, ...]:
        """Need, capacity, value of a kilogram; ordered by need and capacity."""
        found = self.found.candidates
        return tuple(column.astype(np.int64) for column in (found.need, found.capacity, found.value))

    @property
    def top_columns(self) -> tuple[np.ndarray, ...]:
        """Those in the ten best of a need."""
        need, capacity, value = self.columns
        m = len(self.book.capacities.id)
        best_need, best_capacity, _rank = self.found.best_for_need
        keep = np.isin(need * m + capacity, best_need * m + best_capacity, assume_unique=True)
        return need[keep], capacity[keep], value[keep]


@dataclass(frozen=True)
class Unlisted:
    """A market of so many candidates that only the best of both sides are listed; with and without lots."""

    sizes: Sizes
    book: Book
    facts: Facts
    lists: Lists

    @classmethod
    def among(cls, sizes: Sizes, book: Book, facts: Facts) -> "Unlisted":
        weights = weights_of(TABLE)
        of_needs = best_for_needs(facts, CapacityIndex.of(facts), weights, BEST, THREADS).ranked()
        of_capacities = best_for_capacities(facts, NeedIndex.of(facts), weights, BEST, THREADS).ranked()
        return cls(sizes, book, facts, lists_of(TABLE, of_needs, of_capacities, THREADS))

    def without_lots(self) -> "Unlisted":
        """The same market, from the same lists, where any share may be shipped."""
        book = Book(no_lots(self.book.market), TODAY)
        return replace(self, book=book, facts=Facts.of(book))


def market_of(sizes: Sizes, *, seed: int) -> Candidates | Unlisted:
    """The market with what is to be divided in it."""
    book = Book(make_market(sizes, seed=seed), TODAY)
    facts = Facts.of(book)
    is_listed = int(Goods.of(facts).n_pairs.sum()) <= MOST_PAIRS
    return (Candidates if is_listed else Unlisted).among(sizes, book, facts)


def no_lots(market: Market) -> Market:
    capacities, needs = market.capacities, market.needs
    return replace(
        market,
        capacities=replace(
            capacities, lot_kg=np.zeros_like(capacities.lot_kg), multiple_kg=np.zeros_like(capacities.multiple_kg)
        ),
        needs=replace(needs, smallest_share_kg=np.zeros_like(needs.smallest_share_kg)),
    )


def warm_up() -> None:
    """Have everything compiled, or read what was, before anything is measured; forks find it done."""
    market = Candidates.of(Sizes(needs=1200, capacities=1200, unknown=0.7, headings=1), seed=1)
    greedy_over_all(market)
    by_divide(market)  # more pairs than are laid out: the ways of large markets


def planned(sizes: Sizes, others: list[str], *, seed: int, times: int, limit_s: float) -> Iterator[Planned]:
    """The planner, and then each other way, on one market."""
    with_lots = market_of(sizes, seed=seed)
    for market in (with_lots.without_lots(), with_lots):
        has_lots = market is with_lots
        told = partial(_measured, sizes=sizes, has_lots=has_lots, times=times, limit_s=limit_s)
        yield told(OURS, ALL, None, partial(by_divide, market), limit_s=3600)
        if isinstance(market, Unlisted):
            continue  # who needs every arc laid out cannot be asked
        if "greedy" in others:
            top = graph_of(market.facts, *market.top_columns)
            yield told(GREEDY, TOP, top, partial(by_greedy, top))
            if len(with_lots.found.candidates.value) <= MOST_GREEDY:
                yield told(GREEDY, ALL, None, partial(greedy_over_all, market))
        if not has_lots:
            yield from _same_graph(market, others, told)


def _same_graph(market: Candidates, others: list[str], told: Callable) -> Iterator[Planned]:
    """Solvers on the graph of the ten best of each need, where all of them can be asked; and all arcs laid out."""
    top = graph_of(market.facts, *market.top_columns)
    yield told(OURS, TOP, top, partial(by_make_plan, top))
    if "linprog" in others:
        yield told(LINPROG, TOP, top, partial(unproven, by_linprog, top))
    if "networkx" in others and len(top) <= MOST_FOR_NETWORKX:
        yield told(NETWORKX, TOP, top, partial(unproven, by_networkx, top))
    everything = graph_of(market.facts, *market.columns)
    if len(everything) <= MOST_FOR_ENUMERATION:
        yield told(ORTOOLS, ALL, everything, partial(unproven, by_ortools, everything))


def _measured(name, graph_name, graph, work, *, sizes, has_lots, times, limit_s) -> Planned:
    facts = {"name": name, "sizes": sizes, "graph": graph_name, "has_lots": has_lots}
    try:
        cost = measured(work, times=times, longest_s=limit_s)
    except TimeoutError:
        arcs = None if graph is None else len(graph)
        return Planned(**facts, arcs=arcs, value=None, bound=None, cpu_s=None, peak_mb=None, limit_s=limit_s)
    value, bound, arcs = cost.answer
    spent = {"cpu_s": cost.cpu_s, "wall_s": cost.wall_s, "peak_mb": cost.peak_mb}
    return Planned(**facts, arcs=arcs, value=value, bound=bound, **spent)


# Each answers the value, the bound it proves (or none), and over how many arcs (or none, where none were laid out).


def by_divide(market: Candidates | Unlisted) -> tuple[int, int, int | None]:
    if isinstance(market, Unlisted):
        plan = divide_unlisted(market.book, market.facts, lists=market.lists).plan
    else:
        plan = divide(market.book, *market.columns).plan
    return plan.value, plan.bound, None


def by_make_plan(graph: Graph) -> tuple[int, int, int]:
    problem = PlanProblem(
        supply_kg=graph.supply_kg,
        demand_kg=graph.demand_kg,
        arc_supply=graph.supply.astype(np.int64),
        arc_demand=graph.demand.astype(np.int64),
        arc_value=graph.value.astype(np.int64),
        arc_max_kg=graph.kg.astype(np.int64),
    )
    plan = make_plan(problem)
    return plan.value, plan.bound, len(graph)


def by_greedy(graph: Graph) -> tuple[int, None, int]:
    return greedy(graph)[0], None, len(graph)


def greedy_over_all(market: Candidates) -> tuple[int, None, int]:
    return by_greedy(graph_of(market.facts, *market.columns))


def unproven(solve: Callable[[Graph], float], graph: Graph) -> tuple[float, None, int]:
    return solve(graph), None, len(graph)
