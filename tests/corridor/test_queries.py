"""What the corridor answers: rates in force, and the law of a way."""

import datetime as dt
from decimal import Decimal

import pytest

from corridor.law import LaneLaw
from corridor.queries import Rate, rates_in_force, standing_requirements
from tests.factories import (
    CommodityFactory,
    ExchangeRateFactory,
    HeadingFactory,
    RequirementFactory,
    below,
)

pytestmark = pytest.mark.django_db
NOV_25 = dt.date(2026, 11, 25)


def test_rates_in_force_are_the_newest_not_after_the_day():
    for day, value in ((20, "0.0019"), (24, "0.0020"), (26, "0.0021")):
        ExchangeRateFactory(on=dt.date(2026, 11, day), usd_per_unit=Decimal(value), source=f"list of {day} November")

    assert rates_in_force(NOV_25) == {
        "KZT": Rate("KZT", Decimal("0.0020"), dt.date(2026, 11, 24), "list of 24 November", "example")
    }


def test_rates_in_force_has_one_rate_for_each_currency():
    ExchangeRateFactory(currency="KZT", on=dt.date(2026, 11, 1))
    ExchangeRateFactory(currency="KZT", on=dt.date(2026, 11, 2))
    ExchangeRateFactory(currency="IDR", on=dt.date(2026, 11, 1))
    ExchangeRateFactory(currency="EUR", on=dt.date(2026, 12, 1))

    assert {currency: rate.on.day for currency, rate in rates_in_force(NOV_25).items()} == {"KZT": 2, "IDR": 1}


@pytest.mark.parametrize(
    "unsure",
    [
        {"confidence": "secondary"},
        {"class_confidence": "unsure"},
        {"stage": "before_contract"},
        {"kind": "info"},
        {"valid_from": dt.date(2026, 11, 26)},
        {"valid_to": dt.date(2026, 11, 24)},
    ],
    ids=lambda unsure: "".join(unsure),
)
def test_standing_requirements_leave_out_what_may_not_refuse_a_pair(unsure):
    RequirementFactory(**unsure)

    assert standing_requirements(NOV_25) == []


def test_standing_requirements_hold_on_their_first_and_last_day():
    RequirementFactory(valid_from=NOV_25, valid_to=NOV_25)

    assert len(standing_requirements(NOV_25)) == 1


def test_standing_requirements_speak_of_a_commodity_by_its_interval():
    heading = HeadingFactory()
    flour = CommodityFactory(**below(heading, 1))
    requirement = RequirementFactory(commodity=flour, sectors=["grains"], bearer="buyer")

    assert standing_requirements(NOV_25) == [
        LaneLaw(
            requirement=requirement.code,
            origin="KZ",
            destination="ID",
            sectors=frozenset(),
            tree=(flour.tree_lo, flour.tree_hi),
            certificate_kind=requirement.certificate_kind.code,
            bearer="buyer",
        )
    ]


def test_a_requirement_of_both_directions_binds_each_way():
    RequirementFactory(direction="both")

    assert [(law.origin, law.destination) for law in standing_requirements(NOV_25)] == [("ID", "KZ"), ("KZ", "ID")]
