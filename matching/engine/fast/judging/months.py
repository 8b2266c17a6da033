"""Which slots of a pair meet and how many kilograms can move: `matching.engine.months`, one pair at a time."""

import numpy as np

from matching.engine.fast.compiled import inner


@inner
def smallest_kg(facts, i, j):
    """The least one month must move: lot and smallest share, rounded up to the multiple; at least 1."""
    multiple = facts.capacities.multiple_kg[j]
    least = max(facts.capacities.lot_kg[j], facts.needs.smallest_share_kg[i], 1)
    if multiple == 1:  # a division is what takes longest here
        return least
    return (least + multiple - 1) // multiple * multiple


@inner
def meeting(facts, i, j, transit, supply, demand):
    """How a supply slot meets a demand slot of a pair whose time does not fail.

    Returns whether it does, the first days of shipping and of delivery, and where it does not whether the supply slot
    is over before the demand slot opens.
    """
    supply_first = max(facts.capacities.slot_first[supply], facts.capacities.first_ship[j])
    supply_last = min(facts.capacities.slot_last[supply], facts.capacities.last_ship[j])
    demand_first = max(facts.needs.slot_first[demand], facts.needs.window_from[i])
    demand_last = min(facts.needs.slot_last[demand], facts.needs.window_until[i])
    if transit >= 0:
        ship_day = max(supply_first, demand_first - transit)
        deliver_day = ship_day + transit
        is_past = supply_first > supply_last or supply_last + transit < demand_first
    else:
        ship_day = supply_first
        deliver_day = max(supply_first, demand_first)
        is_past = supply_first > supply_last
    is_arc = (
        supply_first <= supply_last
        and demand_first <= demand_last
        and ship_day <= supply_last
        and deliver_day <= demand_last
    )
    return is_arc, ship_day, deliver_day, is_past


@inner
def slot_ends(facts, i, j):
    """Supply slots from, to; demand slots from, to."""
    supply, demand = facts.capacities.slot_start, facts.needs.slot_start
    return supply[j], supply[j + 1], demand[i], demand[i + 1]


@inner
def movable_of(facts, i, j, transit):
    """The most that can flow through the arcs of a pair whose time does not fail: earliest supply, earliest demand."""
    supply, supply_end, demand, demand_end = slot_ends(facts, i, j)
    moved = 0
    if supply == supply_end or demand == demand_end:
        return moved
    left_supply, left_demand = facts.capacities.slot_kg[supply], facts.needs.slot_kg[demand]
    while True:
        is_arc, _, _, next_supply = meeting(facts, i, j, transit, supply, demand)
        if is_arc:
            kg = min(left_supply, left_demand)
            moved += kg
            left_supply -= kg
            left_demand -= kg
            next_supply = left_supply == 0
        if next_supply:
            supply += 1
            if supply == supply_end:
                return moved
            left_supply = facts.capacities.slot_kg[supply]
        else:
            demand += 1
            if demand == demand_end:
                return moved
            left_demand = facts.needs.slot_kg[demand]


@inner
def most_in_a_month(facts, i, j, answer, transit, enough):
    """The most that one month of the pair can move; searched no further once it is enough.

    Where time fails, as if any month could meet any other.
    """
    supply, supply_end, first_demand, demand_end = slot_ends(facts, i, j)
    most = 0
    while supply < supply_end:
        supply_kg = facts.capacities.slot_kg[supply]
        if supply_kg > most:
            for demand in range(first_demand, demand_end):
                kg = min(supply_kg, facts.needs.slot_kg[demand])
                if kg > most and (answer < 0 or meeting(facts, i, j, transit, supply, demand)[0]):
                    most = kg
                    if most >= enough:
                        return most
        supply += 1
    return most


@inner
def moves_enough(facts, i, j, answer, transit, smallest):
    """Whether some month of the pair can move its smallest quantity."""
    return most_in_a_month(facts, i, j, answer, transit, smallest) >= smallest


@inner
def least_in_a_month(facts, i, j):
    """What every month of the pair can move, whichever months the transit picks; 0 without months."""
    supply, supply_end, demand, demand_end = slot_ends(facts, i, j)
    if supply == supply_end or demand == demand_end:
        return 0
    least = facts.capacities.slot_kg[supply]
    for slot in range(supply + 1, supply_end):
        least = min(least, facts.capacities.slot_kg[slot])
    for slot in range(demand, demand_end):
        least = min(least, facts.needs.slot_kg[slot])
    return least


@inner
def quantity_answer(facts, i, j, answer, transit):
    """The quantity rule of a pair whose time rule answers so."""
    smallest = smallest_kg(facts, i, j)
    if not moves_enough(facts, i, j, answer, transit, smallest):
        return -1
    if facts.capacities.knows_lot[j] and (answer == 1 or least_in_a_month(facts, i, j) >= smallest):
        return 1
    return 0


@inner
def arcs(facts, i, j, answer, transit, least_kg, out):
    """The arcs of a pair that can move at least so much, into rows of `out`, int64 (a, 5); returns how many.

    Columns: supply slot, demand slot, day of shipping, day of delivery, kilograms; slots as `Facts` lays them out.
    Give an `out` without rows to count.
    """
    n = 0
    if answer < 0:
        return n
    supply, supply_end, first_demand, demand_end = slot_ends(facts, i, j)
    while supply < supply_end:
        supply_kg = facts.capacities.slot_kg[supply]
        for demand in range(first_demand, demand_end):
            kg = min(supply_kg, facts.needs.slot_kg[demand])
            if kg < least_kg:
                continue
            is_arc, ship_day, deliver_day, _ = meeting(facts, i, j, transit, supply, demand)
            if is_arc:
                if n < out.shape[0]:
                    out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4] = supply, demand, ship_day, deliver_day, kg
                n += 1
        supply += 1
    return n


NO_ARCS = np.zeros((0, 5), np.int64)
