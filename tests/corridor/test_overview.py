"""The map page: all legs, and the routes of a lane that is asked for in the address."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from commodities.facts import Confidence
from corridor.enums import LegStatus
from tests.factories import (
    ClassEquipmentFactory,
    CommodityFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    LegSwitchFactory,
    PlaceFactory,
)
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE = reverse("corridor:overview")
DAY = dt.date(2026, 11, 25)
LANE = {"origin": "IDKRG", "destination": "KZALA", "goods": "plywood", "on": "2026-11-25"}


@pytest.fixture(autouse=True)
def officer(client):
    user = person(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def leg():
    """By rail from Kariangau to Almaty, as only a map can: the one leg for plywood."""
    ClassEquipmentFactory()
    CommodityFactory(code="plywood", name_en="Plywood", transport_class="dry_container")
    port = PlaceFactory(code="IDKRG", name_en="Kariangau terminal, Balikpapan", lat=-1.27, lon=116.83)
    town = PlaceFactory(code="KZALA", name_en="Almaty", country="KZ", lat=43.25, lon=76.9)
    leg = LegFactory(code="L1", origin=port, destination=town, distance_km=9000)
    LegEquipmentFactory(leg=leg)
    return leg


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_map_page_shows_every_leg_its_state_and_what_is_closed(client, leg):
    LegSwitchFactory(leg=LegFactory(origin=leg.destination, destination=leg.origin), reason="A strike", from_day=DAY)
    LegFactory(code="LOST")

    page = client.get(PAGE).text

    assert "3 legs join the two countries" in page
    assert page.count('tabindex="-1"><title>') == 2
    assert "A strike" in page
    assert "Not drawn, since nobody knows where one of its ends lies: 1 leg." in page


def test_leg_that_a_person_closed_stands_before_those_closed_in_the_data(client, leg):
    in_data = LegFactory(origin=leg.destination, destination=leg.origin, code="L000", status=LegStatus.DISRUPTED)
    LegSwitchFactory(leg=leg, reason="A strike", from_day=DAY)

    response = client.get(PAGE)

    assert response.context["shut"] == [leg, in_data]


def test_lane_shows_its_route_line_by_line_with_examples_marked(client, leg):
    FreightQuoteFactory(code="Q1", leg=leg, amount=2000, confidence=Confidence.EXAMPLE)
    for place in (leg.origin, leg.destination):
        FreightQuoteFactory(at=place, amount=100)

    PlaceFactory(code="IDSUB", name_en="Surabaya")

    words = words_of(client.get(PAGE, LANE).text)

    assert "Almaty: 1 route" in words
    for told in (
        "Route 1 Cheapest Fastest 110 USD/t",
        "20–30 days",
        "9,000 km",
        "1 Indonesia – Kazakhstan",
        "Kariangau terminal – Almaty rail, 9,000 km , 20–30 days Q1 example 100.00",
        "Of the 3 quotes it rests on, 1 is an example.",
        "Surabaya route not known",
        "Each row begins and ends at its own port",
    ):
        assert told in words


def test_lane_with_an_expired_quote_says_so_and_that_the_cost_is_not_known(client, leg):
    FreightQuoteFactory(code="Q1", leg=leg, valid_to=dt.date(2026, 10, 31))
    FreightQuoteFactory(at=leg.origin, amount=100)

    words = words_of(client.get(PAGE, LANE).text)

    assert "not known at least 5 USD/t" in words
    assert "expired on 31 Oct 2026: Q1" in words
    assert "nobody has quoted" in words


def test_lane_that_a_switch_has_closed_says_which_and_why(client, leg):
    LegSwitchFactory(leg=leg, reason="A strike in the port", from_day=DAY, until=DAY)

    closed, day_after = (words_of(client.get(PAGE, LANE | {"on": on}).text) for on in ("2026-11-25", "2026-11-26"))

    assert "The route is not known. There would be a route, were this leg open and its days known:" in closed
    assert "A strike in the port; from 25 Nov 2026 until 25 Nov 2026" in closed
    assert "Route 1" in day_after


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"goods": ""}, "Fill this in."),
        ({"goods": "dreams"}, "dreams is no choice here."),
        ({"origin": "NOWHERE"}, "NOWHERE is no choice here."),
        ({"destination": "IDKRG"}, "Choose another place than the first."),
        ({"on": "soon"}, "“soon”"),
        ({"shipment_t": "1.234"}, "can be read as"),
        ({"shipment_t": "-1"}, "is below zero"),
    ],
)
def test_lane_that_makes_no_sense_is_refused_in_words_and_stays_in_the_form(client, leg, facts, words):
    answer = client.get(PAGE, LANE | facts)

    assert (answer.status_code, words in answer.text) == (400, True)
    assert 'value="KZALA" selected' in answer.text or "destination" in facts


def test_lane_is_asked_for_by_the_way_it_travels_and_for_large_shipments(client, leg):
    asked = LANE | {"goods": "class:dry_container", "shipment_t": "5000"}

    words = words_of(client.get(PAGE, asked).text)

    assert "Almaty: 1 route" in words


def test_page_of_a_lane_costs_the_same_queries_however_many_legs_it_has(client, leg):
    client.get(PAGE, LANE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE, LANE)
    for _ in range(2):
        other = LegFactory(origin=leg.origin, destination=leg.destination)
        LegEquipmentFactory(leg=other)
        LegSwitchFactory(leg=LegFactory(), from_day=DAY)
    with CaptureQueriesContext(connection) as three:
        client.get(PAGE, LANE)

    assert len(three) <= len(one) + 1  # the switches of what is closed
