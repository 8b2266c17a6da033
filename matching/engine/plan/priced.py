"""The best flow through millions of arcs, of which only some thousands are ever held: column generation.

A plan over some of the arcs has prices; an arc that is worth more than the prices of its ends is one that it lacks. The
best of those are added and the flow made best again, until none lacks: then the prices prove the plan best among all
arcs. At first flow and prices are only nearly the best (`scaling.py`); later rounds change little, and exactly
(`paths.py`). Where the rounds end early, what the arcs still gain is added to the bound: it holds all the same.

Sources: L. R. Ford, D. R. Fulkerson, "A suggested computation for maximal multi-commodity network flows", Management
Science 5 (1958), 97-101; G. B. Dantzig, P. Wolfe, "Decomposition principle for linear programs", Operations Research 8
(1960), 101-111.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.plan.journal import journal_of
from matching.engine.plan.paths import FAR, make_best, measure_from_ground, walk_in
from matching.engine.plan.pricing import (
    Candidates,
    Lacking,
    best_lacking,
    months_of_a_pair,
    skips_of,
    unpriced_worth,
)
from matching.engine.plan.problem import exact_worth
from matching.engine.plan.residual import Residual, flow_of, residual_of
from matching.engine.plan.scaling import FINE, settle

FIRST_ARCS = 6  # of each supply and of each demand, to begin with
MORE_ARCS, LAST_ARCS = 4, 1  # of each, round by round while the flow is nearly the best, and then
NEARLY = 100, 1_000  # parts of the dearest worth: how near the best the first rounds come, and the one before exactness
ROUNDS_NEARLY = 2
MOST_SURE = 2**60


@dataclass(frozen=True)
class Arcs:
    """Pairs in a month, ordered by supply and demand; all int64 (a,)."""

    pair: np.ndarray  # row of the candidates
    supply: np.ndarray  # slot
    demand: np.ndarray
    value: np.ndarray
    low_kg: np.ndarray  # what a pin asks for, else 0
    high_kg: np.ndarray
    smallest_kg: np.ndarray
    multiple_kg: np.ndarray

    def __len__(self) -> int:
        return len(self.pair)

    def where(self, rows: np.ndarray) -> "Arcs":
        return Arcs(**{name: column[rows] for name, column in vars(self).items()})

    def merged(self, more: "Arcs", n_demands: int) -> tuple["Arcs", np.ndarray]:
        """Both in their order, and which row of the old ones, then of the new ones, each comes from."""
        supply, demand = np.concatenate((self.supply, more.supply)), np.concatenate((self.demand, more.demand))
        order = np.argsort(supply * n_demands + demand, kind="stable")
        columns = {name: np.concatenate((column, vars(more)[name]))[order] for name, column in vars(self).items()}
        return Arcs(**columns), order


@dataclass(frozen=True)
class PricedFlow:
    """The best flow without lots over the arcs that were held, and what it proves about all there are."""

    arcs: Arcs
    kg: np.ndarray  # (a,)
    price: np.ndarray  # (n_nodes,) under which no arc of the residual network gains
    supply_price: np.ndarray
    demand_price: np.ndarray
    value: int
    bound: int


class PricedProblem:
    """All candidate pairs of a market, with their months worked out only where they are looked at."""

    def __init__(self, facts, candidates: Candidates, pins: Arcs | None = None):
        self.facts, self.candidates = facts, candidates
        self.supply_kg, self.demand_kg = facts.capacities.slot_kg, facts.needs.slot_kg
        self.pins = self.arcs_of(Lacking(*[np.zeros(0, np.int64)] * 3)) if pins is None else pins
        self._months = months_of_a_pair(facts)

    @property
    def n_nodes(self) -> int:
        return len(self.supply_kg) + len(self.demand_kg) + 1

    def arcs_of(self, lacking: Lacking) -> Arcs:
        """The arcs with all that the plan asks of them."""
        pair, supply, demand = lacking
        need, capacity = self.candidates.need[pair], self.candidates.capacity[pair]
        multiple_kg = self.facts.capacities.multiple_kg[capacity]
        least_kg = np.maximum(self.facts.capacities.lot_kg[capacity], self.facts.needs.smallest_share_kg[need])
        most_kg = np.minimum(self.supply_kg[supply], self.demand_kg[demand])
        return Arcs(
            pair=pair,
            supply=supply,
            demand=demand,
            value=self.candidates.value[pair].astype(np.int64),
            low_kg=np.zeros(len(pair), np.int64),
            high_kg=most_kg // multiple_kg * multiple_kg,
            smallest_kg=-(-np.maximum(least_kg, 1) // multiple_kg) * multiple_kg,
            multiple_kg=multiple_kg,
        )

    def no_prices(self) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros_like(self.supply_kg), np.zeros_like(self.demand_kg)

    def prices_of(self, price: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a kilogram of each supply and demand costs by the prices of the nodes; never less than nothing.

        What the ground does not reach, FAR, is free: it has nothing to give.
        """
        n_supplies = len(self.supply_kg)
        supply_price = np.where(price[:n_supplies] == FAR, 0, price[:n_supplies] - price[-1])
        return np.maximum(supply_price, 0), np.maximum(price[-1] - price[n_supplies:-1], 0)

    def unless_implied(self, arcs: Arcs) -> np.ndarray:
        """The most an arc may carry, and more than that where its ends say it: the worth of that limit is the ends'."""
        ends_kg = np.minimum(self.supply_kg[arcs.supply], self.demand_kg[arcs.demand])
        return np.where(arcs.high_kg < ends_kg, arcs.high_kg, ends_kg + 1)

    def with_unreached(self, arcs: Arcs, supply_price, demand_price) -> tuple[np.ndarray, np.ndarray]:
        """A supply whose pins took all it has costs what the best arc would pay for a kilogram."""
        rows = np.flatnonzero(self.unless_implied(arcs) > arcs.high_kg)
        supply_price = supply_price.copy()
        np.maximum.at(supply_price, arcs.supply[rows], arcs.value[rows] - demand_price[arcs.demand[rows]])
        return supply_price, demand_price

    def residual(self, arcs: Arcs, low_kg, high_kg, kg) -> Residual:
        ends = self.supply_kg, self.demand_kg, arcs.supply, arcs.demand
        return residual_of(*ends, arcs.value, low_kg, high_kg, kg)

    def lacking(self, arcs: Arcs, supply_price, demand_price, k: int) -> Arcs:
        known = arcs.supply * len(self.demand_kg) + arcs.demand
        return self.arcs_of(best_lacking(self.facts, self.candidates, supply_price, demand_price, k, known))

    def bound(self, supply_price, demand_price) -> int:
        """What no plan is worth more than, by these prices (J.-L. Lagrange's multipliers); none may be negative."""
        skips = skips_of(self.facts, supply_price, demand_price)
        exactly, nearly = unpriced_worth(self.facts, self.candidates, supply_price, demand_price, skips, self._months)
        unpriced = exactly if nearly < MOST_SURE else int(nearly * (1 + 1e-9))
        pins = self.pins
        forced = np.minimum(pins.value - supply_price[pins.supply] - demand_price[pins.demand], 0)
        ends = exact_worth(supply_price, self.supply_kg) + exact_worth(demand_price, self.demand_kg)
        return ends + unpriced + exact_worth(forced, pins.low_kg)


def priced_flow(problem: PricedProblem, n_rounds: int) -> PricedFlow:
    """The best flow over all arcs within so many rounds of adding arcs; the bound holds however few they are."""
    price, ends = np.zeros(problem.n_nodes, np.int64), problem.no_prices()
    arcs, kg = problem.pins, problem.pins.low_kg
    dearest = max(int(problem.candidates.value.max(initial=1)), 1)
    for n_round in range(max(n_rounds, ROUNDS_NEARLY + 1)):
        is_first, is_exact = n_round == 0, n_round >= ROUNDS_NEARLY
        n_arcs = FIRST_ARCS if is_first else MORE_ARCS if n_round <= ROUNDS_NEARLY else LAST_ARCS
        more = problem.lacking(arcs, *ends, n_arcs)
        if n_round > ROUNDS_NEARLY and len(more) == 0:
            break
        arcs, order = arcs.merged(more, len(problem.demand_kg))
        kg = np.concatenate((kg, more.low_kg))[order]
        residual = problem.residual(arcs, arcs.low_kg, problem.unless_implied(arcs), kg)
        if n_round <= ROUNDS_NEARLY:
            nearly = [max(FINE * dearest // part, 1) for part in NEARLY]
            price *= FINE
            settle(residual, price, FINE * dearest if is_first else nearly[0], nearly[is_exact])
            price //= FINE
        if is_exact:
            make_it_best(residual, price)
        kg = flow_of(residual, arcs.low_kg)
        ends = problem.prices_of(price)
        if is_exact:
            ends = problem.with_unreached(arcs, *problem.prices_of(from_ground(residual, price)))
    return PricedFlow(arcs, kg, price, *ends, value=exact_worth(arcs.value, kg), bound=problem.bound(*ends))


def make_it_best(residual: Residual, price: np.ndarray) -> None:
    """The best flow and its prices, in place, from one that keeps every limit."""
    if not make_best(residual, price, np.zeros_like(price), walk_in(residual), journal_of(0)):
        raise ArithmeticError("a flow that keeps every limit cannot be made the best one")


def from_ground(residual: Residual, price: np.ndarray) -> np.ndarray:
    """Of all prices under which no arc gains those that do not depend on the flow: distances from the ground."""
    distances = np.empty_like(price)
    measure_from_ground(residual, price, walk_in(residual), distances)
    return distances
