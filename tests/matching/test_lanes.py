"""Departures joined with arrivals, as lanes of the engine."""

import numpy as np

from corridor.landed import Arrival, Departure, Good, LaneFacts
from corridor.law import LaneLaw
from corridor.queries import CorridorFacts
from matching.engine.market import NOT_KNOWN_DAYS
from matching.services.lanes import law_table, load_lanes

KARIANGAU, SURABAYA, ALMATY, AKTAU, URUMQI = range(1, 6)
OLEIN, FLOUR = 10, 11
CORRIDOR = CorridorFacts(
    country_of={KARIANGAU: "ID", SURABAYA: "ID", ALMATY: "KZ", AKTAU: "KZ", URUMQI: "CN"},
    lanes={
        (KARIANGAU, ALMATY, "dry"): LaneFacts(25, 35, 200, 230, "", "example"),
        (KARIANGAU, AKTAU, "dry"): LaneFacts(30, 40, None, None, "", "example"),
    },
    standing=[
        LaneLaw("R041", "KZ", "ID", frozenset({"palm_oil", "grains"}), None, "halal", "seller"),
        LaneLaw("R045", "KZ", "ID", frozenset(), (200, 202), "sni", "seller"),
        LaneLaw("R040", "KZ", "ID", frozenset(), None, "nib", "buyer"),
    ],
    voluntary=[LaneLaw("R027", "ID", "KZ", frozenset({"palm_oil"}), None, "rspo", "seller")],
    commodities={
        OLEIN: Good(100, 101, "151190", "palm_oil", "dry", frozenset({"ID"})),
        FLOUR: Good(200, 201, "110100", "grains", "dry", frozenset()),
    },
)


def departure(incoterm="FOB", place=KARIANGAU, commodity=FLOUR, origin="ID") -> Departure:
    return Departure(place, incoterm, commodity, origin)


def arrival(incoterm="DAP", place=ALMATY, is_all_in=False, destination="KZ") -> Arrival:
    return Arrival(place, incoterm, is_all_in, destination)


KINDS = ("halal", "nib", "rspo", "sni")


def test_law_table_is_asked_of_the_seller_and_the_buyer_and_helps():
    flour_to_indonesia = law_table(departure(origin="KZ"), "ID", CORRIDOR, KINDS)
    olein_to_kazakhstan = law_table(departure(commodity=OLEIN), "KZ", CORRIDOR, KINDS)

    assert flour_to_indonesia.tolist() == [[True, False, False, True], [False, True, False, False], [False] * 4]
    assert olein_to_kazakhstan.tolist() == [[False] * 4, [False] * 4, [False, False, True, False]]


def test_lanes_join_every_departure_with_every_arrival():
    departures = [departure("FOB"), departure("FOB", commodity=OLEIN), departure("EXW", commodity=OLEIN)]
    arrivals = [arrival("DAP"), arrival("FOB", KARIANGAU)]

    lanes = load_lanes(departures, arrivals, CORRIDOR, KINDS)

    joined = lanes.of
    assert joined.shape == (3, 2)
    assert [[float(lanes.cost_high[row, 0]) for row in rows] for rows in joined[:2]] == [[230, 0], [230, 0]]
    assert np.isnan(lanes.cost_high[joined[2], 0]).all()
    assert lanes.cost_at_least[joined[2]].tolist() == [200, 0]
    assert lanes.days_high[joined].tolist() == [[35, 0], [35, 0], [35, 0]]
    assert lanes.voluntary[joined[:, 0]].tolist() == [
        [False] * 4,
        [False, False, True, False],
        [False, False, True, False],
    ]
    assert (lanes.slope == 1).all()


def test_lanes_of_an_empty_book_are_empty():
    lanes = load_lanes([], [], CORRIDOR, KINDS)

    assert (lanes.of.shape, lanes.slope.shape, lanes.law_seller.shape) == ((0, 0), (0, 1), (0, 4))


def test_lanes_without_a_row_of_the_table_have_days_that_are_not_known():
    lanes = load_lanes([departure(place=SURABAYA)], [arrival("DAP")], CORRIDOR, KINDS)

    assert (lanes.days_low.tolist(), lanes.days_high.tolist()) == ([NOT_KNOWN_DAYS], [NOT_KNOWN_DAYS])
