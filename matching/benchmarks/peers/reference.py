"""The engine's own reference: every rule asked of every pair in NumPy, as the specification says it."""

from matching.benchmarks.peers.base import Top
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.pairs import Pairs
from matching.engine.score import components
from matching.engine.search import search


def reference_top(book: Book, table: ScoreTable, k: int) -> Top:
    need, capacity, _rank = search(book, table, k).best_for_need
    return Top(need, capacity, table.score(components(Pairs(book, need, capacity))))
