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

import numpy as np

from matching.engine.book import Book
from matching.engine.division import Ban, Division, Limits, Pin, divide, lay_out
from matching.engine.plan import Plan, PlanProblem, make_plan
from matching.engine.plan.problem import exact_sum
from matching.engine.plan.shares import PPM, with_share_cap

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
) -> Division:
    """As `matching.engine.division.divide`, which is the one to ask."""
    plain = divide(book, need, capacity, value, pins=pins, bans=bans, facts=facts)
    if len(need) > MOST_PAIRS_WITHIN:
        return replace(plain, counts={LEFT_OUT: 1})
    if plain.plan.reason:
        return plain
    arcs = lay_out(book, need, capacity, np.asarray(value, np.int64), pins, bans)
    capped_problem, capped = _capped(book, arcs.problem, plain.plan, limits)
    limited = _with_floor(book, capped_problem, capped, limits)
    if limited.reason:
        return arcs.told(limited)
    # A plan within limits is one without them, too: what is found with them may not be worth more.
    least = limited.value
    with_cap = max(least, capped.value)
    without = max(with_cap, plain.plan.value)
    counts = {"plan_cost_of_cap": without - with_cap, "plan_cost_of_floor": with_cap - least}
    if limits.micro_floor_ppm > 0:
        asked_kg = _floor_kg(capped, limits)
        counts |= {
            "micro_kg": limited.group_kg,
            "micro_floor_kg": asked_kg,
            "micro_floor_missing_kg": max(asked_kg - limited.group_kg, 0),
        }
    bound = max(min(limited.bound, plain.plan.bound), least)
    limited = replace(limited, bound=bound, status="optimal" if bound == least else "feasible")
    return replace(arcs.told(limited), counts=counts)


def _capped(book: Book, problem: PlanProblem, plain: Plan, limits: Limits) -> tuple[PlanProblem, Plan]:
    if limits.share_cap_ppm >= PPM:
        return problem, plain
    company = book.capacities.company[book.capacities.slot_of]
    capped = with_share_cap(problem, company, book.needs.slot_of, limits.share_cap_ppm)
    return capped, make_plan(capped)


def _with_floor(book: Book, problem: PlanProblem, capped: Plan, limits: Limits) -> Plan:
    if limits.micro_floor_ppm <= 0:
        return capped
    group = book.capacities.is_micro[book.capacities.slot_of]
    return make_plan(replace(problem, group=group, floor_kg=_floor_kg(capped, limits)))


def _floor_kg(capped: Plan, limits: Limits) -> int:
    """Of what is moved without the floor, rounded up."""
    return -(-exact_sum(capped.arc_kg) * limits.micro_floor_ppm // PPM)
