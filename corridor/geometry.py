"""From the globe to the sheet of a map, and lines through points of it.

The projection is azimuthal and of equal area, about 24 N 94 E. Scale and shift are those of `static/coast.svg`, found
by least squares from six places drawn on the same coast; the largest error was 0.05 px (`tests/corridor/test_map.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

from corridor.courses import LatLon

Point = tuple[float, float]

WIDTH, HEIGHT = 1160, 680
CENTRE: LatLon = (24, 94)
SCALE, SHIFT = 534.4833, (546.825, 336.5946)
LEAST_ZOOM, LARGEST_ZOOM, MARGIN = 1.2, 2.4, 90  # the coast is drawn to whole pixels; more would show its corners
LONG_ENOUGH = 70  # px: a leg that shows which way it is taken


def projected(point: LatLon) -> Point:
    """Where a place lies on the whole map, in px from its upper left corner."""
    (lat, lon), (lat0, lon0) = (tuple(map(radians, one)) for one in (point, CENTRE))
    east = lon - lon0
    stretch = sqrt(2 / (1 + sin(lat0) * sin(lat) + cos(lat0) * cos(lat) * cos(east)))
    x = stretch * cos(lat) * sin(east)
    y = stretch * (cos(lat0) * sin(lat) - sin(lat0) * cos(lat) * cos(east))
    return SCALE * x + SHIFT[0], SHIFT[1] - SCALE * y


@dataclass(frozen=True)
class Window:
    """What part of the whole map is shown, and how much larger."""

    zoom: float = 1
    x: float = 0
    y: float = 0

    def shown(self, point: LatLon) -> Point:
        x, y = projected(point)
        return self.zoom * x + self.x, self.zoom * y + self.y


def window_on(points: list[LatLon]) -> Window:
    """The whole map, or where routes are short the part around them."""
    if not points:
        return Window()
    shown = [projected(point) for point in points]
    left, right = min(x for x, _y in shown) - MARGIN, max(x for x, _y in shown) + MARGIN
    top, bottom = min(y for _x, y in shown) - MARGIN, max(y for _x, y in shown) + MARGIN
    zoom = min(LARGEST_ZOOM, WIDTH / (right - left), HEIGHT / (bottom - top))
    if zoom < LEAST_ZOOM:
        return Window()
    # Never beyond the edge of the coast that there is.
    x = min(0, max(WIDTH - zoom * WIDTH, WIDTH / 2 - zoom * (left + right) / 2))
    y = min(0, max(HEIGHT - zoom * HEIGHT, HEIGHT / 2 - zoom * (top + bottom) / 2))
    return Window(zoom, x, y)


def directions(points: Sequence[Point]) -> list[Point]:
    """At each point the direction, of length 1, of a smooth line through all: from one neighbour to the other."""
    around = [points[0], *points, points[-1]]
    found = []
    for before, after in zip(around, around[2:], strict=False):
        across, down = after[0] - before[0], after[1] - before[1]
        length = hypot(across, down) or 1
        found.append((across / length, down / length))
    return found


def curve(points: Sequence[Point]) -> str:
    """A smooth line through points, as the path of an SVG; it bends no further out than its pieces are long."""
    parts = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    parts += [bend(*piece) for piece in zip(pairwise(points), pairwise(directions(points)), strict=True)]
    return "".join(parts)


def bend(ends: tuple[Point, Point], ways: tuple[Point, Point]) -> str:
    """One piece of a smooth line."""
    (a, b), (leaving, arriving) = ends, ways
    reach = hypot(b[0] - a[0], b[1] - a[1]) / 3
    near = a[0] + reach * leaving[0], a[1] + reach * leaving[1]
    far = b[0] - reach * arriving[0], b[1] - reach * arriving[1]
    return "C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in (near, far, b))


def pieces(lines: Iterable[Sequence[Point]]) -> str:
    """The same smooth lines as one path that goes over each piece once, however many lines share it."""
    found: dict[frozenset, str] = {}
    for points in lines:
        for ends, ways in zip(pairwise(points), pairwise(directions(points)), strict=True):
            found.setdefault(frozenset(ends), f"M{ends[0][0]:.1f},{ends[0][1]:.1f}{bend(ends, ways)}")
    return "".join(found.values())


@lru_cache(maxsize=2_000)
def steps(points: tuple[Point, ...], length: float = 10) -> tuple[Point, ...]:
    """Points along a line, so close that nothing fits between them. The same lines come back map after map."""
    found: list[Point] = []
    for a, b in pairwise(points):
        count = max(1, round(hypot(b[0] - a[0], b[1] - a[1]) / length))
        found += [(a[0] + (b[0] - a[0]) * n / count, a[1] + (b[1] - a[1]) * n / count) for n in range(count)]
    return tuple(found)


def arrow(points: Sequence[Point]) -> tuple[float, float, float] | None:
    """The middle of the longest piece of a curve, and its direction in degrees; none on a short one."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    if sum(lengths) < LONG_ENOUGH:
        return None
    length = max(lengths)
    at = lengths.index(length)
    (a, b), (leaving, arriving) = points[at : at + 2], directions(points)[at : at + 2]
    x, y = ((a[n] + b[n]) / 2 + length * (leaving[n] - arriving[n]) / 8 for n in (0, 1))
    across, down = (1.5 * (b[n] - a[n]) - length * (leaving[n] + arriving[n]) / 4 for n in (0, 1))
    return round(x, 1), round(y, 1), round(degrees(atan2(down, across)))
