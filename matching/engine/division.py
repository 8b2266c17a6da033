"""From candidates to a plan: supplies, demands and the arcs between them, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from matching.engine import months
from matching.engine.book import Book
from matching.engine.market import NOT_KNOWN_KG
from matching.engine.pairs import Pairs, blocks
from matching.engine.plan import Plan, PlanProblem, make_plan
from matching.engine.plan.greedy import greedy_value
from matching.engine.plan.shares import PPM

MOST_PAIRS_LAID_OUT = 50_000  # with all their months at once; of more pairs only what the plan asks for
MOST_PAIRS_LISTED = 60_000_000  # at all; more are found anew whenever the plan asks for them

Pin = tuple[int, int, int, int, int]  # need id, capacity id, month of shipping, month of delivery, at least so many kg
Ban = tuple[int, int]  # need id, capacity id


@dataclass(frozen=True)
class Division:
    """Who gets how much of what, and in which months. Rows are rows of the book; ordered by need, capacity, month."""

    need: np.ndarray
    capacity: np.ndarray
    ship_month: np.ndarray  # year * 12 + month - 1
    deliver_month: np.ndarray
    kg: np.ndarray
    plan: Plan
    greedy_value: int | None = None  # what taking the best pair first would be worth; None: not reckoned
    counts: dict[str, int] = field(default_factory=dict)  # what the limits cost, where there are any


@dataclass(frozen=True)
class Limits:
    """What the plan is asked to keep to beside quantities: see `matching.engine.division_within`."""

    share_cap_ppm: int = PPM  # the most of a need's kilograms that one company may supply, in millionths
    micro_floor_ppm: int = 0  # the least that micro companies supply, in millionths of what the plan moves without

    @property
    def is_none(self) -> bool:
        return self.share_cap_ppm >= PPM and self.micro_floor_ppm <= 0


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Lists:
    """What there is of candidates that are too many to be listed: the best of both sides, and how others are judged."""

    weights: np.ndarray  # float64 (7,), of the score
    best: Sequence[tuple[np.ndarray, np.ndarray]]  # need and capacity of pairs, rows of the book
    threads: int = 1


def divide(
    book: Book,
    need: np.ndarray,
    capacity: np.ndarray,
    value: np.ndarray,
    *,
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
    facts=None,
    limits: Limits = NO_LIMITS,
    lists: Lists | None = None,
) -> Division:
    """Give the scarce kilograms to the pairs that make most of them.

    `need`, `capacity`, `value`: the candidates, ordered by need and capacity. `facts`: the book as `Facts`, by whoever
    has it; the division is the same without. `lists`: without, all candidates stay listed however many they are. The
    arcs of `Division.plan` are those that carry something, where pairs are many. A pin asks that a pair is used in its
    months; a ban that it is not used at all.
    Raises ValueError when a pin names a pair or months that nothing can flow through.
    """
    if not limits.is_none and len(need):
        from matching.engine.division_within import divide_within

        return divide_within(book, need, capacity, value, limits, pins=pins, bans=bans, facts=facts, lists=lists)
    if len(need) > MOST_PAIRS_LAID_OUT:
        # Compiled code, for which a small book need not wait.
        from matching.engine.division_at_scale import divide_at_scale
        from matching.engine.fast.facts import Facts
        from matching.engine.greedy_at_scale import greedy_value_of

        facts = facts or Facts.of(book)
        if lists is not None and len(need) > MOST_PAIRS_LISTED:
            return divide_unlisted(book, facts, pins=pins, bans=bans, lists=lists)
        found = divide_at_scale(book, facts, need, capacity, value, pins=pins, bans=bans)
        greedy = None if pins else greedy_value_of(book, need, capacity, value, bans)
        return replace(found, greedy_value=greedy)
    arcs = lay_out(book, need, capacity, value, pins, bans)
    return arcs.told(make_plan(arcs.problem), greedy_value(arcs.problem) if len(need) else None)


def divide_unlisted(
    book: Book, facts, *, lists: Lists, pins: Sequence[Pin] = (), bans: Sequence[Ban] = (), limits: Limits = NO_LIMITS
) -> Division:
    """What `divide` says where there are more candidates than `MOST_PAIRS_LISTED`, by whoever did not keep them."""
    from matching.engine.division_at_scale import divide_through
    from matching.engine.division_within import LEFT_OUT

    division = divide_through(book, facts, lists, pins=pins, bans=bans)
    return division if limits.is_none else replace(division, counts={LEFT_OUT: 1})


@dataclass(frozen=True)
class LaidOut:
    """All arcs of the candidates, and what each is between; rows of the book."""

    problem: PlanProblem
    need: np.ndarray
    capacity: np.ndarray
    ship_month: np.ndarray
    deliver_month: np.ndarray

    def told(self, plan: Plan, greedy: int | None = None) -> Division:
        used = np.flatnonzero(plan.arc_kg)
        ends = (column[used] for column in (self.need, self.capacity, self.ship_month, self.deliver_month))
        return Division(*ends, plan.arc_kg[used].astype(np.int64), plan, greedy)


def lay_out(book: Book, need, capacity, value, pins: Sequence[Pin], bans: Sequence[Ban]) -> LaidOut:
    pair, supply, demand, ship_month, deliver_month, kg = months_of_pairs(book, need, capacity)
    of_need, of_capacity = need[pair], capacity[pair]
    lot_kg = book.capacities.lot_kg[of_capacity]
    pinned, pin_kg = pinned_months(book, of_need, of_capacity, ship_month, deliver_month, pins)
    problem = PlanProblem(
        supply_kg=book.capacities.slot_kg,
        demand_kg=book.needs.slot_kg,
        arc_supply=supply,
        arc_demand=demand,
        arc_value=value[pair],
        arc_max_kg=kg,
        arc_lot_kg=np.where(lot_kg == NOT_KNOWN_KG, 0, lot_kg),
        arc_multiple_kg=book.capacities.multiple_kg[of_capacity],
        arc_smallest_share_kg=book.needs.smallest_share_kg[of_need],
        pinned=pinned,
        pin_kg=pin_kg,
        banned=banned_pairs(book, of_need, of_capacity, bans),
    )
    return LaidOut(problem, of_need, of_capacity, ship_month, deliver_month)


def months_of_pairs(book: Book, need: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, ...]:
    """Every arc on which at least the smallest quantity can flow: pair, slots, months, kilograms."""
    pieces = [[np.zeros(0, np.int64)] * 6]
    for block in blocks(book, need, capacity):
        pairs = Pairs(book, need[block], capacity[block])
        arcs = months.arcs(pairs)
        enough = arcs.kg >= pairs.smallest_kg[arcs.pair]
        columns = (
            arcs.pair + block.start,
            arcs.supply,
            arcs.demand,
            month_of(arcs.ship_day),
            month_of(arcs.deliver_day),
            arcs.kg,
        )
        pieces.append([column[enough] for column in columns])
    return tuple(np.concatenate(columns) for columns in zip(*pieces, strict=True))


def month_of(days: np.ndarray) -> np.ndarray:
    """The month of a day: year * 12 + month - 1."""
    distinct, place = np.unique(days, return_inverse=True)
    month = [date.fromordinal(day).year * 12 + date.fromordinal(day).month - 1 for day in distinct.tolist()]
    return np.array(month, np.int64)[place.reshape(-1)]


def _row_of(ids: np.ndarray, wanted: int, kind: str) -> int:
    row = int(np.searchsorted(ids, wanted))
    if row == len(ids) or ids[row] != wanted:
        raise ValueError(f"there is no {kind} {wanted}")
    return row


def pinned_months(book, need, capacity, ship_month, deliver_month, pins) -> tuple[np.ndarray, np.ndarray]:
    pinned, pin_kg = np.zeros(len(need), bool), np.zeros(len(need), np.int64)
    for need_id, capacity_id, ship, deliver, kg in pins:
        arc = np.flatnonzero(
            (need == _row_of(book.needs.id, need_id, "need"))
            & (capacity == _row_of(book.capacities.id, capacity_id, "capacity"))
            & (ship_month == ship)
            & (deliver_month == deliver)
        )
        if not len(arc):
            raise ValueError(f"nothing can flow from capacity {capacity_id} to need {need_id} in the pinned months")
        pinned[arc[0]], pin_kg[arc[0]] = True, max(kg, pin_kg[arc[0]])
    return pinned, pin_kg


def banned_pairs(book, need, capacity, bans) -> np.ndarray:
    banned = np.zeros(len(need), bool)
    for need_id, capacity_id in bans:
        banned |= (book.needs.id[need] == need_id) & (book.capacities.id[capacity] == capacity_id)
    return banned
