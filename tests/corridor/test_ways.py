"""The ways of a day: by what their version changes, and by what it does not."""

import datetime as dt
from decimal import Decimal

import pytest

from corridor.models import Equipment, Place
from corridor.ways import Assumptions, Ways
from tests.factories import ExchangeRateFactory, FreightQuoteFactory, LegEquipmentFactory, LegFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)


@pytest.fixture
def leg():
    leg = LegFactory()
    LegEquipmentFactory(leg=leg)
    return leg


def version(**assumed) -> str:
    return Ways(DAY, Assumptions(**assumed)).version()


@pytest.mark.parametrize(
    "change",
    [
        lambda leg: FreightQuoteFactory(leg=leg),
        lambda leg: ExchangeRateFactory(),
        lambda leg: Equipment.objects.update(payload_kg=26_000),
        lambda leg: Place.objects.filter(pk=leg.origin_id).update(country="CN"),
    ],
    ids=["quote", "rate", "equipment", "place"],
)
def test_version_changes_with_what_ways_are_made_from(leg, change):
    before = version()

    change(leg)

    assert version() != before


def test_version_tells_what_is_assumed_and_not_in_which_order(leg):
    both = version(preferences=frozenset(["I-EAEU", "GSP"]))

    assert version(preferences=frozenset(["GSP", "I-EAEU"])) == both
    assert len({both, version(), version(preferences=frozenset()), version(freight_percent=Decimal(10))}) == 4


def test_version_of_a_quote_that_does_not_hold_yet_is_that_of_none(leg):
    before = version()

    FreightQuoteFactory(leg=leg, valid_from=DAY + dt.timedelta(1))

    assert version() == before
