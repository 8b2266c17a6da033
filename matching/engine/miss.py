"""What one change would open."""

import numpy as np

from matching.engine.book import Book
from matching.engine.score import ScoreTable
from matching.engine.solution import NearMiss


def near_misses(
    book: Book, table: ScoreTable, need: np.ndarray, capacity: np.ndarray, rule: np.ndarray
) -> tuple[NearMiss, ...]:
    return ()
