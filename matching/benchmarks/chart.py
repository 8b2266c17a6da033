"""A chart as plain SVG: lines over two logarithmic axes, named where they end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 500
LEFT, RIGHT, TOP, BOTTOM = 76, 232, 64, 64
INK, FAINT, GRID, PAPER = "#1f2933", "#52606d", "#e1e5ea", "#ffffff"
# The first is ours. Dark enough on white, and told apart without red and green.
COLOURS = ("#b5370b", "#1f6fb5", "#6b4fa0", "#0f766e", "#8a6500", "#52606d", "#9d2f6b")
LINE_HEIGHT = 17


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    is_measured: bool = True  # else carried on from smaller ones


@dataclass(frozen=True)
class Series:
    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Axis:
    """From the decade below the least number to the one above the greatest, along so many units of the drawing."""

    least: int  # powers of ten
    most: int
    begin: float
    end: float

    @classmethod
    def over(cls, numbers: Sequence[float], begin: float, end: float) -> "Axis":
        least, most = math.floor(math.log10(min(numbers)) + 1e-9), math.ceil(math.log10(max(numbers)) - 1e-9)
        return cls(least, max(most, least + 1), begin, end)

    def place(self, number: float) -> float:
        share = (math.log10(number) - self.least) / (self.most - self.least)
        return round(self.begin + share * (self.end - self.begin), 1)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.least, self.most + 1)]


def line_chart(title: str, x_title: str, y_title: str, series: Sequence[Series]) -> str:
    """The chart as text. Numbers must be above 0; raises ValueError where they are not, or where there are none."""
    points = [point for one in series for point in one.points]
    if not points or min(min(point.x, point.y) for point in points) <= 0:
        raise ValueError("a logarithmic chart shows numbers above 0")
    across = Axis.over([point.x for point in points], LEFT, WIDTH - RIGHT)
    up = Axis.over([point.y for point in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        text(LEFT, 30, title, fill=INK, size=17, weight="600"),
        *_grid(across, up),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, x_title, fill=FAINT, anchor="middle"),
        text(LEFT, TOP - 12, y_title, fill=FAINT),
    ]
    colours = [COLOURS[number % len(COLOURS)] for number in range(len(series))]
    for one, colour in reversed(list(zip(series, colours, strict=True))):  # ours on top
        parts += _drawn(one, across, up, colour, is_first=one is series[0])
    parts += _names(series, colours, across, up)
    return "\n".join([*parts, "</svg>", ""])


def _grid(across: Axis, up: Axis) -> list[str]:
    lines = []
    for tick in up.ticks:
        y = up.place(tick)
        lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{GRID}"/>')
        lines.append(text(LEFT - 8, y + 4, f"{tick:,g}", fill=FAINT, anchor="end"))
    for tick in across.ticks:
        x = across.place(tick)
        lines.append(f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="{GRID}"/>')
        lines.append(text(x, HEIGHT - BOTTOM + 20, f"{tick:,.0f}", fill=FAINT, anchor="middle"))
    return lines


def _drawn(one: Series, across: Axis, up: Axis, colour: str, *, is_first: bool) -> list[str]:
    """Whole lines between what was measured, broken ones to what was carried on; a ring where nothing was measured."""
    width = 3 if is_first else 2
    lines = []
    for before, after in pairwise(one.points):
        x1, y1, x2, y2 = across.place(before.x), up.place(before.y), across.place(after.x), up.place(after.y)
        broken = "" if after.is_measured and before.is_measured else ' stroke-dasharray="6 5"'
        lines.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"{broken}/>'
        )
    for point in one.points:
        fill = colour if point.is_measured else PAPER
        lines.append(
            f'<circle cx="{across.place(point.x)}" cy="{up.place(point.y)}" r="4.5" fill="{fill}" '
            f'stroke="{colour}" stroke-width="2"/>'
        )
    return lines


def _names(series: Sequence[Series], colours: Sequence[str], across: Axis, up: Axis) -> list[str]:
    """Beside the last point of each line, moved apart where they would meet."""
    last = [(up.place(one.points[-1].y), one, colour) for one, colour in zip(series, colours, strict=True)]
    last.sort(key=lambda name: name[0])
    names, below = [], -math.inf
    for y, one, colour in last:
        at = max(y, below + LINE_HEIGHT)
        below = at
        end, x = across.place(one.points[-1].x), WIDTH - RIGHT + 26
        names.append(f'<path d="M {end + 8} {y} L {x - 6} {at}" stroke="{colour}" stroke-opacity="0.5" fill="none"/>')
        names.append(text(x, at + 4, one.name, fill=colour, weight="600" if one is series[0] else "400"))
    return names


def text(
    x: float, y: float, words: str, *, fill: str, size: int = 13, anchor: str = "start", weight: str = "400"
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{fill}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )
