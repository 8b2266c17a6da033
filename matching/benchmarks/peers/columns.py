"""The rules and the score of a candidate in NumPy, over columns of pairs, as an engineer without an engine writes them.

`pairs` is whatever gives a column by its name, one entry a pair (a dict, a data frame, a gatherer): n_... of the need,
c_... of the capacity, r_... of the route. A pair that fails a rule is left out step by step.
"""

from itertools import pairwise

import numpy as np


def fits_at_all(pairs) -> np.ndarray:
    """Sides and payment: what is asked of the two listings alone."""
    both_state = (pairs["n_terms"] != 0) & (pairs["c_terms"] != 0)
    return (
        (pairs["n_company"] != pairs["c_company"])
        & ((pairs["n_opens"] & pairs["c_origin"]) != 0)
        & ~(both_state & ((pairs["n_terms"] & pairs["c_terms"]) == 0))
        & (np.minimum(pairs["n_largest"], pairs["c_largest"]) >= smallest_kg(pairs))
    )


def smallest_kg(pairs) -> np.ndarray:
    least = np.maximum(np.maximum(pairs["c_lot"], pairs["n_share"]), 1)
    return -(-least // pairs["c_multiple"]) * pairs["c_multiple"]


def route_in_time(pairs, n_routes: int) -> np.ndarray:
    """The cheapest route by which the goods can arrive in time, or -1. `pairs` has the routes of the lane beside."""
    soonest = np.maximum(pairs["n_from"] - pairs["c_last"], 0)
    latest = pairs["n_until"] - pairs["c_first"]
    chosen = np.full(len(soonest), -1)
    for nth in reversed(range(n_routes)):
        low, high, route = pairs[f"low{nth}"], pairs[f"high{nth}"], pairs[f"route{nth}"]
        meets = np.where((low >= 0) & (high >= 0), (low <= latest) & (high >= soonest), latest >= 0)
        chosen = np.where(meets & (route >= 0), route, chosen)
    return chosen


def days_of(pairs) -> dict[str, np.ndarray]:
    """The days of a pair whose route is in time. `passes`: the rule is sure of it."""
    soonest = np.maximum(pairs["n_from"] - pairs["c_last"], 0)
    latest = pairs["n_until"] - pairs["c_first"]
    low, high = pairs["r_low"], pairs["r_high"]
    known = (low >= 0) & (high >= 0)
    transit = np.where(known, np.minimum(high, latest), 0)
    last = np.where(known, np.minimum(pairs["n_until"], pairs["c_last"] + transit), pairs["n_until"])
    return {
        "known": known,
        "passes": np.asarray(known & (low >= soonest) & (high <= latest) & pairs["c_knows_lead"]),
        "transit": transit,
        "first": np.maximum(pairs["n_from"], pairs["c_first"] + transit),
        "last": last,
    }


def landed(pairs, end: str, n_lines: int) -> np.ndarray:
    lines = [pairs[f"r_slope_{end}{line}"] * pairs["c_ask"] + pairs[f"r_cost_{end}{line}"] for line in range(n_lines)]
    return np.round(np.asarray(np.maximum.reduce(lines)), 6)


def within_price(pairs, n_lines: int) -> np.ndarray:
    low, part = landed(pairs, "low", n_lines), landed(pairs, "at_least", n_lines)
    return ~(np.where(np.isnan(low), part, low) > pairs["n_limit"])


def quality(pairs, n_parameters: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether no parameter fails, and the mean margin, nan where one is not known."""
    n_pairs = len(pairs["n_states0"])
    total, count, holds = np.zeros(n_pairs), np.zeros(n_pairs, np.int64), np.ones(n_pairs, bool)
    for one in range(n_parameters):
        asks = np.flatnonzero(pairs[f"n_states{one}"])
        names = f"n_low{one}", f"n_high{one}", f"c_low{one}", f"c_high{one}"
        asked_low, asked_high, low, high = (np.asarray(pairs[name])[asks] for name in names)
        open_low, open_high = np.isnan(asked_low), np.isnan(asked_high)
        # An end that is known to lie outside fails, also where the other is not known.
        fails = (np.fmin(low, high) < asked_low) | (np.fmax(low, high) > asked_high)
        known = (open_low | ~np.isnan(low)) & (open_high | ~np.isnan(high))
        room = np.fmin(low - asked_low, asked_high - high)
        width = np.where(open_low, abs(asked_high), np.where(open_high, abs(asked_low), asked_high - asked_low))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(room > 0, room / width, 0.0)
        margin = np.where(known, 0.5 + 0.5 * np.minimum(share / 0.2, 1.0), np.nan)
        total[asks] += np.where(open_low & open_high, 1.0, margin)
        count[asks] += 1
        holds[asks[fails]] = False
    return holds, np.where(count == 0, 1.0, total / np.maximum(count, 1))


def papers(pairs, days: dict[str, np.ndarray], n_kinds: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether no certificate fails, and the component, nan where a required one is not known."""
    begin = np.where(days["passes"], days["first"], pairs["n_from"])
    end = np.where(days["passes"], days["last"], pairs["n_until"])
    # By and until when a paper must be valid to be sure: on some day where the days are sure, else on every day.
    begun, ended = np.where(days["passes"], end, begin), np.where(days["passes"], begin, end)
    fails, holds = {}, {}
    for side in ("n", "c"):
        fails[side], holds[side] = np.zeros(len(begin), np.int32), np.zeros(len(begin), np.int32)
        for kind in range(n_kinds):
            since, till = np.asarray(pairs[f"{side}_since{kind}"]), np.asarray(pairs[f"{side}_till{kind}"])
            fails[side] |= ((since > end) | (till < begin)).astype(np.int32) << kind
            holds[side] |= ((since <= begun) & (till >= ended)).astype(np.int32) << kind
        holds[side] &= np.asarray(pairs[f"{side}_held"])
    seller, buyer = np.asarray(pairs["n_requires"] | pairs["r_seller"]), np.asarray(pairs["r_buyer"])
    fits = ((seller & fails["c"]) == 0) & ((buyer & fails["n"]) == 0)
    sure = ((seller & ~holds["c"]) == 0) & ((buyer & ~holds["n"]) == 0)
    helpful = np.bitwise_count(np.asarray(pairs["r_voluntary"]) & holds["c"])
    n_voluntary = np.asarray(pairs["r_n_voluntary"])
    share = np.where(n_voluntary > 0, helpful / np.maximum(n_voluntary, 1), 1.0)
    return fits, np.where(sure, 0.8 + 0.2 * share, np.nan)


def kilograms(pairs, days: dict[str, np.ndarray], supply, demand) -> tuple[np.ndarray, np.ndarray]:
    """The most that one month moves, and all months together (where the days are sure).

    `supply`, `demand`: first day, last day and kilograms of the slots, (rows, most slots); empty ones have no days.
    """
    capacity, need = np.asarray(pairs["c_capacity"]), np.asarray(pairs["n_need"])
    best, moved = np.zeros(len(need), np.int64), np.zeros(len(need), np.int64)
    n_supply, n_demand = np.asarray(pairs["c_slots"]), np.asarray(pairs["n_slots"])
    known, transit = days["known"], days["transit"]
    # Few of one side, many of the other: pairs of a kind are looked at together.
    shape = np.minimum(n_supply, 2) * 2 + np.minimum(n_demand, 2)
    for kind in np.unique(shape).tolist():
        of = np.flatnonzero(shape == kind)
        left_supply = supply[2][capacity[of]][:, : n_supply[of].max()]
        left_demand = demand[2][need[of]][:, : n_demand[of].max()]
        for i in range(left_supply.shape[1]):
            ships, stops = supply[0][capacity[of], i], supply[1][capacity[of], i]
            for j in range(left_demand.shape[1]):
                wanted, ends = demand[0][need[of], j], demand[1][need[of], j]
                ship = np.where(known[of], np.maximum(ships, wanted - transit[of]), ships)
                arrives = np.where(known[of], ship + transit[of], np.maximum(ship, wanted))
                meets = (ship <= stops) & (arrives <= ends)
                whole = np.minimum(supply[2][capacity[of], i], demand[2][need[of], j])
                best[of] = np.maximum(best[of], np.where(meets, whole, 0))
                kg = np.where(meets, np.minimum(left_supply[:, i], left_demand[:, j]), 0)
                left_supply[:, i] -= kg
                left_demand[:, j] -= kg
                moved[of] += kg
    return best, moved


def padded(slots: dict[str, np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First day, last day and kilograms of the slots of each row, side by side; what is empty begins after its end."""
    width = int(slots["nth"].max(initial=0)) + 1
    tables = []
    for name, empty in (("first", 1), ("last", 0), ("kg", 0)):
        table = np.full((rows, width), empty, np.int64)
        table[slots["of"], slots["nth"]] = slots[name]
        tables.append(table)
    return tuple(tables)


def scored(pairs, days, part_quality, part_papers, moved, n_lines: int, weights) -> np.ndarray:
    """Sum of weight x component in the fixed order; what is not known counts nothing."""
    high, limit = landed(pairs, "high", n_lines), np.asarray(pairs["n_limit"])
    with np.errstate(invalid="ignore", divide="ignore"):
        room = np.maximum(1 - high / limit, 0)
    price = np.where(high <= limit, line(room, ((0.0, 0.3), (0.10, 0.8), (0.25, 1.0))), 0.0)
    freedom = line((days["last"] - days["first"]).astype(float), ((0.0, 0.2), (60.0, 1.0)))
    transit = line(np.asarray(pairs["r_high"]).astype(float), ((14.0, 1.0), (30.0, 0.7), (60.0, 0.2), (90.0, 0.0)))
    parts = (
        np.where(np.isnan(high) | np.isnan(limit), 0.0, price),
        np.where(days["passes"], moved / np.maximum(pairs["n_total"], 1), 0.0),
        np.nan_to_num(part_quality),
        np.where(days["passes"], freedom, 0.0),
        np.nan_to_num(part_papers),
        np.where(days["known"], transit, 0.0),
        (pairs["n_trust"] + pairs["c_trust"]) / 2,
    )
    total = np.zeros(len(high))
    for weight, part in zip(weights, parts, strict=True):
        total += weight * np.asarray(part)
    return total


def line(fact: np.ndarray, points) -> np.ndarray:
    """Straight between the points, flat outside."""
    value = np.full(len(fact), points[0][1])
    for (x0, y0), (x1, y1) in pairwise(points):
        between = y0 + (y1 - y0) * ((fact - x0) / (x1 - x0))
        value = np.where(fact > x0, np.clip(between, min(y0, y1), max(y0, y1)), value)
    return value


def best_of_each(need: np.ndarray, capacity: np.ndarray, score: np.ndarray, k: int) -> tuple[np.ndarray, ...]:
    order = np.lexsort((capacity, -score, need))
    need, capacity, score = need[order], capacity[order], score[order]
    rank = np.arange(len(need)) - np.searchsorted(need, need)
    return need[rank < k], capacity[rank < k], score[rank < k]
