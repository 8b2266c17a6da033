"""Random plan problems, what must hold of every plan, and two independent ways to the optimum."""

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.engine.plan import Plan, PlanProblem


@st.composite
def problems(draw, most_kg=6, n_ends=3, n_arcs=5, with_lots=True):
    """A small problem; parallel arcs, empty ends, worthless and harmful arcs included."""
    n_supplies, n_demands = draw(st.integers(1, n_ends)), draw(st.integers(1, n_ends))
    n_arcs = draw(st.integers(0, n_arcs))

    def column(numbers, length=n_arcs):
        return draw(st.lists(numbers, min_size=length, max_size=length))

    kg = st.integers(0, most_kg)
    seldom = st.integers(0, 9).map(lambda number: number == 0)
    return PlanProblem(
        supply_kg=column(kg, n_supplies),
        demand_kg=column(kg, n_demands),
        arc_supply=column(st.integers(0, n_supplies - 1)),
        arc_demand=column(st.integers(0, n_demands - 1)),
        arc_value=column(st.integers(-4, 9)),
        arc_max_kg=draw(st.none() | st.just(column(kg))),
        arc_lot_kg=column(kg) if with_lots else None,
        arc_multiple_kg=column(st.sampled_from((0, 1, 1, 2, 3))) if with_lots else None,
        arc_smallest_share_kg=column(kg) if with_lots else None,
        pinned=np.array(column(seldom), dtype=bool),
        pin_kg=column(st.integers(0, 2)),
        banned=np.array(column(seldom), dtype=bool),
        sense=draw(st.sampled_from(("max", "min"))),
        ship_all=draw(st.booleans()),
    )


def allowed_kg(problem: PlanProblem, arc: int) -> list[int]:
    """Every quantity the arc may carry, by the words of the contract."""
    least = max(problem.arc_lot_kg[arc], problem.arc_smallest_share_kg[arc], 1)
    if problem.pinned[arc]:
        least = max(least, problem.pin_kg[arc])
    step = max(problem.arc_multiple_kg[arc], 1)
    used = [kg for kg in range(1, int(problem.arc_max_kg[arc]) + 1) if kg >= least and kg % step == 0]
    if problem.pinned[arc]:
        return [] if problem.banned[arc] else used
    return [0] if problem.banned[arc] else [0, *used]


def value_of_every_plan(problem: PlanProblem) -> list[int]:
    """What each plan there is would be worth: exhaustively."""
    worth = problem.arc_value.tolist()
    choices = [allowed_kg(problem, arc) for arc in range(len(problem.arc_value))]
    all_kg = min(problem.supply_kg.sum(), problem.demand_kg.sum())
    values = []

    def extend(arc, left_supply, left_demand, value, moved):
        if arc == len(choices):
            if not problem.ship_all or moved == all_kg:
                values.append(value)
            return
        i, j = problem.arc_supply[arc], problem.arc_demand[arc]
        for kg in choices[arc]:
            if kg <= left_supply[i] and kg <= left_demand[j]:
                less_supply, less_demand = left_supply.copy(), left_demand.copy()
                less_supply[i] -= kg
                less_demand[j] -= kg
                extend(arc + 1, less_supply, less_demand, value + kg * worth[arc], moved + kg)

    extend(0, problem.supply_kg.copy(), problem.demand_kg.copy(), 0, 0)
    return values


def optimum_by_milp(problem: PlanProblem) -> int | None:
    """The optimum by SciPy's mixed-integer solver, with whole kilograms: another model by another hand."""
    n_arcs, n_supplies = len(problem.arc_value), len(problem.supply_kg)
    all_kg = min(problem.supply_kg.sum(), problem.demand_kg.sum())
    if n_arcs == 0:
        return None if problem.ship_all and all_kg else 0
    least, step = problem.smallest_kg, problem.multiple_kg
    most = np.where(problem.banned, 0, problem.arc_max_kg) // step
    low = np.where(problem.pinned, 1, 0)
    ends = np.zeros((n_supplies + len(problem.demand_kg), 2 * n_arcs))
    ends[problem.arc_supply, np.arange(n_arcs)] = step
    ends[n_supplies + problem.arc_demand, np.arange(n_arcs)] = step
    quantity, used = np.eye(n_arcs, 2 * n_arcs), np.eye(n_arcs, 2 * n_arcs, k=n_arcs)
    limits = np.concatenate((problem.supply_kg, problem.demand_kg))
    moved = np.concatenate((step, np.zeros(n_arcs)))[None]
    sign = -1 if problem.sense == "max" else 1
    answer = milp(
        np.concatenate((sign * problem.arc_value * step, np.zeros(n_arcs))),
        integrality=np.ones(2 * n_arcs),
        bounds=Bounds(np.concatenate((np.zeros(n_arcs), low)), np.concatenate((most, np.ones(n_arcs)))),
        constraints=[
            LinearConstraint(ends, 0, limits),
            LinearConstraint(quantity - np.diag(most) @ used, -np.inf, 0),
            LinearConstraint(np.diag(step) @ quantity - np.diag(least) @ used, 0, np.inf),
            LinearConstraint(moved, all_kg if problem.ship_all else 0, np.inf),
        ],
        options={"mip_rel_gap": 0},
    )
    return None if answer.x is None else sign * round(answer.fun)


def assert_keeps_every_limit(problem: PlanProblem, plan: Plan) -> None:
    """Never a kilogram twice, every minimum, multiple, pin and ban kept, and the value is the sum it claims to be."""
    kg = plan.arc_kg.tolist()
    shipped, received = [0] * len(problem.supply_kg), [0] * len(problem.demand_kg)
    for arc, amount in enumerate(kg):
        shipped[problem.arc_supply[arc]] += amount
        received[problem.arc_demand[arc]] += amount
        least = max(problem.arc_lot_kg[arc], problem.arc_smallest_share_kg[arc], 1)
        if problem.pinned[arc]:
            least = max(least, problem.pin_kg[arc])
            assert amount >= least
        assert amount == 0 or least <= amount <= problem.arc_max_kg[arc]
        assert amount % max(problem.arc_multiple_kg[arc], 1) == 0
        assert not (problem.banned[arc] and amount)
    assert all(sent <= has for sent, has in zip(shipped, problem.supply_kg.tolist(), strict=True))
    assert all(got <= wants for got, wants in zip(received, problem.demand_kg.tolist(), strict=True))
    if problem.ship_all:
        assert sum(kg) == min(sum(problem.supply_kg.tolist()), sum(problem.demand_kg.tolist()))
    assert plan.value == sum(amount * worth for amount, worth in zip(kg, problem.arc_value.tolist(), strict=True))


def bound_by_prices(problem: PlanProblem, plan: Plan) -> int:
    """What the prices alone prove: the most (least) any plan without lots could be worth, in Python integers."""
    sign = 1 if problem.sense == "max" else -1
    supply_price = [sign * price for price in plan.supply_price.tolist()]
    demand_price = [sign * price for price in plan.demand_price.tolist()]
    bound = sum(price * kg for price, kg in zip(supply_price, problem.supply_kg.tolist(), strict=True))
    bound += sum(price * kg for price, kg in zip(demand_price, problem.demand_kg.tolist(), strict=True))
    for arc, worth in enumerate(problem.arc_value.tolist()):
        gain = sign * worth - supply_price[problem.arc_supply[arc]] - demand_price[problem.arc_demand[arc]]
        most = 0 if problem.banned[arc] else int(problem.arc_max_kg[arc])
        least = int(problem.smallest_kg[arc]) if problem.pinned[arc] else 0
        bound += max(gain * most, gain * least)
    return sign * bound
