"""What a way costs, line by line: each hop, handling on the way and at its ends, fitting out a box."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corridor.engine.network import THROUGH, Handling, Hop, Network

ROAD = "road"


@dataclass(frozen=True)
class Charge:
    """One line of what a route costs: a hop, handling at a place, or fitting out. None where not known."""

    kind: str  # "leg", "through", "terminal", "fitting"
    at: str  # the leg, the quote of a through rate, or the place
    equipment: str
    low_e4: int | None
    high_e4: int | None
    quotes: tuple[str, ...] = ()


def charges_of(network: Network, hops: Iterable[Hop]) -> Iterator[Charge]:
    """Every line of what a way costs, in order."""
    before = None
    for hop in hops:
        yield from start_charges(network, before, hop)
        yield hop_charge(hop)
        before = hop
    if before is not None and is_handled_after(before):
        yield charge("terminal", before.destination, before.equipment, end_handling(network, before))


def start_charges(network: Network, before: Hop | None, hop: Hop) -> Iterator[Charge]:
    """Fitting out where the goods start; handling there and on the way."""
    place = (hop.origin, hop.equipment)
    if before is None and hop.equipment in network.needs_fitting:
        yield charge("fitting", *place, network.fittings.get(place))
    if is_handled_between(before, hop):
        yield charge("terminal", *place, network.terminals.get(place))


def hop_charge(hop: Hop) -> Charge:
    kind = "through" if hop.mode == THROUGH else "leg"
    return Charge(kind, hop.leg, hop.equipment, hop.cost_low_e4, hop.cost_high_e4, hop.quotes)


def charge(kind: str, at: str, equipment: str, handling: Handling | None) -> Charge:
    if handling is None:
        return Charge(kind, at, equipment, None, None)
    return Charge(kind, at, equipment, handling.low_e4, handling.high_e4, handling.quotes)


def is_handled_after(hop: Hop) -> bool:
    """Whether the goods are handled where they arrive; a truck comes to the door."""
    return not hop.holds_terminals and hop.mode != ROAD


def end_handling(network: Network, hop: Hop) -> Handling | None:
    return network.terminals.get((hop.destination, hop.equipment))


def is_handled_between(before: Hop | None, hop: Hop) -> bool:
    """Where the goods start, and wherever they change between vessel, train and truck; a truck comes to the door."""
    if hop.holds_terminals:
        return False
    if before is None:
        return hop.mode != ROAD
    return not before.holds_terminals and (before.mode != hop.mode or before.equipment != hop.equipment)
