"""How closely a company may be described so that at least three answer to the description. Plain functions of facts.

Told is the region, else the larger area, else the country, of the first of these that enough companies share. Whoever
is told of more closely no longer stands in the crowd of a wider description: a reader who knows that the others of
Kalimantan would be named by their province could take them away and count who is left. Examples and other companies
are crowds of their own, for the product marks every example, and a reader could take those away as well.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from enum import IntEnum
from typing import NamedTuple

ENOUGH = 3  # companies that answer to one description


class Closeness(IntEnum):
    """How close a description comes to a company; a higher one says more."""

    HEADING = 0  # too few even in the country: the HS heading instead of the goods
    COUNTRY = 1
    AREA = 2
    REGION = 3


class Home(NamedTuple):
    """Where a company sits, by codes, empty where it is not known or there is none; and whether it is an example."""

    country: str
    area: str = ""
    region: str = ""
    is_example: bool = False


Place = tuple[bool | str, ...]
PLACES: tuple[tuple[Closeness, Callable[[Home], Place | None]], ...] = (
    (Closeness.REGION, lambda home: (home.is_example, home.country, home.region) if home.region else None),
    (Closeness.AREA, lambda home: (home.is_example, home.country, home.area) if home.area else None),
    (Closeness.COUNTRY, lambda home: (home.is_example, home.country)),
)


def closeness(homes: Mapping[int, Home]) -> dict[int, Closeness]:
    """How closely each company of a crowd may be described.

    Args:
        homes: every company that fits one description of goods and side, and where it sits.
    """
    left, found = Counter(homes.values()), {}
    for close, place_of in PLACES:
        crowds = Counter()
        for home, companies in left.items():
            crowds[place_of(home)] += companies
        told = [home for home in left if (place := place_of(home)) is not None and crowds[place] >= ENOUGH]
        for home in told:
            found[home] = close
            del left[home]
    return {company: found.get(home, Closeness.HEADING) for company, home in homes.items()}


def have_enough_alike(homes: Mapping[int, Home], companies: Collection[int]) -> bool:
    """Whether these are described as `closeness` says, however many more companies there may be in the crowd.

    Enough that sit where a company sits share every description of it, the closest included, and always will.
    """
    alike = Counter(homes.values())
    return all(company in homes and alike[homes[company]] >= ENOUGH for company in companies)
