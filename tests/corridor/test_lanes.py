"""One lane: its routes as a page tells them, what a quote that lapsed leaves, and why there may be no route."""

import datetime as dt
from decimal import Decimal

import pytest

from commodities.facts import Confidence
from corridor.enums import Currency, LegStatus
from corridor.lanes import NoRoute, Why, lane_routes
from corridor.legs import legs_on
from corridor.models import Place
from corridor.side_by_side import starts, ways_told
from corridor.ways import Load, Ways
from tests.factories import (
    ClassEquipmentFactory,
    EquipmentFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    LegSwitchFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
DRY = Load("dry_container")


@pytest.fixture
def sea():
    """A port of Indonesia, one of China."""
    ClassEquipmentFactory()
    return leg("SEA", "IDKRG", "CNLYG", mode="sea")


@pytest.fixture
def rail():
    return leg("RAIL", "CNLYG", "KZALA")


def leg(code: str, origin: str, destination: str, **facts):
    ends = [PlaceFactory(code=place, country=place[:2]) for place in (origin, destination)]
    made = LegFactory(code=code, origin=ends[0], destination=ends[1], distance_km=1000, **facts)
    LegEquipmentFactory(leg=made)
    return made


def why(load: Load = DRY, origin: str = "IDKRG", destination: str = "KZALA") -> NoRoute:
    routes, none = lane_routes(Ways(DAY), load, origin, destination)
    assert routes == []
    return none


def told(origin: str = "IDKRG", destination: str = "KZALA"):
    ways = Ways(DAY)
    routes, none = lane_routes(ways, DRY, origin, destination)
    assert none is None
    return ways_told(routes, ways, {place.code: place for place in Place.objects.all()}, legs_on(DAY))


def test_route_is_told_line_by_line_with_the_quotes_it_rests_on(sea, rail):
    quotes = [FreightQuoteFactory(leg=sea, amount=1000), FreightQuoteFactory(leg=rail, amount=3000)]
    FreightQuoteFactory(code="QT", at=sea.origin, amount=100, confidence=Confidence.EXAMPLE)
    for place in (sea.destination, rail.destination):
        FreightQuoteFactory(at=place, amount=100)

    (way,) = told()

    lines = [(line.kind, line.origin.code, line.low, [quote.code for quote in line.quotes]) for line in way.lines]
    assert lines[:4] == [
        ("terminal", "IDKRG", Decimal(5), ["QT"]),
        ("leg", "IDKRG", Decimal(50), [quotes[0].code]),
        ("terminal", "CNLYG", Decimal(5), [way.lines[2].quotes[0].code]),
        ("leg", "CNLYG", Decimal(150), [quotes[1].code]),
    ]
    assert (way.low, way.high) == (Decimal(215), Decimal(215))
    assert (way.countries, way.borders) == (["Indonesia", "China", "Kazakhstan"], 2)
    assert (way.is_cheapest, way.is_fastest, way.examples, way.quotes) == (True, True, 1, 5)


def test_line_without_a_quote_names_the_one_that_lapsed(sea, rail):
    expired = FreightQuoteFactory(leg=rail, valid_to=DAY - dt.timedelta(1))
    FreightQuoteFactory(leg=rail, valid_to=DAY - dt.timedelta(9))
    in_euro = FreightQuoteFactory(at=rail.destination, currency=Currency.EUR)
    FreightQuoteFactory(leg=sea, valid_from=DAY + dt.timedelta(1))

    (way,) = told()

    assert [(line.kind, line.charge.at, line.lapsed) for line in way.lines if line.low is None] == [
        ("terminal", "IDKRG", None),
        ("leg", "SEA", None),
        ("terminal", "CNLYG", None),
        ("leg", "RAIL", expired),
        ("terminal", "KZALA", in_euro),
    ]
    assert (way.low, way.at_least, way.is_cheapest) == (None, 0, False)


def test_line_without_a_quote_names_the_one_without_a_rate_and_not_the_example_that_gave_way(sea, rail):
    later = {"valid_to": DAY + dt.timedelta(900), "currency": Currency.USD}
    FreightQuoteFactory(leg=rail, confidence=Confidence.EXAMPLE, **later)
    in_euro = FreightQuoteFactory(leg=rail, currency=Currency.EUR)

    (way,) = told()

    assert [line.lapsed for line in way.lines if line.charge.at == "RAIL"] == [in_euro]


def test_ways_are_told_with_the_same_queries_however_many(sea, rail, django_assert_num_queries):
    FreightQuoteFactory(leg=leg("FAST", "IDKRG", "KZALA", transit_days_low=1, transit_days_high=2))
    ways = Ways(DAY)
    routes, _none = lane_routes(ways, DRY, "IDKRG", "KZALA")
    places, legs = {place.code: place for place in Place.objects.all()}, list(legs_on(DAY))

    with django_assert_num_queries(3):
        ways_told(routes[:1], ways, places, legs)
    with django_assert_num_queries(3):
        ways_told(routes * 2, ways, places, legs)


def test_ports_of_indonesia_are_compared_in_both_directions(sea, rail):
    leg("SEA2", "IDSUB", "CNLYG", mode="sea", transit_days_low=2, transit_days_high=3)
    PlaceFactory(code="IDTPP")
    places = {place.code: place for place in Place.objects.all()}

    there = starts(Ways(DAY), DRY, "IDKRG", "KZALA", places)
    back = starts(Ways(DAY), DRY, "KZALA", "IDSUB", places)

    assert [(one.place.code, one.is_asked, one.fastest and one.fastest.days_high) for one in there] == [
        ("IDKRG", True, 60),
        ("IDSUB", False, 33),
        ("IDTPP", False, None),
    ]
    assert [(one.origin, one.destination, one.is_asked) for one in back] == [
        ("KZALA", "IDSUB", True),
        ("KZALA", "IDKRG", False),
        ("KZALA", "IDTPP", False),
    ]
    assert starts(Ways(DAY), DRY, "KZALA", "CNLYG", places) == []
    assert starts(Ways(DAY), Load("live_animals"), "IDKRG", "KZALA", places) == []


def test_no_route_since_nothing_carries_the_class(sea, rail):
    assert why(Load("live_animals")) == NoRoute(Why.NO_EQUIPMENT)


def test_no_route_since_the_equipment_fits_only_some_goods(sea, rail):
    ClassEquipmentFactory(transport_class="odd", equipment=EquipmentFactory(), only_some_goods=True)

    assert why(Load("odd")) == NoRoute(Why.ONLY_SOME_GOODS)


def test_no_route_since_only_vessels_come_and_for_more(sea, rail):
    ClassEquipmentFactory(transport_class="oil", equipment=EquipmentFactory(), net_load_kg=3_000_000)

    assert why(Load("oil", 1_000_000)) == NoRoute(Why.SMALL_SHIPMENT, smallest_kg=3_000_000)


def test_no_route_names_the_fewest_legs_that_would_have_to_open(sea, rail):
    LegSwitchFactory(leg=rail, is_open=False, from_day=DAY)
    around = [leg("R1", "CNLYG", "KGX"), leg("R2", "KGX", "KZALA")]
    type(rail).objects.filter(pk__in=[one.pk for one in around]).update(status=LegStatus.DISRUPTED)

    none = why()

    assert (none.why, [(one.code, one.switch.reason) for one in none.legs]) == (
        Why.LEGS_SHUT,
        [("RAIL", "Ice on the line")],
    )


def test_no_route_names_a_leg_whose_days_nobody_knows(sea, rail):
    type(rail).objects.filter(pk=rail.pk).update(transit_days_low=None, transit_days_high=None)

    assert [(one.code, one.state) for one in why().legs] == [("RAIL", "no_days")]


def test_no_route_since_no_leg_leads_there_in_that_equipment(sea):
    rail = LegFactory(code="RAIL", origin=sea.destination, destination=PlaceFactory(code="KZALA", country="KZ"))
    LegEquipmentFactory(leg=rail, equipment=EquipmentFactory(code="TRUCK"))

    assert why() == NoRoute(Why.NO_LEG, equipment=("20DC",))
