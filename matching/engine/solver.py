"""From a market to its solution: search, divide, tell."""

from collections.abc import Sequence

import numpy as np

from matching.engine.book import Book
from matching.engine.division import Ban, Division, Pin, divide
from matching.engine.market import Market
from matching.engine.miss import near_misses
from matching.engine.pairs import Pairs, blocks
from matching.engine.rules import judge
from matching.engine.score import ScoreTable, components
from matching.engine.search import Found, Progress, search
from matching.engine.solution import AllocationTable, PairTable, Solution


def solve(
    market: Market,
    table: ScoreTable,
    *,
    as_of: int,
    k: int = 10,
    watch: Sequence[tuple[int, int]] = (),
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
    divides: bool = True,
    progress: Progress | None = None,
) -> Solution:
    """Match every need with every capacity, and divide what is scarce.

    Args:
        market: the facts; rows in any order.
        table: what each component of the score weighs.
        as_of: the day taken as today, as an ordinal.
        k: how many best pairs are listed for each need and each capacity.
        watch: (need id, capacity id) of pairs to tell of in any case, also when they fail; unknown ids are left out.
        pins: (need id, capacity id, month of shipping, month of delivery, kg) that the plan must use, with at least kg.
        bans: (need id, capacity id) that the plan must not use.
        divides: False leaves the plan out, which costs most; nothing else of the answer depends on it.
        progress: called with needs done and needs in all, after each block.

    Raises ValueError when an id is used twice, a quantity is negative or a pin names nothing that can flow.
    """
    book = Book(market, as_of)
    found = search(book, table, k, progress)
    candidates = found.candidate_need, found.candidate_capacity, found.candidate_value
    division = divide(book, *candidates, pins=pins, bans=bans) if divides else divide(book, *none_of(candidates))
    misses = near_misses(book, table, found.near_need, found.near_capacity, found.near_rule)
    pairs = _pair_table(book, table, found, division, watch)
    return Solution(
        pairs=pairs,
        allocations=AllocationTable(
            book.needs.id[division.need],
            book.capacities.id[division.capacity],
            division.ship_month,
            division.deliver_month,
            division.kg,
        ),
        near_misses=misses,
        plan_value=division.plan.value,
        plan_bound=division.plan.bound,
        plan_status=division.plan.status,
        plan_proof=division.plan.proof,
        plan_reason=division.plan.reason,
        counts={
            "needs": len(book.needs.id),
            "capacities": len(book.capacities.id),
            "pairs": found.n_pairs,
            "candidates": len(found.candidate_need),
            "listed": len(pairs),
            "near_misses": len(misses),
            "needs_with_candidate": len(np.unique(found.candidate_need)),
            "capacities_with_candidate": len(np.unique(found.candidate_capacity)),
        },
    )


def none_of(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [column[:0] for column in columns]


def _pair_table(book: Book, table: ScoreTable, found: Found, division: Division, watch) -> PairTable:
    """Every pair in somebody's best k, in the plan or watched, looked at once more for all its facts."""
    m = max(len(book.capacities.id), 1)
    need_first, capacity_of, need_rank = found.best_for_need
    capacity_first, need_of, capacity_rank = found.best_for_capacity
    key_for_need = need_first * m + capacity_of
    key_for_capacity = need_of * m + capacity_first
    key_planned = division.need * m + division.capacity
    keys = np.unique(np.concatenate([key_for_need, key_for_capacity, key_planned, _watched(book, watch)]))
    rank_for_need, rank_for_capacity = np.zeros(len(keys), np.int16), np.zeros(len(keys), np.int16)
    rank_for_need[np.searchsorted(keys, key_for_need)] = need_rank
    rank_for_capacity[np.searchsorted(keys, key_for_capacity)] = capacity_rank
    planned_kg = np.zeros(len(keys), np.int64)
    np.add.at(planned_kg, np.searchsorted(keys, key_planned), division.kg)
    need, capacity = keys // m, keys % m
    parts = list(blocks(book, need, capacity)) or [slice(0, 0)]
    pieces = [_facts(Pairs(book, need[block], capacity[block]), table) for block in parts]
    columns = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    return PairTable(
        need_id=book.needs.id[need],
        capacity_id=book.capacities.id[capacity] if len(keys) else np.zeros(0, np.int64),
        rank_for_need=rank_for_need,
        rank_for_capacity=rank_for_capacity,
        planned_kg=planned_kg,
        **columns,
    )


def _watched(book: Book, watch: Sequence[tuple[int, int]]) -> np.ndarray:
    need_row = {need_id: row for row, need_id in enumerate(book.needs.id.tolist())}
    capacity_row = {capacity_id: row for row, capacity_id in enumerate(book.capacities.id.tolist())}
    return np.array(
        [
            need_row[need_id] * len(capacity_row) + capacity_row[capacity_id]
            for need_id, capacity_id in watch
            if need_id in need_row and capacity_id in capacity_row
        ],
        np.int64,
    )


def _facts(pairs: Pairs, table: ScoreTable) -> dict[str, np.ndarray]:
    parts = components(pairs)
    return {
        "verdicts": judge(pairs),
        "components": parts,
        "score": table.score(parts),
        "could_reach": table.could_reach(parts),
        "movable_kg": pairs.movable_kg,
        "landed_low": pairs.landed_low,
        "landed_high": pairs.landed_high,
        "landed_at_least": pairs.landed_at_least,
        "days_low": pairs.timing.days_low,
        "days_high": pairs.timing.days_high,
        "first_day": pairs.timing.first_day,
        "last_day": pairs.timing.last_day,
    }
