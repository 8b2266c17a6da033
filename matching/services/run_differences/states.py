"""What one carrying-out found, as far as two of them are compared: the matches, and the plan commodity by commodity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from matching.engine.market import Market
from matching.engine.solution import PairTable, Solution
from matching.figures.moves import CENT, Moved, PlannedPair
from matching.services.solved import is_found, known, landed

Pair = tuple[int, int]  # need, capacity

COLUMNS = ("need", "capacity", "score_ppm", "rank_for_need", "rank_for_capacity", "planned_kg")


@dataclass(frozen=True)
class State:
    """The matches by need and capacity; all columns (x,). Kilograms and USD of the plan by commodity."""

    need: np.ndarray
    capacity: np.ndarray
    score_ppm: np.ndarray
    rank_for_need: np.ndarray  # 0: not among its best
    rank_for_capacity: np.ndarray
    planned_kg: np.ndarray
    needs_with_candidate: int = 0
    plan_value: int = 0
    moved: Mapping[str, Moved] = field(default_factory=dict)  # not rounded yet
    others: Mapping[Pair, int] = field(default_factory=dict)  # the score of pairs that are watched and no matches

    @classmethod
    def of(cls, market: Market, solution: Solution, goods: Mapping[int, str], watched: Iterable[Pair] = ()) -> "State":
        """What was found in one part of the book.

        Args:
            market: the part.
            solution: what the engine made of it.
            goods: capacity -> its commodity.
            watched: pairs whose score is wanted in any case.
        """
        pairs = solution.pairs
        listed = np.flatnonzero(is_found(pairs) & (pairs.verdicts >= 0).all(axis=1))
        return cls(
            need=pairs.need_id[listed],
            capacity=pairs.capacity_id[listed],
            score_ppm=pairs.score_ppm[listed],
            rank_for_need=pairs.rank_for_need[listed].astype(np.int64),
            rank_for_capacity=pairs.rank_for_capacity[listed].astype(np.int64),
            planned_kg=pairs.planned_kg[listed],
            needs_with_candidate=solution.counts["needs_with_candidate"],
            plan_value=solution.plan_value,
            moved=moved_by_goods(market, pairs, goods),
            others=scores_of(pairs, watched),
        )

    @classmethod
    def whole(cls, parts: Sequence["State"]) -> "State":
        """All parts of a book together; they share no listing."""
        columns = {
            name: np.concatenate([np.zeros(0, np.int64), *(getattr(part, name) for part in parts)]) for name in COLUMNS
        }
        order = np.lexsort((columns["capacity"], columns["need"]))
        return cls(
            **{name: column[order] for name, column in columns.items()},
            needs_with_candidate=sum(part.needs_with_candidate for part in parts),
            plan_value=sum(part.plan_value for part in parts),
            moved=together(part.moved for part in parts),
            others={pair: score for part in parts for pair, score in part.others.items()},
        )

    @property
    def best_ppm(self) -> int:
        return int(self.score_ppm.max(initial=0))

    @property
    def median_ppm(self) -> int:
        """The score that half of the matches reach, the lower of two in the middle; 0 where there is no match."""
        if not len(self.score_ppm):
            return 0
        middle = (len(self.score_ppm) - 1) // 2
        return int(np.partition(self.score_ppm, middle)[middle])

    def row(self, pair: Pair) -> int | None:
        """Where a pair stands among the matches."""
        return row_of(self.need, self.capacity, pair)


def row_of(need: np.ndarray, capacity: np.ndarray, pair: Pair) -> int | None:
    """The row of a pair in columns that are ordered by need and capacity."""
    first, last = np.searchsorted(need, pair[0], "left"), np.searchsorted(need, pair[0], "right")
    at = int(first + np.searchsorted(capacity[first:last], pair[1]))
    return at if at < last and capacity[at] == pair[1] else None


def scores_of(pairs: PairTable, watched: Iterable[Pair]) -> dict[Pair, int]:
    ppm, found = pairs.score_ppm, {}
    for pair in watched:
        row = row_of(pairs.need_id, pairs.capacity_id, pair)
        if row is not None:
            found[pair] = int(ppm[row])
    return found


def moved_by_goods(market: Market, pairs: PairTable, goods: Mapping[int, str]) -> dict[str, Moved]:
    """What the plan moves of each commodity, in the way in which a run tells it."""
    ask_of = dict(zip(market.capacities.id.tolist(), market.capacities.ask_usd_per_t.tolist(), strict=True))
    found: dict[str, Moved] = {}
    for row in np.flatnonzero(pairs.planned_kg).tolist():
        capacity = int(pairs.capacity_id[row])
        ask = known(ask_of[capacity], 4)
        low, high = landed(pairs, row)
        planned = PlannedPair(
            commodity=goods.get(capacity, ""),  # "": deleted since
            kg=int(pairs.planned_kg[row]),
            landed_low=low,
            landed_high=high,
            ask=None if ask is None else Decimal(str(ask)),
        )
        found.setdefault(planned.commodity, Moved(planned.commodity)).add(planned)
    return found


def together(parts: Iterable[Mapping[str, Moved]]) -> dict[str, Moved]:
    found: dict[str, Moved] = {}
    for part in parts:
        for commodity, moved in part.items():
            whole = found.setdefault(commodity, Moved(commodity))
            whole.kg += moved.kg
            whole.kg_at_ask += moved.kg_at_ask
            whole.kg_without_price += moved.kg_without_price
            whole.usd_low += moved.usd_low
            whole.usd_high += moved.usd_high
    return found


def cents(amounts: Iterable[Decimal]) -> int:
    """Sums of money, each rounded to the cent as a run tells them, in cents."""
    return sum(int(amount.quantize(CENT) / CENT) for amount in amounts)
