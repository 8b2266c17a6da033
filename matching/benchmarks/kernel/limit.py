"""The lane kernel of the search against the same rules in C, on the same blocks in the cache."""

import ctypes
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.index import columns, lanes
from matching.engine.fast.index.blocks import CapacityIndex, NeedIndex
from matching.engine.fast.index.lanes import judge_capacities
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.tell import weights_of

SOURCE = Path(__file__).parent / "minimal.c"
FLAGS = ("-O3", "-mavx2", "-ffp-contract=off", "-shared", "-fPIC")
NEEDS, BLOCKS, ROUNDS = 64, 24, 60  # so many blocks stay in the cache
COSTS, WAYS = 3, 5
_LINE = (
    lanes._PRICE_0, lanes._STEEP_1, lanes._PRICE_1, lanes._STEEP_2, lanes._FREEDOM_0, lanes._FREEDOM_SLOPE,
    lanes._ROOM_1, lanes._PRICE_2, lanes._NO_ROOM, lanes._SURPLUS,
)  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """Nanoseconds a pair; of C none where there is no compiler."""

    ours_ns: float
    c_ns: float | None
    agrees: bool
    reason: str = ""  # why there is no figure of C

    @property
    def ratio(self) -> float | None:
        return self.ours_ns / self.c_ns if self.c_ns else None


@dataclass(frozen=True)
class Blocks:
    """What both kernels read: needs one after the other, blocks of capacities, and what their lanes promise."""

    needs: np.ndarray  # float32, flat (needs, 24)
    asks: np.ndarray  # int32, flat (needs, 7)
    numbers: np.ndarray  # float32, flat (blocks, 15, 64)
    flags: np.ndarray  # int32, flat (blocks, 6, 64)
    costs: np.ndarray  # float32, flat (blocks, 3, 64)
    ways: np.ndarray  # float32, flat (blocks, 5, 64)
    laws: np.ndarray  # int32, flat (blocks, 64)
    weights: np.ndarray  # float32 (7,)


def blocks_of(sizes: Sizes, *, seed: int, n_needs: int = NEEDS, n_blocks: int = BLOCKS) -> Blocks:
    """Columns as the index keeps them. What the lanes promise is drawn by chance: the kernels only read it."""
    facts = Facts.of(Book(make_market(sizes, seed=seed), TODAY))
    capacities, needs = CapacityIndex.of(facts), NeedIndex.of(facts)
    n_blocks = min(n_blocks, len(capacities.slots_of_block))
    chance = np.random.Generator(np.random.PCG64(seed))
    cost = chance.uniform(300, 1500, (n_blocks, LANES))
    days = chance.integers(0, 60, (n_blocks, LANES))
    ways = np.stack([days, days + 5, days + 10, days + 20, chance.random((n_blocks, LANES))], axis=1)
    shape = (-1, columns.NEED_NUMBERS, LANES)
    of_needs = needs.numbers.reshape(shape).transpose(0, 2, 1).reshape(-1, shape[1])[:n_needs]
    asks = (
        needs.flags.reshape(-1, columns.NEED_FLAGS, LANES).transpose(0, 2, 1).reshape(-1, columns.NEED_FLAGS)[:n_needs]
    )
    return Blocks(
        needs=flat(of_needs, np.float32),
        asks=flat(asks, np.int32),
        numbers=capacities.numbers[: n_blocks * columns.CAPACITY_NUMBERS * LANES].copy(),
        flags=capacities.flags[: n_blocks * columns.CAPACITY_FLAGS * LANES].copy(),
        costs=flat(np.stack([cost, cost * 1.05, chance.random((n_blocks, LANES))], axis=1), np.float32),
        ways=flat(ways, np.float32),
        laws=flat(chance.choice([0, 1, 2, 5, -1], (n_blocks, LANES)), np.int32),
        weights=weights_of(ScoreTable()).astype(np.float32),
    )


def flat(table: np.ndarray, kind: type) -> np.ndarray:
    return np.ascontiguousarray(table, kind).reshape(-1)


@kernel
def judge_all(needs, asks, numbers, flags, costs, ways, laws, weights, n_needs, n_blocks, fails, best):
    """Every need against every block; a lane of each answer is added up, so that none is left out."""
    total = 0.0
    for i in range(n_needs):
        q = needs[i * columns.NEED_NUMBERS : (i + 1) * columns.NEED_NUMBERS]
        a = asks[i * columns.NEED_FLAGS : (i + 1) * columns.NEED_FLAGS]
        for b in range(n_blocks):
            judge_capacities(
                q, a, numbers, flags, b, costs, b * COSTS * LANES, ways, b * WAYS * LANES, laws, b * LANES,
                weights, fails, best,
            )  # fmt: skip
            total += best[(i + b) % LANES] + fails[(i + b) % LANES]
    return total


def compiled() -> tuple[ctypes.CDLL | None, str]:
    """The C loop, or why there is none."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None, "There is no gcc on this machine, so the C loop is left out."
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "minimal.so"
        done = subprocess.run([compiler, *FLAGS, "-o", library, SOURCE], capture_output=True, text=True, check=False)
        if done.returncode:
            return None, "gcc of this machine does not compile the C loop for AVX2, so it is left out."
        return ctypes.CDLL(str(library)), ""


def c_loop(library: ctypes.CDLL, blocks: Blocks):
    """The C loop over these blocks, as a function of where it writes."""
    library.judge_all.restype = ctypes.c_double
    line = np.array(_LINE, np.float32)

    def pointer(array: np.ndarray) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    def loop(fails: np.ndarray, best: np.ndarray) -> float:
        return library.judge_all(
            pointer(blocks.needs), pointer(blocks.asks), ctypes.c_int64(len(blocks.asks) // columns.NEED_FLAGS),
            pointer(blocks.numbers), pointer(blocks.flags), ctypes.c_int64(len(blocks.laws) // LANES),
            pointer(blocks.costs), pointer(blocks.ways), pointer(blocks.laws), pointer(blocks.weights), pointer(line),
            pointer(fails), pointer(best),
        )  # fmt: skip

    return loop


def our_loop(blocks: Blocks):
    n_needs, n_blocks = len(blocks.asks) // columns.NEED_FLAGS, len(blocks.laws) // LANES

    def loop(fails: np.ndarray, best: np.ndarray) -> float:
        return judge_all(
            blocks.needs, blocks.asks, blocks.numbers, blocks.flags, blocks.costs, blocks.ways, blocks.laws,
            blocks.weights, n_needs, n_blocks, fails, best,
        )  # fmt: skip

    return loop


def limit(sizes: Sizes, *, seed: int) -> Limit:
    """Both loops over the same blocks: the least of several times, for nothing makes a loop quicker than it is."""
    blocks = blocks_of(sizes, seed=seed)
    n_pairs = len(blocks.asks) // columns.NEED_FLAGS * len(blocks.laws)
    ours = our_loop(blocks)
    library, reason = compiled()
    if library is None:
        return Limit(nanoseconds(ours, n_pairs), None, agrees=True, reason=reason)
    loop = c_loop(library, blocks)
    return Limit(nanoseconds(ours, n_pairs), nanoseconds(loop, n_pairs), agrees=total(ours) == total(loop))


def total(loop) -> float:
    return loop(np.zeros(LANES, np.int32), np.zeros(LANES, np.float32))


def nanoseconds(loop, n_pairs: int) -> float:
    fails, best = np.zeros(LANES, np.int32), np.zeros(LANES, np.float32)
    loop(fails, best)
    least = np.inf
    for _ in range(ROUNDS):
        begin = time.process_time_ns()
        loop(fails, best)
        least = min(least, time.process_time_ns() - begin)
    return float(least) / n_pairs
