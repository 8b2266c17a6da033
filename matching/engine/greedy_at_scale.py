"""What taking the best pair first would be worth, where pairs are too many to lay out with all their months."""

from collections.abc import Sequence

import numpy as np

from matching.engine.book import Book
from matching.engine.division import Ban, banned_pairs, months_of_pairs
from matching.engine.fast.compiled import kernel
from matching.engine.market import NOT_KNOWN_KG

TOGETHER = 20_000  # pairs whose months are laid out at a time
MOST_PAIRS = 20_000_000  # of more, putting them in order would take the memory of the plan itself


def greedy_value_of(
    book: Book, need: np.ndarray, capacity: np.ndarray, value: np.ndarray, bans: Sequence[Ban] = ()
) -> int | None:
    """As `matching.engine.plan.greedy.greedy_value` says it of the same candidates without pins; None: too many.

    The dearest pairs come first, equals in their order. A pair one of whose ends has nothing left is not laid out, so
    it costs little more than putting the pairs in order.
    """
    if len(need) > MOST_PAIRS:
        return None
    order = np.argsort(-value, kind="stable")
    order = order[: int(np.count_nonzero(value > 0))]
    left, wanted = book.capacities.slot_kg.copy(), book.needs.slot_kg.copy()
    worth = 0
    for start in range(0, len(order), TOGETHER):
        some = order[start : start + TOGETHER]
        has_left = _kg_of(book.capacities, left)[capacity[some]] > 0
        some = some[has_left & (_kg_of(book.needs, wanted)[need[some]] > 0)]
        if bans:
            some = some[~banned_pairs(book, need[some], capacity[some], bans)]
        if len(some):
            worth += _taken(book, need[some], capacity[some], value[some], left, wanted)
    return worth


def _kg_of(listings, slot_kg: np.ndarray) -> np.ndarray:
    kg = np.zeros(len(listings.id), np.int64)
    np.add.at(kg, listings.slot_of, slot_kg)
    return kg


def _taken(book: Book, need, capacity, value, left: np.ndarray, wanted: np.ndarray) -> int:
    """What some pairs are worth, one after the other; what they take is gone."""
    pair, supply, demand, _ship, _deliver, most_kg = months_of_pairs(book, need, capacity)
    lot_kg = book.capacities.lot_kg[capacity]
    least = np.maximum(np.where(lot_kg == NOT_KNOWN_KG, 0, lot_kg), book.needs.smallest_share_kg[need])
    multiple = np.maximum(book.capacities.multiple_kg[capacity], 1)
    smallest = -(-np.maximum(least, 1) // multiple) * multiple
    kg = np.zeros(len(pair), np.int64)
    _take(pair, supply, demand, most_kg, smallest, multiple, left, wanted, kg)
    of_pair = np.zeros(len(need), np.int64)
    np.add.at(of_pair, pair, kg)
    used = np.flatnonzero(of_pair)
    return sum(ppm * amount for ppm, amount in zip(value[used].tolist(), of_pair[used].tolist(), strict=True))


@kernel
def _take(pair, supply, demand, most_kg, smallest, multiple, left, wanted, kg):
    for arc in range(len(pair)):
        step = multiple[pair[arc]]
        can = min(left[supply[arc]], wanted[demand[arc]], most_kg[arc]) // step * step
        if can >= smallest[pair[arc]]:
            kg[arc] = can
            left[supply[arc]] -= can
            wanted[demand[arc]] -= can
