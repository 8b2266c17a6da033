"""Which arcs a priced plan lacks: one look at every candidate pair and its months, in bounded memory.

An arc lacks that is worth more than the prices of its two ends. The candidates stand as they were found, ordered by
need and capacity; their months are worked out anew whenever a pair could have such an arc, and kept for none.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.judging.months import smallest_kg
from matching.engine.fast.judging.pair import arcs_of, route

CARRY = 2**60  # of a sum in two parts: see `whole`


class Candidates(NamedTuple):
    """Pairs that fail no rule, ordered by need and capacity; all int32 (x,)."""

    need: np.ndarray
    capacity: np.ndarray
    value: np.ndarray  # millionths a kilogram


class Lacking(NamedTuple):
    """Arcs that the plan lacks, ordered by supply and demand; all int64 (a,)."""

    supply: np.ndarray  # slot
    demand: np.ndarray
    value: np.ndarray  # millionths a kilogram


def none_lacking() -> Lacking:
    return Lacking(*(np.zeros(0, np.int64) for _column in Lacking._fields))


class Listed:
    """Candidate pairs that all stand in memory: where a plan of a large market finds the arcs that it lacks."""

    is_dear, threads = False, 1

    def __init__(self, facts, candidates: Candidates):
        self.facts, self.candidates = facts, candidates
        self.dearest = int(candidates.value.max(initial=1))  # what no arc is worth more than

    def first(self, k: int) -> Lacking:
        """The k best arcs of each supply and of each demand, to begin with."""
        free = np.zeros(len(self.facts.capacities.slot_kg), np.int64), np.zeros(len(self.facts.needs.slot_kg), np.int64)
        return self.lacking(*free, k, np.zeros(0, np.int64))

    def lacking(self, supply_price, demand_price, k: int, known: np.ndarray) -> Lacking:
        """Of the arcs that are worth more than their ends, the k best of each supply and of each demand.

        Of equals as `turn` has it. `known`: int64, ascending: supply x demands + demand of arcs that the plan has,
        which are not looked at.
        """
        best = Best.of(self.facts, k)
        skips = skips_of(self.facts, supply_price, demand_price)
        prices = supply_price, demand_price
        _scan(self.facts, self.candidates, *prices, skips, known, months_of_a_pair(self.facts), best)
        return best.arcs(*prices)

    def unpriced_worth(self, supply_price, demand_price) -> int:
        """What all arcs together could gain beyond the prices of their ends: what a bound by these prices must add."""
        skips = skips_of(self.facts, supply_price, demand_price)
        out = months_of_a_pair(self.facts)
        return whole(*_unpriced_worth(self.facts, self.candidates, supply_price, demand_price, skips, out))


def months_of_a_pair(facts) -> np.ndarray:
    """Room for the arcs of any one pair, as `arcs_of` writes them."""
    most = (int(np.diff(rows.slot_start).max(initial=0)) for rows in (facts.needs, facts.capacities))
    return np.zeros((max(np.prod(list(most)), 1), 5), np.int64)


class Skips(NamedTuple):
    """What lets a pair be passed over: the smallest price among the slots of each row, and how much gain is beaten."""

    supply_least: np.ndarray  # int64 (m,)
    demand_least: np.ndarray  # int64 (n,)
    supply_has: np.ndarray  # int64 (m,), the smallest gain that each slot of the row has k arcs of
    demand_has: np.ndarray  # int64 (n,)


def skips_of(facts, supply_price, demand_price) -> Skips:
    supply_least = _least_of_rows(facts.capacities.slot_start, supply_price)
    demand_least = _least_of_rows(facts.needs.slot_start, demand_price)
    return Skips(supply_least, demand_least, np.zeros_like(supply_least), np.zeros_like(demand_least))


def _least_of_rows(start: np.ndarray, price: np.ndarray) -> np.ndarray:
    """The smallest price among the slots of each row; a row without slots has no arcs, whatever it costs."""
    least = np.zeros(len(start) - 1, np.int64)
    has_slots = np.flatnonzero(start[1:] > start[:-1])
    if len(has_slots):
        least[has_slots] = np.minimum.reduceat(price, start[has_slots])
    return least


class Best(NamedTuple):
    """The k best arcs of each supply and of each demand so far, the best first; equals as `turn` has it."""

    supply_gain: np.ndarray  # int32 (supplies, k), 0: none yet
    supply_other: np.ndarray  # int32 (supplies, k), the slot at the other end, -1: none yet
    demand_gain: np.ndarray
    demand_other: np.ndarray

    @classmethod
    def of(cls, facts, k: int) -> "Best":
        n_supplies, n_demands = len(facts.capacities.slot_kg), len(facts.needs.slot_kg)
        return cls(
            np.zeros((n_supplies, k), np.int32),
            np.full((n_supplies, k), -1, np.int32),
            np.zeros((n_demands, k), np.int32),
            np.full((n_demands, k), -1, np.int32),
        )

    def arcs(self, supply_price, demand_price) -> Lacking:
        """All of them, each once."""
        n_demands = max(len(self.demand_gain), 1)
        of_supply, of_demand = np.nonzero(self.supply_other >= 0), np.nonzero(self.demand_other >= 0)
        keys = np.concatenate(
            (
                of_supply[0] * n_demands + self.supply_other[of_supply],
                self.demand_other[of_demand].astype(np.int64) * n_demands + of_demand[0],
            )
        )
        gains = np.concatenate((self.supply_gain[of_supply], self.demand_gain[of_demand]))
        keys, first = np.unique(keys, return_index=True)
        supply, demand = keys // n_demands, keys % n_demands
        return Lacking(supply, demand, gains[first] + supply_price[supply] + demand_price[demand])


@kernel
def _scan(facts, candidates, supply_price, demand_price, skips, known, out, best):
    for at in range(len(candidates.need)):
        i, j, worth = candidates.need[at], candidates.capacity[at], np.int64(candidates.value[at])
        gain = worth - skips.supply_least[j] - skips.demand_least[i]
        if is_worth_a_look(skips, i, j, gain):
            offer(facts, i, j, worth, supply_price, demand_price, skips, known, out, best)


@inner
def is_worth_a_look(skips, i, j, gain):
    """Whether a pair of which no arc gains more than this could bring one of the best of an end."""
    return gain > 0 and (gain >= skips.demand_has[i] or gain >= skips.supply_has[j])


@inner
def offer(facts, i, j, worth, supply_price, demand_price, skips, known, out, best):
    """Keep the arcs of a pair that are among the best of an end."""
    n_demands, is_better = len(demand_price), False
    for row in range(arcs_of(facts, i, j, route(facts, i, j), out)):
        s, d = out[row, 0], out[row, 1]
        gain = worth - supply_price[s] - demand_price[d]
        is_kept = gain > 0 and (
            _is_before(best.supply_gain, best.supply_other, s, gain, d)
            or _is_before(best.demand_gain, best.demand_other, d, gain, s)
        )
        if not is_kept or not _can_be_used(facts, i, j, out[row, 4]) or stands_in(known, s * n_demands + d):
            continue
        insert(best.supply_gain, best.supply_other, s, gain, d)
        insert(best.demand_gain, best.demand_other, d, gain, s)
        is_better = True
    if is_better:
        skips.supply_has[j] = _least_kept(best.supply_gain, facts.capacities.slot_start, j)
        skips.demand_has[i] = _least_kept(best.demand_gain, facts.needs.slot_start, i)


@kernel
def _unpriced_worth(facts, candidates, supply_price, demand_price, skips, out):
    high, low = np.int64(0), np.int64(0)
    for at in range(len(candidates.need)):
        i, j, worth = candidates.need[at], candidates.capacity[at], np.int64(candidates.value[at])
        if worth > skips.supply_least[j] + skips.demand_least[i]:
            high, low = with_gains(facts, i, j, worth, supply_price, demand_price, out, high, low)
    return high, low


@inner
def with_gains(facts, i, j, worth, supply_price, demand_price, out, high, low):
    """A sum (see `whole`) and what the arcs of a pair could gain beyond the prices of their ends.

    One arc gains less than 2^54: at most 10^6 millionths on 10^10 kg.
    """
    for row in range(arcs_of(facts, i, j, route(facts, i, j), out)):
        gain = worth - supply_price[out[row, 0]] - demand_price[out[row, 1]]
        if gain > 0:
            low += gain * most_of(facts, i, j, out[row, 4])
            if low >= CARRY:
                high, low = high + 1, low - CARRY
    return high, low


def whole(high: int, low: int) -> int:
    """A sum that 64 bits may not hold, kept in two parts by compiled code."""
    return int(high) * CARRY + int(low)


@inner
def most_of(facts, i, j, kg):
    """The most that an arc of the pair may carry: whole multiples, and nothing where that is less than its smallest."""
    multiple = facts.capacities.multiple_kg[j]
    most = kg // multiple * multiple
    return most if most >= smallest_kg(facts, i, j) else 0


@inner
def _can_be_used(facts, i, j, kg):
    return most_of(facts, i, j, kg) > 0


@inner
def _least_kept(gain, start, row):
    """The smallest gain that each slot of a row has k arcs of."""
    least, last = gain[start[row], gain.shape[1] - 1], gain.shape[1] - 1
    for slot in range(start[row] + 1, start[row + 1]):
        least = min(least, gain[slot, last])
    return least


@kernel
def stands_in(keys, wanted):
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < len(keys) and keys[low] == wanted


@inner
def turn(end, other):
    """Whose turn it is among arcs of an end that gain alike: all ends go through the others in one scattered order, and
    each begins at another place.

    Where facts are unknown many arcs are worth the same. Taken by their numbers, all ends would ask for the same few.
    """
    return (other * 2654435761 + end * 2246822519) & 0xFFFFFFFF


@inner
def _is_before(gains, others, end, gain, other):
    """Whether an arc stands before the last of the best of an end."""
    return _precedes(gains, others, end, gains.shape[1] - 1, gain, other)


@inner
def _precedes(gains, others, end, nth, gain, other):
    if gain != gains[end, nth]:
        return gain > gains[end, nth]
    return turn(end, np.int64(other)) < turn(end, np.int64(others[end, nth]))


@kernel
def insert(gains, others, end, gain, other):
    """Put an arc in its place among the best of an end."""
    at = gains.shape[1]
    while at > 0 and _precedes(gains, others, end, at - 1, gain, other):
        at -= 1
    for nth in range(gains.shape[1] - 1, at, -1):
        gains[end, nth], others[end, nth] = gains[end, nth - 1], others[end, nth - 1]
    if at < gains.shape[1]:
        gains[end, at], others[end, at] = gain, other
