"""Months: which slot of a capacity can serve which slot of a need, and how many kilograms can move."""

from dataclasses import dataclass

import numpy as np

from matching.engine.ragged import count_up


@dataclass(frozen=True)
class Arcs:
    """Pairs in a month: supply slot to demand slot, where a day of shipping meets a day of delivery; all (a,)."""

    pair: np.ndarray  # position of the pair, ascending
    supply: np.ndarray  # slot of the capacity
    demand: np.ndarray  # slot of the need
    ship_day: np.ndarray  # the earliest that does
    deliver_day: np.ndarray
    kg: np.ndarray  # the smaller of both slots


def slot_pairs(pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every slot of the capacity with every slot of the need: position of the pair, supply slot, demand slot."""
    supply, demand = pairs.book.supply_slots, pairs.book.demand_slots
    n_supply, n_demand = supply.count(pairs.capacity), demand.count(pairs.need)
    position, nth = count_up(n_supply * n_demand)
    width = n_demand[position]
    supply_slot = supply.order[supply.start[pairs.capacity[position]] + nth // width]
    demand_slot = demand.order[demand.start[pairs.need[position]] + nth % width]
    return position, supply_slot, demand_slot


def arcs(pairs) -> Arcs:
    """The arcs of each pair whose time does not fail.

    Where transit days are not known, whatever is shipped by a day may be delivered on it.
    """
    position, supply, demand = slot_pairs(pairs)
    days = _SlotDays(pairs, position, supply, demand)
    fits = days.is_arc
    return Arcs(
        position[fits],
        supply[fits],
        demand[fits],
        days.ship_day[fits],
        days.deliver_day[fits],
        np.minimum(pairs.book.capacities.slot_kg[supply], pairs.book.needs.slot_kg[demand])[fits],
    )


class _SlotDays:
    """Days on which pairs of slots meet; all (s,). Slots count only inside what can be shipped and what is wanted."""

    def __init__(self, pairs, position, supply, demand):
        timing, needs, capacities = pairs.timing, pairs.book.needs, pairs.book.capacities
        self.supply_first = np.maximum(capacities.slot_first[supply], timing.first_ship[position])
        self.supply_last = np.minimum(capacities.slot_last[supply], timing.last_ship[position])
        self.demand_first = np.maximum(needs.slot_first[demand], timing.first_wanted[position])
        self.demand_last = np.minimum(needs.slot_last[demand], timing.last_wanted[position])
        knows = timing.transit[position] >= 0
        transit = np.where(knows, timing.transit[position], 0)
        self.ship_day = np.where(knows, np.maximum(self.supply_first, self.demand_first - transit), self.supply_first)
        self.deliver_day = np.where(knows, self.ship_day + transit, np.maximum(self.ship_day, self.demand_first))
        self.is_arc = (
            timing.is_possible[position]
            & (self.supply_first <= self.supply_last)
            & (self.demand_first <= self.demand_last)
            & (self.ship_day <= self.supply_last)
            & (self.deliver_day <= self.demand_last)
        )
        # Where there is no arc: the supply slot is over before the demand slot opens.
        self.supply_is_past = (self.supply_first > self.supply_last) | (
            knows & (self.supply_last + transit < self.demand_first)
        )


def movable_kg(pairs) -> np.ndarray:
    """The most kilograms that can flow through the arcs of each pair; int64 (x,), 0 where time fails.

    Both slot lists run in time order, so serving the earliest demand from the earliest supply that reaches it is best:
    what it leaves over can go wherever a later supply could.
    """
    supply, demand = pairs.book.supply_slots, pairs.book.demand_slots
    moved = np.zeros(len(pairs), np.int64)
    at_supply, supply_end = supply.start[pairs.capacity], supply.start[pairs.capacity + 1]
    at_demand, demand_end = demand.start[pairs.need], demand.start[pairs.need + 1]
    open_pairs = np.flatnonzero(pairs.timing.is_possible & (at_supply < supply_end) & (at_demand < demand_end))
    at_supply, at_demand = at_supply[open_pairs], at_demand[open_pairs]
    left_supply = pairs.book.capacities.slot_kg[supply.order[at_supply]]
    left_demand = pairs.book.needs.slot_kg[demand.order[at_demand]]
    while len(open_pairs):
        days = _SlotDays(pairs, open_pairs, supply.order[at_supply], demand.order[at_demand])
        kg = np.where(days.is_arc, np.minimum(left_supply, left_demand), 0)
        moved[open_pairs] += kg
        left_supply, left_demand = left_supply - kg, left_demand - kg
        next_supply = np.where(days.is_arc, left_supply == 0, days.supply_is_past)
        at_supply, at_demand = at_supply + next_supply, at_demand + ~next_supply
        stays = (at_supply < supply_end[open_pairs]) & (at_demand < demand_end[open_pairs])
        open_pairs, at_supply, at_demand, next_supply = (
            column[stays] for column in (open_pairs, at_supply, at_demand, next_supply)
        )
        fresh_supply = pairs.book.capacities.slot_kg[supply.order[at_supply]]
        fresh_demand = pairs.book.needs.slot_kg[demand.order[at_demand]]
        left_supply = np.where(next_supply, fresh_supply, left_supply[stays])
        left_demand = np.where(next_supply, left_demand[stays], fresh_demand)
    return moved
