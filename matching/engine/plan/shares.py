"""The cap on one supplier: how many kilograms the arcs between one company and one need may carry together."""

from dataclasses import replace

import numpy as np

from matching.engine.plan.problem import PlanProblem, narrow

PPM = 1_000_000
NO_SHARE = -1


def with_share_cap(problem: PlanProblem, company: np.ndarray, need: np.ndarray, cap_ppm: int) -> PlanProblem:
    """The problem in which no company brings a need more than this share of all that it wants, in all months together.

    Pins stand above the cap: where they ask for more, the company may bring just that.

    Args:
        company: (n_supplies,) whose supply it is; any whole numbers.
        need: (n_demands,) which demands are months of one need, likewise.
        cap_ppm: millionths of the need, rounded down to whole kilograms; from 1,000,000 on nothing is capped.
    """
    if cap_ppm >= PPM or len(problem.arc_value) == 0:
        return problem
    wanted_kg = np.zeros(len(need), dtype=object)
    _names, row = np.unique(need, return_inverse=True)
    np.add.at(wanted_kg, row, problem.demand_kg.astype(object))
    ends = np.stack([np.asarray(company)[problem.arc_supply], row[problem.arc_demand]])
    (_company, of_need), share = np.unique(ends, axis=1, return_inverse=True)
    share = share.reshape(-1)
    share_kg = wanted_kg[of_need] * cap_ppm // PPM
    pinned_kg = np.zeros(len(share_kg), dtype=object)
    np.add.at(pinned_kg, share, np.where(problem.pinned, problem.smallest_kg, 0).astype(object))
    share_kg = np.maximum(share_kg, pinned_kg)
    most_kg = np.minimum(problem.arc_max_kg, share_kg[share])
    # What the limits of the arcs say already is no share of its own.
    carried_kg = np.zeros(len(share_kg), dtype=object)
    np.add.at(carried_kg, share, np.where(problem.banned, 0, most_kg))
    binds = carried_kg > share_kg
    number = np.where(binds, np.cumsum(binds) - 1, NO_SHARE)
    return replace(problem, arc_max_kg=narrow(most_kg), arc_share=number[share], share_kg=narrow(share_kg[binds]))
