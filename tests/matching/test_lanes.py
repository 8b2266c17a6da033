"""Departures joined with arrivals, as lanes of the engine."""

import datetime as dt

import numpy as np
import pytest

from corridor.engine.landed import ALL_IN, Point
from corridor.goods import Good
from corridor.law import LaneLaw
from corridor.queries import CorridorFacts
from corridor.ways import Ways
from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS
from matching.services.lanes import law_table, load_lanes
from matching.services.trips import Arrival, Departure
from tests.factories import (
    ClassEquipmentFactory,
    CommodityFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    PlaceFactory,
)
from tests.lanes import insured_for_nothing, quoted_lane

pytestmark = pytest.mark.django_db

OLEIN, FLOUR = 10, 11
LAW = CorridorFacts(
    standing=[
        LaneLaw("R041", "KZ", "ID", frozenset({"palm_oil", "grains"}), None, "halal", "seller"),
        LaneLaw("R045", "KZ", "ID", frozenset(), (200, 202), "sni", "seller"),
        LaneLaw("R040", "KZ", "ID", frozenset(), None, "nib", "buyer"),
    ],
    voluntary=[LaneLaw("R027", "ID", "KZ", frozenset({"palm_oil"}), None, "rspo", "seller")],
    commodities={OLEIN: Good(100, 101, "151190", "palm_oil"), FLOUR: Good(200, 201, "110100", "grains")},
)
KINDS = ("halal", "nib", "rspo", "sni")
NOV_25 = dt.date(2026, 11, 25)


@pytest.fixture
def places():
    return {code: PlaceFactory(code=code, country=code[:2]) for code in ("IDKRG", "IDSUB", "KZALA", "KZAKX")}


@pytest.fixture
def goods():
    return CommodityFactory(pk=FLOUR), CommodityFactory(pk=OLEIN)


def departure(term="FOB", place="IDKRG", commodity=FLOUR, origin="ID", home="IDKRG") -> Departure:
    return Departure(commodity, origin, Point(term, place), home, shipment_kg=0, unit_kg=0)


def arrival(term="DAP", place="KZALA", country="KZ") -> Arrival:
    return Arrival(Point(term, place), country)


def lanes_of(departures, arrivals, occurs=None):
    occurs = np.ones((len(departures), len(arrivals)), bool) if occurs is None else np.array(occurs)
    return load_lanes(departures, arrivals, occurs, Ways(NOV_25), LAW, KINDS)


def at(lanes, end: str, price: float, departure: int = 0, arrival: int = 0) -> float:
    row = lanes.of[departure, arrival]
    return float((getattr(lanes, f"slope_{end}")[row] * price + getattr(lanes, f"cost_{end}")[row]).max())


def test_law_table_is_asked_of_the_seller_and_the_buyer_and_helps():
    flour_to_indonesia = law_table(departure(origin="KZ"), "ID", LAW, KINDS)
    olein_to_kazakhstan = law_table(departure(commodity=OLEIN), "KZ", LAW, KINDS)

    assert flour_to_indonesia.tolist() == [[True, False, False, True], [False, True, False, False], [False] * 4]
    assert olein_to_kazakhstan.tolist() == [[False] * 4, [False] * 4, [False, False, True, False]]


def test_a_lane_has_the_days_costs_and_law_of_its_way(places, goods):
    quoted_lane(places["IDKRG"], places["KZALA"], days=(25, 35), usd=(200, 230))

    lanes = lanes_of([departure(), departure(commodity=OLEIN)], [arrival()])

    assert (lanes.days_low.tolist(), lanes.days_high.tolist()) == ([25, 25], [35, 35])
    assert [at(lanes, end, 800.0) for end in ("low", "high", "at_least")] == [1000, 1030, 1000]
    assert lanes.rests_on_examples.tolist() == [True, True]
    assert lanes.voluntary[lanes.of[:, 0]].tolist() == [[False] * 4, [False, False, True, False]]


def test_equal_lanes_are_one_row_and_pairs_that_do_not_occur_have_none(places, goods):
    quoted_lane(places["IDKRG"], places["KZALA"])

    lanes = lanes_of(
        [departure(home="IDKRG"), departure(home="IDSUB")], [arrival(), arrival("FOB", "IDKRG")], [[1, 0], [1, 1]]
    )

    assert lanes.of.tolist() == [[0, NO_LANE], [0, 1]]


def test_every_route_that_no_other_beats_is_a_row_the_cheapest_first(places, goods):
    ends = {"origin": places["IDKRG"], "destination": places["KZALA"]}
    box = ClassEquipmentFactory().equipment
    for days, usd_per_box in ((60, 2000), (40, 3000), (50, 4000)):
        leg = LegFactory(**ends, transit_days_low=days, transit_days_high=days)
        LegEquipmentFactory(leg=leg, equipment=box)
        FreightQuoteFactory(leg=leg, equipment=box, amount=usd_per_box)
    for place in ends.values():
        FreightQuoteFactory(at=place, equipment=box, amount=0)
    insured_for_nothing()

    lanes = lanes_of([departure()], [arrival()])

    cheapest = lanes.of[0, 0]
    fastest = lanes.next[cheapest]
    assert [lanes.days_high[row] for row in (cheapest, fastest)] == [60, 40]  # 50 days for 4,000 is beaten
    assert [lanes.cost_high[row].tolist() for row in (cheapest, fastest)] == [[100], [150]]
    assert lanes.next[fastest] == NO_LANE


def test_a_point_on_both_sides_is_no_way_at_all(places, goods):
    lanes = lanes_of([departure("FOB", "IDKRG")], [arrival("FOB", "IDKRG")])

    assert (lanes.days_low.tolist(), lanes.days_high.tolist(), at(lanes, "high", 800.0)) == ([0], [0], 800)


def test_a_limit_that_holds_the_duty_is_not_known_where_no_line_of_the_tariff_is(places, goods):
    quoted_lane(places["IDKRG"], places["KZALA"], usd=(200,))

    lanes = lanes_of([departure()], [arrival(ALL_IN)])

    assert (np.isnan(at(lanes, "high", 800.0)), at(lanes, "at_least", 800.0)) == (True, 1000)


@pytest.mark.parametrize(
    ("asked", "limit", "at_least"),
    [
        (("", "IDKRG"), ("DAP", "KZALA"), 1000.0),  # without a term: at least what it would be FOB
        (("", "KZALA"), (ALL_IN, "KZALA"), 800.0),  # it may hold everything already
        (("", "KZALA"), ("DAP", "KZALA"), None),  # it may hold the duty, which would have to be taken out
        (("DAP", "IDKRG"), ("DAP", "KZALA"), None),  # a term of arrival in its own country
        (("FOB", "IDKRG"), ("FOB", "KZALA"), None),  # a term of departure in the buyer's
    ],
)
def test_a_price_of_which_nobody_can_tell_what_it_holds_is_not_known(places, goods, asked, limit, at_least):
    quoted_lane(places["IDKRG"], places["KZALA"], usd=(200,))

    lanes = lanes_of([departure(*asked)], [arrival(*limit)])

    assert np.isnan(at(lanes, "high", 800.0))
    assert at(lanes, "at_least", 800.0) == pytest.approx(at_least if at_least else np.nan, nan_ok=True)


def test_a_price_at_a_term_of_arrival_goes_back_to_where_the_goods_start(places, goods):
    quoted_lane(places["IDKRG"], places["KZAKX"], days=(20, 21), usd=(180,))
    quoted_lane(places["IDKRG"], places["KZALA"], days=(30, 31), usd=(200,))

    known = lanes_of([departure("CPT", "KZAKX")], [arrival("CPT")])
    unknown = lanes_of([departure("CPT", "KZAKX", home="")], [arrival("CPT")])

    assert (known.days_high.tolist(), at(known, "high", 900.0)) == ([31], 920)
    assert (unknown.days_high.tolist(), np.isnan(at(unknown, "at_least", 900.0))) == ([NOT_KNOWN_DAYS], True)


def test_lanes_of_an_empty_book_are_empty():
    lanes = lanes_of([], [])

    assert (lanes.of.shape, lanes.slope_low.shape, lanes.law_seller.shape) == ((0, 0), (0, 1), (0, 4))
