"""The plan of a large market: the best flow over all arcs, then lots, then what lots leave over.

The flow over all arcs bounds the plan. Lots are decided among the arcs that the flow uses or nearly uses; what other
arcs would gain by the prices of the plan so repaired is then added and tried, round by round.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.plan.priced import (
    NEARLY_DEAR,
    Arcs,
    PricedFlow,
    PricedProblem,
    make_it_best,
    make_it_best_from_afar,
    priced_flow,
)
from matching.engine.plan.problem import Budget, exact_worth
from matching.engine.plan.repair import amounts, decide_all, move, repair_of

NEAR = 20  # arcs that fall short of their ends by up to a part of the dearest worth are at hand for lots


@dataclass(frozen=True)
class LargePlan:
    """Kilograms on the arcs that carry some, and what is proven of them."""

    arcs: Arcs
    kg: np.ndarray
    value: int
    bound: int
    supply_price: np.ndarray  # without lots, as in every plan
    demand_price: np.ndarray


def plan_large(problem: PricedProblem, budget: Budget) -> LargePlan:
    """A plan of all candidates that keeps every lot, and its bound."""
    if problem.source.is_dear:
        relaxed = priced_flow(problem, budget.dear_rounds, is_exact=False)
        budget = replace(budget, repair_passes_large=1, repair_rounds_large=1)
    else:
        relaxed = priced_flow(problem, budget.priced_rounds)
    arcs, kg = relaxed.arcs, relaxed.kg
    if not _keeps_lots(arcs, kg):
        arcs, kg = _repaired(problem, relaxed, budget)
    _check(problem, arcs, kg)
    used = np.flatnonzero(kg)
    return LargePlan(
        arcs=arcs.where(used),
        kg=kg[used],
        value=exact_worth(arcs.value, kg),
        bound=relaxed.bound,
        supply_price=relaxed.supply_price,
        demand_price=relaxed.demand_price,
    )


def _keeps_lots(arcs: Arcs, kg: np.ndarray) -> bool:
    return bool(((kg == 0) | ((kg >= arcs.smallest_kg) & (kg % arcs.multiple_kg == 0))).all())


def _repaired(problem: PricedProblem, relaxed: PricedFlow, budget: Budget) -> tuple[Arcs, np.ndarray]:
    """Arcs and kilograms that keep every lot; as good as moves and more arcs make them."""
    arcs, kg, price = relaxed.arcs, relaxed.kg, relaxed.price.copy()
    gain = arcs.value - relaxed.supply_price[arcs.supply] - relaxed.demand_price[arcs.demand]
    kept = np.flatnonzero((kg > 0) | (gain >= -int(arcs.value.max()) // NEAR))
    arcs, kg = arcs.where(kept), kg[kept]
    low_kg, high_kg = arcs.low_kg, arcs.high_kg
    for n_pass in range(budget.repair_passes_large):
        residual = problem.residual(arcs, low_kg, high_kg, kg)
        if n_pass:
            make_it_best_from_afar(residual, price, problem.source.dearest)
        elif problem.source.is_dear:
            make_it_best_from_afar(residual, price, problem.source.dearest, NEARLY_DEAR[-1])
        else:
            make_it_best(residual, price)
        head = len(problem.supply_kg) + arcs.demand
        ends = arcs.supply, head, arcs.value
        limits = arcs.low_kg, arcs.high_kg, arcs.smallest_kg, arcs.multiple_kg
        repair = repair_of(residual, price, *ends, *limits)
        if n_pass:
            repair.low[:], repair.high[:] = low_kg, high_kg
        decide_all(repair)
        move(repair, exact_worth(arcs.value, amounts(repair)), budget)
        kg = amounts(repair)
        if n_pass + 1 == budget.repair_passes_large:
            break
        more = problem.lacking(arcs, *problem.prices_of(price), budget.repair_more)
        if len(more) == 0:
            break
        # Until a move opens it, an arc with a smallest quantity carries nothing.
        is_free = (more.smallest_kg <= 1) & (more.multiple_kg <= 1)
        fresh = more.low_kg, more.low_kg, np.where(is_free, more.high_kg, 0)
        held = kg, repair.low, repair.high
        arcs, order = arcs.merged(more, len(problem.demand_kg))
        kg, low_kg, high_kg = (np.concatenate(columns)[order] for columns in zip(held, fresh, strict=True))
    return arcs, kg


def _check(problem: PricedProblem, arcs: Arcs, kg: np.ndarray) -> None:
    """No kilogram twice, no arc in a hole, every pin kept: the compiled code is not believed."""
    shipped, received = np.zeros_like(problem.supply_kg), np.zeros_like(problem.demand_kg)
    np.add.at(shipped, arcs.supply, kg)
    np.add.at(received, arcs.demand, kg)
    keeps_ends = (shipped <= problem.supply_kg).all() and (received <= problem.demand_kg).all()
    keeps_limits = (kg >= arcs.low_kg).all() and (kg <= arcs.high_kg).all()
    keeps_pins = np.count_nonzero(arcs.low_kg) == np.count_nonzero(problem.pins.low_kg)
    if not keeps_ends or not keeps_limits or not keeps_pins or not _keeps_lots(arcs, kg):
        raise ArithmeticError("the plan breaks a limit")
