"""What a lane promises at best over all its routes: costs, days, papers. One row of numbers for each row of the lanes.

A pair takes the cheapest route by which its goods arrive in time. Which one that is depends on the pair; so a row says
of a route and of all that follow it the least cost, the widest days and the papers that every one of them asks for. It
promises too much only where a lane has several routes.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.facts import Facts, Lanes
from matching.engine.fast.index.numbers import BIG, BITS, TINY_USD, at_least, at_most
from matching.engine.market import NOT_KNOWN_DAYS
from matching.engine.score import TRANSIT_POINTS, linear

MOST_GROUPS = 64  # of points of departure, or of arrival, for which the promise of each block is kept

# Columns of `Ways.numbers` in front of the lines.
LOW_LEAST, LOW_MOST, HIGH_LEAST, HIGH_MOST, LOGISTICS, IS_KNOWN, VOLUNTARY = range(7)
LINES = 7
# Columns of `Ways.papers`: kinds of certificates as bits.
LAW_SELLER, LAW_BUYER, HELPS = range(3)


class Ways(NamedTuple):
    """Rows of lanes, the last one that of which nothing is known, and behind it rows that stand for groups of lanes.

    `numbers`, float32 (rows, 7 + 4 p): days (least and most at either end: for the rule; for the score only what is
    known), the best component logistics, whether a lane is there, the component of voluntary certificates where it
    does not depend on the seller, else 0; then slopes and costs of the p lines of the least that may be refused (slope
    1, ..., cost 1, ...), then those of the least landed cost at the high end.
    """

    numbers: np.ndarray
    papers: np.ndarray  # int32 (rows, 3)
    route_numbers: np.ndarray  # the same of each route by itself, for the rows of lanes alone
    route_papers: np.ndarray
    next: np.ndarray  # int32, the next route of the same lane, -1: none
    of: np.ndarray  # int32 (departures, arrivals), a row; that of nothing known where there is no lane
    of_group: np.ndarray  # int32, the same with one of both sides put into groups
    group: np.ndarray  # int32, the group of each point of that side
    bit: np.ndarray  # int64 (K,), the bit of a kind of certificates, -1: has none

    @classmethod
    def by_arrival(cls, facts: Facts) -> "Ways":
        """Arrivals in groups: for blocks of capacities, that needs ask."""
        return _ways(facts, axis=1)

    @classmethod
    def by_departure(cls, facts: Facts) -> "Ways":
        return _ways(facts, axis=0)


def bits_of_kinds(facts: Facts) -> np.ndarray:
    """Which bit each kind of certificates has: those most often asked for have one; int64 (K,), -1: none."""
    n_kinds = facts.needs.certificate.shape[1]
    asked = np.bincount(facts.needs.requires_kind, minlength=n_kinds)
    for kinds in (facts.lanes.seller_kind, facts.lanes.buyer_kind, facts.lanes.voluntary_kind):
        asked = asked + np.bincount(kinds, minlength=n_kinds)
    bit = np.full(n_kinds, -1)
    chosen = np.argsort(-asked, kind="stable")[:BITS]
    bit[chosen] = np.arange(len(chosen))
    return bit


def bits_of_lists(start: np.ndarray, kind: np.ndarray, bit: np.ndarray) -> np.ndarray:
    """Lists of kinds, row by row, as bits; kinds without a bit are left out; int32."""
    bits = np.zeros(len(start) - 1, np.int32)
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    has = bit[kind] >= 0 if len(kind) else np.zeros(0, bool)
    np.bitwise_or.at(bits, row[has], (1 << bit[kind[has]]).astype(np.int32))
    return bits


def _ways(facts: Facts, axis: int) -> Ways:
    lanes, bit = facts.lanes, bits_of_kinds(facts)
    route_numbers, route_papers = _alone(lanes, bit)
    numbers, papers = _over_following(lanes, route_numbers, route_papers)
    nothing = len(numbers) - 1
    of = np.where(lanes.of < 0, nothing, lanes.of).astype(np.int32)
    n_points = of.shape[axis]
    group = np.arange(n_points, dtype=np.int32)
    of_group = of
    if n_points > MOST_GROUPS:
        group = (group.astype(np.int64) * MOST_GROUPS // n_points).astype(np.int32)
        grouped_numbers, grouped_papers = [], []
        for number in range(MOST_GROUPS):
            members = np.flatnonzero(group == number)
            rows = np.take(of, members, axis=axis)
            rows = rows if axis == 1 else rows.T
            merged = numbers[rows[:, 0]], papers[rows[:, 0]]
            for at in range(1, rows.shape[1]):
                merged = _either(merged, (numbers[rows[:, at]], papers[rows[:, at]]))
            grouped_numbers.append(merged[0])
            grouped_papers.append(merged[1])
        first = len(numbers) + np.arange(MOST_GROUPS)[:, None] * of.shape[1 - axis] + np.arange(of.shape[1 - axis])
        of_group = (first.T if axis == 1 else first).astype(np.int32)
        numbers = np.concatenate([numbers, *grouped_numbers])
        papers = np.concatenate([papers, *grouped_papers])
    return Ways(
        np.ascontiguousarray(numbers),
        np.ascontiguousarray(papers),
        route_numbers,
        route_papers,
        lanes.next.astype(np.int32),
        np.ascontiguousarray(of),
        np.ascontiguousarray(of_group),
        group,
        bit,
    )


def _alone(lanes: Lanes, bit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each route by itself."""
    low, high = lanes.days_low, lanes.days_high
    knows = (low != NOT_KNOWN_DAYS) & (high != NOT_KNOWN_DAYS)
    helps = bits_of_lists(lanes.voluntary_start, lanes.voluntary_kind, bit)
    counted = np.diff(lanes.voluntary_start)
    # Kinds without a bit cannot be counted: then all of them may be held.
    is_full = (counted == 0) | (counted != np.array([bin(bits).count("1") for bits in helps.tolist()], np.int64))
    is_known = np.ones(len(low))
    is_known[-1] = 0  # the lane of which nothing is known: papers are never known there
    columns = [
        np.where(knows, low, 0),  # goods whose days are not known may arrive on the day they are shipped
        np.where(knows, low, -BIG),
        np.where(knows, high, BIG),
        np.where(knows, high, BIG),
        np.where(knows, at_most(linear(high.astype(float), TRANSIT_POINTS)), 0.0),
        is_known,
        np.where(is_full, 1.0, 0.0),
    ]
    slope_low, cost_low = _lines((lanes.slope_low, lanes.cost_low), (lanes.slope_at_least, lanes.cost_at_least))
    slope_high, cost_high = _lines((lanes.slope_high, lanes.cost_high))
    unknown = np.isnan(cost_low).any(axis=1)
    slope_low[unknown], cost_low[unknown] = 0, -BIG  # may cost anything
    unknown = np.isnan(cost_high).any(axis=1)
    slope_high[unknown], cost_high[unknown] = BIG, BIG  # promises nothing
    lines = [at_least(part) for part in (slope_low, cost_low - TINY_USD, slope_high, cost_high - TINY_USD)]
    numbers = np.concatenate([np.stack(columns, axis=1), *lines], axis=1).astype(np.float32)
    papers = np.stack(
        [
            bits_of_lists(lanes.seller_start, lanes.seller_kind, bit),
            bits_of_lists(lanes.buyer_start, lanes.buyer_kind, bit),
            helps,
        ],
        axis=1,
    )
    return numbers, papers


def _lines(*tables: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The lines of the first table that knows them; a nan somewhere in a row: none does."""
    slope, cost = (part.copy() for part in tables[0])
    for other_slope, other_cost in tables[1:]:
        unknown = (np.isnan(slope) | np.isnan(cost)).any(axis=1)
        slope[unknown], cost[unknown] = other_slope[unknown], other_cost[unknown]
    cost[np.isnan(slope)] = np.nan
    return slope, cost


def _over_following(lanes: Lanes, numbers: np.ndarray, papers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each route together with all that follow it."""
    merged, following = (numbers.copy(), papers.copy()), lanes.next.copy()
    while (following >= 0).any():
        rows = np.flatnonzero(following >= 0)
        with_next = _either((merged[0][rows], merged[1][rows]), (numbers[following[rows]], papers[following[rows]]))
        merged[0][rows], merged[1][rows] = with_next
        following[rows] = lanes.next[following[rows]]
    return merged


def _either(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """What two ways promise where it is not known which is taken."""
    numbers, papers = np.minimum(one[0], other[0]), one[1] & other[1]
    for column in (LOW_MOST, HIGH_MOST, LOGISTICS, IS_KNOWN, VOLUNTARY):
        numbers[:, column] = np.maximum(one[0][:, column], other[0][:, column])
    differs = one[1][:, HELPS] != other[1][:, HELPS]
    numbers[differs, VOLUNTARY] = 1.0
    papers[:, HELPS] = one[1][:, HELPS]
    return numbers, papers
