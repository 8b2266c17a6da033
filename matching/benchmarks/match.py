"""`benchmark match`: the ten best capacities of every need, by the engine and by others, each answer checked."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from django.utils.module_loading import import_string

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.benchmarks.measuring import Cost, measured
from matching.benchmarks.peers.base import Peer, Top
from matching.benchmarks.peers.blocks import NumPyBlocks
from matching.benchmarks.peers.frames import PandasChunks
from matching.benchmarks.peers.ours import Both, our_lists
from matching.benchmarks.peers.postgres import CoveringPostgreSQL, PostgreSQL
from matching.benchmarks.peers.reference import Reference
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.candidates import find
from matching.engine.fast.facts import Facts
from matching.engine.fast.tell import weights_of
from matching.engine.market import Market
from matching.engine.shards import take

BEST = 10
TABLE = ScoreTable()
# DuckDB is there for developers alone: it is imported when it is asked for.
PEERS: dict[str, type[Peer] | str] = {
    "duckdb": "matching.benchmarks.peers.duck.DuckDB",
    "numpy": NumPyBlocks,
    "pandas": PandasChunks,
    "postgres": PostgreSQL,
    "covering": CoveringPostgreSQL,
    "reference": Reference,
}
OURS = "TradeMatch"
FEW, MANY_NEEDS = 40, 2_000  # needs of the first look; needs of which the density of a large market is told
CLOSE = 1e-6  # of the sum of scores: other tools add in another order


@dataclass(frozen=True)
class Density:
    """How many pairs of a market may be of the same goods, and how many of those fail no rule."""

    sizes: Sizes
    needs_seen: int
    pairs: int
    candidates: int

    @property
    def of_pairs(self) -> float:
        return self.pairs / (self.needs_seen * self.sizes.capacities)

    @property
    def of_candidates(self) -> float:
        return self.candidates / (self.needs_seen * self.sizes.capacities)


@dataclass(frozen=True)
class Answered:
    """One tool, one market: what it took for the needs asked, and whether it answered as the engine does."""

    name: str
    sizes: Sizes
    asked: int
    cpu_s: float  # of all needs: measured where all were asked, else carried on from two samples
    load_s: float
    peak_mb: float
    rows: int
    agrees: bool

    @property
    def is_whole(self) -> bool:
        return self.asked == self.sizes.needs


def density(sizes: Sizes, *, seed: int) -> Density:
    """Counted pair by pair; in a large market for some of the needs."""
    market = make_market(sizes, seed=seed)
    few = min(sizes.needs, MANY_NEEDS)
    market = take(market, spread(sizes.needs, few), np.arange(sizes.capacities))
    found = find(Facts.of(Book(market, TODAY)), weights_of(TABLE), 1, keeps=False)
    return Density(sizes, few, found.n_pairs, int(found.n_candidates.sum()))


def spread(n: int, few: int) -> np.ndarray:
    """So many of n rows, evenly spread."""
    return np.linspace(0, n - 1, few).astype(np.int64) if few < n else np.arange(n)


def warm_up() -> None:
    """Have everything compiled, or read what was, before anything is measured; forks find it done."""
    few = Sizes(needs=60, capacities=60, headings=1)
    our_lists(make_market(few), TODAY, TABLE, BEST)
    density(few, seed=1)


def ours(market: Market, *, back: bool, times: int = 1, threads: int = 1) -> Cost:
    """The engine's lists; the answer of the cost is a `Both`."""
    return measured(partial(our_lists, market, TODAY, TABLE, BEST, back=back, threads=threads), times=times)


def compared(sizes: Sizes, names: list[str], *, seed: int, limit_s: float, times: int) -> Iterator[Answered]:
    """The engine, and then each other tool on the same market."""
    market = make_market(sizes, seed=seed)
    cost = ours(market, back=False, times=times)
    both: Both = cost.answer
    top = both.for_needs
    yield Answered(OURS, sizes, sizes.needs, both.one_way_s, both.facts_s, cost.peak_mb, len(top.need), True)
    for name in names:
        yield answered(peer_named(name), market, sizes, top, limit_s=limit_s, times=times)


def peer_named(name: str) -> type[Peer]:
    """The tool; ImportError where it is not installed."""
    peer = PEERS[name]
    return import_string(peer) if isinstance(peer, str) else peer


def answered(peer: type[Peer], market: Market, sizes: Sizes, expected: Top, *, limit_s: float, times: int) -> Answered:
    """All needs where that takes no longer than the limit; else as many as fit into it, carried on."""
    n, few = sizes.needs, min(FEW, sizes.needs)
    more = min(few * 8, n)
    first, second = (measured(partial(ask, peer, market, asked)).answer[1] for asked in (few, more))
    a_need = max(second - first, 1e-9) / max(more - few, 1)
    fits = more + int(max(limit_s - second, 0.0) / a_need)
    asked = n if fits >= n else fits
    cost = measured(partial(ask, peer, market, asked), times=times)
    top, spent_s, load_s = cost.answer
    slope = max(spent_s - first, 0.0) / max(asked - few, 1)
    return Answered(
        name=peer.name,
        sizes=sizes,
        asked=asked,
        cpu_s=spent_s + slope * (n - asked),
        load_s=load_s,
        peak_mb=cost.peak_mb,
        rows=len(top.need),
        agrees=same(top, expected.of_needs(spread(n, asked))),
    )


def ask(peer: type[Peer], market: Market, few: int) -> tuple[Top, float, float]:
    """The answer for some of the needs, the processor seconds of answering, and those of loading."""
    begin = time.process_time()
    rows = spread(len(market.needs.id), few)
    tool = peer.of(market, TODAY, rows, TABLE, BEST)
    loaded, on_server = time.process_time(), tool.server_cpu_s()
    top = tool.best()
    spent = time.process_time() - loaded + tool.server_cpu_s() - on_server
    return top, spent, loaded - begin


def same(found: Top, expected: Top) -> bool:
    """As many rows of as many needs, and the same sum of scores."""
    return (
        len(found.need) == len(expected.need)
        and np.array_equal(np.unique(found.need), np.unique(expected.need))
        and abs(found.total - expected.total) <= CLOSE * max(abs(expected.total), 1.0)
    )


@dataclass(frozen=True)
class Scaled:
    """The engine alone on one market: the lists of both sides with everything that is built for them."""

    sizes: Sizes
    cost: Cost  # its answer is a `Both`

    @property
    def both(self) -> Both:
        return self.cost.answer


def scaled(sizes: Sizes, *, seed: int, times: int) -> Scaled:
    return Scaled(sizes, ours(make_market(sizes, seed=seed), back=True, times=times))


def exponent(one: tuple[int, float], other: tuple[int, float]) -> float:
    """By which power of the size the seconds grow from one size to another."""
    return float(np.log(other[1] / one[1]) / np.log(other[0] / one[0]))
