"""Which arcs a priced plan lacks, where candidates are too many to list: found anew through the index, each time.

What the index promises a need of a capacity is never less than the worth of a kilogram of the pair: its formula is
asked with the weights of the worth, in which quantity counts nothing. Where that is no more than the least price of
both ends, as for nearly all pairs once prices are good, nobody looks at the pair. Only the others are judged.

Memory does not grow with the candidates. Threads take shares of the needs; of equal arcs those are kept whose
turn it is (`pricing.turn`), whoever found them, so that nothing of the answer depends on how many threads there are.
"""

from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from matching.engine.fast.candidates import CHUNK_PAIRS, Goods
from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.facts import Facts, picked
from matching.engine.fast.index.blocks import CapacityIndex
from matching.engine.fast.index.columns import ASKED, asked_slots, write_need
from matching.engine.fast.index.lanes import judge_capacities
from matching.engine.fast.index.numbers import LANES
from matching.engine.fast.index.promises import CAPACITY_WAYS, COSTS, ways_of_capacities
from matching.engine.fast.index.room import FEW_BLOCKS, Room
from matching.engine.fast.index.tree import runs_of_need
from matching.engine.fast.judging.pair import DOES_NOT_FIT, commodity_answer, fits
from matching.engine.fast.threads import mapped
from matching.engine.plan.pricing import (
    Best,
    Candidates,
    Lacking,
    Listed,
    Skips,
    insert,
    is_worth_a_look,
    months_of_a_pair,
    offer,
    skips_of,
    stands_in,
    whole,
    with_gains,
)
from matching.engine.ragged import count_up

QUANTITY = 1  # among the components: the worth of a kilogram does not count it
DEAREST = 1_000_000  # millionths: no kilogram is worth more


class Pairs(NamedTuple):
    """Pairs of rows, both (x,), int64; in any order, some perhaps twice."""

    need: np.ndarray
    capacity: np.ndarray


class Through:
    """A market of which no candidate is kept: see above.

    Rows of its `facts` stand in the order of their goods, so that what touches lies together: row r of them is row
    `need_row[r]` or `capacity_row[r]` of the facts it was made of. Capacities that nobody may trade with are left out.
    """

    dearest, is_dear = DEAREST, True

    def __init__(self, facts: Facts, weights: np.ndarray, begins: Pairs, bans: Pairs, threads: int = 1):
        self.weights, self.threads = np.asarray(weights, np.float64), threads
        self.index = CapacityIndex.of(facts)
        goods = Goods.of(facts)
        self.capacity_row, self.need_row = self.index.row.astype(np.int64), _by_goods(facts)
        place_of_need = _places(self.need_row, len(facts.needs.id))
        place_of_capacity = _places(self.capacity_row, len(facts.capacities.id))
        self.facts = facts._replace(
            needs=picked(facts.needs, self.need_row), capacities=picked(facts.capacities, self.capacity_row)
        )
        self.order, self.n_pairs = place_of_need[goods.order], goods.n_pairs[self.need_row]
        ends = [(place_of_need[need], place_of_capacity[capacity]) for need, capacity in (begins, bans)]
        self.begins, self.banned = (np.unique(_keys(*of, len(self.capacity_row))) for of in ends)
        self.begins = self.begins[~np.isin(self.begins, self.banned)]

    def first(self, k: int) -> Lacking:
        """The k best arcs of each supply and of each demand, among the pairs to begin with."""
        m = max(len(self.capacity_row), 1)
        need, capacity = (column.astype(np.int32) for column in (self.begins // m, self.begins % m))
        return Listed(self.facts, Candidates(*worth_of(self.facts, self.weights, need, capacity))).first(k)

    def lacking(self, supply_price, demand_price, k: int, known: np.ndarray) -> Lacking:
        """As `pricing.Listed.lacking`, and the same of the same candidates."""
        if not len(self.capacity_row):
            return Best.of(self.facts, k).arcs(supply_price, demand_price)
        workers, _sums = self._looked(supply_price, demand_price, k, known, adds=False)
        first = workers[0].best
        for worker in workers[1:]:
            join(first.supply_gain, first.supply_other, worker.best.supply_gain, worker.best.supply_other)
        return first.arcs(supply_price, demand_price)

    def unpriced_worth(self, supply_price, demand_price) -> int:
        """As `pricing.Listed.unpriced_worth`."""
        if not len(self.capacity_row):
            return 0
        _workers, sums = self._looked(supply_price, demand_price, 1, np.zeros(0, np.int64), adds=True)
        return sum(whole(*some) for some in sums)

    def _looked(self, supply_price, demand_price, k: int, known: np.ndarray, *, adds: bool):
        """One look at all that is promised: the workers with what they kept, and what each piece of needs adds."""
        demands = Best.of(self.facts, k) if not adds else Best.of(self.facts, 1)
        workers = [_Worker(self, supply_price, demand_price, demands, k) for _thread in range(self.threads)]
        free = SimpleQueue()
        for worker in workers:
            free.put(worker)

        def look(rows: np.ndarray) -> tuple[int, int]:
            worker = free.get()
            try:
                return worker.look(rows, supply_price, demand_price, known, adds)
            finally:
                free.put(worker)

        return workers, list(mapped(look, self._pieces(), self.threads))

    def _pieces(self) -> list[np.ndarray]:
        """The needs in an order in which what is laid out for one serves the next; the same pieces for any threads."""
        reached = np.cumsum(self.n_pairs[self.order])
        cuts = np.flatnonzero(np.diff(reached // CHUNK_PAIRS, prepend=0))
        return [rows for rows in np.split(self.order, cuts) if len(rows)]


class _Worker:
    """What one thread writes to. Each need is looked at by one thread only, so what demands keep is shared."""

    def __init__(self, through: Through, supply_price, demand_price, demands: Best, k: int):
        self.facts, self.index, self.weights = through.facts, through.index, through.weights
        self.banned = through.banned
        nodes = int(np.diff(self.facts.needs.accepted_start).max(initial=1))
        weights, self.least_promise = weights_of_worth(self.weights)
        self.room = Room.of(self.index, weights, nodes)
        self.hopes = np.empty(len(self.index.row), np.int64)
        self.fails = np.zeros(LANES, np.int32)
        self.best = Best.of(self.facts, k)._replace(demand_gain=demands.demand_gain, demand_other=demands.demand_other)
        self.skips = skips_of(self.facts, supply_price, demand_price)
        self.least_of_block = _least_of_blocks(self.skips, len(self.index.slots_of_block))
        self.out = months_of_a_pair(self.facts)

    def look(self, rows, supply_price, demand_price, known, adds: bool) -> tuple[np.int64, float]:
        return _look(
            self.facts, self.index, self.weights, rows, self.room, self.hopes, self.fails, self.least_promise,
            self.least_of_block, self.banned, supply_price, demand_price, self.skips, known, self.out, adds, self.best,
        )  # fmt: skip


def weights_of_worth(weights: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights by which the index promises the worth of a kilogram, and what it promises at least."""
    without = weights.copy()
    without[QUANTITY] = 0.0
    weighs = without.sum()
    # Where nothing but quantity counts, a kilogram of every pair is worth the most.
    return (without / weighs, 0.0) if weighs > 0 else (without, 1.0)


def worth_of(facts: Facts, weights: np.ndarray, need, capacity) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Need, capacity and worth of a kilogram, int32, of the candidates among some pairs."""
    score, value = np.empty(len(need)), np.empty(len(need), np.int32)
    _judge(facts, np.asarray(weights, np.float64), need, capacity, score, value)
    fitting = score >= 0
    return need[fitting], capacity[fitting], value[fitting]


def _by_goods(facts: Facts) -> np.ndarray:
    """Rows of the needs by the first goods that they accept."""
    needs = facts.needs
    wants = needs.accepted_start[1:] > needs.accepted_start[:-1]
    first = np.append(needs.accepted_lo, 0)[np.where(wants, needs.accepted_start[:-1], -1)]
    return np.argsort(first, kind="stable")


def _places(rows: np.ndarray, n: int) -> np.ndarray:
    """Where each of n rows stands; -1: nowhere."""
    place = np.full(n, -1)
    place[rows] = np.arange(len(rows))
    return place


def _keys(need: np.ndarray, capacity: np.ndarray, m: int) -> np.ndarray:
    stands = capacity >= 0
    return need[stands] * m + capacity[stands]


def _least_of_blocks(skips: Skips, n_blocks: int) -> np.ndarray:
    """The least price among the capacities of each block; int64 (blocks,)."""
    return np.minimum.reduceat(skips.supply_least, np.arange(0, n_blocks * LANES, LANES))


def slots_of_rows(start: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The slots of some rows, one row after the other; int64."""
    position, nth = count_up(start[rows + 1] - start[rows])
    return start[rows[position]] + nth


@kernel
def join(gains_here, others_here, gains_there, others_there):
    """The best of both, into those here."""
    for end in range(len(gains_here)):
        for nth in range(gains_there.shape[1]):
            if others_there[end, nth] >= 0:
                insert(gains_here, others_here, end, gains_there[end, nth], others_there[end, nth])


@kernel
def _judge(facts, weights, need, capacity, score, value):
    for at in range(len(need)):
        i, j = need[at], capacity[at]
        score[at], value[at] = fits(facts, weights, i, j)
        if commodity_answer(facts, i, j) < 0:
            score[at] = DOES_NOT_FIT


@kernel
def _look(
    facts, index, weights, rows, room, hopes, fails, least_promise,
    least_of_block, banned, supply_price, demand_price, skips, known, out, adds, best,
):  # fmt: skip
    """Offers the arcs of some needs to the best of their ends or, if `adds`, adds up what they gain."""
    high, low, m = np.int64(0), np.int64(0), len(index.row)
    for i in rows:
        if facts.needs.standing[i] < 0 or facts.needs.slot_start[i] == facts.needs.slot_start[i + 1]:
            continue
        for at in range(_promising(facts, index, i, room, hopes, fails, least_promise, least_of_block, skips)):
            place = room.lane_place[at]
            if not adds and not is_worth_a_look(skips, i, place, hopes[at]):
                continue
            score, value = fits(facts, weights, i, place)
            worth = np.int64(value)
            gain = worth - skips.supply_least[place] - skips.demand_least[i]
            if score < 0 or gain <= 0 or stands_in(banned, i * m + place):
                continue
            if adds:
                high, low = with_gains(facts, i, place, worth, supply_price, demand_price, out, high, low)
            elif is_worth_a_look(skips, i, place, gain):
                offer(facts, i, place, worth, supply_price, demand_price, skips, known, out, best)
    return high, low


@inner
def _hope(promised, least_promise):
    """Millionths that a promise comes to at most."""
    return np.int64(max(np.float64(promised), least_promise) * 1e6) + 2


@inner
def _promising(facts, index, i, room, hopes, fails, least_promise, least_of_block, skips):
    """Places of capacities that may fit a need and gain something, with how much at most; returns how many.

    Into `room.lane_place` and `hopes`.
    """
    needs, n_found, slots, arrival = facts.needs, 0, -1, facts.needs.arrival[i]
    costs = skips.demand_least[i]
    n_runs = runs_of_need(needs, index.tree, i, room.runs)
    write_need(facts, index.ways.bit, i, room.numbers, 0, 1, room.flags, 0)
    for run in range(n_runs):
        first, last = room.runs[run, 0], room.runs[run, 1]
        is_long, above = (last - first) // LANES >= FEW_BLOCKS, -1
        for block in range(first // LANES, (last - 1) // LANES + 1):
            if is_long and above != block // LANES:
                above, slots = block // LANES, -1
                asked = index.best_slots[index.best_slots_of_block[above]]
                asked_slots(needs, i, asked, room.numbers, 0, 1, room.flags, ASKED)
                at = above * index.ways.of_group.shape[1] + index.ways.group[arrival]
                way = at * CAPACITY_WAYS * LANES
                judge_capacities(
                    room.numbers, room.flags, index.best_numbers, index.best_flags, above,
                    index.best_ways, way, index.best_ways, way + COSTS * LANES,
                    index.best_laws, at * LANES, room.weights, fails, room.best,
                )  # fmt: skip
                start = above * LANES
                for lane in range(min(LANES, len(least_of_block) - start)):
                    if _hope(room.best[lane], least_promise) <= costs + least_of_block[start + lane]:
                        fails[lane] = 1
            if is_long and fails[block - above * LANES]:
                continue
            if index.slots_of_block[block] != slots:
                slots = index.slots_of_block[block]
                asked_slots(needs, i, index.slots[slots], room.numbers, 0, 1, room.flags, ASKED)
            place = block % len(room.filled)
            way = place * CAPACITY_WAYS * LANES
            if room.filled[place, 0] != block or room.filled[place, 1] != arrival:
                ways_of_capacities(index, block, index.ways.of, arrival, room.ways, way, room.laws, place * LANES)
                room.filled[place, 0], room.filled[place, 1] = block, arrival
            judge_capacities(
                room.numbers, room.flags, index.numbers, index.flags, block,
                room.ways, way, room.ways, way + COSTS * LANES, room.laws, place * LANES,
                room.weights, room.fails, room.best,
            )  # fmt: skip
            start = block * LANES
            for lane in range(max(first - start, 0), min(last - start, LANES)):
                hope = _hope(room.best[lane], least_promise) - costs - skips.supply_least[start + lane]
                room.lane_place[n_found], hopes[n_found] = start + lane, hope
                n_found += room.fails[lane] == 0 and hope > 0
    return n_found
