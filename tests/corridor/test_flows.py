"""Maps of flows: along the fastest open legs, as broad as their tonnes, the two ways beside each other."""

import datetime as dt
from decimal import Decimal

import pytest

from corridor.enums import Mode
from corridor.flows import BROADEST, EAST, THINNEST, WEST, Flow, flow_map_of, thinned, to_the_right
from corridor.models import LegSwitch
from tests.factories import LegFactory, LegSwitchFactory, PlaceFactory

ON = dt.date(2026, 11, 26)


def place(code: str, lat: float, lon: float, **facts):
    return PlaceFactory(code=code, lat=Decimal(str(lat)), lon=Decimal(str(lon)), **facts)


@pytest.fixture
def network(db):
    """A coast, a port in between and an inland town: by sea and rail, or by air at once."""
    coast, between = place("X-COAST", -1.3, 116.8), place("X-PORT", 34.7, 119.4, country="CN")
    town = place("X-TOWN", 43.2, 76.9, country="KZ")
    return {
        "sea": LegFactory(origin=coast, destination=between, mode=Mode.SEA),
        "rail": LegFactory(origin=between, destination=town, mode=Mode.RAIL),
        "air": LegFactory(origin=coast, destination=town, mode=Mode.AIR, transit_days_low=1, transit_days_high=2),
    }


def there(kg: int) -> Flow:
    return Flow("X-COAST", "X-TOWN", WEST, kg)


def back(kg: int) -> Flow:
    return Flow("X-TOWN", "X-COAST", EAST, kg)


def test_flows_add_up_where_they_run_together_and_are_as_broad_as_their_tonnes(network):
    shown = flow_map_of([there(300_000), there(100_000), back(40_000), back(1)], on=ON)

    widths = {(band.way, band.kg, band.width) for band in shown.bands}
    assert widths == {(WEST, 400_000, BROADEST), (EAST, 40_001, round(BROADEST * 40_001 / 400_000, 1))}
    assert {band.is_rail for band in shown.bands} == {True, False}
    assert (shown.undrawn_kg, shown.thinnest_kg) == (0, int(400_000 * THINNEST / BROADEST))


def test_places_where_goods_start_arrive_or_change_are_dots(network):
    shown = flow_map_of([there(1000)], on=ON)

    assert {(dot.places[0].code, dot.kind) for dot in shown.dots} == {
        ("X-COAST", "end"),
        ("X-PORT", "stop"),
        ("X-TOWN", "end"),
    }


def test_goods_fly_only_where_no_other_way_is_open(network):
    LegSwitchFactory(leg=network["rail"], is_open=False, from_day=ON)

    shown = flow_map_of([there(1000)], on=ON)

    assert [band.is_rail for band in shown.bands] == [False]
    assert [line.leg for line in shown.shut] == [network["rail"]]
    assert {dot.places[0].code for dot in shown.dots} == {"X-COAST", "X-TOWN"}


def test_what_no_way_is_known_for_is_counted_not_drawn(network):
    LegSwitch.objects.bulk_create(
        LegSwitch(leg=leg, is_open=False, from_day=ON, reason="a test") for leg in network.values()
    )
    place("X-FAR", 50, 50)

    shown = flow_map_of([there(700), Flow("", "X-TOWN", WEST, 50), Flow("X-FAR", "X-TOWN", WEST, 3)], on=ON)

    assert (shown.bands, shown.dots, shown.undrawn_kg) == ([], [], 753)


def test_the_same_flows_give_the_same_map_in_any_order(network):
    flows = [there(300), back(200), there(100)]

    assert flow_map_of(flows, on=ON) == flow_map_of(flows[::-1], on=ON)


def test_map_asks_two_queries(network, django_assert_num_queries):
    with django_assert_num_queries(2):
        flow_map_of([there(300), back(200)], on=ON)


def test_what_comes_the_other_way_has_the_other_side():
    line = [(0.0, 0.0), (10.0, 0.0)]

    assert to_the_right(line, 2) == [(0.0, 2.0), (10.0, 2.0)]
    assert to_the_right(line[::-1], 2) == [(10.0, -2.0), (0.0, -2.0)]


def test_thinned_line_keeps_its_ends_and_what_is_far_enough():
    assert thinned([(0, 0), (1, 0), (8, 0), (9, 0), (12, 0)], 6) == [(0, 0), (8, 0), (12, 0)]
