"""Routes at the terminal: what a forwarder would be asked to beat."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import (
    ClassEquipmentFactory,
    CommodityFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    LegSwitchFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db
ON = "--on=2026-11-25"


@pytest.fixture(autouse=True)
def leg():
    ClassEquipmentFactory()
    ends = PlaceFactory(code="PORT"), PlaceFactory(code="TOWN", country="KZ")
    leg = LegFactory(code="L1", origin=ends[0], destination=ends[1], distance_km=4000)
    LegEquipmentFactory(leg=leg)
    return leg


def routes(*arguments: str) -> str:
    out = StringIO()
    call_command("routes", *arguments, ON, stdout=out)
    return out.getvalue()


def test_routes_tell_days_cost_and_every_line(leg):
    CommodityFactory(code="plywood", transport_class="dry_container")
    FreightQuoteFactory(code="Q1", leg=leg, amount=2000)
    FreightQuoteFactory(code="Q2", at=leg.origin, amount=100)
    FreightQuoteFactory(code="Q3", at=leg.destination, amount=200)
    FreightQuoteFactory(code="Q4", at=leg.destination, amount=300)

    assert routes("PORT", "TOWN", "--commodity=plywood").splitlines() == [
        "PORT - TOWN (rail): 20 to 30 days, 4000 km, 115.00 to 120.00 USD/t",
        "  terminal PORT                 20DC   5.00 USD/t  Q2",
        "  leg      L1                   20DC   100.00 USD/t  Q1",
        "  terminal TOWN                 20DC   10.00 to 15.00 USD/t  Q3 Q4",
    ]


def test_routes_say_what_is_not_known(leg):
    FreightQuoteFactory(code="Q1", leg=leg, amount=2000)

    assert routes("PORT", "TOWN", "--transport-class=dry_container").splitlines() == [
        "PORT - TOWN (rail): 20 to 30 days, 4000 km, not known, at least 100.00 USD/t",
        "  terminal PORT                 20DC   not known",
        "  leg      L1                   20DC   100.00 USD/t  Q1",
        "  terminal TOWN                 20DC   not known",
    ]


def test_routes_for_programs_are_exact(leg):
    FreightQuoteFactory(code="Q1", leg=leg, amount=2000)

    assert json.loads(routes("PORT", "TOWN", "--transport-class=dry_container", "--json")) == [
        {
            "places": ["PORT", "TOWN"],
            "modes": ["rail"],
            "days": [20, 30],
            "distance_km": 4000,
            "usd_per_t": None,
            "at_least_usd_per_t": "100.0000",
            "lines": [
                {"for": "terminal", "at": "PORT", "equipment": "20DC", "usd_per_t": None, "quotes": []},
                {
                    "for": "leg",
                    "at": "L1",
                    "equipment": "20DC",
                    "usd_per_t": ["100.0000", "100.0000"],
                    "quotes": ["Q1"],
                },
                {"for": "terminal", "at": "TOWN", "equipment": "20DC", "usd_per_t": None, "quotes": []},
            ],
        }
    ]


def test_routes_say_that_no_route_is_known():
    PlaceFactory(code="FAR")

    assert routes("PORT", "FAR", "--transport-class=dry_container") == (
        "No route is known from PORT to FAR for dry_container: no leg leads there for 20DC.\n"
    )


def test_routes_name_the_leg_that_is_closed(leg):
    LegSwitchFactory(leg=leg, is_open=False, from_day=dt.date(2026, 11, 25))

    assert routes("PORT", "TOWN", "--transport-class=dry_container") == (
        "No route is known from PORT to TOWN for dry_container: closed, or without days: L1.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("NOWHERE", "TOWN", "--transport-class=reefer"), "There is no place 'NOWHERE'."),
        (("PORT", "TOWN", "--transport-class=carpet"), "There is no transport class 'carpet'."),
        (("PORT", "TOWN", "--commodity=dreams"), "There is no tradable commodity 'dreams'."),
    ],
)
def test_routes_refuse_what_is_not_there(arguments, refusal):
    with pytest.raises(CommandError, match=refusal):
        routes(*arguments)
