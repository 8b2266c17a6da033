"""Which arcs a priced plan lacks: one look at every candidate pair and its months, in bounded memory.

An arc lacks that is worth more than the prices of its two ends. The candidates stand as they were found, ordered by
need and capacity; their months are worked out anew whenever a pair could have such an arc, and kept for none.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.judging.months import smallest_kg
from matching.engine.fast.judging.pair import arcs_of, route


class Candidates(NamedTuple):
    """Pairs that fail no rule, ordered by need and capacity; all int32 (x,)."""

    need: np.ndarray
    capacity: np.ndarray
    value: np.ndarray  # millionths a kilogram


class Lacking(NamedTuple):
    """Arcs that the plan lacks, ordered by supply and demand; all (a,)."""

    pair: np.ndarray  # int64, row of the candidates
    supply: np.ndarray  # int64, slot
    demand: np.ndarray


def best_lacking(facts, candidates: Candidates, supply_price, demand_price, k: int, known: np.ndarray) -> Lacking:
    """Of the arcs that are worth more than their ends, the k best of each supply and of each demand.

    `known`: int64, ascending: supply x demands + demand of arcs that the plan has, which are not looked at.
    """
    n_supplies, n_demands = len(supply_price), len(demand_price)
    of_supply, of_demand = (_Best.of(n_ends, k) for n_ends in (n_supplies, n_demands))
    skips = skips_of(facts, supply_price, demand_price)
    _scan(facts, candidates, supply_price, demand_price, skips, known, months_of_a_pair(facts), of_supply, of_demand)
    keys = np.concatenate((of_supply.keys(n_demands, True), of_demand.keys(n_demands, False)))
    pairs = np.concatenate((of_supply.pair[of_supply.pair >= 0], of_demand.pair[of_demand.pair >= 0]))
    keys, first = np.unique(keys, return_index=True)
    return Lacking(pairs[first].astype(np.int64), keys // max(n_demands, 1), keys % max(n_demands, 1))


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


class _Best(NamedTuple):
    """The k best arcs of each end so far, the best first; of equals the first that came."""

    gain: np.ndarray  # int64 (n, k), 0: none yet
    pair: np.ndarray  # int32 (n, k), -1: none yet
    other: np.ndarray  # int32 (n, k), the slot at the other end

    @classmethod
    def of(cls, n_ends: int, k: int) -> "_Best":
        none = np.full((n_ends, k), -1, np.int32)
        return cls(np.zeros((n_ends, k), np.int64), none, none.copy())

    def keys(self, n_demands: int, is_of_supply: bool) -> np.ndarray:
        end, at = np.nonzero(self.pair >= 0)
        other = self.other[end, at].astype(np.int64)
        return end * n_demands + other if is_of_supply else other * n_demands + end


@kernel
def _scan(facts, candidates, supply_price, demand_price, skips, known, out, of_supply, of_demand):
    n_demands, last = len(demand_price), of_supply.gain.shape[1] - 1
    for at in range(len(candidates.need)):
        i, j, worth = candidates.need[at], candidates.capacity[at], np.int64(candidates.value[at])
        gain = worth - skips.supply_least[j] - skips.demand_least[i]
        if gain <= skips.demand_has[i] and gain <= skips.supply_has[j]:
            continue
        n_arcs = arcs_of(facts, i, j, route(facts, i, j), out)
        is_better = False
        for row in range(n_arcs):
            s, d = out[row, 0], out[row, 1]
            gain = worth - supply_price[s] - demand_price[d]
            if gain <= 0 or (gain <= of_supply.gain[s, last] and gain <= of_demand.gain[d, last]):
                continue
            if not _can_be_used(facts, i, j, out[row, 4]) or _stands_in(known, s * n_demands + d):
                continue
            _insert(of_supply, s, gain, at, d)
            _insert(of_demand, d, gain, at, s)
            is_better = True
        if is_better:
            skips.supply_has[j] = _least_kept(of_supply.gain, facts.capacities.slot_start, j)
            skips.demand_has[i] = _least_kept(of_demand.gain, facts.needs.slot_start, i)


@kernel
def unpriced_worth(facts, candidates, supply_price, demand_price, skips, out):
    """What all arcs together could gain beyond the prices of their ends: what a bound by these prices must add."""
    in_all = 0.0
    exactly = np.int64(0)
    for at in range(len(candidates.need)):
        i, j, worth = candidates.need[at], candidates.capacity[at], np.int64(candidates.value[at])
        if worth <= skips.supply_least[j] + skips.demand_least[i]:
            continue
        for row in range(arcs_of(facts, i, j, route(facts, i, j), out)):
            gain = worth - supply_price[out[row, 0]] - demand_price[out[row, 1]]
            if gain > 0:
                most = most_of(facts, i, j, out[row, 4])
                exactly += gain * most
                in_all += float(gain) * float(most)
    return exactly, in_all


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
def _stands_in(keys, wanted):
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < len(keys) and keys[low] == wanted


@kernel
def _insert(best, end, gain, pair, other):
    at = best.gain.shape[1] - 1
    if gain <= best.gain[end, at]:
        return
    while at > 0 and best.gain[end, at - 1] < gain:
        best.gain[end, at] = best.gain[end, at - 1]
        best.pair[end, at] = best.pair[end, at - 1]
        best.other[end, at] = best.other[end, at - 1]
        at -= 1
    best.gain[end, at], best.pair[end, at], best.other[end, at] = gain, pair, other
