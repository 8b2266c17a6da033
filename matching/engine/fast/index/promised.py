"""All that one listing may trade with: what each of the other side promises it, and every candidate.

Nothing is left out here because others are better. Pairs that surely fail more rules than one asks for are: they are
told from the columns of the index alone, without looking at the facts.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.asking import (
    ask_blocks_of_capacities,
    ask_blocks_of_needs,
    ask_capacities,
    ask_needs,
)
from matching.engine.fast.index.best import most_nodes
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.columns import write_capacity, write_need
from matching.engine.fast.index.numbers import LANES, down, ones
from matching.engine.fast.index.room import Room
from matching.engine.fast.index.tree import merge_runs, runs_of, runs_of_need
from matching.engine.fast.judging.pair import fits

ANY_NUMBER = 10  # of failing rules


class Promised(NamedTuple):
    """Listings of the other side whose goods may be the same; all (x,), in the order of rows, each once."""

    row: np.ndarray  # int64
    fails: np.ndarray  # int32, bit r: the rule RULES[r] surely fails
    best: np.ndarray  # float32, no less than the score of the pair


class Candidates(NamedTuple):
    """Candidates of one listing; all (x,), in the order of rows."""

    row: np.ndarray  # int64
    score: np.ndarray  # float64
    value: np.ndarray  # int64, millionths a kilogram


def promised_capacities(
    facts: Facts, index: CapacityIndex, weights: np.ndarray, need: int, most_fails: int = ANY_NUMBER
) -> Promised:
    """What every capacity promises a need, but those that surely fail more than `most_fails` rules."""
    return _promised(_promised_capacities, facts, index, weights, need, most_fails)


def promised_needs(
    facts: Facts, index: NeedIndex, weights: np.ndarray, capacity: int, most_fails: int = ANY_NUMBER
) -> Promised:
    """What every need promises a capacity."""
    return _promised(_promised_needs, facts, index, weights, capacity, most_fails)


def candidates_of_need(facts: Facts, index: CapacityIndex, weights: np.ndarray, need: int) -> Candidates:
    """Every capacity with which a need fails no rule."""
    row = promised_capacities(facts, index, weights, need, most_fails=0).row
    return _candidates(facts, weights, np.full(len(row), need), row, row)


def candidates_of_capacity(facts: Facts, index: NeedIndex, weights: np.ndarray, capacity: int) -> Candidates:
    """Every need with which a capacity fails no rule."""
    row = promised_needs(facts, index, weights, capacity, most_fails=0).row
    return _candidates(facts, weights, row, np.full(len(row), capacity), row)


def _promised(look, facts, index, weights, row, most_fails) -> Promised:
    if not len(index.row):
        return Promised(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    room = _room(facts, index, weights, row)
    out = np.empty(len(index.row), np.int32), np.empty(len(index.row), np.int32), np.empty(len(index.row), np.float32)
    found = look(facts, index, row, most_fails, room, *out)
    rows, first = np.unique(out[0][:found], return_index=True)
    return Promised(rows.astype(np.int64), out[1][first], out[2][first])


def _room(facts, index, weights, row) -> Room:
    return Room.of(index, np.asarray(weights, np.float64), most_nodes(facts, index, np.array([row])), cached=1)


def _candidates(facts, weights, need, capacity, other) -> Candidates:
    score, value = np.empty(len(other)), np.empty(len(other), np.int64)
    _score(facts, np.asarray(weights, np.float64), need, capacity, score, value)
    fitting = score >= 0
    return Candidates(other[fitting], score[fitting], value[fitting])


@kernel
def _score(facts, weights, need, capacity, score, value):
    for at in range(len(need)):
        score[at], value[at] = fits(facts, weights, need[at], capacity[at])


@kernel
def _promised_capacities(facts, index, i, most_fails, room, out_row, out_fails, out_best):
    needs, found, slots = facts.needs, 0, -1
    n_runs = runs_of_need(needs, index.tree, i, room.runs)
    write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
    for run in range(n_runs):
        first, last = room.runs[run, 0], room.runs[run, 1]
        for block in range(first // LANES, (last - 1) // LANES + 1):
            slots = ask_capacities(needs, index, i, block, slots, room)
            found = _take(index, first, last, block, most_fails, room, out_row, out_fails, out_best, found)
    return found


@kernel
def _promised_needs(facts, index, j, most_fails, room, out_row, out_fails, out_best):
    capacities, found, slots = facts.capacities, 0, -1
    n_runs = runs_of(index.tree, capacities.node_lo[j], capacities.node_hi[j], room.runs, 0)
    n_runs = merge_runs(room.runs, n_runs)
    write_capacity(facts, index.ways.bit, j, room.numbers, 0, 1, room.flags, 0)
    ask = down(capacities.ask[j])
    for run in range(n_runs):
        first, last = room.runs[run, 0], room.runs[run, 1]
        for block in range(first // LANES, (last - 1) // LANES + 1):
            slots = ask_needs(capacities, index, j, ask, block, slots, room)
            found = _take(index, first, last, block, most_fails, room, out_row, out_fails, out_best, found)
    return found


@inner
def _take(index, first, last, block, most_fails, room, out_row, out_fails, out_best, found):
    start = block * LANES
    for lane in range(max(first - start, 0), min(last - start, LANES)):
        fails = room.fails[lane]
        if ones(fails) <= most_fails:
            out_row[found], out_fails[found], out_best[found] = index.row[start + lane], fails, room.best[lane]
            found += 1
    return found


# What blocks promise, for those who want to see whether it holds


def block_promises_of_need(facts: Facts, index: CapacityIndex, weights: np.ndarray, need: int) -> Promised:
    """What each block of capacities promises a need; `row` is the block."""
    return _of_blocks(_blocks_of_need, facts, index, weights, need)


def block_promises_of_capacity(facts: Facts, index: NeedIndex, weights: np.ndarray, capacity: int) -> Promised:
    """What each block of needs promises a capacity."""
    return _of_blocks(_blocks_of_capacity, facts, index, weights, capacity)


def _of_blocks(look, facts, index, weights, row) -> Promised:
    n_blocks = len(index.slots_of_block)
    out = Promised(np.arange(n_blocks), np.zeros(n_blocks, np.int32), np.zeros(n_blocks, np.float32))
    if n_blocks:
        room = _room(facts, index, weights, row)
        look(facts, index, row, room, out.fails, out.best)
    return out


@kernel
def _blocks_of_need(facts, index, i, room, out_fails, out_best):
    slots = -1
    write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
    for above in range(len(index.best_slots_of_block)):
        slots = ask_blocks_of_capacities(facts.needs, index, i, above, slots, room, room.fails)
        _tell_blocks(room, above, out_fails, out_best)


@kernel
def _blocks_of_capacity(facts, index, j, room, out_fails, out_best):
    slots, ask = -1, down(facts.capacities.ask[j])
    write_capacity(facts, index.ways.bit, j, room.numbers, 0, 1, room.flags, 0)
    for above in range(len(index.best_slots_of_block)):
        slots = ask_blocks_of_needs(facts.capacities, index, j, ask, above, slots, room)
        _tell_blocks(room, above, out_fails, out_best)


@inner
def _tell_blocks(room, above, out_fails, out_best):
    for lane in range(min(LANES, len(out_best) - above * LANES)):
        out_fails[above * LANES + lane], out_best[above * LANES + lane] = room.fails[lane], room.best[lane]
