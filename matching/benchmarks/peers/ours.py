"""The engine itself: the search index of its fast path, built and asked."""

import time
from dataclasses import dataclass

import numpy as np

from matching.benchmarks.peers.base import Top
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.best import best_for_capacities, best_for_needs
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.tell import weights_of
from matching.engine.fast.top import Top as Best
from matching.engine.market import Market


@dataclass(frozen=True)
class Both:
    """The lists of both sides, and what each step of finding them took, in processor seconds."""

    for_needs: Top
    n_for_capacities: int
    facts_s: float  # the market laid out as kernels read it: what other tools call loading
    build_s: float
    needs_s: float
    build_back_s: float
    capacities_s: float
    seen: np.ndarray  # of the needs: lanes seen, blocks asked, pairs scored exactly, blocks filled in

    @property
    def one_way_s(self) -> float:
        return self.build_s + self.needs_s

    @property
    def both_ways_s(self) -> float:
        return self.one_way_s + self.build_back_s + self.capacities_s


def our_lists(market: Market, as_of: int, table: ScoreTable, k: int, *, back: bool = True, threads: int = 1) -> Both:
    """The k best of every need, and with `back` those of every capacity."""
    clock = [time.process_time()]

    def spent() -> float:
        clock.append(time.process_time())
        return clock[-1] - clock[-2]

    facts, weights = Facts.of(Book(market, as_of)), weights_of(table)
    facts_s = spent()
    index = CapacityIndex.of(facts)
    build_s = spent()
    seen = np.zeros(4, np.int64)
    needs = best_for_needs(facts, index, weights, k, threads, seen)
    needs_s = spent()
    del index  # before the other: both are not needed at once
    build_back_s = capacities_s = 0.0
    n_for_capacities = 0
    if back:
        index = NeedIndex.of(facts)
        build_back_s = spent()
        n_for_capacities = int(best_for_capacities(facts, index, weights, k, threads).is_taken.sum())
        capacities_s = spent()
    top = _told(needs)
    return Both(top, n_for_capacities, facts_s, build_s, needs_s, build_back_s, capacities_s, seen)


def _told(best: Best) -> Top:
    of_need = best.is_taken.sum(axis=1)
    need = np.repeat(np.arange(len(of_need), dtype=np.int32), of_need)
    return Top(need, best.other[best.is_taken], best.score[best.is_taken])
