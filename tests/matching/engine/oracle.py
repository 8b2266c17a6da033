"""The engine once more, written from the design alone: one pair at a time, one day at a time, in plain Python.

It reads the rows of `markets.py`, shares no code with the engine and is slow. Where both agree on random markets, a
slip would have to be made twice. None is a fact, a component or a number that is not known.
"""

from dataclasses import dataclass
from itertools import pairwise, product

from tests.matching.engine.markets import KINDS

PASS, NOT_KNOWN, FAIL = 1, 0, -1
LONGEST_TRANSIT = 400  # longer than any window of the random markets


@dataclass(frozen=True)
class Judged:
    """All that is said of one pair."""

    verdicts: dict[str, int]
    components: dict[str, float | None]
    movable_kg: int
    first_day: int | None
    last_day: int | None
    landed_low: float | None
    landed_high: float | None


def judge(market: dict, need: dict, capacity: dict, as_of: int) -> Judged:
    """The verdicts and components of one pair."""
    lane = route_taken(market, need, capacity, as_of)
    days = Days(need, capacity, lane, as_of)
    landed = [landed_cost(capacity, lane, end) for end in ("low", "high")]
    asked = {
        parameter: judge_parameter(wanted, capacity["offered"].get(parameter))
        for parameter, wanted in need["asked"].items()
    }
    papers = [paper(capacity, kind, days) for kind in need["requires"]]
    law = [paper(capacity, kind, days) for kind in lane["law_seller"]] if lane else [NOT_KNOWN]
    law += [paper(need, kind, days) for kind in lane["law_buyer"]] if lane else []
    verdicts = {
        "sides": sides(market, need, capacity),
        "commodity": commodity(need, capacity),
        "parameters": all_of(answer for answer, _ in asked.values()),
        "certificates": all_of(papers),
        "law": all_of(law),
        "time": days.answer,
        "quantity": quantity(need, capacity, days),
        "price": price(need, capacity, lane, landed),
        "payment": payment(need, capacity),
        "standing": standing(need, capacity),
    }
    components = {
        "price": price_component(need, landed[1]),
        "quantity": quantity_component(need, capacity, days),
        "quality": quality_component(asked),
        "time": {PASS: line(len(days.delivery) - 1, [(0, 0.2), (60, 1)]), NOT_KNOWN: None, FAIL: 0.0}[days.answer],
        "certificates": certificate_component(all_of(papers + law), capacity, lane, days),
        "logistics": line(lane["days"][1], [(14, 1), (30, 0.7), (60, 0.2), (90, 0)]) if days.transit_known else None,
        "trust": (need["trust"] + capacity["trust"]) / 2,
    }
    return Judged(
        verdicts,
        components,
        most_kilograms(need, capacity, days),
        min(days.delivery, default=None),
        max(days.delivery, default=None),
        *landed,
    )


def score(components: dict, weights: dict) -> tuple[float, float]:
    """The score, and what it could reach."""
    known = sum(weights[name] * value for name, value in components.items() if value is not None)
    return known, known + sum(weights[name] for name, value in components.items() if value is None)


def all_of(answers) -> int:
    answers = list(answers)
    if FAIL in answers:
        return FAIL
    return NOT_KNOWN if NOT_KNOWN in answers else PASS


def line(x: float, points: list[tuple[float, float]]) -> float:
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def sides(market: dict, need: dict, capacity: dict) -> int:
    fits = (
        need["company"] != capacity["company"]
        and (capacity["country"], need["country"]) not in market["closed"]
        and capacity["country"] in need["origins"]
    )
    return PASS if fits else FAIL


def commodity(need: dict, capacity: dict) -> int:
    leaves = set(range(*capacity["node"]))
    accepted = [set(range(*node)) for node in need["accepts"]]
    if any(leaves <= node for node in accepted):
        return PASS
    return NOT_KNOWN if any(node < leaves for node in accepted) else FAIL


def judge_parameter(wanted: dict, offer: dict | None) -> tuple[int, float | None]:
    """The answer and the margin of one asked parameter."""
    if wanted["values"] is None and wanted["low"] is None and wanted["high"] is None:
        return PASS, 1.0
    if offer is None or (wanted["values"] is None) != (offer["values"] is None):
        return NOT_KNOWN, None
    if wanted["values"] is not None:
        fits = wanted["values"] & offer["values"] if offer["is_choice"] else offer["values"] <= wanted["values"]
        return (PASS, 1.0) if fits else (FAIL, 0.0)
    low = float("-inf") if wanted["low"] is None else wanted["low"]
    high = float("inf") if wanted["high"] is None else wanted["high"]
    if offer["is_choice"]:
        # Something between the ends is accepted; an end that is not stated may lie anywhere beyond the other.
        least = None if offer["low"] is None else offer["low"]
        most = None if offer["high"] is None else offer["high"]
        if (least is not None and least > high) or (most is not None and most < low):
            return FAIL, 0.0
        certain = any(end is not None and low <= end <= high for end in (least, most))
        certain = certain or (least is not None and most is not None)
        certain = (
            certain or (most is not None and wanted["high"] is None) or (least is not None and wanted["low"] is None)
        )
        return (PASS, 1.0) if certain else (NOT_KNOWN, None)
    if any(end is not None and not low <= end <= high for end in (offer["low"], offer["high"])):
        return FAIL, 0.0
    if any(wanted[end] is not None and offer[end] is None for end in ("low", "high")):
        return NOT_KNOWN, None
    rooms = []
    if wanted["low"] is not None:
        rooms.append(offer["low"] - wanted["low"])
    if wanted["high"] is not None:
        rooms.append(wanted["high"] - offer["high"])
    width = high - low if len(rooms) == 2 else abs(wanted["low"] if wanted["high"] is None else wanted["high"])
    room = min(rooms)
    share = 0.0 if room <= 0 else (room / width if width else 1.0)
    return PASS, line(share, [(0, 0.5), (0.2, 1)])


def quality_component(asked: dict) -> float | None:
    margins = [margin for _, margin in asked.values()]
    if None in margins:
        return None
    return sum(margins) / len(margins) if margins else 1.0


def route_taken(market: dict, need: dict, capacity: dict, as_of: int) -> dict | None:
    """The first route by which the goods can arrive in time, else the last."""
    route = market["lanes"].get((capacity["place"], need["place"]))
    while route and route["then"] and Days(need, capacity, route, as_of).answer == FAIL:
        route = route["then"]
    return route


class Days:
    """When the goods of a pair ship and arrive, tried out day by day."""

    def __init__(self, need: dict, capacity: dict, lane: dict | None, as_of: int):
        ready = max(capacity["window"][0], as_of + (capacity["lead"] or 0))
        self.shipping = range(ready, capacity["window"][1] + 1)
        self.wanted = range(need["window"][0], need["window"][1] + 1)
        self.transit_known = bool(lane and lane["days"])
        low, high = lane["days"] if self.transit_known else (0, LONGEST_TRANSIT)
        feasible = [days for days in range(low, high + 1) if self._arrives(days)]
        if not feasible:
            self.answer, self.transit, self.delivery = FAIL, None, []
            return
        holds = self.transit_known and low in feasible and high in feasible and capacity["lead"] is not None
        self.answer = PASS if holds else NOT_KNOWN
        self.transit = max(feasible) if self.transit_known else None
        ways = [self.transit] if self.transit_known else feasible
        self.delivery = sorted({ship + way for ship in self.shipping for way in ways} & set(self.wanted))

    def _arrives(self, transit: int) -> bool:
        # The first day of shipping that is late enough is the only one to try.
        ship = max(self.shipping.start, self.wanted.start - transit)
        return ship in self.shipping and ship + transit in self.wanted

    def slots_meet(self, supply: tuple, demand: tuple) -> bool:
        """Whether something shipped in one slot may be delivered in the other."""
        if self.answer == FAIL:
            return False
        ships = [day for day in range(supply[0], supply[1] + 1) if day in self.shipping]
        wanted = [day for day in range(demand[0], demand[1] + 1) if day in self.wanted]
        if self.transit is None:
            return bool(ships and wanted) and min(ships) <= max(wanted)
        return any(day + self.transit in wanted for day in ships)


def paper(holder: dict, kind: int, days: Days) -> int:
    assert kind < len(KINDS)
    state, first, last = holder["certificates"].get(kind, (NOT_KNOWN, None, None))
    if state != PASS:
        return state
    if days.answer == PASS:
        return PASS if any(first <= day <= last for day in days.delivery) else FAIL
    valid = [first <= day <= last for day in days.wanted]
    return PASS if all(valid) else NOT_KNOWN if any(valid) else FAIL


def certificate_component(required: int, capacity: dict, lane: dict | None, days: Days) -> float | None:
    if required != PASS:
        return 0.0 if required == FAIL else None
    has = [paper(capacity, kind, days) == PASS for kind in lane["voluntary"]]
    return 0.8 + 0.2 * (sum(has) / len(has) if has else 1.0)


def smallest_kg(need: dict, capacity: dict) -> int:
    kg = max(capacity["lot_kg"] or 0, need["smallest_share_kg"], 1)
    step = capacity["multiple_kg"] or 1
    while kg % step:
        kg += 1
    return kg


def quantity(need: dict, capacity: dict, days: Days) -> int:
    pairs_of_slots = list(product(capacity["slots"], need["slots"]))
    kilograms = [min(supply[2], demand[2]) for supply, demand in pairs_of_slots]
    meeting = [
        min(supply[2], demand[2])
        for supply, demand in pairs_of_slots
        if days.answer == FAIL or days.slots_meet(supply, demand)
    ]
    least = smallest_kg(need, capacity)
    if max(meeting, default=0) < least:
        return FAIL
    certain = days.answer == PASS or min(kilograms) >= least
    return PASS if certain and capacity["lot_kg"] is not None else NOT_KNOWN


def most_kilograms(need: dict, capacity: dict, days: Days) -> int:
    """The largest flow between the slots, by augmenting paths."""
    supply = [slot[2] for slot in capacity["slots"]]
    demand = [slot[2] for slot in need["slots"]]
    meets = [[days.slots_meet(a, b) for b in need["slots"]] for a in capacity["slots"]]
    flow = [[0] * len(demand) for _ in supply]

    def augment(i: int, kg: int, seen: set) -> int:
        for j in range(len(demand)):
            if not meets[i][j] or j in seen:
                continue
            seen.add(j)
            free = demand[j] - sum(row[j] for row in flow)
            if free:
                moved = min(kg, free)
                flow[i][j] += moved
                return moved
            for other in range(len(supply)):
                if other != i and flow[other][j]:
                    moved = augment(other, min(kg, flow[other][j]), seen)
                    if moved:
                        flow[other][j] -= moved
                        flow[i][j] += moved
                        return moved
        return 0

    for i, kg in enumerate(supply):
        left = kg
        while left and (moved := augment(i, left, set())):
            left -= moved
    return sum(map(sum, flow))


def quantity_component(need: dict, capacity: dict, days: Days) -> float | None:
    if days.answer == NOT_KNOWN:
        return None
    wanted = sum(slot[2] for slot in need["slots"])
    return most_kilograms(need, capacity, days) / wanted if wanted else 0.0


def landed_cost(capacity: dict, lane: dict | None, end: str) -> float | None:
    if capacity["ask"] is None or lane is None:
        return None
    costs = [(slope, low) if end == "low" else (slope + lane["steeper"], high) for slope, low, high in lane["lines"]]
    if any(cost is None for _, cost in costs):
        return None
    return round(max(slope * capacity["ask"] + cost for slope, cost in costs), 6)


def price(need: dict, capacity: dict, lane: dict | None, landed: list) -> int:
    low, high = landed
    if capacity["ask"] is None or need["limit"] is None:
        return NOT_KNOWN
    if low is None:
        if lane is None or lane["at_least"] is None:
            return NOT_KNOWN
        part = round(lane["at_least_slope"] * capacity["ask"] + lane["at_least"], 6)
        return FAIL if part > need["limit"] else NOT_KNOWN
    if low > need["limit"]:
        return FAIL
    return PASS if high is not None and high <= need["limit"] else NOT_KNOWN


def price_component(need: dict, landed_high: float | None) -> float | None:
    if need["limit"] is None or landed_high is None:
        return None
    room = (need["limit"] - landed_high) / need["limit"]
    return 0.0 if room < 0 else line(room, [(0, 0.3), (0.1, 0.8), (0.25, 1)])


def payment(need: dict, capacity: dict) -> int:
    if not need["terms"] or not capacity["terms"]:
        return NOT_KNOWN
    return PASS if need["terms"] & capacity["terms"] else FAIL


def standing(need: dict, capacity: dict) -> int:
    if not (need["is_active"] and capacity["is_active"]):
        return FAIL
    return min(need["screening"], capacity["screening"])
