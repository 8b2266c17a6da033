"""Dividing within limits that policy sets, and what each of them costs.

- **Cap.** No company supplies more than a share of what a need still wants, over all its months and from all the
  company's capacities. Pins stand above it.
- **Floor.** Exporters that state they are micro companies supply together at least a share of the kilograms that the
  plan moves without the floor (but with the cap), in each part of the book whose goods touch each other; where they
  cannot, as much as they can.

What a limit costs is how much less the plan is worth: first without both, then with the cap, then with both.
Where there are too many pairs to lay out, the plan is made without limits, and the counts say so.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from matching.engine.book import Book
from matching.engine.division import Ban, Division, Limits, Lists, Pin, divide, lay_out
from matching.engine.plan import Plan
from matching.engine.plan.problem import exact_sum
from matching.engine.plan.shares import PPM
from matching.engine.plan.within import plan_within

MOST_PAIRS_WITHIN = 50_000  # all with their months
LEFT_OUT = "plan_parts_without_limits"


def divide_within(
    book: Book,
    need: np.ndarray,
    capacity: np.ndarray,
    value: np.ndarray,
    limits: Limits,
    *,
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
    facts=None,
    lists: Lists | None = None,
) -> Division:
    """As `matching.engine.division.divide`, which is the one to ask."""
    plain = divide(book, need, capacity, value, pins=pins, bans=bans, facts=facts, lists=lists)
    if len(need) > MOST_PAIRS_WITHIN:
        return replace(plain, counts={LEFT_OUT: 1})
    if plain.plan.reason:
        return plain
    arcs = lay_out(book, need, capacity, np.asarray(value, np.int64), pins, bans)
    within = plan_within(
        replace(arcs.problem, group=book.capacities.is_micro[book.capacities.slot_of]),
        plain.plan,
        company=book.capacities.company[book.capacities.slot_of],
        need=book.needs.slot_of,
        cap_ppm=limits.share_cap_ppm,
        floor_kg=partial(_floor_kg, limits.micro_floor_ppm) if limits.micro_floor_ppm > 0 else None,
    )
    counts = {"plan_cost_of_cap": within.cost_of_cap, "plan_cost_of_floor": within.cost_of_floor}
    if limits.micro_floor_ppm > 0:
        counts |= {
            "micro_kg": within.plan.group_kg,
            "micro_floor_kg": within.asked_kg,
            "micro_floor_missing_kg": within.missing_kg,
        }
    return replace(arcs.told(within.plan), counts={} if within.plan.reason else counts)


def _floor_kg(micro_floor_ppm: int, capped: Plan) -> int:
    """Of what is moved without the floor, rounded up."""
    return -(-exact_sum(capped.arc_kg) * micro_floor_ppm // PPM)
