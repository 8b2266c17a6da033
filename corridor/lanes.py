"""The routes of one lane for goods of a class; where there is none, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corridor.engine import Carrier, Hop, Network, Route, best_routes
from corridor.legs import LegState, legs_on, with_switches
from corridor.models import FreightQuote, Leg, TransportClassEquipment
from corridor.ways import Load, Ways

HUB = "IDKRG"  # Kariangau: where the goods of Kalimantan are gathered


class Why(StrEnum):
    """Why no route is known."""

    NO_EQUIPMENT = "no_equipment"  # nothing is known that carries the class
    ONLY_SOME_GOODS = "only_some_goods"  # what is known fits only some goods of the class
    SMALL_SHIPMENT = "small_shipment"  # only vessels come for the class, and for larger shipments
    LEGS_SHUT = "legs_shut"  # there would be a route, were these legs open and their days known
    NO_LEG = "no_leg"  # no leg that such equipment can pass leads there


@dataclass(frozen=True)
class NoRoute:
    """Why there is no route: with the legs that are shut, the equipment that was tried, the parcel that is missed."""

    why: Why
    legs: Sequence[Leg] = ()
    equipment: Sequence[str] = ()
    smallest_kg: int | None = None


def lane_routes(ways: Ways, load: Load, origin: str, destination: str) -> tuple[list[Route], NoRoute | None]:
    """Every route that no other beats, the cheapest first; without one, why."""
    routes = ways.routes(load, origin, destination)
    return routes, None if routes else why_none(ways, load, origin, destination)


def why_not_reckoned(ways: Ways, quote: FreightQuote) -> NoRoute | None:
    """Why a quote for a whole lane pays for nothing: no legs say how long its way takes. None: they do."""
    ends = quote.origin.code, quote.destination.code
    if ways.corridors.leads(quote.equipment.code, *ends):
        return None
    return why_no_legs(ways, {quote.equipment.code: Carrier(quote.equipment.code)}, *ends)


def why_none(ways: Ways, load: Load, origin: str, destination: str) -> NoRoute:
    carriers = {kit.equipment: Carrier(kit.equipment, kit.chain_groups) for kit in ways.kits(load)}
    return why_no_legs(ways, carriers, origin, destination) if carriers else why_no_equipment(load)


def why_no_legs(ways: Ways, carriers: dict[str, Carrier], origin: str, destination: str) -> NoRoute:
    shut = shut_legs(ways, carriers, origin, destination)
    if shut:
        return NoRoute(Why.LEGS_SHUT, legs=shut)
    return NoRoute(Why.NO_LEG, equipment=tuple(carriers))


def why_no_equipment(load: Load) -> NoRoute:
    rows = list(TransportClassEquipment.objects.filter(transport_class=load.transport_class))
    if not rows:
        return NoRoute(Why.NO_EQUIPMENT)
    whole = [row.net_load_kg for row in rows if not row.only_some_goods]
    if not whole:
        return NoRoute(Why.ONLY_SOME_GOODS)
    return NoRoute(Why.SMALL_SHIPMENT, smallest_kg=min(whole))


def shut_legs(ways: Ways, carriers: dict[str, Carrier], origin: str, destination: str) -> list[Leg]:
    """The fewest legs that would have to open, or to get days, for a route to be known; none where that is no help."""
    legs = {leg.code: leg for leg in legs_on(ways.on).select_related("origin", "destination")}
    hops = [
        hop
        for leg in legs.values()
        for equipment in ways.corridors.passing[leg.code] & carriers.keys()
        for hop in ways_along(leg, equipment)
    ]
    # Every shut leg counts for a day, an open one for none: the fastest route is that of the fewest shut legs.
    routes = best_routes(Network(carriers, tuple(hops)), origin, destination)
    taken = [legs[hop.leg] for hop in routes[-1].hops] if routes else []
    return with_switches(leg for leg in taken if leg.state != LegState.OPEN)


def ways_along(leg: Leg, equipment: str) -> list[Hop]:
    days = int(leg.state != LegState.OPEN)
    ends = [(leg.origin.code, leg.destination.code)]
    if leg.is_bidirectional:
        ends.append(ends[0][::-1])
    return [Hop(leg.code, *way, leg.mode, equipment, days, days, parts=frozenset(leg.parts)) for way in ends]
