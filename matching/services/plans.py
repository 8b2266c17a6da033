"""What is known of a run's plan as a whole, and the last guard before it is saved."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_UP, Decimal

import numpy as np

from matching import engine
from matching.engine.market import Capacities, Market, Needs

# From the best to the worst: a run's plan is as good as that of its worst shard.
STATUSES = ("optimal", "feasible", "unknown", "infeasible")
PROOFS = ("flow", "search", "mip")
# What a solution says of its limits, see `engine.division_within`.
LIMIT_COUNTS = {
    *("plan_cost_of_cap", "plan_cost_of_floor", "plan_parts_without_limits"),
    *("micro_kg", "micro_floor_kg", "micro_floor_missing_kg"),
}
MONTHS = 1_000_000  # more than any month's number
EPOCH = date(1970, 1, 1).toordinal()  # from which numpy counts


class PlanOverflowError(ValueError):
    """A plan that gives away more of a listing than there is."""


@dataclass
class PlanTotals:
    """Value and bound of the plans of all shards; shards share no listing, so both add up."""

    value: int = 0
    bound: int = 0
    status: str = STATUSES[0]
    proof: str = PROOFS[0]
    limits: dict[str, int] = field(default_factory=dict)  # what a cap and a floor cost, where a run keeps to them

    def add(self, solution: engine.Solution) -> None:
        self.value += solution.plan_value
        self.bound += solution.plan_bound
        self.status = max(self.status, solution.plan_status, key=STATUSES.index)
        self.proof = max(self.proof, solution.plan_proof, key=PROOFS.index)
        for name in LIMIT_COUNTS & solution.counts.keys():
            self.limits[name] = self.limits.get(name, 0) + solution.counts[name]

    @property
    def gap(self) -> Decimal:
        """The share of the bound that the plan may miss, rounded up to a millionth; 0 exactly where they are equal."""
        if self.value == self.bound:
            return Decimal(0)
        missed = Decimal(self.bound - self.value) / abs(self.bound or self.value)
        return missed.quantize(Decimal("0.000001"), rounding=ROUND_UP)

    def counts(self) -> dict[str, str]:
        """As a run keeps them. Whole numbers of any size are text, for JSON readers elsewhere would round them."""
        return {
            "plan_value": str(self.value),
            "plan_bound": str(self.bound),
            "plan_gap": str(self.gap),
            "plan_status": self.status,
            "plan_proof": self.proof,
            **{name: str(number) for name, number in sorted(self.limits.items())},
        }


@dataclass
class PlanShare:
    """How far the plan goes: which way its kilograms go, and how many needs it gives all or a part of what they want.

    Kilograms of all goods together say how much has to be carried, and nothing of what it is worth.
    """

    kg: dict[str, int] = field(default_factory=dict)  # "ID-KZ" -> kilograms
    needs_planned: int = 0
    needs_met: int = 0

    def add(self, market: Market, solution: engine.Solution) -> None:
        pairs = solution.pairs
        chosen = pairs.planned_kg > 0
        kg = pairs.planned_kg[chosen]
        need = rows_of(market.needs, pairs.need_id[chosen])
        capacity = rows_of(market.capacities, pairs.capacity_id[chosen])
        ways = np.stack([market.capacities.country[capacity], market.needs.country[need]], axis=1)
        for origin, destination in np.unique(ways, axis=0).tolist():
            goes = (ways == (origin, destination)).all(axis=1)
            name = f"{market.countries[origin]}-{market.countries[destination]}"
            self.kg[name] = self.kg.get(name, 0) + int(kg[goes].sum())
        wanted, given = np.zeros((2, len(market.needs.id)), np.int64)
        np.add.at(wanted, market.needs.slot_of, market.needs.slot_kg)
        np.add.at(given, need, kg)
        self.needs_planned += int((given > 0).sum())
        self.needs_met += int(((given > 0) & (given >= wanted)).sum())

    def counts(self) -> dict:
        """As a run keeps them."""
        return {
            "planned_kg": dict(sorted(self.kg.items())),
            "needs_planned": self.needs_planned,
            "needs_met": self.needs_met,
        }


def rows_of(listings: Needs | Capacities, ids: np.ndarray) -> np.ndarray:
    """In which rows of a market these listings stand."""
    order = np.argsort(listings.id)
    return order[np.searchsorted(listings.id, ids, sorter=order)]


def check_plan(market: Market, solution: engine.Solution) -> None:
    """Refuse a plan that moves more in a month than is offered or wanted in it. The last guard before it is saved."""
    allocations = solution.allocations
    for side, listings, owner, month in (
        ("capacity", market.capacities, allocations.capacity_id, allocations.ship_month),
        ("need", market.needs, allocations.need_id, allocations.deliver_month),
    ):
        refuse_overflow(side, listings, owner, month, allocations.kg)


def refuse_overflow(side: str, listings: Needs | Capacities, owner, month, kg) -> None:
    """In all, and for what is offered or wanted by the month in each month. `owner`: ids of the listings."""
    row = rows_of(listings, owner)
    everything = np.zeros(len(listings.id), np.int64)
    left, taken = everything.copy(), everything.copy()
    np.add.at(left, listings.slot_of, listings.slot_kg)
    np.add.at(taken, row, kg)
    for at in np.flatnonzero(taken > left)[:1]:
        raise PlanOverflowError(f"{side} {listings.id[at]}: {taken[at]} kg of {left[at]} kg")
    is_monthly = np.bincount(listings.slot_of, minlength=len(listings.id)) > 1
    of_slots, of_plan = is_monthly[listings.slot_of], is_monthly[row]
    slot_keys = keys_of(listings.slot_of[of_slots], months_of_days(listings.slot_first[of_slots]))
    plan_keys = keys_of(row[of_plan], month[of_plan])
    keys, place = np.unique(np.concatenate([slot_keys, plan_keys]), return_inverse=True)
    place = place.reshape(-1)
    left, taken = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    np.add.at(left, place[: len(slot_keys)], listings.slot_kg[of_slots])
    np.add.at(taken, place[len(slot_keys) :], kg[of_plan])
    for at in np.flatnonzero(taken > left)[:1]:
        row_of_key, in_month = divmod(int(keys[at]), MONTHS)
        which = f"{side} {listings.id[row_of_key]}, month {in_month}"
        raise PlanOverflowError(f"{which}: {taken[at]} kg of {left[at]} kg")


def keys_of(row: np.ndarray, month: np.ndarray) -> np.ndarray:
    return row * MONTHS + month


def months_of_days(days: np.ndarray) -> np.ndarray:
    """The month of each day: year * 12 + month - 1."""
    return (days - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
