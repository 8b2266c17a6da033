"""From a large market to its solution: the same bytes as `matching.engine.solver.solve_by_reference` gives."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from matching.engine import division as dividing
from matching.engine.book import Book
from matching.engine.division import MOST_PAIRS_LAID_OUT, NO_LIMITS, Ban, Division, Limits, Pin, divide, divide_unlisted
from matching.engine.fast.candidates import Found, find
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.whole import near_misses_fast
from matching.engine.fast.tell import tell, weights_of
from matching.engine.score import ScoreTable
from matching.engine.search import Progress
from matching.engine.solution import Solution
from matching.engine.solver import lists_of, pair_table, solution_of


def solve_book(
    book: Book,
    table: ScoreTable,
    *,
    k: int = 10,
    watch: Sequence[tuple[int, int]] = (),
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
    divides: bool = True,
    limits: Limits = NO_LIMITS,
    progress: Progress | None = None,
    threads: int = 1,
) -> Solution:
    """The solution of a book; the arguments are those of `matching.engine.solve`."""
    facts = Facts.of(book)
    found = find(
        facts, weights_of(table), k, keeps=divides, most=dividing.MOST_PAIRS_LISTED, threads=threads, progress=progress
    )
    counts = {
        "pairs": found.n_pairs,
        "candidates": int(found.n_candidates.sum()),
        "needs_with_candidate": int(np.count_nonzero(found.n_candidates)),
        "capacities_with_candidate": int(np.count_nonzero(found.has_candidate)),
    }
    lists = lists_of(table, found.best_for_need, found.best_for_capacity, threads)
    asked = {"pins": pins, "bans": bans, "limits": limits, "lists": lists} if divides else {}
    division = _divided(book, facts, found, **asked)
    misses = near_misses_fast(book, table, facts=facts, threads=threads)
    pairs = pair_table(
        book,
        found.best_for_need,
        found.best_for_capacity,
        division,
        watch,
        partial(tell, facts, table, threads=threads),
    )
    return solution_of(book, pairs, division, misses, counts)


def _divided(book: Book, facts: Facts, found: Found, **asked) -> Division:
    candidates = found.candidates
    if asked and int(found.n_candidates.sum()) > dividing.MOST_PAIRS_LISTED:
        return divide_unlisted(book, facts, **asked)
    columns = candidates.need, candidates.capacity, candidates.value
    if len(candidates.value) <= MOST_PAIRS_LAID_OUT:  # more stay narrow: only where they are laid out is there a sum
        columns = tuple(column.astype(np.int64) for column in columns)
    return divide(book, *columns, facts=facts, **asked)
