"""Incoterms by what a price at them holds, and by which place they name."""

from enum import StrEnum

from corridor.enums import Incoterm


class Group(StrEnum):
    """Terms that put the same costs into a price at one place, up to what the table of lanes can tell apart."""

    E = "E"
    F = "F"
    C = "C"
    DDP = "DDP"


GROUPS = {
    Incoterm.EXW: Group.E,
    **dict.fromkeys((Incoterm.FCA, Incoterm.FAS, Incoterm.FOB), Group.F),
    **dict.fromkeys((Incoterm.CFR, Incoterm.CIF, Incoterm.CPT, Incoterm.CIP, Incoterm.DAP, Incoterm.DPU), Group.C),
    Incoterm.DDP: Group.DDP,
}
# In the order of what they hold: each holds all that the ones before it hold.
ORDER = (Group.E, Group.F, Group.C, Group.DDP)
# A departure term names the place where the goods leave, an arrival term the one where they arrive.
NAMES_DEPARTURE = frozenset({Group.E, Group.F})
NAMES_ARRIVAL = frozenset({Group.C, Group.DDP})
WITHOUT_TERM = ""


def names_departure(incoterm: str) -> bool:
    return GROUPS.get(incoterm) in NAMES_DEPARTURE


def names_arrival(incoterm: str) -> bool:
    return GROUPS.get(incoterm) in NAMES_ARRIVAL
