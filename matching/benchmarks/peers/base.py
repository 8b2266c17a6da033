"""What every peer is and answers."""

from dataclasses import dataclass

import numpy as np

from matching.benchmarks.wide import Wide, widened
from matching.engine import ScoreTable
from matching.engine.market import Market


@dataclass(frozen=True)
class Top:
    """The best of each need; rows of the book, one entry a pair, in any order."""

    need: np.ndarray
    capacity: np.ndarray
    score: np.ndarray

    def of_needs(self, rows: np.ndarray) -> "Top":
        keep = np.isin(self.need, rows)
        return Top(self.need[keep], self.capacity[keep], self.score[keep])

    @property
    def total(self) -> float:
        """The sum of all scores, added in the order of the pairs."""
        return float(self.score[np.lexsort((self.capacity, self.need))].sum())


class Peer:
    """Another tool. What it takes to fill its tables is not counted; what it takes to answer is."""

    name: str

    def __init__(self, wide: Wide, weights: tuple[float, ...], k: int):
        self.wide, self.weights, self.k = wide, weights, k
        self.load()

    @classmethod
    def of(cls, market: Market, as_of: int, needs: np.ndarray, table: ScoreTable, k: int) -> "Peer":
        """The tool with its tables full, for these needs (rows) and all capacities of a market."""
        wide = widened(market, as_of)
        return cls(wide.of_needs(needs) if len(needs) < len(market.needs.id) else wide, table.weights, k)

    def load(self) -> None:
        """Everything that a tool would already hold: its tables, and what it keeps beside them."""

    def best(self) -> Top:
        """The k best capacities of every need in the tables."""
        raise NotImplementedError

    def server_cpu_s(self) -> float:
        """Processor seconds that a server has spent for it so far."""
        return 0.0
