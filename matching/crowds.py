"""How closely a company may be described so that at least three answer to the description. Plain functions of facts.

Told is the region, else the larger area, else the country, of the first of these that enough companies share. Whoever
is told of more closely no longer stands in the crowd of a wider description: a reader who knows that the others of
Kalimantan would be named by their province could take them away and count who is left.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

ENOUGH = 3  # companies that answer to one description


class Closeness(IntEnum):
    """How close a description comes to a company; a higher one says more."""

    HEADING = 0  # too few even in the country: the HS heading instead of the goods
    COUNTRY = 1
    AREA = 2
    REGION = 3


@dataclass(frozen=True)
class Home:
    """Where a company sits, by codes; empty where it is not known or there is none."""

    country: str
    area: str = ""
    region: str = ""


Place = tuple[str, ...]
PLACES: tuple[tuple[Closeness, Callable[[Home], Place | None]], ...] = (
    (Closeness.REGION, lambda home: (home.country, home.region) if home.region else None),
    (Closeness.AREA, lambda home: (home.country, home.area) if home.area else None),
    (Closeness.COUNTRY, lambda home: (home.country,)),
)


def closeness(homes: Mapping[int, Home]) -> dict[int, Closeness]:
    """How closely each company of a crowd may be described.

    Args:
        homes: every company that fits one description of goods and side, and where it sits.
    """
    left, found = dict(homes), {}
    for close, place_of in PLACES:
        crowds = Counter(place_of(home) for home in left.values())
        told = {
            company: close
            for company, home in left.items()
            if place_of(home) is not None and crowds[place_of(home)] >= ENOUGH
        }
        found |= told
        left = {company: home for company, home in left.items() if company not in told}
    return found | dict.fromkeys(left, Closeness.HEADING)
