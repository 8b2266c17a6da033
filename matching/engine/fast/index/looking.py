"""The kernels of the search for the best: one listing after the other, from the highest promise down."""

from matching.engine.fast.compiled import kernel
from matching.engine.fast.index.asking import (
    ask_blocks_of_capacities,
    ask_blocks_of_needs,
    ask_capacities,
    ask_needs,
    slots_for_capacity,
    slots_for_need,
)
from matching.engine.fast.index.closer import look_closer
from matching.engine.fast.index.columns import (
    CAPACITY_FLAGS,
    CAPACITY_NUMBERS,
    NEED_FLAGS,
    NEED_NUMBERS,
    write_capacity,
    write_need,
)
from matching.engine.fast.index.numbers import LANES, down
from matching.engine.fast.index.room import (
    EXACT,
    FEW_BLOCKS,
    LEVELS,
    SCALE,
    clear,
    file_again,
    file_blocks,
    file_lanes,
    is_kept,
    keep,
)
from matching.engine.fast.index.tree import merge_runs, runs_of, runs_of_need
from matching.engine.fast.judging.pair import fits


@kernel
def search_needs(facts, index, weights, rows, lines, struck, out_other, out_score, room):
    """The best capacities of the needs in `rows`, int64 (x,): rows and scores, (n, k), as `Top` keeps them.

    `lines`, int64 (x,): where the list of each row is written. `struck`, bool (m,) or empty: capacities that do not
    count.
    """
    needs, k = facts.needs, out_other.shape[1]
    for nth in range(len(rows)):
        i, at = rows[nth], lines[nth]
        n_runs = runs_of_need(needs, index.tree, i, room.runs)
        write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
        arrival = needs.arrival[i]
        clear(room)
        n_blocks, slots = 0, -1
        for run in range(n_runs):
            first, last = room.runs[run, 0] // LANES, (room.runs[run, 1] - 1) // LANES
            is_long = last - first >= FEW_BLOCKS
            for above in range(first // LANES, last // LANES + 1):
                if is_long:
                    slots = ask_blocks_of_capacities(needs, index, i, above, slots, room, room.fails)
                n_blocks = file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / SCALE < worst:
                break
            entry = room.block_heads[level]
            while entry >= 0:
                slots = ask_capacities(needs, index, i, room.blocks[entry, 0], slots, room)
                n_lanes = file_lanes(room, entry, level, worst, n_lanes)
                entry = room.blocks[entry, 3]
            entry = room.lane_heads[level]
            while entry >= 0:
                following, place = room.lane_next[entry], room.lane_place[entry]
                counts = room.lane_best[entry] >= worst
                if counts and place >= 0:
                    row, block = index.ways.of[index.departure[place], arrival], place // LANES
                    if index.ways.next[row] >= 0:
                        slots = slots_for_need(needs, index, i, block, slots, room)
                        lane = place % LANES
                        fails, best = look_closer(
                            index.ways, row, room.numbers, 0, 1, room.flags, 0,
                            index.numbers, block * CAPACITY_NUMBERS * LANES + lane, LANES,
                            index.flags, block * CAPACITY_FLAGS * LANES + lane, index.ask[place], room.weights,
                        )  # fmt: skip
                        counts = file_again(room, entry, level, worst, fails, best)
                j = index.row[place if place >= 0 else ~place]
                if counts and not (len(struck) and struck[j]):
                    room.counts[EXACT] += 1
                    score = fits(facts, weights, i, j)[0]
                    if score >= 0:
                        n_found = keep(out_other, out_score, at, n_found, j, score)
                        if n_found == k:
                            worst = out_score[at, k - 1]
                entry = following


@kernel
def search_capacities(facts, index, weights, rows, lines, struck, out_other, out_score, room):
    """The best needs of the capacities in `rows`, likewise."""
    capacities, k = facts.capacities, out_other.shape[1]
    for nth in range(len(rows)):
        j, at = rows[nth], lines[nth]
        n_runs = runs_of(index.tree, capacities.node_lo[j], capacities.node_hi[j], room.runs, 0)
        n_runs = merge_runs(room.runs, n_runs)
        write_capacity(facts, index.ways.bit, j, room.numbers, 0, 1, room.flags, 0)
        ask, departure = down(capacities.ask[j]), capacities.departure[j]
        clear(room)
        n_blocks, slots = 0, -1
        for run in range(n_runs):
            first, last = room.runs[run, 0] // LANES, (room.runs[run, 1] - 1) // LANES
            is_long = last - first >= FEW_BLOCKS
            for above in range(first // LANES, last // LANES + 1):
                if is_long:
                    slots = ask_blocks_of_needs(capacities, index, j, ask, above, slots, room)
                n_blocks = file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / SCALE < worst:
                break
            entry = room.block_heads[level]
            while entry >= 0:
                slots = ask_needs(capacities, index, j, ask, room.blocks[entry, 0], slots, room)
                n_lanes = file_lanes(room, entry, level, worst, n_lanes)
                entry = room.blocks[entry, 3]
            entry = room.lane_heads[level]
            while entry >= 0:
                following, place = room.lane_next[entry], room.lane_place[entry]
                counts = room.lane_best[entry] >= worst
                if counts and place >= 0:
                    row, block = index.ways.of[departure, index.arrival[place]], place // LANES
                    if index.ways.next[row] >= 0:
                        slots = slots_for_capacity(capacities, index, j, block, slots, room)
                        lane = place % LANES
                        fails, best = look_closer(
                            index.ways, row, index.numbers, block * NEED_NUMBERS * LANES + lane, LANES,
                            index.flags, block * NEED_FLAGS * LANES + lane,
                            room.numbers, 0, 1, room.flags, 0, ask, room.weights,
                        )  # fmt: skip
                        counts = file_again(room, entry, level, worst, fails, best)
                i = index.row[place if place >= 0 else ~place]
                counts = counts and not (len(struck) and struck[i])
                # A need that accepts several nodes may be met at each of them.
                if counts and not is_kept(out_other, at, n_found, i):
                    room.counts[EXACT] += 1
                    score = fits(facts, weights, i, j)[0]
                    if score >= 0:
                        n_found = keep(out_other, out_score, at, n_found, i, score)
                        if n_found == k:
                            worst = out_score[at, k - 1]
                entry = following
