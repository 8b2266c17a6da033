"""In what two searches of one book differ, whose lanes were reckoned under different assumptions. No database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.market import Market
from matching.engine.pairs import Pairs, blocks
from matching.engine.score import components
from matching.engine.search import search
from matching.engine.solution import in_ppm

ROWS_KEPT = 100  # of each kind; the counts are of all
NEW, GONE, CHEAPER = "new", "gone", "cheaper"
KINDS = (NEW, GONE, CHEAPER)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """How many pairs of each kind there are, and the most telling of them, by the numbers of their listings."""

    counts: dict[str, int]
    rows: list[dict]


def difference(
    before: Market, after: Market, as_of: date, table: ScoreTable, progress: Progress | None = None
) -> Difference:
    """The pairs without a fail that are there only afterwards, only before, or cheaper afterwards."""

    def half(number: int) -> Progress | None:
        return progress and (lambda done, total: progress(number * total + done, 2 * total))

    books = Book(before, as_of.toordinal()), Book(after, as_of.toordinal())
    m = max(len(before.capacities.id), 1)
    found = [search(book, table, 1, half(number)) for number, book in enumerate(books)]
    keys = [one.candidate_need * m + one.candidate_capacity for one in found]
    kept = np.intersect1d(*keys)
    stays = Landing.of(books, kept // m, kept % m)
    cheaper = stays.where(stays.is_cheaper)
    landings = {
        NEW: Landing.of(books, *divmod(np.setdiff1d(keys[1], keys[0]), m)),
        GONE: Landing.of(books, *divmod(np.setdiff1d(keys[0], keys[1]), m)),
        CHEAPER: cheaper,
    }
    had_one = np.unique(found[0].candidate_need)
    counts = {
        "needs": len(before.needs.id),
        "capacities": len(before.capacities.id),
        "pairs": found[0].n_pairs,
        "before": len(keys[0]),
        "after": len(keys[1]),
        "dearer": int(stays.is_dearer.sum()),
        "needs_that_had_none": len(np.setdiff1d(landings[NEW].need, had_one)),
        **{kind: len(landing) for kind, landing in landings.items()},
    }
    told_in = {NEW: books[1], GONE: books[0], CHEAPER: books[1]}
    rows = [row for kind in KINDS for row in landings[kind].rows(kind, told_in[kind], table)]
    return Difference(counts, rows)


@dataclass(frozen=True)
class Landing:
    """What a tonne of pairs costs at the buyer's point before and after; all (x,), nan: not known."""

    need: np.ndarray  # row of the book
    capacity: np.ndarray
    low: np.ndarray  # (2, x)
    high: np.ndarray
    at_least: np.ndarray
    rests_on_examples: np.ndarray  # bool (x,), before or after

    def __len__(self) -> int:
        return len(self.need)

    @classmethod
    def of(cls, books: tuple[Book, Book], need: np.ndarray, capacity: np.ndarray) -> "Landing":
        costs, examples = np.full((3, 2, len(need)), np.nan), np.zeros(len(need), bool)
        for side, book in enumerate(books):
            for block in blocks(book, need, capacity):
                pairs = Pairs(book, need[block], capacity[block])
                costs[:, side, block] = pairs.landed_low, pairs.landed_high, pairs.landed_at_least
                examples[block] |= book.lanes.rests_on_examples[pairs.lane]
        return cls(need, capacity, *costs, examples)

    def where(self, keep: np.ndarray) -> "Landing":
        parts = (self.low[:, keep], self.high[:, keep], self.at_least[:, keep])
        return Landing(self.need[keep], self.capacity[keep], *parts, self.rests_on_examples[keep])

    @property
    def falls(self) -> np.ndarray:
        """By how much it falls, at the one end and at the other: the lesser first; (2, x)."""
        return np.sort([self.low[0] - self.low[1], self.high[0] - self.high[1]], axis=0)

    @property
    def is_cheaper(self) -> np.ndarray:
        return self.falls[1] > 0

    @property
    def is_dearer(self) -> np.ndarray:
        return self.falls[0] < 0

    def rows(self, kind: str, book: Book, table: ScoreTable) -> list[dict]:
        """The most telling: of pairs that come or go those that fit best, of others those that save most."""
        score = np.zeros(len(self))
        for block in blocks(book, self.need, self.capacity):
            score[block] = table.score(components(Pairs(book, self.need[block], self.capacity[block])))
        first = self.falls[1] if kind == CHEAPER else score
        order = np.lexsort((self.capacity, self.need, -first))[:ROWS_KEPT]
        ppm = in_ppm(score)
        return [
            {
                "kind": kind,
                "need": int(book.needs.id[self.need[at]]),
                "capacity": int(book.capacities.id[self.capacity[at]]),
                "score_ppm": int(ppm[at]),
                "limit": dollars(book.needs.limit_usd_per_t[self.need[at]]),
                "before": [dollars(part[0, at]) for part in (self.low, self.high, self.at_least)],
                "after": [dollars(part[1, at]) for part in (self.low, self.high, self.at_least)],
                "falls": [dollars(end) for end in self.falls[:, at]],
                "is_example": bool(self.rests_on_examples[at]),
            }
            for at in order
        ]


def dollars(value: float) -> str | None:
    """USD a tonne to the cent; None where not known."""
    return None if np.isnan(value) else f"{value:.2f}"
