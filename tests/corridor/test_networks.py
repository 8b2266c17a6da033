"""The network of a day: open legs, quotes in force, rates of the day; what is missing stays not known."""

import datetime as dt
from decimal import Decimal

import pytest

from commodities.facts import Confidence
from corridor.engine import Handling, best_routes
from corridor.enums import Currency, LegStatus, QuotePer, QuoteScope
from corridor.networks import Corridors
from tests.factories import (
    ClassEquipmentFactory,
    EquipmentFactory,
    ExchangeRateFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
E4 = 10_000


@pytest.fixture
def leg():
    """One leg that a box of 20 tonnes passes, both ways."""
    ClassEquipmentFactory()
    ends = PlaceFactory(code="PORT"), PlaceFactory(code="TOWN", country="KZ")
    leg = LegFactory(code="L1", origin=ends[0], destination=ends[1], distance_km=4000)
    LegEquipmentFactory(leg=leg)
    return leg


def hops(on=DAY, **facts) -> list[tuple]:
    """Each hop: where from, where to, low and high in USD per tonne."""
    return [
        (
            hop.origin,
            hop.destination,
            hop.cost_low_e4 and hop.cost_low_e4 / E4,
            hop.cost_high_e4 and hop.cost_high_e4 / E4,
        )
        for hop in Corridors(on, **facts).network("dry_container").hops
    ]


def test_leg_leads_both_ways_and_costs_what_was_quoted_for_each(leg):
    FreightQuoteFactory(leg=leg, amount=2000)

    assert hops() == [("PORT", "TOWN", 100, 100), ("TOWN", "PORT", None, None)]


@pytest.mark.parametrize(
    ("facts", "usd_per_t"),
    [
        ({"amount": 90, "per": QuotePer.TONNE}, 90),
        ({"amount": Decimal("0.25"), "per": QuotePer.KILOGRAM}, 250),
        ({"amount": 1_000_000, "currency": Currency.KZT}, 100),
        ({"amount": Decimal("2000.0012")}, 100.0001),
    ],
    ids=["per tonne", "per kilogram", "in tenge", "to the nearest ten-thousandth"],
)
def test_quote_is_turned_into_usd_per_tonne(leg, facts, usd_per_t):
    ExchangeRateFactory(usd_per_unit=Decimal("0.002"))
    FreightQuoteFactory(leg=leg, **facts)

    assert hops()[0] == ("PORT", "TOWN", usd_per_t, usd_per_t)


def test_several_quotes_for_one_thing_are_a_range(leg):
    for amount in (2400, 2000, 2200):
        FreightQuoteFactory(leg=leg, amount=amount)

    assert hops()[0] == ("PORT", "TOWN", 100, 120)


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_to": DAY - dt.timedelta(1)},
        {"valid_from": DAY + dt.timedelta(1)},
        {"currency": Currency.EUR},
    ],
    ids=["expired", "not yet in force", "currency without a rate"],
)
def test_quote_that_does_not_hold_is_none(leg, facts):
    FreightQuoteFactory(leg=leg, **facts)

    assert hops()[0] == ("PORT", "TOWN", None, None)


@pytest.mark.parametrize(
    ("facts", "statuses", "is_open"),
    [
        ({"status": LegStatus.SEASONAL}, {}, True),
        ({"status": LegStatus.DISRUPTED}, {}, False),
        ({"status": LegStatus.DISRUPTED}, {"statuses": [LegStatus.DISRUPTED]}, True),
        ({"transit_days_low": None, "transit_days_high": None}, {}, False),
    ],
    ids=["seasonal", "disrupted", "switched on", "days not known"],
)
def test_leg_is_open_by_its_state_and_only_with_days(leg, facts, statuses, is_open):
    type(leg).objects.filter(pk=leg.pk).update(**facts)

    assert (hops(**statuses) != []) == is_open


def test_vessel_comes_only_for_a_whole_parcel(leg):
    vessel = EquipmentFactory(code="BULKV", chain_groups=["loose_dry"])
    ClassEquipmentFactory(equipment=vessel, preference=2, net_load_kg=5_000_000)
    LegEquipmentFactory(leg=leg, equipment=vessel)
    network = Corridors(DAY).network

    assert set(network("dry_container").carriers) == {"20DC"}
    assert set(network("dry_container", shipment_kg=4_999_999).carriers) == {"20DC"}
    assert set(network("dry_container", shipment_kg=5_000_000).carriers) == {"20DC", "BULKV"}


@pytest.mark.parametrize(
    ("unit_kg", "usd_per_t"), [(None, 100), (16_000, 125), (30_000, 100)], ids=["usual", "stated", "more than it takes"]
)
def test_box_is_paid_by_what_the_seller_loads_into_it(leg, unit_kg, usd_per_t):
    FreightQuoteFactory(leg=leg, amount=2000)

    first = Corridors(DAY).network("dry_container", unit_kg=unit_kg).hops[0]

    assert first.cost_low_e4 == usd_per_t * E4


def test_equipment_for_some_goods_of_a_class_is_never_taken_for_all(leg):
    tank = EquipmentFactory(code="20TK")
    ClassEquipmentFactory(equipment=tank, preference=2, only_some_goods=True)
    LegEquipmentFactory(leg=leg, equipment=tank)

    assert set(Corridors(DAY).network("dry_container").carriers) == {"20DC"}


def test_terminals_and_fittings_are_told_by_place_and_equipment(leg):
    quote = FreightQuoteFactory(at=leg.origin, amount=100)
    bag = FreightQuoteFactory(at=leg.origin, amount=400, scope=QuoteScope.FITTING)

    network = Corridors(DAY).network("dry_container")

    assert network.terminals == {("PORT", "20DC"): Handling(5 * E4, 5 * E4, (quote.code,))}
    assert network.fittings == {("PORT", "20DC"): Handling(20 * E4, 20 * E4, (bag.code,))}
    assert network.needs_fitting == {"20DC"}


def test_through_rate_has_the_days_of_the_cheapest_route_by_legs(leg):
    lane = FreightQuoteFactory(
        scope=QuoteScope.LANE,
        origin=leg.origin,
        destination=leg.destination,
        amount=1000,
        confidence=Confidence.EXAMPLE,
    )

    (route,) = best_routes(Corridors(DAY).network("dry_container"), "PORT", "TOWN")

    assert [(line.kind, line.at, line.high_e4) for line in route.charges] == [("through", lane.code, 50 * E4)]
    assert (route.days_low, route.days_high, route.distance_km, route.places) == (20, 30, 4000, ("PORT", "TOWN"))


def test_through_rate_of_a_lane_that_no_leg_joins_leads_nowhere(leg):
    FreightQuoteFactory(
        scope=QuoteScope.LANE, origin=leg.origin, destination=PlaceFactory(code="FAR", country="KZ"), amount=1000
    )

    assert best_routes(Corridors(DAY).network("dry_container"), "PORT", "FAR") == []


def test_networks_of_a_day_are_read_with_the_same_queries_however_many(leg, django_assert_num_queries):
    FreightQuoteFactory(leg=leg)

    with django_assert_num_queries(5):
        day = Corridors(DAY)
        assert [len(day.network(name).hops) for name in ("dry_container", "reefer", "dry_container")] == [2, 0, 2]
