"""The best flow through millions of arcs, of which only some thousands are ever held: column generation.

A plan over some of the arcs has prices; an arc that is worth more than the prices of its ends is one that it lacks. The
best of those are added and the flow made best again, until none lacks: then the prices prove the plan best among all
arcs. At first flow and prices are only nearly the best (`scaling.py`). They come nearer once few arcs lack that gain
more than the flow is off: before, it would be near the best of the wrong arcs. After a round at the last of these steps
they are made exact (`together.py`), whatever lacks then; so they are in the last round that there is. Where arcs lack
even then, what these still gain is added to the bound: it holds all the same.

Sources: L. R. Ford, D. R. Fulkerson, "A suggested computation for maximal multi-commodity network flows", Management
Science 5 (1958), 97-101; G. B. Dantzig, P. Wolfe, "Decomposition principle for linear programs", Operations Research 8
(1960), 101-111.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.engine.fast.facts import Facts
from matching.engine.fast.threads import mapped
from matching.engine.plan.paths import FAR, measure_from_ground, walk_in
from matching.engine.plan.pricing import Lacking, none_lacking
from matching.engine.plan.problem import exact_worth
from matching.engine.plan.residual import Residual, flow_of, residual_of
from matching.engine.plan.scaling import FINE, settle
from matching.engine.plan.together import balance_all

FIRST_ARCS = 6  # of each supply and of each demand, to begin with
MORE_ARCS, LAST_ARCS = 4, 1  # of each, round by round while the flow is nearly the best, and then
NEARLY = 100, 1_000, 10_000  # parts of the dearest worth: how near the best rounds come before exactness
NEARLY_DEAR = 30, 100, 1_000  # the same where no round is exact: the first ones find prices to look by
FEW = 100  # arcs that lack are few where there are so many nodes to each
LARGE_PART = 20  # a component that holds one in so many arcs is worth its own flow


@dataclass(frozen=True)
class Arcs:
    """Pairs in a month, ordered by supply and demand; all int64 (a,)."""

    supply: np.ndarray  # slot
    demand: np.ndarray
    value: np.ndarray  # millionths a kilogram
    low_kg: np.ndarray  # what a pin asks for, else 0
    high_kg: np.ndarray
    smallest_kg: np.ndarray
    multiple_kg: np.ndarray

    def __len__(self) -> int:
        return len(self.supply)

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


class Source(Protocol):
    """Where the arcs of a market are found: among candidates that stand in memory, or anew each time."""

    facts: Facts
    dearest: int  # what no arc is worth more than
    threads: int  # how many processors it may use
    is_dear: bool  # whether a look at all arcs costs so much that few can be had

    def first(self, k: int) -> Lacking:
        """About the k best arcs of each supply and of each demand, to begin with."""

    def lacking(self, supply_price, demand_price, k: int, known: np.ndarray) -> Lacking:
        """Of the arcs that are worth more than their ends and not known, the k best of each supply and demand."""

    def unpriced_worth(self, supply_price, demand_price) -> int:
        """What all arcs together could gain beyond the prices of their ends."""


class PricedProblem:
    """All candidate pairs of a market, with their months worked out only where they are looked at."""

    def __init__(self, source: Source, pins: Arcs | None = None):
        self.source, self.facts = source, source.facts
        self.supply_kg, self.demand_kg = self.facts.capacities.slot_kg, self.facts.needs.slot_kg
        self.capacity_of, self.need_of = (rows_of_slots(side) for side in (self.facts.capacities, self.facts.needs))
        self.pins = self.arcs_of(none_lacking()) if pins is None else pins

    @property
    def n_nodes(self) -> int:
        return len(self.supply_kg) + len(self.demand_kg) + 1

    def arcs_of(self, lacking: Lacking) -> Arcs:
        """The arcs with all that the plan asks of them."""
        supply, demand, value = lacking
        need, capacity = self.need_of[demand], self.capacity_of[supply]
        multiple_kg = self.facts.capacities.multiple_kg[capacity].astype(np.int64)
        least_kg = np.maximum(self.facts.capacities.lot_kg[capacity], self.facts.needs.smallest_share_kg[need])
        most_kg = np.minimum(self.supply_kg[supply], self.demand_kg[demand])
        return Arcs(
            supply=supply,
            demand=demand,
            value=value,
            low_kg=np.zeros(len(supply), np.int64),
            high_kg=most_kg // multiple_kg * multiple_kg,
            smallest_kg=-(-np.maximum(least_kg, 1) // multiple_kg) * multiple_kg,
            multiple_kg=multiple_kg,
        )

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

    def first(self, arcs: Arcs, k: int) -> Arcs:
        """What a plan that has these arcs is given to begin with."""
        more = self.arcs_of(self.source.first(k))
        return more.where(np.flatnonzero(~np.isin(self.keys_of(more), self.keys_of(arcs))))

    def keys_of(self, arcs: Arcs) -> np.ndarray:
        return arcs.supply * len(self.demand_kg) + arcs.demand

    def lacking(self, arcs: Arcs, supply_price, demand_price, k: int) -> Arcs:
        return self.arcs_of(self.source.lacking(supply_price, demand_price, k, self.keys_of(arcs)))

    def bound(self, supply_price, demand_price) -> int:
        """What no plan is worth more than, by these prices (J.-L. Lagrange's multipliers); none may be negative."""
        pins = self.pins
        forced = np.minimum(pins.value - supply_price[pins.supply] - demand_price[pins.demand], 0)
        ends = exact_worth(supply_price, self.supply_kg) + exact_worth(demand_price, self.demand_kg)
        return ends + self.source.unpriced_worth(supply_price, demand_price) + exact_worth(forced, pins.low_kg)


def rows_of_slots(side) -> np.ndarray:
    """Whose each slot is; int32 (s,). `side`: needs or capacities as `Facts` lays them out."""
    return np.repeat(np.arange(len(side.id), dtype=np.int32), np.diff(side.slot_start))


def priced_flow(problem: PricedProblem, n_rounds: int, *, is_exact: bool = True) -> PricedFlow:
    """The best flow over all arcs within so many rounds of adding arcs; the bound holds however few they are.

    Not `is_exact`: the flow stays nearly the best among the arcs that are held, which is much quicker.
    """
    price, arcs, kg, ends = np.zeros(problem.n_nodes, np.int64), problem.pins, problem.pins.low_kg, None
    nearness = Nearness(NEARLY if is_exact else NEARLY_DEAR, max(problem.source.dearest, 1), problem.n_nodes, is_exact)
    n_rounds = max(n_rounds, len(NEARLY) + 1) if is_exact else n_rounds
    for n_round in range(n_rounds):
        if n_round == 0:
            more = problem.first(arcs, FIRST_ARCS)
        else:
            more = problem.lacking(arcs, *ends, LAST_ARCS if nearness.is_exact else MORE_ARCS)
            if nearness.is_exact and len(more) == 0:
                break
            gain = more.value - ends[0][more.supply] - ends[1][more.demand]
            nearness = nearness.next(gain, n_rounds - n_round)
        arcs, order = arcs.merged(more, len(problem.demand_kg))
        kg = np.concatenate((kg, more.low_kg))[order]
        grounded = np.zeros_like(price)
        work = partial(_flow_through, problem, arcs, kg, price, grounded, nearness)
        for _part in mapped(
            work, parts_of(arcs, len(problem.supply_kg), len(problem.demand_kg)), problem.source.threads
        ):
            pass
        ends = problem.prices_of(price)
        if nearness.is_exact:
            ends = problem.with_unreached(arcs, *problem.prices_of(grounded))
    return PricedFlow(arcs, kg, price, *ends, value=exact_worth(arcs.value, kg), bound=problem.bound(*ends))


@dataclass(frozen=True)
class Nearness:
    """How near the best the flow of a round comes, and from where."""

    parts: tuple[int, ...]  # of the dearest worth, round by round; after the last: exactly
    dearest: int
    n_nodes: int
    may_be_exact: bool  # where not, rounds are few and each comes nearer
    level: int = 0
    is_new: bool = True  # whether the round before did not come as near

    @property
    def is_exact(self) -> bool:
        return self.level == len(self.parts)

    @property
    def steps(self) -> tuple[int, int]:
        """From how far from the best to how near, in FINE parts of a unit of value."""
        near, far = self.parts[self.level], (1, *self.parts)[self.level]
        return FINE * self.dearest // (far if self.is_new else near), max(FINE * self.dearest // near, 1)

    def next(self, gain: np.ndarray, rounds_left: int) -> "Nearness":
        """Of the round that adds arcs with these gains, which is one of those that are left."""
        if self.is_exact:
            return self
        steps_left = len(self.parts) - self.level
        if not self.may_be_exact:
            return replace(self, level=self.level + (steps_left > 1), is_new=True)
        n_far = np.count_nonzero(gain * self.parts[self.level] > self.dearest)
        is_near = n_far * FEW <= self.n_nodes or steps_left == 1 or rounds_left <= steps_left
        return replace(self, level=self.level + is_near, is_new=is_near)


class Part(NamedTuple):
    """Arcs that do not touch those of other parts, not even through others."""

    arcs: np.ndarray  # rows
    supplies: np.ndarray  # slots
    demands: np.ndarray


def parts_of(arcs: Arcs, n_supplies: int, n_demands: int) -> list[Part]:
    """The larger connected components, each apart, and all others together; the largest first."""
    n_nodes = n_supplies + n_demands
    graph = coo_array((np.ones(len(arcs), np.int8), (arcs.supply, n_supplies + arcs.demand)), shape=(n_nodes, n_nodes))
    n_labels, label = connected_components(graph, directed=False)
    label = label.astype(np.int32)
    counts = np.bincount(label[arcs.supply], minlength=n_labels)
    order = np.argsort(-counts, kind="stable")
    n_large = min(int(np.count_nonzero(counts * LARGE_PART > len(arcs))), n_labels)
    part = np.full(n_labels, n_large, np.int32)
    part[order[:n_large]] = np.arange(n_large)
    of_node = part[label]
    columns = of_node[arcs.supply], of_node[:n_supplies], of_node[n_supplies:]
    return [Part(*(np.flatnonzero(column == nth) for column in columns)) for nth in range(n_large + 1)]


def _flow_through(problem: PricedProblem, arcs: Arcs, kg, price, grounded, nearness: Nearness, part: Part) -> None:
    """The flow of a part and its prices, the ground's being 0."""
    n_supplies = len(problem.supply_kg)
    nodes = np.concatenate((part.supplies, n_supplies + part.demands))
    place = np.empty(problem.n_nodes - 1, np.int32)
    place[nodes] = np.arange(len(nodes))
    own = arcs.where(part.arcs)
    tail, head = place[own.supply].astype(np.int64), place[n_supplies + own.demand] - np.int64(len(part.supplies))
    high_kg = problem.unless_implied(own)
    ends = problem.supply_kg[part.supplies], problem.demand_kg[part.demands], tail, head
    residual = residual_of(*ends, own.value, own.low_kg, high_kg, kg[part.arcs])
    own_price = np.append(price[nodes], 0)
    if nearness.is_exact:
        make_it_best(residual, own_price)
        grounded[nodes] = from_ground(residual, own_price)[:-1]
    else:
        own_price *= FINE
        settle(residual, own_price, *nearness.steps)
        own_price //= FINE
    kg[part.arcs] = flow_of(residual, own.low_kg)
    price[nodes] = own_price[:-1] - own_price[-1]


def make_it_best(residual: Residual, price: np.ndarray) -> None:
    """The best flow and its prices, in place, from one that keeps every limit: the nearer it is, the quicker."""
    if not balance_all(residual, price):
        raise ArithmeticError("a flow that keeps every limit cannot be made the best one")


def make_it_best_from_afar(residual: Residual, price: np.ndarray, dearest: int, begins: int = 1) -> None:
    """The same where much is to change: nearly first, by cost scaling.

    `dearest`: what no arc is worth more than; `begins`: within which part of it the flow is the best already.
    """
    dearest = FINE * max(dearest, 1)
    price *= FINE
    settle(residual, price, dearest // begins, max(dearest // NEARLY[-1], 1))
    price //= FINE
    make_it_best(residual, price)


def from_ground(residual: Residual, price: np.ndarray) -> np.ndarray:
    """Of all prices under which no arc gains those that do not depend on the flow: distances from the ground."""
    distances = np.empty_like(price)
    measure_from_ground(residual, price, walk_in(residual), distances)
    return distances
