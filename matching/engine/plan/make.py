"""Making the plan: component by component, flow first, lots on top, and what is proven about each added up."""

from dataclasses import replace

import numpy as np

from matching.engine.plan.flow import best_flow
from matching.engine.plan.holes import in_holes
from matching.engine.plan.limited import limited_part
from matching.engine.plan.limits import group_kg
from matching.engine.plan.mip import solve_mip
from matching.engine.plan.network import Network, is_plain, networks
from matching.engine.plan.part import Part
from matching.engine.plan.problem import Budget, Plan, PlanProblem, narrow
from matching.engine.plan.rounding import rounded_plan
from matching.engine.plan.search import search

DEFAULT_BUDGET = Budget()
SMALL = 100  # arcs of a component that the exact search as a rule ends with
PROOFS = ("flow", "search", "mip")  # from the strongest to the weakest


def make_plan(problem: PlanProblem, *, budget: Budget = DEFAULT_BUDGET) -> Plan:
    """Divide what is scarce so that the kilograms are worth the most (the least, when the sense is min).

    Never a kilogram twice: what a supply's arcs carry sums to no more than it has, what a demand's arcs bring to no
    more than it wants. The same problem gives the same plan, in whatever order its rows come.
    """
    refusal = refusal_of(problem)
    if refusal is not None:
        return no_plan(problem, "infeasible", *refusal)
    least_arcs = min(SMALL, budget.repair_arcs) if len(problem.arc_value) >= budget.repair_arcs else None
    parts = [_first_part(network, budget, least_arcs) for network in networks(problem)]
    parts = _closed_by_mip(parts, budget)
    reasons = [part.reason for part in parts if part.reason]
    if reasons:
        # One component that cannot be is enough; one that was not found may still be.
        surely = [reason for reason in reasons if reason != "not_found"]
        return no_plan(problem, "infeasible" if surely else "unknown", (surely or reasons)[0])
    return _sum_of(problem, parts)


def _first_part(network: Network, budget: Budget, least_arcs: int | None) -> Part:
    """The flow; where it leaves an arc in a hole, rounding and the exact search, or repair from `least_arcs` on."""
    if network.is_limited:
        return limited_part(network, budget)
    relaxed = best_flow(network, network.low_kg, network.high_kg)
    # Shipping nothing but the pins is always a plan, unless all must be shipped.
    if relaxed is None:
        return Part(network, reason="cannot_ship_all")
    if len(in_holes(network, relaxed.kg)) == 0:
        return Part(network, relaxed, relaxed, relaxed.value)
    if least_arcs is not None and len(network.value) >= least_arcs and is_plain(network):
        # Compiled code, for which a small plan need not wait.
        from matching.engine.plan.repaired import repaired_plan

        return Part(network, relaxed, repaired_plan(network, relaxed, budget), relaxed.value)
    best = rounded_plan(network, relaxed, budget)
    found = search(network, relaxed, best, min(budget.search_nodes, budget.search_work // len(network.value)))
    if found.bound is None:
        return Part(network, relaxed, reason="cannot_ship_all")
    proof = "search" if found.bound < relaxed.value else "flow"
    return Part(network, relaxed, found.flow, found.bound, proof, "" if found.flow else "not_found")


def _closed_by_mip(parts: list[Part], budget: Budget) -> list[Part]:
    """HiGHS for the components whose bound and value do not meet, the widest open first, while the budget lasts."""
    waiting = [row for row, part in enumerate(parts) if part.reason == "not_found" or part.open_value]
    waiting.sort(key=lambda row: (parts[row].flow is not None, -(parts[row].open_value or 0)))
    closed, spent = list(parts), 0
    for row in waiting:
        n_arcs = len(parts[row].network.value)
        if budget.may_be_mip(n_arcs, parts[row].network.floor_kg) and spent + n_arcs <= budget.mip_total_arcs:
            closed[row] = _closed(parts[row], budget)
            spent += n_arcs
    return closed


def _closed(part: Part, budget: Budget) -> Part:
    """The component with the better of both plans and the tighter of both bounds."""
    n_nodes = max(1, min(budget.mip_nodes, budget.mip_work // len(part.network.value)))
    answer = solve_mip(part.network, part.relaxed, part.flow, n_nodes)
    best, bound, proof = part.flow, part.bound, part.proof
    if best is None and answer.is_infeasible:
        return replace(part, reason="cannot_ship_all")
    if answer.flow is not None and (best is None or answer.flow.value > best.value):
        best = answer.flow
    if best is None:
        return part
    if answer.bound is not None and answer.bound < bound:
        # A plan that exists is a bound of its own: nothing below it can be one.
        bound, proof = max(answer.bound, best.value), "mip"
    return replace(part, flow=best, bound=bound, proof=proof, reason="")


def _sum_of(problem: PlanProblem, parts: list[Part]) -> Plan:
    """The components put together, in the sense and the rows of the problem."""
    arc_kg = np.zeros(len(problem.arc_value), dtype=object)
    supply_price = np.zeros(len(problem.supply_kg), dtype=object)
    demand_price = np.zeros(len(problem.demand_kg), dtype=object)
    for part in parts:
        arc_kg[part.network.arcs] = part.flow.kg
        supply_price[part.network.supplies] = part.relaxed.prices.supply
        demand_price[part.network.demands] = part.relaxed.prices.demand
    value, bound = sum(part.flow.value for part in parts), sum(part.bound for part in parts)
    sign = 1 if problem.sense == "max" else -1
    return Plan(
        status="optimal" if value == bound else "feasible",
        arc_kg=narrow(arc_kg),
        value=sign * value,
        bound=sign * bound,
        proof=max((part.proof for part in parts), key=PROOFS.index, default="flow"),
        supply_price=narrow(sign * supply_price),
        demand_price=narrow(sign * demand_price),
        group_kg=sum(group_kg(part.network, part.flow.kg) for part in parts),
        floor_kg=sum(part.network.floor_kg for part in parts),
    )


def refusal_of(problem: PlanProblem) -> tuple[str, int] | None:
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


def no_plan(problem: PlanProblem, status: str, reason: str, row: int | None = None) -> Plan:
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
