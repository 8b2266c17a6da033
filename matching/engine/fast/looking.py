"""The kernels of the search for the best: one listing after the other, from the highest promise down."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.closer import look_closer
from matching.engine.fast.columns import (
    ASKED,
    CAPACITY_FLAGS,
    CAPACITY_NUMBERS,
    NEED_FLAGS,
    NEED_NUMBERS,
    SELLER_HOLDS,
    SELLER_LACKS,
    STATED,
    asked_slots,
    offered_slots,
    write_capacity,
    write_need,
)
from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.lanes import judge_capacities, judge_needs
from matching.engine.fast.numbers import LANES, at_most, down
from matching.engine.fast.pair import fits
from matching.engine.fast.promises import (
    CAPACITY_WAYS,
    COSTS,
    NEED_LAWS,
    price_needs,
    ways_of_capacities,
    ways_of_needs,
)
from matching.engine.fast.tree import merge_runs, most_runs, runs_of
from matching.engine.fast.ways import LINES

LEVELS = 256
_SCALE = (LEVELS - 1) / 1.001  # no promise is above 1 by more than what rounding adds
FEW_BLOCKS = 4  # a run of so few blocks is not worth asking what each promises
CACHED_BLOCKS = 4096  # filled in for one arrival or departure, and kept until another needs the place

LANES_SEEN, BLOCKS_ASKED, EXACT, FILLED = range(4)


class Room(NamedTuple):
    """What a search writes to; one for each thread."""

    runs: np.ndarray  # int64 (r, 2)
    block_heads: np.ndarray  # int32 (LEVELS,), the first block of each level, -1: none
    blocks: np.ndarray  # int32 (b, 4): block, first and last lane that count, the next of the level
    lane_heads: np.ndarray
    lane_place: np.ndarray  # int32 (places,), negative (~place) after a closer look
    lane_best: np.ndarray  # float32 (places,)
    lane_next: np.ndarray  # int32 (places,)
    numbers: np.ndarray  # float32, the columns of the listing that asks
    flags: np.ndarray  # int32
    weights: np.ndarray  # float32 (7,), never too low
    fails: np.ndarray  # int32 (64,)
    best: np.ndarray  # float32 (64,)
    costs: np.ndarray  # float32 (3 * 64,)
    law: np.ndarray  # int32 (64,)
    ways: np.ndarray  # float32, flat (cached, columns, 64): blocks filled in
    laws: np.ndarray  # int32, flat (cached, flags, 64)
    filled: np.ndarray  # int64 (cached, 2): which block is filled in, and for which point; -1: none
    counts: np.ndarray  # int64 (4,)

    @classmethod
    def of(cls, index, weights: np.ndarray, nodes: int, cached: int = CACHED_BLOCKS) -> "Room":
        """For listings that ask for at most so many nodes."""
        is_need_index = hasattr(index, "arrival")
        n_columns = (6 + index.ways.numbers.shape[1] - LINES) if is_need_index else CAPACITY_WAYS
        n_laws = NEED_LAWS if is_need_index else 1
        n_places, n_blocks = len(index.row), len(index.slots_of_block)
        cached = max(min(cached, n_blocks), 1)
        n_runs = most_runs(index.tree) * nodes
        return cls(
            runs=np.empty((n_runs, 2), np.int64),
            block_heads=np.empty(LEVELS, np.int32),
            blocks=np.empty((n_blocks + n_runs, 4), np.int32),
            lane_heads=np.empty(LEVELS, np.int32),
            lane_place=np.empty(n_places, np.int32),
            lane_best=np.empty(n_places, np.float32),
            lane_next=np.empty(n_places, np.int32),
            numbers=np.zeros(max(NEED_NUMBERS, CAPACITY_NUMBERS), np.float32),
            flags=np.zeros(max(NEED_FLAGS, CAPACITY_FLAGS), np.int32),
            weights=at_most(weights),
            fails=np.zeros(LANES, np.int32),
            best=np.zeros(LANES, np.float32),
            costs=np.zeros(COSTS * LANES, np.float32),
            law=np.zeros(LANES, np.int32),
            ways=np.empty(cached * n_columns * LANES, np.float32),
            laws=np.empty(cached * n_laws * LANES, np.int32),
            filled=np.full((cached, 2), -1, np.int64),
            counts=np.zeros(4, np.int64),
        )


@kernel
def search_needs(facts, index, weights, rows, struck, out_other, out_score, out_found, room):
    """The best capacities of the needs in `rows`, int64 (x,): rows, scores and how many, (x, k), (x, k), (x,).

    `struck`, bool (m,) or empty: capacities that do not count.
    """
    needs, k = facts.needs, out_other.shape[1]
    arrival_columns = index.ways.of_group.shape[1]
    for at in range(len(rows)):
        i = rows[at]
        n_runs = 0
        for entry in range(needs.accepted_start[i], needs.accepted_start[i + 1]):
            n_runs = runs_of(index.tree, needs.accepted_lo[entry], needs.accepted_hi[entry], room.runs, n_runs)
        n_runs = merge_runs(room.runs, n_runs)
        write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
        arrival = needs.arrival[i]
        group = index.ways.group[arrival]
        _clear(room)
        n_blocks, slots = 0, -1
        for run in range(n_runs):
            first, last = room.runs[run, 0] // LANES, (room.runs[run, 1] - 1) // LANES
            is_long = last - first >= FEW_BLOCKS
            for above in range(first // LANES, last // LANES + 1):
                if is_long:
                    if index.best_slots_of_block[above] != slots:
                        slots = index.best_slots_of_block[above]
                        asked_slots(needs, i, index.best_slots[slots], room.numbers, 0, 1, room.flags, ASKED)
                    way = (above * arrival_columns + group) * CAPACITY_WAYS * LANES
                    judge_capacities(
                        room.numbers, room.flags, index.best_numbers, index.best_flags, above,
                        index.best_ways, way, index.best_ways, way + COSTS * LANES,
                        index.best_laws, (above * arrival_columns + group) * LANES,
                        room.weights, room.fails, room.best,
                    )  # fmt: skip
                    room.counts[BLOCKS_ASKED] += 1
                n_blocks = _file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / _SCALE < worst:
                break
            entry = room.block_heads[level]
            while entry >= 0:
                block = room.blocks[entry, 0]
                if index.slots_of_block[block] != slots:
                    slots = index.slots_of_block[block]
                    asked_slots(needs, i, index.slots[slots], room.numbers, 0, 1, room.flags, ASKED)
                place = block % len(room.filled)
                way = place * CAPACITY_WAYS * LANES
                if room.filled[place, 0] != block or room.filled[place, 1] != arrival:
                    ways_of_capacities(index, block, index.ways.of, arrival, room.ways, way, room.laws, place * LANES)
                    room.filled[place, 0], room.filled[place, 1] = block, arrival
                    room.counts[FILLED] += 1
                judge_capacities(
                    room.numbers, room.flags, index.numbers, index.flags, block,
                    room.ways, way, room.ways, way + COSTS * LANES, room.laws, place * LANES,
                    room.weights, room.fails, room.best,
                )  # fmt: skip
                n_lanes = _file_lanes(room, entry, level, worst, n_lanes)
                entry = room.blocks[entry, 3]
            entry = room.lane_heads[level]
            while entry >= 0:
                following, place = room.lane_next[entry], room.lane_place[entry]
                counts = room.lane_best[entry] >= worst
                if counts and place >= 0:
                    row, block = index.ways.of[index.departure[place], arrival], place // LANES
                    if index.ways.next[row] >= 0:
                        if index.slots_of_block[block] != slots:
                            slots = index.slots_of_block[block]
                            asked_slots(needs, i, index.slots[slots], room.numbers, 0, 1, room.flags, ASKED)
                        lane = place % LANES
                        fails, best = look_closer(
                            index.ways, row, room.numbers, 0, 1, room.flags, 0,
                            index.numbers, block * CAPACITY_NUMBERS * LANES + lane, LANES,
                            index.flags, block * CAPACITY_FLAGS * LANES + lane, index.ask[place], room.weights,
                        )  # fmt: skip
                        counts = _file_again(room, entry, level, worst, fails, best)
                j = index.row[place if place >= 0 else ~place]
                if counts and not (len(struck) and struck[j]):
                    room.counts[EXACT] += 1
                    score = fits(facts, weights, i, j)[0]
                    if score >= 0:
                        n_found = _keep(out_other, out_score, at, n_found, j, score)
                        if n_found == k:
                            worst = out_score[at, k - 1]
                entry = following
        out_found[at] = n_found


@kernel
def search_capacities(facts, index, weights, rows, struck, out_other, out_score, out_found, room):
    """The best needs of the capacities in `rows`, likewise."""
    capacities, k = facts.capacities, out_other.shape[1]
    departure_rows = index.ways.of_group.shape[0]
    n_lines = (index.ways.numbers.shape[1] - LINES) // 4
    n_columns = 6 + 4 * n_lines
    for at in range(len(rows)):
        j = rows[at]
        n_runs = runs_of(index.tree, capacities.node_lo[j], capacities.node_hi[j], room.runs, 0)
        n_runs = merge_runs(room.runs, n_runs)
        write_capacity(facts, index.ways.bit, j, room.numbers, 0, 1, room.flags, 0)
        ask, holds, lacks = down(capacities.ask[j]), room.flags[SELLER_HOLDS], room.flags[SELLER_LACKS]
        departure = capacities.departure[j]
        group = index.ways.group[departure]
        _clear(room)
        n_blocks, slots = 0, -1
        for run in range(n_runs):
            first, last = room.runs[run, 0] // LANES, (room.runs[run, 1] - 1) // LANES
            is_long = last - first >= FEW_BLOCKS
            for above in range(first // LANES, last // LANES + 1):
                if is_long:
                    if index.best_slots_of_block[above] != slots:
                        slots = index.best_slots_of_block[above]
                        offered_slots(capacities, j, index.best_slots[slots], room.numbers, 0, 1, room.flags, STATED)
                    way = (above * departure_rows + group) * n_columns * LANES
                    law = (above * departure_rows + group) * NEED_LAWS * LANES
                    price_needs(
                        index.best_ways, way, index.best_laws, law, n_lines, ask, holds, lacks, room.costs, room.law
                    )
                    judge_needs(
                        room.numbers, room.flags, index.best_numbers, index.best_flags, above,
                        room.costs, 0, index.best_ways, way, room.law, 0, room.weights, room.fails, room.best,
                    )  # fmt: skip
                    room.counts[BLOCKS_ASKED] += 1
                n_blocks = _file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / _SCALE < worst:
                break
            entry = room.block_heads[level]
            while entry >= 0:
                block = room.blocks[entry, 0]
                if index.slots_of_block[block] != slots:
                    slots = index.slots_of_block[block]
                    offered_slots(capacities, j, index.slots[slots], room.numbers, 0, 1, room.flags, STATED)
                place = block % len(room.filled)
                way, law = place * n_columns * LANES, place * NEED_LAWS * LANES
                if room.filled[place, 0] != block or room.filled[place, 1] != departure:
                    ways_of_needs(index, block, index.ways.of, departure, room.ways, way, room.laws, law)
                    room.filled[place, 0], room.filled[place, 1] = block, departure
                    room.counts[FILLED] += 1
                price_needs(room.ways, way, room.laws, law, n_lines, ask, holds, lacks, room.costs, room.law)
                judge_needs(
                    room.numbers, room.flags, index.numbers, index.flags, block,
                    room.costs, 0, room.ways, way, room.law, 0, room.weights, room.fails, room.best,
                )  # fmt: skip
                n_lanes = _file_lanes(room, entry, level, worst, n_lanes)
                entry = room.blocks[entry, 3]
            entry = room.lane_heads[level]
            while entry >= 0:
                following, place = room.lane_next[entry], room.lane_place[entry]
                counts = room.lane_best[entry] >= worst
                if counts and place >= 0:
                    row, block = index.ways.of[departure, index.arrival[place]], place // LANES
                    if index.ways.next[row] >= 0:
                        if index.slots_of_block[block] != slots:
                            slots = index.slots_of_block[block]
                            offered_slots(capacities, j, index.slots[slots], room.numbers, 0, 1, room.flags, STATED)
                        lane = place % LANES
                        fails, best = look_closer(
                            index.ways, row, index.numbers, block * NEED_NUMBERS * LANES + lane, LANES,
                            index.flags, block * NEED_FLAGS * LANES + lane,
                            room.numbers, 0, 1, room.flags, 0, ask, room.weights,
                        )  # fmt: skip
                        counts = _file_again(room, entry, level, worst, fails, best)
                i = index.row[place if place >= 0 else ~place]
                counts = counts and not (len(struck) and struck[i])
                # A need that accepts several nodes may be met at each of them.
                if counts and not _is_kept(out_other, at, n_found, i):
                    room.counts[EXACT] += 1
                    score = fits(facts, weights, i, j)[0]
                    if score >= 0:
                        n_found = _keep(out_other, out_score, at, n_found, i, score)
                        if n_found == k:
                            worst = out_score[at, k - 1]
                entry = following
        out_found[at] = n_found


@inner
def _clear(room):
    for level in range(LEVELS):
        room.block_heads[level] = -1
        room.lane_heads[level] = -1


@inner
def _level(best):
    return min(max(int(best * _SCALE), 0), LEVELS - 1)


@inner
def _file_blocks(room, first_place, last_place, above, is_judged, n_blocks):
    """The blocks of a run below a block of blocks, by what they promise; those that promise nothing are left out."""
    first, last = first_place // LANES, (last_place - 1) // LANES
    for block in range(max(first, above * LANES), min(last, above * LANES + LANES - 1) + 1):
        level = LEVELS - 1
        if is_judged:
            if room.fails[block - above * LANES]:
                continue
            level = _level(room.best[block - above * LANES])
        room.blocks[n_blocks, 0] = block
        room.blocks[n_blocks, 1] = max(first_place - block * LANES, 0)
        room.blocks[n_blocks, 2] = min(last_place - block * LANES, LANES) - 1
        room.blocks[n_blocks, 3] = room.block_heads[level]
        room.block_heads[level] = n_blocks
        n_blocks += 1
    return n_blocks


@inner
def _file_lanes(room, entry, level, worst, n_lanes):
    """The listings of a block that surely fail nothing, by what they promise."""
    block = room.blocks[entry, 0]
    room.counts[LANES_SEEN] += room.blocks[entry, 2] - room.blocks[entry, 1] + 1
    for lane in range(room.blocks[entry, 1], room.blocks[entry, 2] + 1):
        best = room.best[lane]
        if room.fails[lane] == 0 and best >= worst:
            to = min(_level(best), level)
            room.lane_place[n_lanes] = block * LANES + lane
            room.lane_best[n_lanes] = best
            room.lane_next[n_lanes] = room.lane_heads[to]
            room.lane_heads[to] = n_lanes
            n_lanes += 1
    return n_lanes


@inner
def _file_again(room, entry, level, worst, fails, best):
    """After a closer look: whether the listing is still the next to be scored; if less is promised it waits."""
    if fails or best < worst:
        return False
    to = min(_level(best), level)
    if to == level:
        return True
    room.lane_place[entry] = ~room.lane_place[entry]  # looked at already
    room.lane_best[entry] = best
    room.lane_next[entry] = room.lane_heads[to]
    room.lane_heads[to] = entry
    return False


@inner
def _is_kept(out_other, at, n_found, other):
    is_kept = False
    for nth in range(n_found):
        is_kept |= out_other[at, nth] == other
    return is_kept


@inner
def _keep(out_other, out_score, at, n_found, other, score):
    """Puts a pair in its place in the list: by score, equals by the smaller row; returns how many are kept."""
    k = out_other.shape[1]
    place = n_found
    while place > 0 and (
        out_score[at, place - 1] < score or (out_score[at, place - 1] == score and out_other[at, place - 1] > other)
    ):
        place -= 1
    if place >= k:
        return n_found
    for nth in range(min(n_found, k - 1), place, -1):
        out_other[at, nth], out_score[at, nth] = out_other[at, nth - 1], out_score[at, nth - 1]
    out_other[at, place], out_score[at, place] = other, score
    return min(n_found + 1, k)
