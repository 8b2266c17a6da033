"""The cheapest route against Dijkstra's algorithm as SciPy has it, on networks too large to try every way."""

import random

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridor.engine import Handling, Hop, Network, routes_from
from corridor.engine.network import THROUGH
from tests.corridor.engine.networks import CARRIERS, cost_at

PLACES = [f"P{number:02}" for number in range(16)]
MODES = ("sea", "rail", "road", THROUGH)
ORIGIN = PLACES[0]


def large_network(chance: random.Random) -> Network:
    """Sixteen places and two hundred hops; a fifth of the costs is not known, through rates hold their terminals."""

    def hop(number: int) -> Hop:
        origin, destination = chance.sample(PLACES, 2)
        mode, days = chance.choice(MODES), chance.randint(0, 20)
        cost = chance.randint(0, 400_000) if chance.random() < 0.8 else None
        return Hop(
            leg=f"L{number}",
            origin=origin,
            destination=destination,
            mode=mode,
            equipment=chance.choice(sorted(CARRIERS)),
            days_low=days,
            days_high=days + chance.randint(0, 10),
            cost_low_e4=cost,
            cost_high_e4=cost,
            holds_terminals=mode == THROUGH,
        )

    def handling(share: float) -> dict:
        places = [(place, equipment) for place in PLACES for equipment in CARRIERS if chance.random() < share]
        return {at: Handling(*[chance.randint(0, 60_000)] * 2) for at in places}

    hops = tuple(hop(number) for number in range(200))
    return Network(CARRIERS, hops, handling(0.9), handling(0.7), frozenset({"20DC"}))


def cheapest_by_scipy(network: Network) -> dict[str, int]:
    """What the cheapest way of known cost costs to each place, as one shortest path from a start to the ends.

    A node is a hop that was taken, for what the next one costs depends on it alone; and a start, and an end a place.
    An edge of length 0 may be none to SciPy, so each is longer than it costs, by so little that it never decides.
    """
    hops, scale = network.hops, 1000
    start, end_of = len(hops), {place: len(hops) + 1 + number for number, place in enumerate(PLACES)}
    edges: dict[tuple[int, int], int] = {}

    def join(node: int, other: int, costs: list[int | None]) -> None:
        if None not in costs:
            edges[node, other] = sum(costs) * scale + 1

    for number, hop in enumerate(hops):
        first = []
        if hop.equipment in network.needs_fitting:
            fitting = network.fittings.get((hop.origin, hop.equipment))
            first.append(fitting and fitting.high_e4)
        if hop.mode != "road" and not hop.holds_terminals:
            first.append(cost_at(network, hop.origin, hop.equipment))
        if hop.origin == ORIGIN:
            join(start, number, [*first, hop.cost_high_e4])
        for other_number, other in enumerate(hops):
            if other.origin != hop.destination:
                continue
            if not CARRIERS[hop.equipment].may_change_to(CARRIERS[other.equipment]):
                continue
            changes = (hop.mode, hop.equipment) != (other.mode, other.equipment)
            is_paid = hop.holds_terminals or other.holds_terminals
            handled = [cost_at(network, other.origin, other.equipment)] if changes and not is_paid else []
            join(number, other_number, [*handled, other.cost_high_e4])
        last = [] if hop.holds_terminals or hop.mode == "road" else [cost_at(network, hop.destination, hop.equipment)]
        join(number, end_of[hop.destination], last)
    nodes = len(hops) + 1 + len(PLACES)
    ends = np.array(list(edges)).T
    lengths = dijkstra(csr_array((list(map(float, edges.values())), ends), shape=(nodes, nodes)), indices=start)
    found = {place: lengths[node] for place, node in end_of.items() if np.isfinite(lengths[node])}
    return {place: int(length) // scale for place, length in found.items()}


@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_route_to_every_place_is_the_shortest_path_of_an_independent_library(seed):
    network = large_network(random.Random(seed))

    routes = routes_from(network, ORIGIN)

    cheapest = {place: found[0].high_e4 for place, found in routes.items() if place != ORIGIN}
    by_scipy = cheapest_by_scipy(network)
    by_scipy.pop(ORIGIN, None)  # the goods are there already
    assert {place: cost for place, cost in cheapest.items() if cost is not None} == by_scipy
    assert len(by_scipy) > len(PLACES) / 2  # there was something to compare
