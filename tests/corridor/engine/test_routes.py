"""The best routes: none beaten, none missing, every line told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from corridor.engine import Carrier, Charge, Handling, Hop, Network, best_routes, routes_towards
from tests.corridor.engine.networks import every_way, networks, priced

USD = 10_000
BOX = {"20DC": Carrier("20DC")}
FREE = {(place, "20DC"): Handling(0, 0) for place in "ABCDEF"}


def hop(leg, origin, destination, mode="sea", *, days=(1, 1), usd=1, equipment="20DC", **facts) -> Hop:
    cost = None if usd is None else usd * USD
    return Hop(leg, origin, destination, mode, equipment, *days, cost_low_e4=cost, cost_high_e4=cost, **facts)


def told(network: Network, origin="A", destination="D") -> list[tuple]:
    """Each route: its legs, days, cost in USD per tonne (None: not known)."""
    return [
        (
            " ".join(one.leg for one in route.hops),
            (route.days_low, route.days_high),
            None if route.high_e4 is None else route.high_e4 / USD,
        )
        for route in best_routes(network, origin, destination)
    ]


def test_routes_are_the_cheap_and_slow_the_dear_and_fast_and_what_lies_between():
    network = Network(
        BOX,
        (
            hop("slow", "A", "D", days=(20, 30), usd=100),
            hop("fast", "A", "D", days=(5, 6), usd=300),
            hop("first", "A", "B", days=(4, 8), usd=80),
            hop("second", "B", "D", days=(4, 8), usd=90),
            hop("beaten", "A", "D", days=(21, 31), usd=101),
        ),
        FREE,
    )

    assert told(network) == [("slow", (20, 30), 100), ("first second", (8, 16), 170), ("fast", (5, 6), 300)]


def test_route_nobody_quoted_is_told_only_where_it_is_the_fastest():
    network = Network(
        BOX,
        (
            hop("quoted", "A", "D", days=(9, 9), usd=100),
            hop("unquoted", "A", "D", days=(3, 4), usd=None),
            hop("unquoted and slower", "A", "D", days=(3, 5), usd=None),
            hop("unquoted and slow", "A", "D", days=(9, 9), usd=None),
        ),
        FREE,
    )

    assert told(network) == [("quoted", (9, 9), 100), ("unquoted", (3, 4), None)]
    assert [route.at_least_e4 for route in best_routes(network, "A", "D")] == [100 * USD, 0]


def test_box_stays_closed_and_loose_goods_change_within_their_group():
    carriers = {
        "20DC": Carrier("20DC"),
        "40RF": Carrier("40RF"),
        "WHOP": Carrier("WHOP", frozenset({"loose_dry"})),
        "BULKV": Carrier("BULKV", frozenset({"loose_dry"})),
    }
    legs = (
        hop("box in", "A", "B"),
        hop("reefer out", "B", "D", equipment="40RF"),
        hop("vessel", "A", "C", equipment="BULKV"),
        hop("wagon", "C", "D", "rail", equipment="WHOP"),
    )
    terminals = {(place, one): Handling(0, 0) for place in "ABCD" for one in carriers}

    assert told(Network(carriers, legs, terminals)) == [("vessel wagon", (2, 2), 2)]


def test_every_line_of_a_route_is_told():
    quotes = {
        ("A", "20FLX"): Handling(10 * USD, 12 * USD, ("T1", "T2")),
        ("B", "20FLX"): Handling(20 * USD, 20 * USD, ("T3",)),
    }
    network = Network(
        {"20FLX": Carrier("20FLX")},
        (
            hop("sea", "A", "B", equipment="20FLX", usd=100, quotes=("Q1",), distance_km=4466, days=(8, 14)),
            hop("rail", "B", "D", "rail", equipment="20FLX", usd=70, quotes=("Q2",), distance_km=4344, days=(6, 14)),
        ),
        {**quotes, ("D", "20FLX"): Handling(5 * USD, 5 * USD, ("T4",))},
        {("A", "20FLX"): Handling(19 * USD, 19 * USD, ("F1",))},
        frozenset({"20FLX"}),
    )

    (route,) = best_routes(network, "A", "D")

    assert route.charges == (
        Charge("fitting", "A", "20FLX", 19 * USD, 19 * USD, ("F1",)),
        Charge("terminal", "A", "20FLX", 10 * USD, 12 * USD, ("T1", "T2")),
        Charge("leg", "sea", "20FLX", 100 * USD, 100 * USD, ("Q1",)),
        Charge("terminal", "B", "20FLX", 20 * USD, 20 * USD, ("T3",)),
        Charge("leg", "rail", "20FLX", 70 * USD, 70 * USD, ("Q2",)),
        Charge("terminal", "D", "20FLX", 5 * USD, 5 * USD, ("T4",)),
    )
    assert (route.low_e4, route.high_e4) == (224 * USD, 226 * USD)
    assert (route.days_low, route.days_high, route.distance_km) == (14, 28, 8810)
    assert (route.places, route.modes) == (("A", "B", "D"), ("sea", "rail"))


def test_truck_needs_no_terminal_at_either_end():
    network = Network(BOX, (hop("road", "A", "B", "road"), hop("last", "B", "D", "road")))

    assert told(network) == [("road last", (2, 2), 2)]


def test_missing_terminal_makes_the_cost_not_known_and_keeps_the_rest():
    network = Network(BOX, (hop("sea", "A", "D", usd=100),), {("A", "20DC"): Handling(7 * USD, 7 * USD)})

    (route,) = best_routes(network, "A", "D")

    assert (route.low_e4, route.high_e4, route.at_least_e4) == (None, None, 107 * USD)
    assert route.charges[-1] == Charge("terminal", "D", "20DC", None, None)


def test_through_rate_stands_for_its_legs_and_terminals():
    legs = (
        hop("truck", "A", "B", "road", usd=3),
        hop("sea", "B", "C", usd=100),
        hop("rail", "C", "D", "rail", usd=100),
        hop("T1", "B", "D", "through", usd=150, holds_terminals=True, passed=("B", "C", "D"), quotes=("T1",)),
    )
    terminals = {(place, "20DC"): Handling(10 * USD, 10 * USD) for place in "ABCD"}

    (route,) = best_routes(Network(BOX, legs, terminals), "A", "D")

    assert [(line.kind, line.at, line.high_e4 / USD) for line in route.charges] == [
        ("leg", "truck", 3),
        ("through", "T1", 150),
    ]
    assert route.places == ("A", "B", "C", "D")


def test_composite_leg_is_never_chained_with_its_parts():
    legs = (
        hop("whole", "A", "C", "rail_sea", parts=frozenset({"part", "other"})),
        hop("part", "C", "D"),
        hop("around", "C", "E"),
        hop("last", "E", "D"),
    )

    assert told(Network(BOX, legs, FREE)) == [("whole around last", (3, 3), 3)]


def test_one_place_needs_no_way():
    (route,) = best_routes(Network(BOX, ()), "A", "A")

    assert (route.hops, route.days_high, route.high_e4) == ((), 0, 0)


def test_no_way_is_no_route():
    assert best_routes(Network(BOX, (hop("back", "D", "A"),)), "A", "D") == []


@pytest.mark.parametrize(
    "facts",
    [{"days_low": -1}, {"days_high": 0}, {"cost_low_e4": 3}, {"cost_high_e4": -1, "cost_low_e4": -2}],
    ids=str,
)
def test_hop_that_makes_no_sense_is_refused(facts):
    sound = Hop("L1", "A", "B", "sea", "20DC", 1, 2)

    with pytest.raises(ValueError, match="L1"):
        replace(sound, **facts)


@settings(max_examples=300)
@given(network=networks())
def test_routes_are_exactly_those_that_none_of_all_ways_beats(network):
    everything = [priced(network, way) for way in every_way(network, "A", "E")]
    known = {(cost, days) for cost, days in everything if cost is not None}
    best = {
        (cost, days)
        for cost, days in known
        if not any(c <= cost and d <= days and (c, d) != (cost, days) for c, d in known)
    }
    fastest_unknown = min((days for cost, days in everything if cost is None), default=None)
    if fastest_unknown is not None and fastest_unknown < min((days for _cost, days in known), default=10**9):
        best.add((None, fastest_unknown))

    found = [(route.high_e4, route.days_high) for route in best_routes(network, "A", "E")]

    assert sorted(found, key=repr) == sorted(best, key=repr)


@given(network=networks())
def test_order_in_which_legs_are_told_changes_nothing(network):
    turned = replace(network, hops=network.hops[::-1])

    assert best_routes(turned, "A", "E") == best_routes(network, "A", "E")


@given(network=networks())
def test_search_towards_one_place_finds_what_the_search_of_all_places_finds(network):
    assert routes_towards(network, "A", "E") == best_routes(network, "A", "E")
