"""What the plan is asked and what it answers: supplies, demands, the arcs between them, and the kilograms they carry.

A supply is what one capacity can ship in one of its months (or in its whole window, when it is offered once); a demand
is what one need wants in one of its months (or once); an arc is a pair in a month. Quantities are whole kilograms and
values are whole numbers a kilogram, both of any size: arrays that do not fit 64 bits hold Python integers instead.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

SENSES = ("max", "min")
MOST_NARROW_KG = 2**40  # a billion tonnes: up to here 64 bits hold the sum over millions of arcs


@dataclass(frozen=True)
class Budget:
    """How much work lots may cost, counted in steps: a slow machine gives the same plan as a fast one.

    All but the total are for one component; what is counted in steps x arcs keeps a large one from dwarfing the rest.
    """

    repair_rounds: int = 5  # ways in which the flow of a component is rounded
    repair_moves: int = 300  # decisions that are flipped to see whether the rounded plan gains
    repair_work: int = 300_000  # moves x arcs
    search_nodes: int = 2_000  # nodes of our own exact search
    search_work: int = 300_000  # nodes x arcs
    mip_arcs: int = 3_000  # a component with more arcs than this is not given to the MIP solver
    mip_arcs_floor: int = 600  # the same of a component with a floor, which ties all its arcs together
    mip_nodes: int = 500  # nodes of the MIP solver
    mip_work: int = 50_000  # nodes x arcs
    mip_total_arcs: int = 5_000  # arcs of all components together that are given to the MIP solver
    priced_rounds: int = 60  # rounds in which a large plan is given the arcs that it lacks
    dear_rounds: int = 3  # the same, where candidates are too many to list and each look goes through the index
    repair_arcs: int = 5_000  # of a problem, from which on the holes of its larger components are decided one by one
    repair_passes_large: int = 2  # over the lots of a large plan; between two of them, arcs that it lacks are added
    repair_rounds_large: int = 3  # of moves in each pass
    repair_moves_large: int = (
        200_000  # decisions of a large plan that are turned round to see whether it gains, a round
    )
    repair_work_large: int = 4_000_000_000  # moves x arcs
    repair_more: int = 1  # arcs of each supply and each demand that a look adds

    def may_be_mip(self, n_arcs: int, floor_kg: int) -> bool:
        """Whether a component is small enough for the MIP solver."""
        return n_arcs <= (min(self.mip_arcs, self.mip_arcs_floor) if floor_kg else self.mip_arcs)


@dataclass(frozen=True)
class PlanProblem:
    """Who can ship how much to whom, and what each kilogram is worth. Rows may come in any order.

    `arc_value` is the worth of a kilogram (the score without its quantity component x 1,000,000, rounded). An arc that
    is used carries at least the larger of its lot and its smallest share, rounded up to its multiple, and at most
    `arc_max_kg`. A pinned arc must be used, with at least `pin_kg` where that is more; a banned one must not be.
    `ship_all` asks that the scarcer side is used to the last kilogram: every supply ships wholly where the supplies sum
    to no more than the demands, and every demand is met wholly where they sum to no less.

    The arcs of one share carry together at most its `share_kg` (see `shares.py`); the supplies of the `group` ship
    together at least `floor_kg`, or as much of it as they can.

    The ids give the fixed order in which the plan is made, so that permuting the rows permutes the plan and changes
    nothing else; without ids the order of the rows is the fixed one. What is left out is not limited (maximum, pins,
    bans) or is 1 kg (lot, multiple, smallest share).

    Raises ValueError when a quantity is negative, an arc points nowhere, lengths differ or a number is not whole.
    """

    supply_kg: np.ndarray  # (n_supplies,)
    demand_kg: np.ndarray  # (n_demands,)
    arc_supply: np.ndarray  # (n_arcs,) row of the supply
    arc_demand: np.ndarray  # (n_arcs,) row of the demand
    arc_value: np.ndarray  # (n_arcs,) per kilogram
    arc_max_kg: np.ndarray | None = None
    arc_lot_kg: np.ndarray | None = None
    arc_multiple_kg: np.ndarray | None = None
    arc_smallest_share_kg: np.ndarray | None = None
    pinned: np.ndarray | None = None  # (n_arcs,) bool
    pin_kg: np.ndarray | None = None  # (n_arcs,) at least this much on a pinned arc; 0: its effective minimum
    banned: np.ndarray | None = None  # (n_arcs,) bool
    sense: str = "max"
    ship_all: bool = False
    supply_id: np.ndarray | None = None
    demand_id: np.ndarray | None = None
    arc_id: np.ndarray | None = None
    arc_share: np.ndarray | None = None  # (n_arcs,) row of the share, or -1
    share_kg: np.ndarray | None = None  # (n_shares,)
    group: np.ndarray | None = None  # (n_supplies,) bool
    floor_kg: int = 0

    def __post_init__(self):
        if self.sense not in SENSES:
            raise ValueError(f"sense is 'max' or 'min', not {self.sense!r}")
        n_supplies, n_demands, n_arcs = len(self.supply_kg), len(self.demand_kg), len(self.arc_supply)
        self._set("supply_kg", kilograms(self.supply_kg, n_supplies, "supply_kg"))
        self._set("demand_kg", kilograms(self.demand_kg, n_demands, "demand_kg"))
        for name, length in (("arc_supply", n_supplies), ("arc_demand", n_demands)):
            ends = whole(getattr(self, name), n_arcs, name)
            if n_arcs and (ends.min() < 0 or ends.max() >= length):
                raise ValueError(f"{name} points outside the {length} rows it may name")
            self._set(name, ends.astype(np.int64))
        self._set("arc_value", whole(self.arc_value, n_arcs, "arc_value"))
        ends_kg = np.minimum(self.supply_kg[self.arc_supply], self.demand_kg[self.arc_demand])
        most_kg = ends_kg if self.arc_max_kg is None else kilograms(self.arc_max_kg, n_arcs, "arc_max_kg")
        self._set("arc_max_kg", np.minimum(most_kg, ends_kg))
        for name in ("arc_lot_kg", "arc_multiple_kg", "arc_smallest_share_kg", "pin_kg"):
            given = getattr(self, name)
            self._set(name, np.zeros(n_arcs, np.int64) if given is None else kilograms(given, n_arcs, name))
        for name, length in (("pinned", n_arcs), ("banned", n_arcs), ("group", n_supplies)):
            given = getattr(self, name)
            flags = np.zeros(length, bool) if given is None else np.asarray(given, dtype=bool)
            if flags.shape != (length,):
                raise ValueError(f"{name} has {flags.size} rows where {length} are due")
            self._set(name, flags)
        share_kg = [] if self.share_kg is None else self.share_kg
        self._set("share_kg", kilograms(share_kg, len(share_kg), "share_kg"))
        share = np.full(n_arcs, -1) if self.arc_share is None else whole(self.arc_share, n_arcs, "arc_share")
        if n_arcs and (share.min() < -1 or share.max() >= len(self.share_kg)):
            raise ValueError(f"arc_share points outside the {len(self.share_kg)} rows it may name")
        self._set("arc_share", share.astype(np.int64))
        if self.floor_kg < 0:
            raise ValueError("floor_kg is a negative quantity")
        for name, length in (("supply_id", n_supplies), ("demand_id", n_demands), ("arc_id", n_arcs)):
            given = getattr(self, name)
            self._set(name, np.arange(length) if given is None else whole(given, length, name))

    def _set(self, name: str, value: np.ndarray) -> None:
        object.__setattr__(self, name, value)

    @property
    def smallest_kg(self) -> np.ndarray:
        """The least an arc may carry when used: lot, smallest share and pin, rounded up to the multiple; (n_arcs,)."""
        least = np.maximum(np.maximum(self.arc_lot_kg, self.arc_smallest_share_kg), 1)
        least = np.maximum(least, np.where(self.pinned, self.pin_kg, 0))
        multiple = self.multiple_kg
        return -(-least // multiple) * multiple

    @property
    def multiple_kg(self) -> np.ndarray:
        """The step in which an arc is filled, at least 1; (n_arcs,)."""
        return np.maximum(self.arc_multiple_kg, 1)


@dataclass(frozen=True)
class Plan:
    """The kilograms given to each arc, what they are worth, and how much better any other plan could be at most.

    `bound` is proven: no plan is worth more (less, when the sense is min). `proof` says by what: "flow" and "search"
    are exact integer arithmetic; "mip" is a floating-point solver's bound, widened. Prices come from the plan without
    lots and minima: what the last kilogram of a supply is worth and what one more kilogram wanted would be.

    Status "unknown": with `ship_all` and lots, no plan was found within the budget, and none was ruled out.
    """

    status: str  # "optimal" | "feasible" | "infeasible" | "unknown"
    arc_kg: np.ndarray  # (n_arcs,)
    value: int
    bound: int
    proof: str  # "flow" | "search" | "mip"
    supply_price: np.ndarray  # (n_supplies,)
    demand_price: np.ndarray  # (n_demands,)
    group_kg: int = 0  # what the supplies of the group ship together
    floor_kg: int = 0  # the floor that the plan holds and the bound rests on: less than was asked where it cannot be
    reason: str = ""  # of an infeasible or unknown one: a code, see REASONS
    reason_row: int | None = None  # the arc, supply or demand the reason speaks of

    @property
    def gap(self) -> float:
        """(bound - value) / |bound| for max, (value - bound) / |bound| for min; 0.0 only where both are equal."""
        if self.value == self.bound:
            return 0.0
        ratio = float(Fraction(abs(self.bound - self.value), abs(self.bound) or abs(self.value)))
        return max(ratio, 5e-324)  # too small for a float is still not nothing


REASONS = (
    "pin_is_banned",  # arc: pinned and banned
    "pin_exceeds_arc",  # arc: what the pin needs is more than the arc may carry
    "pins_exceed_supply",  # supply: its pins need more than it has
    "pins_exceed_demand",  # demand: its pins bring more than it wants
    "cannot_ship_all",  # no plan uses the scarcer side to the last kilogram
    "not_found",  # none that ships all was found within the budget
)


def whole(given, length: int, name: str) -> np.ndarray:
    """The numbers as int64, or as Python integers where one does not fit; shape (length,)."""
    array = given if isinstance(given, np.ndarray) else np.array(list(given), dtype=object)
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape} where ({length},) is due")
    if array.dtype == object:
        if any(not isinstance(number, int | np.integer) for number in array.tolist()):
            raise ValueError(f"{name} holds a number that is not whole")
        return narrow(array)
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {array.dtype} where whole numbers are due")
    if array.size == 0 or -(2**62) < array.min() <= array.max() < 2**62:
        return array.astype(np.int64)
    return narrow(array.astype(object))


def kilograms(given, length: int, name: str) -> np.ndarray:
    """Whole numbers that are not negative."""
    array = whole(given, length, name)
    if length and array.min() < 0:
        raise ValueError(f"{name} holds a negative quantity")
    return array.astype(object) if length and array.max() >= MOST_NARROW_KG else array


def narrow(array: np.ndarray) -> np.ndarray:
    """Python integers as int64 where all of them leave room to add two; otherwise as they are."""
    numbers = [int(number) for number in array.tolist()]
    if all(-(2**62) < number < 2**62 for number in numbers):
        return np.array(numbers, dtype=np.int64)
    wide = np.empty(len(numbers), dtype=object)
    wide[:] = numbers
    return wide


def exact_sum(array: np.ndarray) -> int:
    """The sum in Python integers, which do not overflow."""
    return sum(array.tolist())


def exact_worth(value: np.ndarray, kg: np.ndarray) -> int:
    """Sum of value x kilograms in Python integers, which do not overflow."""
    used = np.flatnonzero(kg)
    return sum(worth * amount for worth, amount in zip(value[used].tolist(), kg[used].tolist(), strict=True))
