"""What comes out: pairs, kilograms and near misses, by id; the same facts give the same bytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from matching.engine.packing import pack, unpack
from matching.engine.score import PPM


@dataclass(frozen=True)
class PairTable:
    """Every pair in somebody's best k, in the plan or asked for, ordered by need and capacity; all (x,) unless said."""

    need_id: np.ndarray
    capacity_id: np.ndarray
    verdicts: np.ndarray  # int8 (x, 10), in the order of RULE_CODES
    components: np.ndarray  # float64 (x, 7), in the order of COMPONENTS; nan: not known
    score: np.ndarray
    could_reach: np.ndarray
    rank_for_need: np.ndarray  # int16, 0: not among its best k
    rank_for_capacity: np.ndarray
    movable_kg: np.ndarray  # at best where transit or lead are not known; -1: nothing is known of it
    landed_low: np.ndarray  # USD/t at the need's point and basis; nan: not known
    landed_high: np.ndarray
    landed_at_least: np.ndarray
    days_low: np.ndarray  # of transit, -1: not known
    days_high: np.ndarray
    first_day: np.ndarray  # earliest and latest feasible day of delivery, -1: none
    last_day: np.ndarray
    planned_kg: np.ndarray

    def __len__(self) -> int:
        return len(self.need_id)

    @property
    def score_ppm(self) -> np.ndarray:
        """The score in whole millionths, as it is stored."""
        return in_ppm(self.score)

    @property
    def could_reach_ppm(self) -> np.ndarray:
        return in_ppm(self.could_reach)


@dataclass(frozen=True)
class AllocationTable:
    """Kilograms that the plan gives a pair in a month; months are year * 12 + month - 1; all (a,)."""

    need_id: np.ndarray
    capacity_id: np.ndarray
    ship_month: np.ndarray
    deliver_month: np.ndarray
    kg: np.ndarray

    def __len__(self) -> int:
        return len(self.need_id)


@dataclass(frozen=True)
class PriceTable:
    """What one more kilogram would be worth, in millionths of a point of full score; only where it is worth something.

    Of a capacity: one more to ship in that slot; of a need: one more wanted in it. They belong to the plan without lots
    (docs/plan.md). Ordered by side, listing and day; all (p,).
    """

    of_need: np.ndarray  # bool, else of a capacity
    listing_id: np.ndarray
    first_day: np.ndarray  # of the slot
    ppm: np.ndarray

    def __len__(self) -> int:
        return len(self.listing_id)

    @classmethod
    def empty(cls) -> "PriceTable":
        return cls(np.zeros(0, bool), *(np.zeros(0, np.int64) for _column in range(3)))


@dataclass(frozen=True)
class NearMiss:
    """A pair that fails exactly one rule, with the smallest change by one side that would open it."""

    need_id: int
    capacity_id: int
    rule: str
    side: str  # "buyer" | "seller"
    change: dict  # code, amount, unit, percent and what the sentence about it needs; see docs/matching.md
    effort: int  # row of the published table
    score_after: float

    @property
    def score_ppm(self) -> int:
        return int(in_ppm(np.array(self.score_after)))


@dataclass(frozen=True)
class Solution:
    """All that a run found."""

    pairs: PairTable
    allocations: AllocationTable
    near_misses: tuple[NearMiss, ...]
    plan_value: int  # millionths x kilograms
    plan_bound: int  # no plan is worth more
    plan_status: str  # "optimal" | "feasible" | "infeasible" | "unknown"
    plan_proof: str
    plan_reason: str = ""  # a code, where there is no plan
    counts: dict[str, int] = field(default_factory=dict)
    prices: PriceTable = field(default_factory=PriceTable.empty)

    @property
    def plan_gap(self) -> float:
        return 0.0 if self.plan_value == self.plan_bound else (self.plan_bound - self.plan_value) / abs(self.plan_bound)

    def to_bytes(self) -> bytes:
        arrays = {}
        for part in ("pairs", "allocations", "prices"):
            table = getattr(self, part)
            arrays |= {f"{part}.{f.name}": getattr(table, f.name) for f in fields(table)}
        return pack(arrays, json.dumps(self._words(), ensure_ascii=False, sort_keys=True))

    def _words(self) -> dict:
        names = ("plan_value", "plan_bound", "plan_status", "plan_proof", "plan_reason", "counts")
        return {name: getattr(self, name) for name in names} | {
            "near_misses": [vars(miss) for miss in self.near_misses]
        }

    @classmethod
    def from_bytes(cls, data: bytes) -> "Solution":
        arrays, text = unpack(data)
        words = json.loads(text)

        def table(kind: type, part: str):
            return kind(**{f.name: arrays[f"{part}.{f.name}"] for f in fields(kind)})

        return cls(
            pairs=table(PairTable, "pairs"),
            allocations=table(AllocationTable, "allocations"),
            near_misses=tuple(NearMiss(**miss) for miss in words.pop("near_misses")),
            # Older solutions kept none.
            prices=table(PriceTable, "prices") if "prices.ppm" in arrays else PriceTable.empty(),
            **words,
        )

    @classmethod
    def merge(cls, solutions: Sequence["Solution"]) -> "Solution":
        """The solution of the whole from those of its shards."""
        if not solutions:
            raise ValueError("there is nothing to merge")
        counts: dict[str, int] = {}
        for solution in solutions:
            for name, number in solution.counts.items():
                counts[name] = counts.get(name, 0) + number
        return cls(
            pairs=_stacked([s.pairs for s in solutions]),
            allocations=_stacked([s.allocations for s in solutions]),
            near_misses=tuple(sorted((miss for s in solutions for miss in s.near_misses), key=near_miss_order)),
            plan_value=sum(s.plan_value for s in solutions),
            plan_bound=sum(s.plan_bound for s in solutions),
            plan_status=_worst([s.plan_status for s in solutions], ("optimal", "feasible", "unknown", "infeasible")),
            plan_proof=_worst([s.plan_proof for s in solutions], ("flow", "search", "mip")),
            plan_reason=next((s.plan_reason for s in solutions if s.plan_reason), ""),
            counts=counts,
            prices=_stacked([s.prices for s in solutions]),
        )


def in_ppm(score: np.ndarray) -> np.ndarray:
    return np.floor(score * PPM + 0.5).astype(np.int64)


def near_miss_order(miss: NearMiss) -> tuple:
    """Least effort first, then what it would score, then ids."""
    return miss.effort, -miss.score_after, miss.need_id, miss.capacity_id


def _stacked(tables: list):
    """Tables of shards as one, ordered by need, capacity and months, or by side, listing and day."""
    kind = type(tables[0])
    columns = {f.name: np.concatenate([getattr(table, f.name) for table in tables]) for f in fields(kind)}
    of_pairs = "deliver_month", "ship_month", "capacity_id", "need_id"
    names = ("first_day", "listing_id", "of_need") if "listing_id" in columns else of_pairs
    keys = [columns[name] for name in names if name in columns]
    order = np.lexsort(keys)
    return kind(**{name: column[order] for name, column in columns.items()})


def _worst(found: list[str], order: tuple[str, ...]) -> str:
    return max(found, key=order.index)
