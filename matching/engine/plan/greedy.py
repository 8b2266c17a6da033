"""What it would be worth to take the best pair first, again and again: what the plan is told beside."""

import numpy as np

from matching.engine.plan.problem import PlanProblem


def greedy_value(problem: PlanProblem) -> int:
    """The worth of the plan that somebody makes by hand: the dearest arc first, filled as far as it goes.

    An arc is taken with as much as both ends have left, in whole multiples, and passed over where that is less than
    its smallest quantity; equals in their order. Pinned arcs come first, with what they ask for; banned ones never.
    Only for "max" without ship all, which is how runs divide.
    """
    left, wanted = problem.supply_kg.tolist(), problem.demand_kg.tolist()
    order = np.lexsort((problem.arc_id, -problem.arc_value, ~problem.pinned))
    order = order[~problem.banned[order]]
    columns = (
        *(problem.arc_supply, problem.arc_demand, problem.arc_value, problem.arc_max_kg),
        *(problem.smallest_kg, problem.multiple_kg, problem.pinned),
    )
    taken, value = [0] * len(problem.arc_value), 0
    # What is pinned is taken with what it asks for; afterwards it may be filled like any other.
    pinned = order[problem.pinned[order]]
    for arc, *ends in zip(order.tolist(), *(column[order].tolist() for column in columns), strict=True):
        supply, demand, worth, most, smallest, multiple, is_pinned = ends
        kg = smallest if is_pinned else min(left[supply], wanted[demand], most) // multiple * multiple
        if not is_pinned and (kg < smallest or worth <= 0):
            continue
        taken[arc] = kg
        left[supply] -= kg
        wanted[demand] -= kg
        value += worth * kg
    for arc in pinned[np.argsort(-problem.arc_value[pinned], kind="stable")].tolist():
        supply, demand = int(problem.arc_supply[arc]), int(problem.arc_demand[arc])
        most, multiple = int(problem.arc_max_kg[arc]) - taken[arc], int(problem.multiple_kg[arc])
        kg = max(0, min(left[supply], wanted[demand], most)) // multiple * multiple
        left[supply] -= kg
        wanted[demand] -= kg
        value += int(problem.arc_value[arc]) * kg
    return value
