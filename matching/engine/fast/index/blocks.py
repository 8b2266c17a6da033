"""The search index: the listings of a market in blocks of 64 that promise alike, and what a block promises at best.

An index is plain arrays, so that it can be kept in files and mapped; it names rows of the facts it was made of.
Listings that are not active or were refused are not in it. A need stands at each distinct node that it accepts.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.facts import Facts
from matching.engine.fast.index import columns
from matching.engine.fast.index.numbers import BIG, LANES, SLOTS, at_least
from matching.engine.fast.index.promises import (
    CAPACITY_WAYS,
    NEED_LAWS,
    NEED_WAYS,
    best_ways_of_capacities,
    best_ways_of_needs,
)
from matching.engine.fast.index.tree import Tree, split, tree_of
from matching.engine.fast.index.ways import LINES, Ways


class CapacityIndex(NamedTuple):
    """Capacities by the nodes where they stand. Place p is lane p % 64 of block p // 64.

    `best_*` hold one entry for each block, in blocks of blocks, as if the block were a listing.
    """

    tree: Tree
    row: np.ndarray  # int32 (places,)
    numbers: np.ndarray  # float32, flat (blocks, 15, 64), see `columns`
    flags: np.ndarray  # int32, flat (blocks, 6, 64)
    ask: np.ndarray  # float32 (places,), nan: not known
    departure: np.ndarray  # int32 (places,)
    slots: np.ndarray  # int32 (x, 4), parameters
    slots_of_block: np.ndarray  # int32 (blocks,), which row of `slots`
    ways: Ways
    best_numbers: np.ndarray  # float32, flat (blocks of blocks, 15, 64)
    best_flags: np.ndarray
    best_slots: np.ndarray
    best_slots_of_block: np.ndarray
    best_ways: np.ndarray  # float32, flat (blocks of blocks, groups of arrivals, 8, 64)
    best_laws: np.ndarray  # int32, flat (blocks of blocks, groups of arrivals, 64)

    @classmethod
    def of(cls, facts: Facts) -> "CapacityIndex":
        capacities, ways = facts.capacities, Ways.by_arrival(facts)
        row = np.flatnonzero(capacities.standing >= 0)
        tree, order = tree_of(capacities.node_lo[row], capacities.node_hi[row])
        split(tree.start, order, _places_of_capacities(facts, ways)[:, row])
        row = row[order]
        position, parameter = _entries(capacities.offered_start, capacities.offered_parameter, row)
        slots, of_block = columns.slots_of(position // LANES, parameter, _n_blocks(len(row)))
        index = cls(
            tree=tree,
            row=row.astype(np.int32),
            numbers=np.zeros(len(of_block) * columns.CAPACITY_NUMBERS * LANES, np.float32),
            flags=np.zeros(len(of_block) * columns.CAPACITY_FLAGS * LANES, np.int32),
            ask=at_least(capacities.ask[row]),
            departure=capacities.departure[row].astype(np.int32),
            slots=slots,
            slots_of_block=of_block,
            ways=ways,
            **_nothing_above(),
        )
        columns.fill_capacities(facts, ways.bit, index.row, slots, of_block, index.numbers, index.flags)
        best = _best_of_blocks(
            index, columns.CAPACITY_SMALLER, columns.CAPACITY_MET, (columns.SELLER, columns.NOBODY_SELLS)
        )
        best = _same_slots(index, best, _CAPACITY_SLOTS, (columns.STATED, 3))
        shape = _n_blocks(len(of_block)), ways.of_group.shape[1]
        best_ways = np.zeros((*shape, CAPACITY_WAYS, LANES), np.float32)
        best_laws = np.zeros((*shape, LANES), np.int32)
        best_ways_of_capacities(index, best_ways, best_laws, *_room(best_ways, 1))
        return index._replace(**best, best_ways=best_ways.reshape(-1), best_laws=best_laws.reshape(-1))


class NeedIndex(NamedTuple):
    """Needs by the nodes that they accept, likewise."""

    tree: Tree
    row: np.ndarray  # int32 (places,): a need that accepts several nodes stands several times
    numbers: np.ndarray  # float32, flat (blocks, 24, 64)
    flags: np.ndarray  # int32, flat (blocks, 7, 64)
    arrival: np.ndarray  # int32 (places,)
    slots: np.ndarray
    slots_of_block: np.ndarray
    ways: Ways
    best_numbers: np.ndarray
    best_flags: np.ndarray
    best_slots: np.ndarray
    best_slots_of_block: np.ndarray
    best_ways: np.ndarray  # float32, flat (blocks of blocks, groups of departures, 6 + 4 p, 64)
    best_laws: np.ndarray  # int32, flat (blocks of blocks, groups of departures, 2, 64)

    @classmethod
    def of(cls, facts: Facts) -> "NeedIndex":
        needs, ways = facts.needs, Ways.by_departure(facts)
        of = np.repeat(np.arange(len(needs.id)), np.diff(needs.accepted_start))
        stands = np.stack([of, needs.accepted_lo, needs.accepted_hi])[:, needs.standing[of] >= 0]
        row, lo, hi = np.unique(stands, axis=1) if np.any(np.diff(needs.accepted_start) > 1) else stands
        tree, order = tree_of(lo, hi)
        split(tree.start, order, _places_of_needs(facts)[:, row])
        row = row[order]
        position, parameter = _entries(needs.asked_start, needs.asked_parameter, row)
        slots, of_block = columns.slots_of(position // LANES, parameter, _n_blocks(len(row)))
        index = cls(
            tree=tree,
            row=row.astype(np.int32),
            numbers=np.zeros(len(of_block) * columns.NEED_NUMBERS * LANES, np.float32),
            flags=np.zeros(len(of_block) * columns.NEED_FLAGS * LANES, np.int32),
            arrival=needs.arrival[row].astype(np.int32),
            slots=slots,
            slots_of_block=of_block,
            ways=ways,
            **_nothing_above(),
        )
        columns.fill_needs(facts, ways.bit, index.row, slots, of_block, index.numbers, index.flags)
        best = _best_of_blocks(index, columns.NEED_SMALLER, columns.NEED_MET, (columns.BUYER, columns.NOBODY_BUYS))
        best = _same_slots(index, best, _NEED_SLOTS, (columns.ASKED, 0))
        shape = _n_blocks(len(of_block)), ways.of_group.shape[0]
        best_ways = np.zeros((*shape, NEED_WAYS + ways.numbers.shape[1] - LINES, LANES), np.float32)
        best_laws = np.zeros((*shape, NEED_LAWS, LANES), np.int32)
        best_ways_of_needs(index, best_ways, best_laws, *_room(best_ways, NEED_LAWS))
        return index._replace(**best, best_ways=best_ways.reshape(-1), best_laws=best_laws.reshape(-1))


# Columns of the first slot of parameters, and what they are where a block has no such slot.
_CAPACITY_SLOTS = ((columns.LEAST_END, BIG), (columns.MOST_END, -BIG))
_NEED_SLOTS = ((columns.LOW, -BIG), (columns.HIGH, BIG), (columns.STEEPNESS, 0.0), (columns.PORTION, 0.0))


def _room(ways: np.ndarray, n_laws: int) -> tuple[np.ndarray, np.ndarray]:
    """For the ways of one block."""
    return np.empty(ways.shape[2] * LANES, np.float32), np.empty(n_laws * LANES, np.int32)


def _n_blocks(places: int) -> int:
    return -(-places // LANES)


def _nothing_above() -> dict[str, np.ndarray]:
    names = ("best_numbers", "best_flags", "best_slots", "best_slots_of_block", "best_ways", "best_laws")
    kinds = (np.float32, np.int32, np.int32, np.int32, np.float32, np.int32)
    shapes = (0, 0, (0, SLOTS), 0, 0, 0)
    return {name: np.zeros(shape, kind) for name, kind, shape in zip(names, kinds, shapes, strict=True)}


def _entries(start: np.ndarray, parameter: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place and the parameter of every entry of the rows, in the order of places."""
    count = start[row + 1] - start[row]
    place = np.repeat(np.arange(len(row)), count)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    return place, parameter[start[row[place]] + nth]


def _in_blocks(table: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Columns, (c, n), of rows as flat (blocks, c, 64); what fills up the last block is the last."""
    padded = np.full(_n_blocks(len(row)) * LANES, row[-1] if len(row) else 0)
    padded[: len(row)] = row
    if not len(row):
        return np.zeros(0, table.dtype)
    blocks = np.empty((len(padded) // LANES, len(table), LANES), table.dtype)
    for column, values in enumerate(table):
        blocks[:, column] = values[padded].reshape(-1, LANES)
    return blocks.reshape(-1)


def _best_of_blocks(index, smaller, met, nobody) -> dict[str, np.ndarray]:
    """The columns of each block as if it were one listing, (c, blocks)."""
    n_blocks = len(index.slots_of_block)
    if not n_blocks:
        return {"best_numbers": np.zeros(0, np.float32), "best_flags": np.zeros(0, np.int32)}
    numbers, flags = (flat.reshape(n_blocks, -1, LANES) for flat in (index.numbers, index.flags))
    best_numbers, best_flags = numbers.max(axis=2).T.copy(), np.bitwise_or.reduce(flags, axis=2).T.copy()
    for column in smaller:
        best_numbers[column] = numbers[:, column].min(axis=1)
    for column in met:
        best_flags[column] = np.bitwise_and.reduce(flags[:, column], axis=1)
    company, instead = nobody
    best_flags[company] = instead
    return {"best_numbers": best_numbers, "best_flags": best_flags}


def _same_slots(index, best, first_columns, flag_column) -> dict[str, np.ndarray]:
    """Blocks of blocks have slots of their own: what their blocks say of those parameters, laid out in blocks."""
    n_blocks = len(index.slots_of_block)
    if not n_blocks:
        return best
    of_block = index.slots[index.slots_of_block]  # (blocks, 4)
    block, slot = np.nonzero(of_block >= 0)
    slots, of_above = columns.slots_of(block // LANES, of_block[block, slot], _n_blocks(n_blocks))
    above = slots[of_above][np.arange(n_blocks) // LANES]
    numbers, flags = best["best_numbers"], best["best_flags"]
    column, unless = flag_column
    moved, said = numbers.copy(), np.zeros(n_blocks, np.int32)
    for slot in range(SLOTS):
        here = [(first + slot, neutral) for first, neutral in first_columns]
        for to, neutral in here:
            moved[to] = neutral
        bits = np.full(n_blocks, unless, np.int32)
        for other in range(SLOTS):
            same = (of_block[:, other] == above[:, slot]) & (above[:, slot] >= 0)
            for first, _neutral in first_columns:
                moved[first + slot, same] = numbers[first + other, same]
            bits[same] = flags[column, same] >> 2 * other & 3
        said |= bits << 2 * slot
    flags[column] = said
    rows = np.arange(n_blocks)
    return {
        "best_numbers": _in_blocks(moved, rows),
        "best_flags": _in_blocks(flags, rows),
        "best_slots": slots,
        "best_slots_of_block": of_above,
    }


# Where listings stand for the splitting: in points of the score, as nearly as one can say without the other side.


def _places_of_capacities(facts: Facts, ways: Ways) -> np.ndarray:
    capacities = facts.capacities
    knows = ~np.isnan(capacities.ask)
    typical = max(float(np.median(capacities.ask[knows])), 1.0) if knows.any() else 1.0
    price = np.where(knows, np.nan_to_num(capacities.ask) / typical, 2.5)
    return np.stack(
        [
            0.5 * np.clip(price, 0, 2.5),
            0.7 * capacities.knows_lead,
            np.clip(capacities.last_ship - facts.as_of, -400, 400) / 300,
            np.clip(capacities.first_ship - facts.as_of, -400, 400) / 600,
            0.1 * capacities.trust,
            3 * capacities.country,  # the corridor is open for some countries alone
        ]
    ).astype(np.float32)


def _places_of_needs(facts: Facts) -> np.ndarray:
    needs = facts.needs
    knows = ~np.isnan(needs.limit)
    typical = max(float(np.median(needs.limit[knows])), 1.0) if knows.any() else 1.0
    price = np.where(knows, np.nan_to_num(needs.limit) / typical, -1)
    return np.stack(
        [
            0.5 * np.clip(price, -1, 2.5),
            np.clip(needs.window_from - facts.as_of, -400, 400) / 300,
            np.clip(needs.window_until - facts.as_of, -400, 400) / 600,
            0.1 * needs.trust,
            3 * needs.country,
        ]
    ).astype(np.float32)
