"""The kernels of the search for the best: one listing after the other, from the highest promise down."""

from matching.engine.fast.compiled import kernel
from matching.engine.fast.index.closer import look_closer
from matching.engine.fast.index.columns import (
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
from matching.engine.fast.index.lanes import judge_capacities, judge_needs
from matching.engine.fast.index.numbers import LANES, down
from matching.engine.fast.index.promises import (
    CAPACITY_WAYS,
    COSTS,
    NEED_LAWS,
    NEED_WAYS,
    price_needs,
    ways_of_capacities,
    ways_of_needs,
)
from matching.engine.fast.index.room import (
    BLOCKS_ASKED,
    EXACT,
    FEW_BLOCKS,
    FILLED,
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
from matching.engine.fast.index.ways import LINES
from matching.engine.fast.judging.pair import fits


@kernel
def search_needs(facts, index, weights, rows, lines, struck, out_other, out_score, room):
    """The best capacities of the needs in `rows`, int64 (x,): rows and scores, (n, k), as `Top` keeps them.

    `lines`, int64 (x,): where the list of each row is written. `struck`, bool (m,) or empty: capacities that do not
    count.
    """
    needs, k = facts.needs, out_other.shape[1]
    arrival_columns = index.ways.of_group.shape[1]
    for nth in range(len(rows)):
        i, at = rows[nth], lines[nth]
        n_runs = runs_of_need(needs, index.tree, i, room.runs)
        write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
        arrival = needs.arrival[i]
        group = index.ways.group[arrival]
        clear(room)
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
                n_blocks = file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / SCALE < worst:
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
                n_lanes = file_lanes(room, entry, level, worst, n_lanes)
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
    departure_rows = index.ways.of_group.shape[0]
    n_lines = (index.ways.numbers.shape[1] - LINES) // 4
    n_columns = NEED_WAYS + 4 * n_lines
    for nth in range(len(rows)):
        j, at = rows[nth], lines[nth]
        n_runs = runs_of(index.tree, capacities.node_lo[j], capacities.node_hi[j], room.runs, 0)
        n_runs = merge_runs(room.runs, n_runs)
        write_capacity(facts, index.ways.bit, j, room.numbers, 0, 1, room.flags, 0)
        ask, holds, lacks = down(capacities.ask[j]), room.flags[SELLER_HOLDS], room.flags[SELLER_LACKS]
        departure = capacities.departure[j]
        group = index.ways.group[departure]
        clear(room)
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
                n_blocks = file_blocks(room, room.runs[run, 0], room.runs[run, 1], above, is_long, n_blocks)
        slots = -1
        n_found, n_lanes, worst = 0, 0, -1.0
        for level in range(LEVELS - 1, -1, -1):
            if n_found == k and (level + 1) / SCALE < worst:
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
                n_lanes = file_lanes(room, entry, level, worst, n_lanes)
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
