"""The map: places where they are, courses of vessels off the land, routes on top, names that cover nothing."""

import datetime as dt
import re
from itertools import combinations, pairwise
from math import hypot
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from corridor.courses import SEA_LANES, WATERS, arc, course
from corridor.drawing import map_of
from corridor.engine import Hop, Route
from corridor.enums import LegStatus
from corridor.geometry import HEIGHT, WIDTH, Window, arrow, curve, projected, steps, window_on
from corridor.labels import PHONE_SIZE, SIZE, Box, placed
from tests.factories import LegFactory, LegSwitchFactory, PlaceFactory

DAY = dt.date(2026, 11, 25)
COAST = Path(settings.BASE_DIR) / "static" / "coast.svg"
# Where the coast that ships has these places: Kariangau, Lianyungang, Khorgos, Almaty, Astana, Bandar Abbas.
DRAWN = [
    ((-1.2675, 116.8289), (763.4, 557.1)),
    ((34.733333, 119.45), (740, 217)),
    ((44.2234, 80.4), (454.8, 143.6)),
    ((43.2525, 76.9115), (429.9, 149.3)),
    ((51.1801, 71.446), (413.1, 71.6)),
    ((27.183333, 56.283333), (242.6, 263.3)),
]


def land() -> list[list[tuple[float, float]]]:
    """The rings of the coast."""
    paths = re.findall(r' d="([^"]*)"', COAST.read_text())
    points = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", ring) for path in paths for ring in path.split("M")[1:]]
    return [[(float(x), float(y)) for x, y in ring] for ring in points]


def is_on_land(point, rings) -> bool:
    x, y = point
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            crossed += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossed % 2 == 1


@pytest.mark.parametrize(("place", "drawn"), DRAWN)
def test_places_lie_where_the_coast_has_them(place, drawn):
    x, y = projected(place)

    assert hypot(x - drawn[0], y - drawn[1]) < 0.5


def test_equal_areas_stay_equal():
    """A degree square in Kazakhstan and one at the equator keep the ratio of their areas, which is that of cosines."""

    def area(lat, lon):
        corners = [projected((lat + a, lon + b)) for a, b in ((0, 0), (0, 0.01), (0.01, 0.01), (0.01, 0))]
        pairs = zip(corners, corners[1:] + corners[:1], strict=True)
        return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs))

    assert area(60, 70) / area(0, 117) == pytest.approx(0.5, rel=0.001)


def test_vessels_keep_off_the_land_on_open_waters():
    rings = land()
    lanes = [[name.strip() for name in line.split(",")] for line in SEA_LANES.strip().splitlines()]
    pieces = {pair for lane in lanes for pair in pairwise(lane) if set(pair) <= WATERS.keys()}
    canals = {"Suez", "Port Said", "Red Sea north", "Bosporus", "Dardanelles", "Aegean", "Black Sea", "Bab el Mandeb"}

    aground = {
        pair
        for pair in pieces
        if not set(pair) & canals
        for point in steps(tuple(projected(WATERS[name]) for name in pair), 6)
        if is_on_land(point, rings)
    }

    assert (len(pieces) > 50, aground) == (True, set())


def test_course_passes_the_usual_straits_and_any_other_place_is_joined_straight():
    ends = ("IDBPN", (-1.27, 116.8)), ("CNLYG", (34.73, 119.45))

    assert course("sea", *ends, frozenset(ends))[1:4] == tuple(
        WATERS[name] for name in ("Balikpapan roads", "Makassar Strait", "Mangkalihat")
    )
    assert course("sea", ("XX", (1, 2)), ("YY", (3, 4)), frozenset()) == ((1, 2), (3, 4))


def test_arc_through_the_air_is_the_shortest_way():
    along = arc((0, 0), (0, 90))

    assert [(round(lat, 6), round(lon, 3)) for lat, lon in along[::8]] == [(0, 0), (0, 45), (0, 90)]


def test_curve_goes_through_its_points_and_the_arrow_lies_on_it():
    points = [(0, 0), (100, 0), (200, 0)]

    assert curve(points) == "M0.0,0.0C33.3,0.0 66.7,0.0 100.0,0.0C133.3,0.0 166.7,0.0 200.0,0.0"
    assert (arrow(points), arrow([(0, 0), (0, 20)])) == ((50, 0, 0), None)


def test_window_shows_a_short_route_larger_and_never_beyond_the_coast():
    kazakhstan = window_on([(51.18, 71.4), (43.25, 76.9)])
    whole = window_on([(-1.27, 116.8), (27.18, 56.28), (51.18, 71.4), (43.1, 131.9)])

    assert (whole, kazakhstan.zoom) == (Window(), 2.4)
    assert kazakhstan.x <= 0 <= WIDTH - (WIDTH + kazakhstan.x) / 2.4
    assert HEIGHT * 2.4 + kazakhstan.y >= HEIGHT


def test_names_cover_neither_each_other_nor_dots():
    spots = [(100 + 40 * n, 300, f"Place number {n}", "") for n in range(12)]
    dots = [Box.around(x, y, 5) for x, y, _name, _ground in spots]

    labels = placed(spots, dots, [], [], [], WIDTH, HEIGHT)

    wide = [label.box(SIZE) for label in labels]
    phone = [label.box(PHONE_SIZE) for label in labels if not label.is_minor]
    assert len(labels) > len(phone) > 0
    assert not any(one.meets(other) for boxes in (wide, phone) for one, other in combinations(boxes, 2))
    assert not any(label.box(SIZE).meets(dot) for label in labels if label.is_minor for dot in dots)


@pytest.fixture
def legs(db):
    """By sea to Lianyungang, by rail on to Almaty; a disrupted line, one that was switched off, one to nowhere."""
    place = {
        code: PlaceFactory(code=code, name_en=name, country=code[:2], lat=lat, lon=lon)
        for code, name, lat, lon in (
            ("IDBPN", "Balikpapan (Semayang)", -1.27, 116.8),
            ("IDKRG", "Kariangau container terminal", -1.2675, 116.83),
            ("CNLYG", "Lianyungang", 34.73, 119.45),
            ("KZALA", "Almaty", 43.25, 76.9),
            ("IRBND", "Bandar Abbas", 27.18, 56.28),
            ("KZX", "Unknown", None, None),
        )
    }
    ways = {
        "SEA": ("IDBPN", "CNLYG", "sea", LegStatus.ACTIVE),
        "RAIL": ("CNLYG", "KZALA", "rail", LegStatus.ACTIVE),
        "SHUT": ("IRBND", "KZALA", "rail", LegStatus.DISRUPTED),
        "OFF": ("IDBPN", "IRBND", "sea", LegStatus.ACTIVE),
        "LOST": ("KZALA", "KZX", "rail", LegStatus.ACTIVE),
    }
    made = {
        code: LegFactory(code=code, origin=place[start], destination=place[end], mode=mode, status=status)
        for code, (start, end, mode, status) in ways.items()
    }
    LegSwitchFactory(leg=made["OFF"], is_open=False, from_day=DAY)
    return made


def route(*hops: Hop) -> Route:
    return Route(hops, (), 1, 2, None, 0, None, None)


WEST = (Hop("SEA", "IDBPN", "CNLYG", "sea", "20DC", 8, 14), Hop("RAIL", "CNLYG", "KZALA", "rail", "20DC", 6, 12))


def test_map_of_all_legs_tells_open_from_closed_and_what_it_cannot_draw(legs, django_assert_num_queries):
    with django_assert_num_queries(2):
        drawn = map_of(on=DAY)

    assert [(line.leg.code, line.is_open) for line in drawn.lines] == [
        ("OFF", False),
        ("SHUT", False),
        ("RAIL", True),
        ("SEA", True),
    ]
    assert [leg.code for leg in drawn.undrawn] == ["LOST"]
    assert (drawn.routes, drawn.flow) == ([], "west")
    assert {label.text for label in drawn.labels} >= {"Balikpapan", "Almaty", "Lianyungang", "Bandar Abbas"}


def test_map_of_routes_has_the_first_on_top_and_names_its_places_alone(legs):
    other = route(
        Hop("OFF", "IDBPN", "IRBND", "sea", "20DC", 1, 2), Hop("SHUT", "IRBND", "KZALA", "rail", "20DC", 1, 2)
    )

    drawn = map_of([route(*WEST), other], on=DAY, network=False)

    assert [(line.leg.code, line.rank) for line in drawn.routes] == [("SHUT", 2), ("OFF", 2), ("RAIL", 1), ("SEA", 1)]
    assert [(dot.name, dot.kind) for dot in drawn.dots] == [
        ("Balikpapan", "hub"),
        ("Almaty", "end"),
        ("Lianyungang", "stop"),
        ("Bandar Abbas", "stop"),
    ]
    assert (drawn.lines, drawn.undrawn) == ([], [])


def test_map_towards_indonesia_flows_east_and_a_through_rate_takes_the_legs_that_join_its_places(legs):
    back = Hop("Q1", "KZALA", "IDBPN", "through", "20DC", 1, 2, passed=("KZALA", "CNLYG", "IDBPN"))

    drawn = map_of([route(back)], on=DAY)

    assert ([line.leg.code for line in drawn.routes], drawn.flow) == (["SEA", "RAIL"], "east")


def test_two_places_in_one_spot_share_a_dot_that_is_named_in_short(legs):
    terminal = PlaceFactory(code="IDKRG")
    LegFactory(code="TRUCK", origin=legs["SEA"].origin, destination=terminal, mode="road")
    truck = Hop("TRUCK", "IDKRG", "IDBPN", "road", "20DC", 0, 1)

    shared = [dot for dot in map_of([route(truck, *WEST)], on=DAY).dots if terminal in dot.places]

    assert [(dot.name, [place.code for place in dot.places]) for dot in shared] == [("Balikpapan", ["IDKRG", "IDBPN"])]


def test_map_is_drawn_with_links_that_a_keyboard_reaches_on_the_routes_alone(legs):
    html = render_to_string("corridor/_map.html", {"map": map_of([route(*WEST)], on=DAY), "title": "Lane"})

    reached = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', html)
    assert reached == [
        (f"/corridor/legs/{legs['RAIL'].pk}/", "Lianyungang to Almaty, rail, 20–30 days, open"),
        (f"/corridor/legs/{legs['SEA'].pk}/", "Balikpapan (Semayang) to Lianyungang, sea, 20–30 days, open"),
    ]
    assert html.count('tabindex="-1"') == 2
    assert "Boundaries are those of this source" in html
