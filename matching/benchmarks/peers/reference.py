"""The engine's own reference: every rule asked of every pair in NumPy, as the specification says it."""

import numpy as np

from matching.benchmarks.peers.base import Peer, Top
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.market import Market
from matching.engine.pairs import Pairs
from matching.engine.score import components
from matching.engine.search import search
from matching.engine.shards import take


class Reference(Peer):
    """It finds the best of the capacities, too, and everything that nearly fits."""

    name = "the reference engine"

    def __init__(self, book: Book, needs: np.ndarray, table: ScoreTable, k: int):
        self.book, self.needs, self.table, self.k = book, needs, table, k

    @classmethod
    def of(cls, market: Market, as_of: int, needs: np.ndarray, table: ScoreTable, k: int) -> "Reference":
        book = Book(take(market, needs, np.arange(len(market.capacities.id))), as_of)
        return cls(book, needs, table, k)

    def best(self) -> Top:
        top = reference_top(self.book, self.table, self.k)
        return Top(self.needs[top.need], top.capacity, top.score)


def reference_top(book: Book, table: ScoreTable, k: int) -> Top:
    need, capacity, _rank = search(book, table, k).best_for_need
    return Top(need, capacity, table.score(components(Pairs(book, need, capacity))))
