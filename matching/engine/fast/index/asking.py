"""What a listing asks of a block of the other side, and of a block of blocks: the one way in which both are looked at.

The listing stands in `room` as `columns` writes it. Of parameters it has there one choice of slots, `slots`, -1: none
yet; each block has its own, and what is asked of it is written anew only where it has another. Every function returns
the choice that stands there afterwards. Fails and promises of the 64 go to `fails` and `room.best`.
"""

from matching.engine.fast.compiled import inner
from matching.engine.fast.index.columns import ASKED, SELLER_HOLDS, SELLER_LACKS, STATED, asked_slots, offered_slots
from matching.engine.fast.index.lanes import judge_capacities, judge_needs
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.index.promises import (
    CAPACITY_WAYS,
    COSTS,
    NEED_LAWS,
    NEED_WAYS,
    price_needs,
    ways_of_capacities,
    ways_of_needs,
)
from matching.engine.fast.index.room import BLOCKS_ASKED, FILLED
from matching.engine.fast.index.ways import LINES


@inner
def ask_capacities(needs, index, i, block, slots, room):
    """Need i asks the capacities of a block."""
    slots, arrival = slots_for_need(needs, index, i, block, slots, room), needs.arrival[i]
    place = block % len(room.filled)
    way, law = place * CAPACITY_WAYS * LANES, place * LANES
    if room.filled[place, 0] != block or room.filled[place, 1] != arrival:
        ways_of_capacities(index, block, index.ways.of, arrival, room.ways, way, room.laws, law)
        room.filled[place, 0], room.filled[place, 1] = block, arrival
        room.counts[FILLED] += 1
    judge_capacities(
        room.numbers, room.flags, index.numbers, index.flags, block,
        room.ways, way, room.ways, way + COSTS * LANES, room.laws, law, room.weights, room.fails, room.best,
    )  # fmt: skip
    return slots


@inner
def ask_blocks_of_capacities(needs, index, i, above, slots, room, fails):
    """Need i asks 64 blocks of capacities."""
    if index.best_slots_of_block[above] != slots:
        slots = index.best_slots_of_block[above]
        asked_slots(needs, i, index.best_slots[slots], room.numbers, 0, 1, room.flags, ASKED)
    at = above * index.ways.of_group.shape[1] + index.ways.group[needs.arrival[i]]
    way = at * CAPACITY_WAYS * LANES
    judge_capacities(
        room.numbers, room.flags, index.best_numbers, index.best_flags, above, index.best_ways, way,
        index.best_ways, way + COSTS * LANES, index.best_laws, at * LANES, room.weights, fails, room.best,
    )  # fmt: skip
    room.counts[BLOCKS_ASKED] += 1
    return slots


@inner
def slots_for_need(needs, index, i, block, slots, room):
    """The need's parameters for a block of capacities."""
    if index.slots_of_block[block] != slots:
        slots = index.slots_of_block[block]
        asked_slots(needs, i, index.slots[slots], room.numbers, 0, 1, room.flags, ASKED)
    return slots


@inner
def ask_needs(capacities, index, j, ask, block, slots, room):
    """Capacity j, at an asking price in 32 bits, asks the needs of a block."""
    slots, departure = slots_for_capacity(capacities, index, j, block, slots, room), capacities.departure[j]
    place, n_lines = block % len(room.filled), _n_lines(index)
    way, law = place * (NEED_WAYS + 4 * n_lines) * LANES, place * NEED_LAWS * LANES
    if room.filled[place, 0] != block or room.filled[place, 1] != departure:
        ways_of_needs(index, block, index.ways.of, departure, room.ways, way, room.laws, law)
        room.filled[place, 0], room.filled[place, 1] = block, departure
        room.counts[FILLED] += 1
    holds, lacks = room.flags[SELLER_HOLDS], room.flags[SELLER_LACKS]
    price_needs(room.ways, way, room.laws, law, n_lines, ask, holds, lacks, room.costs, room.law)
    judge_needs(
        room.numbers, room.flags, index.numbers, index.flags, block,
        room.costs, 0, room.ways, way, room.law, 0, room.weights, room.fails, room.best,
    )  # fmt: skip
    return slots


@inner
def ask_blocks_of_needs(capacities, index, j, ask, above, slots, room):
    """Capacity j asks 64 blocks of needs."""
    if index.best_slots_of_block[above] != slots:
        slots = index.best_slots_of_block[above]
        offered_slots(capacities, j, index.best_slots[slots], room.numbers, 0, 1, room.flags, STATED)
    at, n_lines = above * index.ways.of_group.shape[0] + index.ways.group[capacities.departure[j]], _n_lines(index)
    way, law = at * (NEED_WAYS + 4 * n_lines) * LANES, at * NEED_LAWS * LANES
    holds, lacks = room.flags[SELLER_HOLDS], room.flags[SELLER_LACKS]
    price_needs(index.best_ways, way, index.best_laws, law, n_lines, ask, holds, lacks, room.costs, room.law)
    judge_needs(
        room.numbers, room.flags, index.best_numbers, index.best_flags, above,
        room.costs, 0, index.best_ways, way, room.law, 0, room.weights, room.fails, room.best,
    )  # fmt: skip
    room.counts[BLOCKS_ASKED] += 1
    return slots


@inner
def slots_for_capacity(capacities, index, j, block, slots, room):
    """The capacity's parameters for a block of needs."""
    if index.slots_of_block[block] != slots:
        slots = index.slots_of_block[block]
        offered_slots(capacities, j, index.slots[slots], room.numbers, 0, 1, room.flags, STATED)
    return slots


@inner
def _n_lines(index):
    return (index.ways.numbers.shape[1] - LINES) // 4
