"""Making the plan: component by component, flow first, lots on top, and what is proven about each added up."""

from dataclasses import dataclass

import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import in_holes
from matching.engine.plan.mip import solve_mip
from matching.engine.plan.network import Network, networks
from matching.engine.plan.problem import Budget, Plan, PlanProblem, narrow
from matching.engine.plan.rounding import rounded_plan
from matching.engine.plan.search import search

DEFAULT_BUDGET = Budget()
PROOFS = ("flow", "search", "mip")  # from the strongest to the weakest


def make_plan(problem: PlanProblem, *, budget: Budget = DEFAULT_BUDGET) -> Plan:
    """Divide what is scarce so that the kilograms are worth the most (the least, when the sense is min).

    Never a kilogram twice: what a supply's arcs carry sums to no more than it has, what a demand's arcs bring to no
    more than it wants. The same problem gives the same plan, in whatever order its rows come.
    """
    refusal = _refusal(problem)
    if refusal is not None:
        return _no_plan(problem, "infeasible", *refusal)
    arc_kg = np.zeros(len(problem.arc_value), dtype=object)
    supply_price = np.zeros(len(problem.supply_kg), dtype=object)
    demand_price = np.zeros(len(problem.demand_kg), dtype=object)
    value = bound = 0
    proof = "flow"
    for network in networks(problem):
        part = _plan_part(network, budget)
        if part.reason:
            return _no_plan(problem, "unknown" if part.reason == "not_found" else "infeasible", part.reason)
        arc_kg[network.arcs] = part.flow.kg
        supply_price[network.supplies] = part.relaxed.prices.supply
        demand_price[network.demands] = part.relaxed.prices.demand
        value += part.flow.value
        bound += part.bound
        proof = max(proof, part.proof, key=PROOFS.index)
    sign = 1 if problem.sense == "max" else -1
    return Plan(
        status="optimal" if value == bound else "feasible",
        arc_kg=narrow(arc_kg),
        value=sign * value,
        bound=sign * bound,
        proof=proof,
        supply_price=narrow(sign * supply_price),
        demand_price=narrow(sign * demand_price),
    )


@dataclass(frozen=True)
class _Part:
    """The plan of one component, or the reason why there is none."""

    relaxed: Flow | None = None  # without lots and minima
    flow: Flow | None = None
    bound: int = 0
    proof: str = "flow"
    reason: str = ""


def _plan_part(network: Network, budget: Budget) -> _Part:
    """The flow; where it leaves an arc below its minimum: rounding, search and HiGHS, until bound and value meet."""
    # Shipping nothing but the pins is always a plan, unless all must be shipped.
    none_exists = _Part(reason="cannot_ship_all")
    relaxed = best_flow(network, network.low_kg, network.high_kg)
    if relaxed is None:
        return none_exists
    if len(in_holes(network, relaxed.kg)) == 0:
        return _Part(relaxed, relaxed, relaxed.value)

    best = rounded_plan(network, relaxed, budget)
    n_nodes = min(budget.search_nodes, budget.search_work // len(network.value))
    found = search(network, relaxed, best, n_nodes)
    if found.bound is None:
        return none_exists
    best, bound, proof = found.flow, found.bound, "search" if found.bound < relaxed.value else "flow"
    switched = np.count_nonzero((network.smallest_kg > 1) & (network.low_kg == 0))
    if (best is None or best.value < bound) and switched <= budget.mip_arcs:
        n_nodes = max(1, min(budget.mip_nodes, budget.mip_work // len(network.value)))
        answer = solve_mip(network, relaxed, best, n_nodes)
        if answer.is_infeasible and best is None:
            return none_exists
        if answer.flow is not None and (best is None or answer.flow.value > best.value):
            best = answer.flow
        if best is not None and answer.bound is not None and answer.bound < bound:
            # The margin leaves no room below a plan that exists.
            bound, proof = max(answer.bound, best.value), "mip"
    if best is None:
        return _Part(reason="not_found")
    return _Part(relaxed, best, bound, proof)


def _refusal(problem: PlanProblem) -> tuple[str, int] | None:
    """Why no plan can keep the pins, before any is sought: the code and the row it speaks of."""
    smallest_kg = np.where(problem.pinned, problem.smallest_kg, 0)
    for reason, arcs in (
        ("pin_is_banned", problem.pinned & problem.banned),
        ("pin_exceeds_arc", smallest_kg > problem.arc_max_kg // problem.multiple_kg * problem.multiple_kg),
    ):
        if arcs.any():
            return reason, int(np.argmax(arcs))
    for reason, quantity_kg, ends in (
        ("pins_exceed_supply", problem.supply_kg, problem.arc_supply),
        ("pins_exceed_demand", problem.demand_kg, problem.arc_demand),
    ):
        pinned_kg = np.zeros(len(quantity_kg), dtype=object)
        np.add.at(pinned_kg, ends, smallest_kg.astype(object))
        if (pinned_kg > quantity_kg).any():
            return reason, int(np.argmax(pinned_kg > quantity_kg))
    return None


def _no_plan(problem: PlanProblem, status: str, reason: str, row: int | None = None) -> Plan:
    """The answer where there is no plan: nothing moves."""
    return Plan(
        status=status,
        arc_kg=np.zeros(len(problem.arc_value), np.int64),
        value=0,
        bound=0,
        proof="flow",
        supply_price=np.zeros(len(problem.supply_kg), np.int64),
        demand_price=np.zeros(len(problem.demand_kg), np.int64),
        reason=reason,
        reason_row=row,
    )
