"""Maps of the corridor as plain SVG: a page without script shows them, and so does paper.

    context["map"] = map_of(routes, on=day)                                  # in a view
    {% include "corridor/_map.html" with map=map title=title only %}         {# in a template #}

`map_of(routes, *, on, network=True, legs=None)` draws the routes that it is given (`corridor.engine.Route`; the first
one broad, the others narrow), and behind them, unless `network` is False, every leg with its state on the day. It asks
two queries; `legs` are those of `corridor.legs.legs_on`, where a page has read them already. Without routes it draws
the network alone. A map is never the only way to read something: the page that shows it has a table or a list beside
it, and says in words what the map cannot draw (`map.undrawn`, the legs to places without a position).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import hypot

from django.utils.translation import gettext as _

from accounts import figures
from corridor.courses import LatLon, course
from corridor.engine import Route
from corridor.enums import Country, Mode
from corridor.geometry import HEIGHT, WIDTH, Point, Window, arrow, curve, pieces, steps, window_on
from corridor.labels import Box, Label, placed
from corridor.legs import LegState, legs_on
from corridor.models import Leg, Place

SAME_SPOT = 3  # px: places that share one dot
LONGEST_NAME = 16  # letters, where a neighbour in the same spot has a shorter name
# Names of the map of all legs, the most telling first; the others follow by their legs as far as there is room.
KNOWN_PLACES = [
    "IDBPN",
    "KZALA",
    "X-KZ-AST",
    "CNLYG",
    "SGSIN",
    "IRBND",
    "IDSUB",
    "IDTPP",
    "CNSHA",
    "RUVVO",
    "TRMER",
    "AZBAK",
    "INMUN",
    "RUOVB",
    "CNURM",
    "CNXIA",
    "UZTAS",
    "CNTSN",
]
COUNTRY_NAMES = {Country.KAZAKHSTAN: (48.7, 64.2), Country.INDONESIA: (-5.6, 127.0)}


@dataclass(frozen=True)
class Line:
    """A leg as it is drawn."""

    leg: Leg
    path: str
    words: str
    points: tuple[Point, ...] = ()
    rank: int = 0  # 1 and up: of the first route and the following ones; 0: behind them
    arrow: tuple[float, float, float] | None = None  # where, and turned by how many degrees

    @property
    def is_rail(self) -> bool:
        return self.leg.mode in (Mode.RAIL, Mode.RAIL_SEA)

    @property
    def is_open(self) -> bool:
        return self.leg.state == LegState.OPEN


@dataclass
class Dot:
    """A place, or several that are one spot at this scale."""

    x: float
    y: float
    places: list[Place] = field(default_factory=list)
    kind: str = ""  # "hub" where the first route starts, "end", "stop" on a route; "" behind them
    legs: int = 0

    @property
    def name(self) -> str:
        """That of the first; where it is long, the shortest: "Balikpapan" for the city and its terminal."""
        names = [place.name_without_remark for place in self.places]
        return names[0] if len(names[0]) <= LONGEST_NAME else min(names, key=len)

    @property
    def ground(self) -> str:
        """What a name beside it mostly lies on."""
        place = self.places[0]
        if place.country == Country.KAZAKHSTAN:
            return "home"
        return "" if "sea_port" in place.roles else "land"


@dataclass(frozen=True)
class Map:
    """Everything `corridor/_map.html` draws."""

    lines: list[Line]  # legs behind the routes, closed ones undermost
    ties: str  # of every open railway among them, each piece once
    routes: list[Line]  # legs of the routes, the first route last and so on top
    dots: list[Dot]
    labels: list[Label]
    countries: list[Label]
    undrawn: list[Leg]  # legs to places whose position is not known
    flow: str  # "west" towards Kazakhstan, "east" towards Indonesia
    transform: str  # of the coast
    width: int = WIDTH
    height: int = HEIGHT


def map_of(routes: Sequence[Route] = (), *, on: date, network: bool = True, legs: Iterable[Leg] | None = None) -> Map:
    """The legs of a day, and routes on top of them; see the top of this file."""
    if legs is None:
        legs = legs_on(on).select_related("origin", "destination").order_by("code")
    by_code = {leg.code: leg for leg in legs}
    places = {place.code: place for place in Place.objects.all()}
    positions = {code: position(place) for code, place in places.items() if None not in (place.lat, place.lon)}
    taken = hops_taken(routes, by_code)
    window = window_on([positions[code] for code in passed(routes) if code in positions])
    pen = Pen(positions, window)
    on_routes = {leg.code for leg, _start, _end, _rank in taken}
    drawn = [leg for leg in by_code.values() if {leg.origin.code, leg.destination.code} <= positions.keys()]
    behind = [leg for leg in drawn if leg.code not in on_routes] if network or not routes else []
    dots = dots_of(routes, behind, places, positions, window)
    lines = [pen.line(leg) for leg in sorted(behind, key=lambda leg: (leg.state == LegState.OPEN, leg.code))]
    bands = [pen.line(*hop) for hop in reversed(taken) if {hop[1], hop[2]} <= positions.keys()]
    countries, labels = named(dots, bands, lines, window)
    return Map(
        lines=lines,
        ties=pieces(line.points for line in lines if line.is_rail and line.is_open),
        routes=bands,
        dots=dots,
        labels=labels,
        countries=countries,
        undrawn=[leg for leg in by_code.values() if leg not in drawn and (network or leg.code in on_routes)],
        flow="east" if routes and routes[0].places and places[routes[0].places[-1]].country == "ID" else "west",
        transform=f"matrix({window.zoom:.4g} 0 0 {window.zoom:.4g} {window.x:.1f} {window.y:.1f})",
    )


def position(place: Place) -> LatLon:
    return float(place.lat), float(place.lon)


def passed(routes: Iterable[Route]) -> list[str]:
    """The places of routes, each once, in order."""
    return list(dict.fromkeys(code for route in routes for code in route.places))


def hops_taken(routes: Iterable[Route], legs: dict[str, Leg]) -> list[tuple[Leg, str, str, int]]:
    """Each leg that some route takes: from where to where, and by which route first."""
    joining = {frozenset((leg.origin.code, leg.destination.code)): leg for leg in reversed(legs.values())}
    found: dict[tuple[str, str, str], tuple[Leg, str, str, int]] = {}
    for rank, route in enumerate(routes, start=1):
        for hop in route.hops:
            # A through rate names no legs: those that join the places of its days are drawn.
            for start, end in pairwise(hop.places):
                leg = legs.get(hop.leg) or joining.get(frozenset((start, end)))
                if leg is not None:
                    found.setdefault((leg.code, start, end), (leg, start, end, rank))
    return list(found.values())


class Pen:
    """Draws legs along their usual courses."""

    def __init__(self, positions: dict[str, LatLon], window: Window):
        self.positions, self.window = positions, window
        self.known = frozenset(positions.items())

    def line(self, leg: Leg, start: str = "", end: str = "", rank: int = 0) -> Line:
        start, end = start or leg.origin.code, end or leg.destination.code
        ends = [(code, self.positions[code]) for code in (start, end)]
        points = [self.window.shown(point) for point in course(leg.mode, *ends, self.known)]
        return Line(leg, curve(points), leg_words(leg), tuple(points), rank, arrow(points) if rank else None)


def leg_words(leg: Leg) -> str:
    """What a leg says of itself where a pointer rests on it."""
    days = _("days not known")
    if leg.transit_days_low is not None:
        span = figures.span(figures.decimal(leg.transit_days_low), figures.decimal(leg.transit_days_high))
        days = _("%(days)s days") % {"days": span}
    return _("%(origin)s to %(destination)s, %(mode)s, %(days)s, %(state)s") % {
        "origin": leg.origin.name,
        "destination": leg.destination.name,
        "mode": leg.get_mode_display(),
        "days": days,
        "state": LegState(leg.state).label,
    }


def dots_of(
    routes: Sequence[Route],
    legs: Iterable[Leg],
    places: dict[str, Place],
    positions: dict[str, LatLon],
    window: Window,
) -> list[Dot]:
    """A dot for each spot, those of the routes first, then by how much is known of them."""
    ends = [code for route in routes[:1] for code in (route.places[:1] + route.places[-1:])]
    on_routes = passed(routes)
    counts: dict[str, int] = {}
    for leg in legs:
        for code in (leg.origin.code, leg.destination.code):
            counts[code] = counts.get(code, 0) + 1
    order = [*ends, *on_routes, *(code for code in KNOWN_PLACES if code in counts)]
    order += sorted(counts, key=lambda code: (-counts[code], code))
    dots: list[Dot] = []
    for code in dict.fromkeys(code for code in order if code in positions):
        x, y = window.shown(positions[code])
        if not (0 < x < WIDTH and 0 < y < HEIGHT):
            continue
        near = next((dot for dot in dots if hypot(dot.x - x, dot.y - y) < SAME_SPOT), None)
        if near is None:
            kind = "hub" if code in ends[:1] else "end" if code in ends else "stop" if code in on_routes else ""
            near = Dot(round(x, 1), round(y, 1), kind=kind)
            dots.append(near)
        near.places.append(places[code])
        near.legs += counts.get(code, 0)
    return dots


def named(dots: list[Dot], bands: list[Line], behind: list[Line], window: Window) -> tuple[list[Label], list[Label]]:
    """The names of both countries, and of as many places as there is room for."""
    countries = []
    for country, point in COUNTRY_NAMES.items():
        x, y = window.shown(point)
        if 0 < x < WIDTH and 0 < y < HEIGHT:
            countries.append(Label(round(x, 1), round(y, 1), "middle", str(country.label)))
    wanted = [dot for dot in dots if dot.kind] if bands else dots
    spots = [(dot.x, dot.y, dot.name, dot.ground) for dot in wanted]
    marks = [Box.around(dot.x, dot.y, 5) for dot in wanted]
    thin, broad = ([point for line in some for point in steps(tuple(line.points), 6)] for some in (behind, bands))
    return countries, placed(spots, marks, countries, thin, broad, WIDTH, HEIGHT)
