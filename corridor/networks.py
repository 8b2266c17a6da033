"""The network that may carry a kind of goods, from the rows of the corridor: legs, equipment, quotes in force, rates.

A quote in a currency without a rate, or in force on another day, is no quote. What nobody quoted stays not known.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from accounts.figures import KG_PER_T
from corridor.engine import Carrier, Handling, Hop, Network, Route, best_routes
from corridor.engine.network import E4, THROUGH
from corridor.enums import QuotePer, QuoteScope
from corridor.legs import OPEN, legs_on
from corridor.models import FreightQuote, LegEquipment, TransportClassEquipment
from corridor.queries import Rate, rates_in_force


@dataclass(frozen=True)
class Quoted:
    """A quote as the network needs it: what it is for, and ten-thousandths of a USD per tonne."""

    code: str
    scope: str
    origin: str
    destination: str
    leg: str
    equipment: str
    e4: int


@dataclass(frozen=True)
class LegRow:
    """A leg that is open and of which the days are known."""

    code: str
    origin: str
    destination: str
    mode: str
    days_low: int
    days_high: int
    distance_km: int | None
    is_bidirectional: bool
    parts: frozenset[str]


class Corridors:
    """What all networks of one day are made from, read once: five queries, however many networks are asked for."""

    def __init__(self, on: date, *, statuses: Iterable[str] = OPEN, rates: dict[str, Rate] | None = None):
        self.rates = rates_in_force(on) if rates is None else rates
        self.legs = open_legs(on, statuses)
        self.passing = passing_equipment()
        self.quotes = list(FreightQuote.objects.in_force(on).values_list(*QUOTE_COLUMNS))
        kits = TransportClassEquipment.objects.filter(only_some_goods=False).order_by("preference")
        self.kits = defaultdict(list)
        for row in kits.values_list("transport_class", *KIT_COLUMNS):
            self.kits[row[0]].append(row[1:])

    def network(self, transport_class: str, *, shipment_kg: int | None = None, unit_kg: int | None = None) -> Network:
        """What may carry goods of a class.

        Args:
            transport_class: of the commodity.
            shipment_kg: the smallest shipment; vessels whose smallest parcel is more do not come for it. None: boxes,
                wagons, trucks and aircraft only, since no shipment is too small for them.
            unit_kg: what the seller loads into one box, where that is known and the box can take it.
        """
        loads = {}
        carriers = {}
        for equipment, groups, net_load_kg, payload_kg in self.kits[transport_class]:
            if unit_kg and not groups and unit_kg <= (payload_kg or net_load_kg):
                net_load_kg = unit_kg
            if net_load_kg <= max(shipment_kg or 0, LARGEST_SINGLE_LOAD_KG):
                carriers[equipment] = Carrier(equipment, frozenset(groups))
                loads[equipment] = net_load_kg
        quoted = [one for row in self.quotes if (one := self._quoted(row, loads))]
        network = Network(
            carriers=carriers,
            hops=tuple(self._hops(carriers, quoted)),
            terminals=handlings(quoted, QuoteScope.TERMINAL),
            fittings=handlings(quoted, QuoteScope.FITTING),
            needs_fitting=frozenset(one.equipment for one in quoted if one.scope == QuoteScope.FITTING),
        )
        return replace(network, hops=(*network.hops, *through_hops(network, quoted)))

    def _quoted(self, row: tuple, loads: dict[str, int]) -> Quoted | None:
        *named, amount, currency, per = row
        equipment = named[-1]
        rate = Decimal(1) if currency == "USD" else getattr(self.rates.get(currency), "usd_per_unit", None)
        if equipment not in loads or rate is None:
            return None
        return Quoted(*named[:4], named[4] or "", equipment, e4_per_t(amount * rate, per, loads[equipment]))

    def _hops(self, carriers: dict[str, Carrier], quoted: list[Quoted]) -> Iterable[Hop]:
        asked = defaultdict(list)
        for one in quoted:
            if one.scope == QuoteScope.LEG:
                asked[one.leg, one.origin, one.destination, one.equipment].append(one)
        for leg in self.legs:
            ways = [(leg.origin, leg.destination)]
            if leg.is_bidirectional:
                ways.append((leg.destination, leg.origin))
            for equipment in sorted(self.passing[leg.code] & carriers.keys()):
                for origin, destination in ways:
                    cost = span(asked[leg.code, origin, destination, equipment])
                    yield Hop(
                        leg.code,
                        origin,
                        destination,
                        leg.mode,
                        equipment,
                        leg.days_low,
                        leg.days_high,
                        leg.distance_km,
                        cost_low_e4=cost.low_e4 if cost else None,
                        cost_high_e4=cost.high_e4 if cost else None,
                        quotes=cost.quotes if cost else (),
                        parts=leg.parts,
                    )


# The heaviest single box, wagon or truck of equipment.csv is a 70 t hopper wagon; what takes more is a vessel's parcel.
LARGEST_SINGLE_LOAD_KG = 70_000
KIT_COLUMNS = ("equipment__code", "equipment__chain_groups", "net_load_kg", "equipment__payload_kg")
QUOTE_COLUMNS = (
    "code",
    "scope",
    "origin__code",
    "destination__code",
    "leg__code",
    "equipment__code",
    "amount",
    "currency",
    "per",
)


def e4_per_t(usd: Decimal, per: str, net_load_kg: int) -> int:
    """A quote in ten-thousandths of a USD per tonne, to the nearest."""
    per_kg = {QuotePer.BOX: net_load_kg, QuotePer.TONNE: KG_PER_T, QuotePer.KILOGRAM: 1}[per]
    return int((usd * E4 * KG_PER_T / per_kg).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def span(quoted: list[Quoted]) -> Handling | None:
    """From the lowest to the highest quote for one thing; None where there is none."""
    if not quoted:
        return None
    amounts = [one.e4 for one in quoted]
    return Handling(min(amounts), max(amounts), tuple(sorted(one.code for one in quoted)))


def handlings(quoted: list[Quoted], scope: str) -> dict[tuple[str, str], Handling]:
    found = defaultdict(list)
    for one in quoted:
        if one.scope == scope:
            found[one.origin, one.equipment].append(one)
    return {key: span(same) for key, same in found.items()}


def through_hops(network: Network, quoted: list[Quoted]) -> Iterable[Hop]:
    """Whole lanes at one rate. The quote names no route: days and distance are those of the cheapest one by legs."""
    asked = defaultdict(list)
    for one in quoted:
        if one.scope == QuoteScope.LANE:
            asked[one.origin, one.destination, one.equipment].append(one)
    for (origin, destination, equipment), same in sorted(asked.items()):
        in_it = replace(network, hops=tuple(hop for hop in network.hops if hop.equipment == equipment))
        route = next(iter(best_routes(in_it, origin, destination)), None)
        if route is not None:
            yield through_hop(route, same)


def through_hop(route: Route, quoted: list[Quoted]) -> Hop:
    cost, first = span(quoted), quoted[0]
    return Hop(
        " ".join(cost.quotes),
        first.origin,
        first.destination,
        THROUGH,
        first.equipment,
        route.days_low,
        route.days_high,
        route.distance_km,
        cost.low_e4,
        cost.high_e4,
        cost.quotes,
        holds_terminals=True,
        passed=route.places,
    )


def open_legs(on: date, statuses: Iterable[str] = OPEN) -> list[LegRow]:
    """Legs that are open on a day and whose days are known; a leg without days leads nowhere one could plan with."""
    rows = legs_on(on, statuses).filter(is_open=True, transit_days_low__isnull=False).order_by("code")
    columns = ("transit_days_low", "transit_days_high", "distance_km", "is_bidirectional", "parts")
    return [
        LegRow(*row[:-1], frozenset(row[-1]))
        for row in rows.values_list("code", "origin__code", "destination__code", "mode", *columns)
    ]


def passing_equipment() -> dict[str, set[str]]:
    """Leg -> the equipment that can pass it."""
    found = defaultdict(set)
    for leg, equipment in LegEquipment.objects.values_list("leg__code", "equipment__code"):
        found[leg].add(equipment)
    return found
