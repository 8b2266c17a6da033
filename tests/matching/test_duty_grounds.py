"""On the page of a match the import duty names the row of the tariff, and the choice by which a person picked it."""

import datetime as dt
from types import SimpleNamespace

import pytest

from corridor.engine.landed import CostLine
from corridor.models import DutyChoice
from corridor.ways import Trip, Ways
from matching.one_match.line_words import grounds_of
from matching.one_match.pair_facts import Names
from matching.one_match.waterfall import Ground
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory

pytestmark = pytest.mark.django_db


def test_duty_rests_on_the_line_and_on_who_picked_it():
    olein = CommodityFactory(code="rbd-palm-olein", hs_code="151190")
    line, _other = tariff("1511901902"), tariff("1511909908", ad_valorem_pct=0)
    choice = DutyChoice.objects.create(
        commodity=olein, market="KZ", tariff=line, reason="solid fractions", source="letter of a broker"
    )
    ways = Ways(dt.date(2026, 11, 25))
    pair = SimpleNamespace(trip=Trip(olein, "ID", "KZ"))
    duties = ways.customs(pair.trip).duties
    cost = CostLine("import_duty", None, None, sources=duties[0].sources)
    names = Names(places={}, legs={}, equipment={}, quotes={}, lapsed={})

    address = "/corridor/duties/goods/rbd-palm-olein/KZ/"
    assert grounds_of(cost, pair, ways, names) == (
        Ground(line.code, address, "a test", None, "verified", is_example=False),
        Ground(choice.code, address, "letter of a broker", None, "secondary", is_example=False),
    )
