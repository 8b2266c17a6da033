"""From a market to its solution: search, divide, tell."""

from collections.abc import Callable, Sequence

import numpy as np

from matching.engine.book import Book
from matching.engine.division import NO_LIMITS, Ban, Division, Limits, Lists, Pin, divide
from matching.engine.market import Market
from matching.engine.miss import near_misses
from matching.engine.pairs import Pairs, blocks
from matching.engine.plan import Plan
from matching.engine.rules import judge
from matching.engine.score import ScoreTable, components
from matching.engine.search import Progress, search
from matching.engine.solution import AllocationTable, NearMiss, PairTable, PriceTable, Solution

# The reference takes some seconds for so many pairs; for more it is quicker to load what is compiled.
MOST_PAIRS_OF_REFERENCE = 400_000
_COUNTED_TOGETHER = 512
BEST_TOLD = 10  # pairs of each listing that are told, unless asked otherwise

Ranked = tuple[np.ndarray, np.ndarray, np.ndarray]  # row, row of the other side, rank from 1
Facts = Callable[[np.ndarray, np.ndarray], dict[str, np.ndarray]]  # of pairs, by the names of columns of PairTable


def solve(
    market: Market,
    table: ScoreTable,
    *,
    as_of: int,
    k: int = BEST_TOLD,
    watch: Sequence[tuple[int, int]] = (),
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
    divides: bool = True,
    limits: Limits = NO_LIMITS,
    progress: Progress | None = None,
    threads: int = 1,
) -> Solution:
    """Match every need with every capacity, and divide what is scarce.

    A large market goes the fast way (`matching.engine.fast`), which gives the same bytes.

    Args:
        market: the facts; rows in any order.
        table: what each component of the score weighs.
        as_of: the day taken as today, as an ordinal.
        k: how many best pairs are listed for each need and each capacity.
        watch: (need id, capacity id) of pairs to tell of in any case, also when they fail; unknown ids are left out.
        pins: (need id, capacity id, month of shipping, month of delivery, kg) that the plan must use, with at least kg.
        bans: (need id, capacity id) that the plan must not use.
        divides: False leaves the plan out, which costs most; nothing else of the answer depends on it.
        limits: a cap on one supplier and a floor for micro companies, which the plan keeps to.
        progress: called with needs done and needs in all, after each block.
        threads: how many processors a large market may use; the answer does not depend on it.

    Raises ValueError when an id is used twice, a quantity is negative or a pin names nothing that can flow.
    """
    book = Book(market, as_of)
    options = {"k": k, "watch": watch, "pins": pins, "bans": bans, "divides": divides, "progress": progress}
    options["limits"] = limits
    if is_large(book):
        # Only here: numba takes a second to load, and whoever asks small questions never needs it.
        from matching.engine.fast.solve import solve_book

        return solve_book(book, table, **options, threads=threads)
    return solve_by_reference(book, table, **options)


def lists_of(table: ScoreTable, best_for_need, best_for_capacity, threads: int = 1) -> Lists:
    """The best of both sides for the plan; either as rows of its own side, rows of the other and ranks."""
    return Lists(np.array(table.weights), (best_for_need[:2], best_for_capacity[1::-1]), threads)


def is_large(book: Book) -> bool:
    """Whether there are more pairs whose goods may be the same than the reference should look at.

    A pair whose goods may be the same for two reasons is counted twice.
    """
    needs, capacities = book.needs, book.capacities
    if len(needs.accepted_of) * len(capacities.id) <= MOST_PAIRS_OF_REFERENCE:
        return False
    (lo, hi), wanted = np.unique(np.stack([needs.accepted_lo, needs.accepted_hi]), axis=1, return_counts=True)
    nodes, offered = np.unique(np.stack([capacities.node_lo, capacities.node_hi]), axis=1, return_counts=True)
    n_pairs = 0
    for start in range(0, len(lo), _COUNTED_TOGETHER):
        some = slice(start, start + _COUNTED_TOGETHER)
        first, last = lo[some, None], hi[some, None]
        nested = ((first <= nodes[0]) & (nodes[1] <= last)) | ((nodes[0] <= first) & (last <= nodes[1]))
        n_pairs += int(wanted[some] @ (nested @ offered))
    return n_pairs > MOST_PAIRS_OF_REFERENCE


def solve_by_reference(
    book: Book,
    table: ScoreTable,
    *,
    k: int,
    watch,
    pins,
    bans,
    divides: bool,
    limits: Limits,
    progress: Progress | None,
) -> Solution:
    """The solution as the reference finds it."""
    found = search(book, table, k, progress)
    candidates = found.candidate_need, found.candidate_capacity, found.candidate_value
    if divides:
        lists = lists_of(table, found.best_for_need, found.best_for_capacity)
        division = divide(book, *candidates, pins=pins, bans=bans, limits=limits, lists=lists)
    else:
        division = divide(book, *none_of(candidates))
    misses = near_misses(book, table, found.near_need, found.near_capacity, found.near_rule)

    def facts(need: np.ndarray, capacity: np.ndarray) -> dict[str, np.ndarray]:
        parts = list(blocks(book, need, capacity)) or [slice(0, 0)]
        pieces = [_facts(Pairs(book, need[block], capacity[block]), table) for block in parts]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}

    pairs = pair_table(book, found.best_for_need, found.best_for_capacity, division, watch, facts)
    counts = {
        "pairs": found.n_pairs,
        "candidates": len(found.candidate_need),
        "needs_with_candidate": len(np.unique(found.candidate_need)),
        "capacities_with_candidate": len(np.unique(found.candidate_capacity)),
    }
    return solution_of(book, pairs, division, misses, counts)


def solution_of(
    book: Book, pairs: PairTable, division: Division, misses: tuple[NearMiss, ...], counts: dict[str, int]
) -> Solution:
    """All that was found, by id. `counts`: of pairs and candidates."""
    if division.greedy_value is not None:
        counts = counts | {"greedy_value": division.greedy_value}
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
        counts=counts
        | division.counts
        | {
            "needs": len(book.needs.id),
            "capacities": len(book.capacities.id),
            "listed": len(pairs),
            "near_misses": len(misses),
        },
        prices=_prices(book, division.plan),
    )


def _prices(book: Book, plan: Plan) -> PriceTable:
    """What one more kilogram of each slot would be worth, by id, as far as it is worth something."""
    pieces = []
    for of_need, listings, price in (
        (False, book.capacities, plan.supply_price),
        (True, book.needs, plan.demand_price),
    ):
        worth = np.flatnonzero(price != 0) if len(price) else np.zeros(0, np.int64)
        owner, day = listings.id[listings.slot_of[worth]], listings.slot_first[worth]
        order = np.lexsort((day, owner))
        ppm = price[worth].astype(np.int64)
        pieces.append((np.full(len(worth), of_need), owner[order], day[order], ppm[order]))
    return PriceTable(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


def none_of(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [column[:0] for column in columns]


def pair_table(
    book: Book, best_for_need: Ranked, best_for_capacity: Ranked, division: Division, watch, facts: Facts
) -> PairTable:
    """Every pair in somebody's best k, in the plan or watched, looked at once more for all its facts."""
    m = max(len(book.capacities.id), 1)
    need_first, capacity_of, need_rank = best_for_need
    capacity_first, need_of, capacity_rank = best_for_capacity
    key_for_need = need_first * m + capacity_of
    key_for_capacity = need_of * m + capacity_first
    key_planned = division.need.astype(np.int64) * m + division.capacity
    keys = np.unique(np.concatenate([key_for_need, key_for_capacity, key_planned, _watched(book, watch)]))
    rank_for_need, rank_for_capacity = np.zeros(len(keys), np.int16), np.zeros(len(keys), np.int16)
    rank_for_need[np.searchsorted(keys, key_for_need)] = need_rank
    rank_for_capacity[np.searchsorted(keys, key_for_capacity)] = capacity_rank
    planned_kg = np.zeros(len(keys), np.int64)
    np.add.at(planned_kg, np.searchsorted(keys, key_planned), division.kg)
    need, capacity = keys // m, keys % m
    return PairTable(
        need_id=book.needs.id[need],
        capacity_id=book.capacities.id[capacity] if len(keys) else np.zeros(0, np.int64),
        rank_for_need=rank_for_need,
        rank_for_capacity=rank_for_capacity,
        planned_kg=planned_kg,
        **facts(need, capacity),
    )


def _watched(book: Book, watch: Sequence[tuple[int, int]]) -> np.ndarray:
    """The pairs to tell of as one number each; those of which a listing is not in the book are left out."""
    need_id, capacity_id = np.array(watch, np.int64).reshape(-1, 2).T
    need, capacity = np.searchsorted(book.needs.id, need_id), np.searchsorted(book.capacities.id, capacity_id)
    is_there = np.append(book.needs.id, -1)[need] == need_id
    is_there &= np.append(book.capacities.id, -1)[capacity] == capacity_id
    return need[is_there] * max(len(book.capacities.id), 1) + capacity[is_there]


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
