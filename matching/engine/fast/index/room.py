"""What a search writes to, and how it files what is promised: by levels, the highest first."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.fast.index.columns import NEED_FLAGS, NEED_NUMBERS
from matching.engine.fast.index.numbers import LANES, at_most
from matching.engine.fast.index.promises import CAPACITY_WAYS, COSTS, NEED_LAWS, NEED_WAYS
from matching.engine.fast.index.tree import most_runs
from matching.engine.fast.index.ways import LINES

LEVELS = 256
SCALE = (LEVELS - 1) / 1.001  # no promise is above 1 by more than what rounding adds
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
        n_columns = (NEED_WAYS + index.ways.numbers.shape[1] - LINES) if is_need_index else CAPACITY_WAYS
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
            numbers=np.zeros(NEED_NUMBERS, np.float32),
            flags=np.zeros(NEED_FLAGS, np.int32),
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


@inner
def clear(room):
    for level in range(LEVELS):
        room.block_heads[level] = -1
        room.lane_heads[level] = -1


@inner
def level_of(best):
    return min(max(int(best * SCALE), 0), LEVELS - 1)


@inner
def file_blocks(room, first_place, last_place, above, is_judged, n_blocks):
    """The blocks of a run below a block of blocks, by what they promise; those that promise nothing are left out."""
    first, last = first_place // LANES, (last_place - 1) // LANES
    for block in range(max(first, above * LANES), min(last, above * LANES + LANES - 1) + 1):
        level = LEVELS - 1
        if is_judged:
            if room.fails[block - above * LANES]:
                continue
            level = level_of(room.best[block - above * LANES])
        room.blocks[n_blocks, 0] = block
        room.blocks[n_blocks, 1] = max(first_place - block * LANES, 0)
        room.blocks[n_blocks, 2] = min(last_place - block * LANES, LANES) - 1
        room.blocks[n_blocks, 3] = room.block_heads[level]
        room.block_heads[level] = n_blocks
        n_blocks += 1
    return n_blocks


@inner
def file_lanes(room, entry, level, worst, n_lanes):
    """The listings of a block that surely fail nothing, by what they promise."""
    block = room.blocks[entry, 0]
    room.counts[LANES_SEEN] += room.blocks[entry, 2] - room.blocks[entry, 1] + 1
    for lane in range(room.blocks[entry, 1], room.blocks[entry, 2] + 1):
        best = room.best[lane]
        if room.fails[lane] == 0 and best >= worst:
            to = min(level_of(best), level)
            room.lane_place[n_lanes] = block * LANES + lane
            room.lane_best[n_lanes] = best
            room.lane_next[n_lanes] = room.lane_heads[to]
            room.lane_heads[to] = n_lanes
            n_lanes += 1
    return n_lanes


@inner
def file_again(room, entry, level, worst, fails, best):
    """After a closer look: whether the listing is still the next to be scored; if less is promised it waits."""
    if fails or best < worst:
        return False
    to = min(level_of(best), level)
    if to == level:
        return True
    room.lane_place[entry] = ~room.lane_place[entry]  # looked at already
    room.lane_best[entry] = best
    room.lane_next[entry] = room.lane_heads[to]
    room.lane_heads[to] = entry
    return False


@inner
def is_kept(out_other, at, n_found, other):
    is_kept = False
    for nth in range(n_found):
        is_kept |= out_other[at, nth] == other
    return is_kept


@inner
def keep(out_other, out_score, at, n_found, other, score):
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
