"""Maps of what flows through the corridor: bands as broad as their tonnes, the two ways beside each other.

    context["map"] = flow_map_of(flows, on=day)                              # in a view
    {% include "desk/_flow_map.html" with map=map title=title only %}        {# in a template #}

The plan keeps no way of a pair, so each flow is drawn along the fastest open legs between its two places, by air only
where nothing else leads there. Where the courses of several flows run together their tonnes add up. Two queries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from corridor.courses import course
from corridor.drawing import SAME_SPOT, Dot, Line, Pen, named, position
from corridor.enums import Country, Mode
from corridor.geometry import HEIGHT, WIDTH, Point, Window, arrow, curve, directions, window_on
from corridor.labels import Label
from corridor.legs import LegState, legs_on
from corridor.models import Leg, Place

WEST, EAST = "west", "east"  # towards Kazakhstan, towards Indonesia
WAYS = (WEST, EAST)
BROADEST, THINNEST = 26.0, 1.3  # px
GAP = 1.5  # px between the two ways
HOME = ("IDBPN", "IDKRG")  # whose name comes first: the map is made in Balikpapan
WITH_ARROW = 5.0  # px: bands so broad show which way they go
CLOSE = 6.0  # px: points of a course nearer to each other than this, or than half a band, are one bend
WITH_TIES = 14.0  # px: on shorter pieces sleepers would be a blot
RAILS = (Mode.RAIL, Mode.RAIL_SEA)


@dataclass(frozen=True)
class Flow:
    """Kilograms between two places, by their codes; an empty code is a place that is not known."""

    origin: str
    destination: str
    way: str
    kg: int


@dataclass(frozen=True)
class Hop:
    """A leg as a flow takes it."""

    leg: Leg
    start: str
    end: str


@dataclass(frozen=True)
class Band:
    """A piece of the map with what flows over it one way."""

    path: str
    points: tuple[Point, ...]
    way: str
    kg: int
    width: float
    is_rail: bool
    arrow: tuple[float, float, float] | None

    @property
    def tie_width(self) -> float:
        return round(self.width + 4, 1)


class Edge(NamedTuple):
    """A line that names keep off."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class FlowMap:
    """Everything `desk/_flow_map.html` draws."""

    bands: list[Band]  # the broadest undermost
    shut: list[Line]  # legs that a person closed
    dots: list[Dot]
    labels: list[Label]
    countries: list[Label]
    undrawn_kg: int  # of flows whose places or ways are not known
    thinnest_kg: int  # what flows over the thinnest bands is at most so much
    transform: str  # of the coast
    width: int = WIDTH
    height: int = HEIGHT


def way_to(country: str) -> str:
    """Which way goods to a country go."""
    return WEST if country == Country.KAZAKHSTAN else EAST


def flow_map_of(flows: Iterable[Flow], *, on: date) -> FlowMap:
    """Flows on the coast; see the top of this file."""
    known, legs = Place.objects.in_bulk(), list(legs_on(on).order_by("code"))
    for leg in legs:  # the few places at which all legs end are read once
        leg.origin, leg.destination = known[leg.origin_id], known[leg.destination_id]
    places = {place.code: place for place in known.values()}
    positions = {code: position(place) for code, place in places.items() if None not in (place.lat, place.lon)}
    taken, undrawn_kg = ways_taken(flows, [leg for leg in legs if drawable(leg, positions)])
    passed = {code for hops, _flow in taken for hop in hops for code in (hop.start, hop.end)}
    window = window_on([positions[code] for code in sorted(passed)])
    pen = Pen(positions, window)
    bands = bands_of(taken, pen)
    # What a person closed is news; what the data hold for closed has been so for long.
    shut = [
        pen.line(leg)
        for leg in legs
        if leg.state == LegState.CLOSED
        and leg.switch_id
        and {leg.origin.code, leg.destination.code} <= positions.keys()
    ]
    dots = dots_of(taken, places, window, positions)
    countries, labels = named(dots, edges(bands), shut, window)
    most = max((band.kg for band in bands), default=0)
    return FlowMap(
        bands=bands,
        shut=shut,
        dots=dots,
        labels=labels,
        countries=countries,
        undrawn_kg=undrawn_kg,
        thinnest_kg=int(most * THINNEST / BROADEST),
        transform=f"matrix({window.zoom:.4g} 0 0 {window.zoom:.4g} {window.x:.1f} {window.y:.1f})",
    )


def drawable(leg: Leg, positions: dict) -> bool:
    return leg.state == LegState.OPEN and {leg.origin.code, leg.destination.code} <= positions.keys()


# --- which way a flow takes


def ways_taken(flows: Iterable[Flow], legs: Sequence[Leg]) -> tuple[list[tuple[list[Hop], Flow]], int]:
    """Each flow with its way; and the kilograms of those for which none is known."""
    by_surface = Roads([leg for leg in legs if leg.mode != Mode.AIR])
    by_all = Roads(legs)
    taken, undrawn_kg = [], 0
    for flow in flows:
        way = by_surface.way(flow.origin, flow.destination) or by_all.way(flow.origin, flow.destination)
        if way:
            taken.append((way, flow))
        else:
            undrawn_kg += flow.kg
    return taken, undrawn_kg


class Roads:
    """The fastest ways over some legs, by their days at the longest. One search answers for every destination."""

    def __init__(self, legs: Iterable[Leg]):
        self.leaving: dict[str, list[Hop]] = defaultdict(list)
        for leg in legs:
            ends = leg.origin.code, leg.destination.code
            for start, end in (ends, ends[::-1]) if leg.is_bidirectional else (ends,):
                self.leaving[start].append(Hop(leg, start, end))
        self._searched: dict[str, dict[str, Hop]] = {}

    def way(self, origin: str, destination: str) -> list[Hop]:
        """From place to place; empty where no way is known."""
        arriving = self._arriving(origin)
        found: list[Hop] = []
        while destination in arriving and destination != origin:
            found.append(arriving[destination])
            destination = found[-1].start
        return found[::-1] if destination == origin else []

    def _arriving(self, origin: str) -> dict[str, Hop]:
        """Place -> the last hop of the fastest way there; of equals the one with fewer hops."""
        if origin not in self._searched:
            arriving: dict[str, Hop] = {}
            seen = set()
            waiting: list[tuple[int, int, str, int]] = [(0, 0, origin, 0)]
            hops: list[Hop | None] = [None]
            while waiting:
                days, count, place, number = heappop(waiting)
                if place in seen:
                    continue
                seen.add(place)
                if hops[number]:
                    arriving[place] = hops[number]
                for hop in self.leaving[place]:
                    if hop.end not in seen:
                        hops.append(hop)
                        heappush(waiting, (days + hop.leg.transit_days_high, count + 1, hop.end, len(hops) - 1))
            self._searched[origin] = arriving
        return self._searched[origin]


# --- bands


@dataclass(frozen=True)
class Piece:
    """From one point of a course to the next, one way."""

    start: tuple
    end: tuple
    way: str
    is_rail: bool


def bands_of(taken: Iterable[tuple[list[Hop], Flow]], pen: Pen) -> list[Band]:
    """What flows over each piece, in lines as long as nothing joins or leaves; the broadest first."""
    kg = kilograms_by_piece(taken, pen)
    most = max(kg.values(), default=0)
    bands = [band(line, kg[line[0]], most, pen.window) for line in lines_of(kg)]
    return sorted(bands, key=lambda one: (-one.kg, one.way, one.path))


def kilograms_by_piece(taken: Iterable[tuple[list[Hop], Flow]], pen: Pen) -> Counter[Piece]:
    by_hop: Counter[tuple[Hop, str]] = Counter()  # many flows take the same few
    for hops, flow in taken:
        for hop in hops:
            by_hop[hop, flow.way] += flow.kg
    kg: Counter[Piece] = Counter()
    for (hop, way), hop_kg in by_hop.items():
        ends = [(code, pen.positions[code]) for code in (hop.start, hop.end)]
        for start, end in pairwise(course(hop.leg.mode, *ends, pen.known)):
            kg[Piece(start, end, way, hop.leg.mode in RAILS)] += hop_kg
    return kg


def lines_of(kg: Counter[Piece]) -> Iterator[list[Piece]]:
    """Pieces that follow each other and carry the same, as lines."""
    leaving, arriving = defaultdict(list), defaultdict(list)
    for piece in kg:
        leaving[piece.way, piece.start].append(piece)
        arriving[piece.way, piece.end].append(piece)

    def following(piece: Piece) -> Piece | None:
        """The piece that carries on what this one brings, where nothing joins or leaves between them."""
        ahead, beside = leaving[piece.way, piece.end], arriving[piece.way, piece.end]
        is_one = len(ahead) == len(beside) == 1 and kg[ahead[0]] == kg[piece]
        return ahead[0] if is_one and ahead[0].is_rail == piece.is_rail else None

    carried_on = {ahead for piece in kg if (ahead := following(piece))}
    for piece in kg:
        if piece not in carried_on:
            line = [piece]
            while ahead := following(line[-1]):
                line.append(ahead)
            yield line


def band(line: Sequence[Piece], kg: int, most: int, window: Window) -> Band:
    width = max(THINNEST, BROADEST * kg / most)
    middle = [window.shown(point) for point in (line[0].start, *(piece.end for piece in line))]
    points = to_the_right(thinned(middle, max(CLOSE, width / 2)), (width + GAP) / 2)
    length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
    return Band(
        path=curve(points),
        points=tuple(points),
        way=line[0].way,
        kg=kg,
        width=round(width, 1),
        is_rail=line[0].is_rail and length >= WITH_TIES,
        arrow=arrow(points) if width >= WITH_ARROW else None,
    )


def thinned(points: Sequence[Point], apart: float) -> list[Point]:
    """Both ends, and of the others those that are far enough from the one before: a broad band cannot bend sharply."""
    found = [points[0]]
    for x, y in points[1:-1]:
        if hypot(x - found[-1][0], y - found[-1][1]) >= apart:
            found.append((x, y))
    return [*found, points[-1]]


def edges(bands: Iterable[Band]) -> list[Edge]:
    """Both edges and the middle of bands: what a name had better not cover."""
    return [Edge(tuple(to_the_right(band.points, part * band.width))) for band in bands for part in (-0.5, 0, 0.5)]


def to_the_right(points: Sequence[Point], reach: float) -> list[Point]:
    """The same line on its right-hand side, so that what comes the other way has the other side."""
    return [
        (x - down * reach, y + across * reach)
        for (x, y), (across, down) in zip(points, directions(points), strict=True)
    ]


def dots_of(
    taken: Iterable[tuple[list[Hop], Flow]], places: dict[str, Place], window: Window, positions: dict
) -> list[Dot]:
    """Where goods start, arrive or change between sea and land: Balikpapan, then the busiest; one dot a spot."""
    kg: Counter[str] = Counter()
    ends = set()
    for hops, flow in taken:
        for code in (flow.origin, flow.destination):
            kg[code] += flow.kg
            ends.add(code)
        for before, after in pairwise(hops):
            if before.leg.mode != after.leg.mode:
                kg[after.start] += flow.kg
    dots: list[Dot] = []
    for code, _kg in sorted(kg.items(), key=lambda one: (one[0] not in HOME, -one[1], one[0])):
        x, y = window.shown(positions[code])
        near = next((dot for dot in dots if hypot(dot.x - x, dot.y - y) < SAME_SPOT), None)
        if near is None:
            near = Dot(round(x, 1), round(y, 1), kind="end" if code in ends else "stop")
            dots.append(near)
        near.places.append(places[code])
    return dots
