"""The map of the corridor on paper: the coast as lines, what flows as bands as broad as their tonnes.

A flow of a report has countries and no ways, so all of them are drawn along the usual course by sea to Lianyungang and
by rail to Almaty, those to Kazakhstan beside those to Indonesia; the table below the map has their figures.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from corridor.courses import WATERS
from corridor.enums import Country
from corridor.geometry import Point, curve, directions, projected
from reports.document import Flows
from reports.writing.paper.speech import Speech

COAST = Path(settings.BASE_DIR) / "static" / "coast.svg"
BY_SEA = (
    (-1.27, 116.81),
    *(WATERS[name] for name in ("Makassar Strait", "Mangkalihat", "Celebes Sea", "Sibutu", "Sulu Sea", "Mindoro")),
    *(WATERS[name] for name in ("Luzon", "Bashi", "Taiwan Strait south", "Taiwan Strait north", "East China Sea")),
    WATERS["Yellow Sea"],
    (34.74, 119.44),
)
BY_RAIL = ((34.74, 119.44), (34.26, 108.94), (36.06, 103.83), (40.5, 96.8), (43.83, 87.6), (44.2, 80.4), (43.24, 76.9))
COUNTRY_NAMES = {Country.KAZAKHSTAN: (50.5, 66.0), Country.INDONESIA: (-8.6, 123.0)}  # where they are written
LEFT, TOP, BREADTH, HEIGHT = 190, 60, 800, 620  # what part of the coast is shown
BROADEST, THINNEST, GAP = 26.0, 1.2, 1.4  # px
INK, LAND, HOME, EDGE, SEA, PAPER = "#0a2433", "#e9e7de", "#cfd9d8", "#9fb0b3", "#f6f8f7", "#ffffff"
WEST, EAST = "#0092ab", "#1d5673"


def flows(block: Flows, speech: Speech) -> dict:
    tonnes = [Decimal(amount) for _start, _end, _sector, amount in block.flows]
    most = max(tonnes, default=Decimal(0)) or Decimal(1)
    return {
        "title": speech.text(block.title),
        "note": speech.text(block.note),
        "heads": [
            speech.words(lambda: _("From")),
            speech.words(lambda: _("To")),
            speech.words(lambda: _("Sector")),
            speech.words(lambda: _("Tonnes")),
        ],
        "svg": picture([(end, amount) for (_from, end, _sector, _t), amount in zip(block.flows, tonnes, strict=True)]),
        "names": [[_country(code, speech), *_on_picture(point)] for code, point in COUNTRY_NAMES.items()],
        "rows": [
            {
                "cells": [
                    _country(start, speech),
                    _country(end, speech),
                    speech.text(block.sectors.get(sector, sector)),
                ],
                "figure": speech.figure(amount),
                "share": round(float(Decimal(amount) / most), 5),
                "is_west": end == Country.KAZAKHSTAN,
            }
            for start, end, sector, amount in block.flows
        ],
    }


def _on_picture(point: tuple[float, float]) -> tuple[float, float]:
    """Where a place lies from the upper left corner, as shares of the picture's breadth."""
    x, y = projected(point)
    return round((x - LEFT) / BREADTH, 4), round((y - TOP) / BREADTH, 4)


def _country(code: str, speech: Speech) -> list[str]:
    return speech.words(lambda: Country(code).label if code in Country.values else code)


def picture(bands: Sequence[tuple[str, Decimal]]) -> str:
    """The map as an SVG: without letters, for those are set beside it."""
    whole = sum((amount for _to, amount in bands), Decimal(0)) or Decimal(1)
    broadest = max(
        sum((amount for to, amount in bands if (to == Country.KAZAKHSTAN) == is_west), Decimal(0))
        for is_west in (True, False)
    )
    scale = BROADEST / float(broadest or whole)
    drawn = []
    for is_west in (True, False):
        away = GAP
        ways = [amount for to, amount in bands if (to == Country.KAZAKHSTAN) == is_west and amount]
        for amount in sorted(ways, reverse=True):
            breadth = max(THINNEST, float(amount) * scale)
            drawn.append(_band((away + breadth / 2) * (1 if is_west else -1), breadth, WEST if is_west else EAST))
            away += breadth + GAP / 2
    ends = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{PAPER}" stroke="{INK}" stroke-width="2.5"/>'
        for x, y in (projected(BY_SEA[0]), projected(BY_RAIL[-1]))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{LEFT} {TOP} {BREADTH} {HEIGHT}" width="{BREADTH}"'
        f' height="{HEIGHT}"><rect x="{LEFT}" y="{TOP}" width="{BREADTH}" height="{HEIGHT}" fill="{SEA}"/>'
        f"{_coast()}{''.join(drawn)}{ends}</svg>"
    )


def _band(away: float, breadth: float, colour: str) -> str:
    """One flow beside the middle of the course; sleepers show where it goes by rail."""
    rail = curve(_beside(BY_RAIL, away))
    line = f'fill="none" stroke-width="{breadth:.1f}"'
    return (
        f'<path d="{curve(_beside(BY_SEA, away))}" {line} stroke="{colour}" stroke-linejoin="round"/>'
        f'<path d="{rail}" {line} stroke="{colour}"/>'
        f'<path d="{rail}" {line} stroke="{PAPER}" stroke-dasharray="1.4 8"/>'
    )


def _beside(course: Sequence[tuple[float, float]], away: float) -> list[Point]:
    """A course moved sideways by some px."""
    points = [projected(point) for point in course]
    ways = directions(points)
    return [(x - down * away, y + across * away) for (x, y), (across, down) in zip(points, ways, strict=True)]


@cache
def _coast() -> str:
    shapes = dict(re.findall(r'<path id="(\w+)" d="([^"]+)"', COAST.read_text()))
    land = f'<path d="{shapes["land"]}" fill="{LAND}" stroke="{EDGE}" stroke-width="0.6"/>'
    homes = "".join(f'<path d="{shapes[key]}" fill="{HOME}" stroke="{EDGE}" stroke-width="1"/>' for key in ("id", "kz"))
    return land + homes
