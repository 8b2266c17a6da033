"""What is known of a run's plan as a whole, and the last guard before it is saved."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal

import numpy as np

from matching import engine
from matching.engine.market import Market

# From the best to the worst: a run's plan is as good as that of its worst shard.
STATUSES = ("optimal", "feasible", "unknown", "infeasible")
PROOFS = ("flow", "search", "mip")


class PlanOverflowError(ValueError):
    """A plan that gives away more of a listing than there is."""


@dataclass
class PlanTotals:
    """Value and bound of the plans of all shards; shards share no listing, so both add up."""

    value: int = 0
    bound: int = 0
    status: str = STATUSES[0]
    proof: str = PROOFS[0]

    def add(self, solution: engine.Solution) -> None:
        self.value += solution.plan_value
        self.bound += solution.plan_bound
        self.status = max(self.status, solution.plan_status, key=STATUSES.index)
        self.proof = max(self.proof, solution.plan_proof, key=PROOFS.index)

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
        }


def check_plan(market: Market, solution: engine.Solution) -> None:
    """Refuse a plan that moves more in a month than is offered or wanted in it. The last guard before it is saved."""
    allocations = solution.allocations
    for side, listings, owner, month in (
        ("capacity", market.capacities, allocations.capacity_id, allocations.ship_month),
        ("need", market.needs, allocations.need_id, allocations.deliver_month),
    ):
        left_kg = dict.fromkeys(listings.id.tolist(), 0)
        slots = defaultdict(int)
        for row, first, kg in zip(listings.slot_of, listings.slot_first, listings.slot_kg, strict=True):
            listing = int(listings.id[row])
            left_kg[listing] += int(kg)
            slots[listing, month_number(date.fromordinal(int(first)))] += int(kg)
        is_monthly = np.bincount(listings.slot_of, minlength=len(listings.id)) > 1
        monthly = set(listings.id[is_monthly].tolist())
        taken, taken_in = defaultdict(int), defaultdict(int)
        for listing, in_month, kg in zip(owner.tolist(), month.tolist(), allocations.kg.tolist(), strict=True):
            taken[listing] += kg
            taken_in[listing, in_month] += kg
        for listing, kg in taken.items():
            if kg > left_kg[listing]:
                raise PlanOverflowError(f"{side} {listing}: {kg} kg of {left_kg[listing]} kg")
        for (listing, in_month), kg in taken_in.items():
            if listing in monthly and kg > slots[listing, in_month]:
                raise PlanOverflowError(f"{side} {listing}, month {in_month}: {kg} kg of {slots[listing, in_month]} kg")


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
