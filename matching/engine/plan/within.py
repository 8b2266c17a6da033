"""A plan within limits, and what each limit costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.plan.make import make_plan
from matching.engine.plan.problem import Plan, PlanProblem
from matching.engine.plan.shares import PPM, with_share_cap


@dataclass(frozen=True)
class Within:
    """What is planned with both limits, and how much less it is worth: first for the cap, then for the floor."""

    plan: Plan
    cost_of_cap: int = 0
    cost_of_floor: int = 0
    asked_kg: int = 0  # of the group

    @property
    def missing_kg(self) -> int:
        return max(self.asked_kg - self.plan.group_kg, 0)


def plan_within(
    problem: PlanProblem,
    plain: Plan,
    *,
    company: np.ndarray,
    need: np.ndarray,
    cap_ppm: int,
    floor_kg: Callable[[Plan], int] | None,
) -> Within:
    """The plan that keeps to a cap and a floor.

    Args:
        problem: without limits, but with its group.
        plain: its plan.
        company, need, cap_ppm: as `with_share_cap` takes them.
        floor_kg: what is asked of the group, by the plan that has the cap alone; None: nothing.
    """
    if plain.reason:
        return Within(plain)
    capped_problem = with_share_cap(problem, company, need, cap_ppm)
    capped = plain if cap_ppm >= PPM else make_plan(capped_problem)
    if capped.reason:
        return Within(capped)
    asked_kg = floor_kg(capped) if floor_kg else 0
    plan = make_plan(replace(capped_problem, floor_kg=asked_kg)) if floor_kg else capped
    if plan.reason:
        return Within(plan)
    # A plan within limits is one without them, too: what is found with them is not worth more.
    sign = 1 if problem.sense == "max" else -1
    both = sign * plan.value
    with_cap = max(both, sign * capped.value)
    without = max(with_cap, sign * plain.value)
    bound = max(min(sign * plan.bound, sign * plain.bound), both)
    plan = replace(plan, bound=sign * bound, status="optimal" if bound == both else "feasible")
    return Within(plan, without - with_cap, with_cap - both, asked_kg)
