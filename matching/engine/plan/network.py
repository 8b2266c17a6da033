"""One connected component of the plan, cut out of the problem in its fixed order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.engine.plan.problem import PlanProblem, exact_sum


@dataclass(frozen=True)
class Network:
    """Supplies and demands that share arcs, directly or through others. It always maximises value.

    `low_kg` and `high_kg` hold every arc between what it must and what it may carry; an arc that carries anything
    carries at least `smallest_kg`, in steps of `multiple_kg`. Where `ship_supply` (`fill_demand`) is set, each supply
    (demand) is used to the last kilogram. The rows of the problem it was cut from are in `supplies`, `demands`, `arcs`.
    """

    supply_kg: np.ndarray  # (n_supplies,)
    demand_kg: np.ndarray  # (n_demands,)
    tail: np.ndarray  # (n_arcs,) supply
    head: np.ndarray  # (n_arcs,) demand
    value: np.ndarray  # (n_arcs,)
    low_kg: np.ndarray  # (n_arcs,)
    high_kg: np.ndarray  # (n_arcs,)
    smallest_kg: np.ndarray  # (n_arcs,)
    multiple_kg: np.ndarray  # (n_arcs,)
    ship_supply: bool
    fill_demand: bool
    supplies: np.ndarray
    demands: np.ndarray
    arcs: np.ndarray
    share: np.ndarray  # (n_arcs,) row of the share, or -1
    share_kg: np.ndarray  # (n_shares,) the most that the arcs of a share carry together
    group: np.ndarray  # (n_supplies,) bool
    floor_kg: int  # the least that the supplies of the group ship together

    @property
    def is_limited(self) -> bool:
        """Whether something beside ends and arcs limits the flow: a share or a floor."""
        return len(self.share_kg) > 0 or self.floor_kg > 0


def networks(problem: PlanProblem) -> Iterator[Network]:
    """The connected components, each in the fixed order of the ids. Arcs that can carry nothing are left out.

    What shares a limit, of a share or of the floor, is in one component.
    A supply or demand that no usable arc touches makes a component of its own only where it must be used wholly.
    """
    smallest_kg, multiple_kg = problem.smallest_kg, problem.multiple_kg
    high_kg = problem.arc_max_kg // multiple_kg * multiple_kg
    usable = ~problem.banned & (high_kg >= smallest_kg)
    low_kg = np.where(problem.pinned, smallest_kg, 0)
    value = problem.arc_value if problem.sense == "max" else -problem.arc_value
    supplied_kg, demanded_kg = exact_sum(problem.supply_kg), exact_sum(problem.demand_kg)
    ship_supply = problem.ship_all and supplied_kg <= demanded_kg
    fill_demand = problem.ship_all and demanded_kg <= supplied_kg

    n_supplies, n_demands = len(problem.supply_kg), len(problem.demand_kg)
    supply_order = np.argsort(problem.supply_id, kind="stable")
    demand_order = np.argsort(problem.demand_id, kind="stable")
    supply_rank, demand_rank = inverse(supply_order), inverse(demand_order)
    arcs = np.flatnonzero(usable)
    tail, head = supply_rank[problem.arc_supply[arcs]], demand_rank[problem.arc_demand[arcs]]
    order = np.lexsort((problem.arc_id[arcs], head, tail))
    arcs, tail, head = arcs[order], tail[order], head[order]

    n_nodes = n_supplies + n_demands
    share, group = problem.arc_share[arcs], problem.group[supply_order]
    of_group = np.flatnonzero(group) if problem.floor_kg else np.zeros(0, np.int64)
    shared, floor_node = np.flatnonzero(share >= 0), n_nodes + len(problem.share_kg)
    tails = np.concatenate((tail, tail[shared], of_group))
    heads = np.concatenate((n_supplies + head, n_nodes + share[shared], np.full(len(of_group), floor_node)))
    graph = coo_array((np.ones(len(tails), np.int8), (tails, heads)), shape=(floor_node + 1,) * 2)
    n_labels, label = connected_components(graph, directed=False)
    supplies_of = rows_by_label(label[:n_supplies], n_labels)
    demands_of = rows_by_label(label[n_supplies:n_nodes], n_labels)
    arcs_of = rows_by_label(label[tail], n_labels)
    place = np.empty(n_nodes, np.int64)
    for in_supplies, in_demands, in_arcs in zip(supplies_of, demands_of, arcs_of, strict=True):
        if len(in_arcs) == 0 and not (ship_supply and len(in_supplies)) and not (fill_demand and len(in_demands)):
            continue
        place[in_supplies] = np.arange(len(in_supplies))
        place[n_supplies + in_demands] = np.arange(len(in_demands))
        rows = arcs[in_arcs]
        own_share, share_kg = _own_shares(share[in_arcs], problem.share_kg)
        yield Network(
            supply_kg=problem.supply_kg[supply_order[in_supplies]],
            demand_kg=problem.demand_kg[demand_order[in_demands]],
            tail=place[tail[in_arcs]],
            head=place[n_supplies + head[in_arcs]],
            value=value[rows],
            low_kg=low_kg[rows],
            high_kg=high_kg[rows],
            smallest_kg=smallest_kg[rows],
            multiple_kg=multiple_kg[rows],
            ship_supply=ship_supply,
            fill_demand=fill_demand,
            supplies=supply_order[in_supplies],
            demands=demand_order[in_demands],
            arcs=rows,
            share=own_share,
            share_kg=share_kg,
            group=group[in_supplies],
            floor_kg=problem.floor_kg if group[in_supplies].any() else 0,
        )


def _own_shares(share: np.ndarray, share_kg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shares of some arcs, numbered as the arcs come, which does not depend on the order of the rows."""
    names, first = np.unique(share[share >= 0], return_index=True)
    names = names[np.argsort(first)]
    place = np.full(len(share_kg) + 1, -1)
    place[names] = np.arange(len(names))
    return place[share], share_kg[names]


def is_plain(network: Network) -> bool:
    """Whether nothing must be used wholly and every number and sum fits 64 bits with room to spare."""
    columns = network.supply_kg, network.demand_kg, network.value, network.smallest_kg, network.multiple_kg
    if network.ship_supply or network.fill_demand or any(column.dtype == object for column in columns):
        return False
    dearest = max(-int(network.value.min(initial=0)), int(network.value.max(initial=0)))
    kg = exact_sum(network.supply_kg) + exact_sum(network.demand_kg)
    return dearest * (len(network.supply_kg) + len(network.demand_kg)) < 2**50 and dearest * kg < 2**60


def inverse(order: np.ndarray) -> np.ndarray:
    """Where each row stands in the order."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def rows_by_label(label: np.ndarray, n_labels: int) -> list[np.ndarray]:
    """The rows that carry each label, ascending."""
    order = np.argsort(label, kind="stable")
    return np.split(order, np.searchsorted(label[order], np.arange(1, n_labels)))
