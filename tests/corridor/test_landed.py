"""Days and freight between the point of an asking price and the point of a limit price."""

from dataclasses import astuple
from math import nan

import pytest

from corridor.landed import Arrival, Departure, Good, LaneFacts, Table, Way, way

KARIANGAU, SURABAYA, ALMATY, AKTAU, URUMQI = range(1, 6)
OLEIN, FLOUR = 10, 11
NOT_KNOWN = None, None
TABLE = Table(
    country_of={KARIANGAU: "ID", SURABAYA: "ID", ALMATY: "KZ", AKTAU: "KZ", URUMQI: "CN"},
    lanes={
        (KARIANGAU, ALMATY, "dry"): LaneFacts(25, 35, 200, 230, "", "example"),
        (KARIANGAU, AKTAU, "dry"): LaneFacts(30, 40, None, None, "", "example"),
    },
)
GOODS = {
    OLEIN: Good(100, 101, "151190", "palm_oil", "dry", frozenset({"ID"})),
    FLOUR: Good(200, 201, "110100", "grains", "dry", frozenset()),
}


def departure(incoterm="FOB", place=KARIANGAU, commodity=FLOUR, origin="ID") -> Departure:
    return Departure(place, incoterm, commodity, origin)


def arrival(incoterm="DAP", place=ALMATY, is_all_in=False, destination="KZ") -> Arrival:
    return Arrival(place, incoterm, is_all_in, destination)


CASES = {
    "freight comes on top of a price at the origin": (
        departure("FOB"),
        arrival("DAP"),
        Way(25, 35, 200, 230, 200),
    ),
    "a lane without a quote keeps its days": (departure("FOB"), arrival("DAP", AKTAU), Way(30, 40, nan, nan, 0)),
    "a missing lane is not known": (departure("FOB", SURABAYA), arrival("DAP"), Way(*NOT_KNOWN, nan, nan, 0)),
    "a place in a third country is not known": (departure("FOB"), arrival("FCA", URUMQI), Way(*NOT_KNOWN, nan, nan, 0)),
    "the same point costs nothing": (departure("FOB"), arrival("FOB", KARIANGAU), Way(0, 0, 0, 0, 0)),
    "so do two terms that put the same costs into a price": (
        departure("FCA"),
        arrival("FOB", KARIANGAU),
        Way(0, 0, 0, 0, 0),
    ),
    "a price ex works lacks the handling that FOB holds": (
        departure("EXW"),
        arrival("FOB", KARIANGAU),
        Way(0, 0, nan, nan, 0),
    ),
    "a price FOB holds more than one ex works": (departure("FOB"), arrival("EXW", KARIANGAU), Way(0, 0, nan, nan, nan)),
    "a price at the buyer's place costs nothing more": (
        departure("CIF", AKTAU),
        arrival("DAP", AKTAU),
        Way(0, 0, 0, 0, 0),
    ),
    "a price at another place of the destination is at least itself": (
        departure("CIF", AKTAU),
        arrival("DAP", ALMATY),
        Way(*NOT_KNOWN, nan, nan, 0),
    ),
    "a price at the destination says nothing of one at the origin": (
        departure("CIF", AKTAU),
        arrival("FOB", KARIANGAU),
        Way(*NOT_KNOWN, nan, nan, nan),
    ),
    "a price of goods brought to their own origin is not known": (
        departure("CIF"),
        arrival("DAP"),
        Way(25, 35, nan, nan, nan),
    ),
    "not even at the same place": (departure("DAP"), arrival("DAP", KARIANGAU), Way(0, 0, nan, nan, nan)),
    "duty paid in the origin is no import duty": (
        departure("DDP"),
        arrival("DAP", is_all_in=True),
        Way(25, 35, nan, nan, nan),
    ),
    "a limit that speaks of goods leaving the buyer's own country is not known": (
        departure("FOB"),
        arrival("FOB"),
        Way(25, 35, nan, nan, nan),
    ),
    "nor is one ex works there, of goods ex works": (departure("EXW"), arrival("EXW"), Way(25, 35, nan, nan, nan)),
    "not even of goods that lie there": (departure("FCA", ALMATY), arrival("FCA"), Way(0, 0, nan, nan, nan)),
    "all-in there, the limit speaks of the end of the way": (
        departure("FOB"),
        arrival("FOB", is_all_in=True),
        Way(25, 35, nan, nan, 200),
    ),
    "a price with duty at another place may be more than one without": (
        departure("DDP", AKTAU),
        arrival("DAP"),
        Way(*NOT_KNOWN, nan, nan, nan),
    ),
    "a price on board may be more than one ex works elsewhere": (
        departure("FOB"),
        arrival("EXW", SURABAYA),
        Way(*NOT_KNOWN, nan, nan, nan),
    ),
    "all-in needs the duty": (departure("FOB"), arrival("DAP", is_all_in=True), Way(25, 35, nan, nan, 200)),
    "delivered duty paid needs the duty": (departure("FOB"), arrival("DDP"), Way(25, 35, nan, nan, 200)),
    "all-in at one place needs the duty": (
        departure("DAP", ALMATY),
        arrival("DAP", is_all_in=True),
        Way(0, 0, nan, nan, 0),
    ),
    "a price with duty is all-in": (departure("DDP", ALMATY), arrival("DAP", is_all_in=True), Way(0, 0, 0, 0, 0)),
    "a price with duty is more than one without": (departure("DDP", ALMATY), arrival("DAP"), Way(0, 0, nan, nan, nan)),
    "ex works without a duty on exports": (departure("EXW"), arrival("DAP"), Way(25, 35, 200, 230, 200)),
    "ex works with a duty on exports": (
        departure("EXW", commodity=OLEIN),
        arrival("DAP"),
        Way(25, 35, nan, nan, 200),
    ),
    "FOB has paid the duty on exports": (departure("FOB", commodity=OLEIN), arrival("DAP"), Way(25, 35, 200, 230, 200)),
    "a price without a term is at least itself": (departure(""), arrival("DAP"), Way(25, 35, nan, nan, 200)),
    "a price without a term at one place may hold more": (
        departure("", ALMATY),
        arrival("DAP"),
        Way(0, 0, nan, nan, nan),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_way_of(case):
    leaving, arriving, expected = CASES[case]

    found = way(leaving, arriving, GOODS[leaving.commodity], TABLE)

    assert (found.days_low, found.days_high) == (expected.days_low, expected.days_high)
    assert astuple(found)[2:] == pytest.approx(astuple(expected)[2:], nan_ok=True)
