"""Which place an Incoterm names: the one where the goods leave, or the one where they arrive."""

from corridor.engine.landed import DEPARTURE
from corridor.enums import Incoterm


def names_departure(incoterm: str) -> bool:
    return incoterm in DEPARTURE


def names_arrival(incoterm: str) -> bool:
    return incoterm in Incoterm.values and incoterm not in DEPARTURE
