"""The network that may carry a kind of goods, from the rows of the corridor: legs, equipment, quotes in force, rates.

A quote in a currency without a rate, or in force on another day, is no quote. What nobody quoted stays not known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from accounts.figures import KG_PER_T
from corridor.engine import Carrier, Handling, Hop, Network, Route, routes_from
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


@dataclass(frozen=True)
class Kit:
    """One equipment that comes for the goods, and the kilograms that it carries of them."""

    equipment: str
    chain_groups: frozenset[str]
    net_load_kg: int


class Corridors:
    """What all networks of one day are made from, read once: five queries, however many networks are asked for.

    `freight_percent` is what every quote for a leg or a whole lane is taken to change by: -10 is a tenth cheaper.
    """

    def __init__(
        self,
        on: date,
        *,
        statuses: Iterable[str] = OPEN,
        rates: dict[str, Rate] | None = None,
        freight_percent: Decimal = Decimal(0),
    ):
        self.rates = rates_in_force(on) if rates is None else rates
        self.freight = 1 + freight_percent / 100
        self.legs = open_legs(on, statuses)
        self.passing = passing_equipment()
        self.quotes = list(FreightQuote.objects.in_force(on).values_list(*QUOTE_COLUMNS))
        kits = TransportClassEquipment.objects.filter(only_some_goods=False).order_by("preference")
        self.kits = defaultdict(list)
        for row in kits.values_list("transport_class", *KIT_COLUMNS):
            self.kits[row[0]].append(row[1:])
        self._networks: dict[tuple[Kit, ...], Network] = {}
        self._legs_alone: dict[tuple[str, str], dict[str, list[Route]]] = {}

    def network(self, transport_class: str, *, shipment_kg: int | None = None, unit_kg: int | None = None) -> Network:
        """What may carry goods of a class; see `kits_for`."""
        return self.network_of(self.kits_for(transport_class, shipment_kg=shipment_kg, unit_kg=unit_kg))

    def kits_for(
        self, transport_class: str, *, shipment_kg: int | None = None, unit_kg: int | None = None
    ) -> tuple[Kit, ...]:
        """The equipment that comes for goods of a class, the preferred first.

        Args:
            transport_class: of the commodity.
            shipment_kg: the smallest shipment; vessels whose smallest parcel is more do not come for it. None: boxes,
                wagons, trucks and aircraft only, since no shipment is too small for them.
            unit_kg: what the seller loads into one box, where that is known and the box can take it.
        """
        found = []
        for equipment, groups, net_load_kg, payload_kg in self.kits[transport_class]:
            if unit_kg and not groups and unit_kg <= (payload_kg or net_load_kg):
                net_load_kg = unit_kg
            if net_load_kg <= max(shipment_kg or 0, LARGEST_SINGLE_LOAD_KG):
                found.append(Kit(equipment, frozenset(groups), net_load_kg))
        return tuple(found)

    def network_of(self, kits: tuple[Kit, ...]) -> Network:
        """Every hop that some of the equipment can take, with what it costs by tonne; made once."""
        if kits not in self._networks:
            self._networks[kits] = self._made(kits)
        return self._networks[kits]

    def leads(self, equipment: str, origin: str, destination: str) -> bool:
        """Whether legs lead from place to place in one equipment; a through rate has its days from them."""
        return destination in self._by_legs(equipment, origin)

    def _made(self, kits: tuple[Kit, ...]) -> Network:
        network = self._of_legs(kits)
        through = [one for one in self._quoted_for(kits) if one.scope == QuoteScope.LANE]
        return replace(network, hops=(*network.hops, *through_hops(through, self._by_legs)))

    def _of_legs(self, kits: tuple[Kit, ...]) -> Network:
        carriers = {kit.equipment: Carrier(kit.equipment, kit.chain_groups) for kit in kits}
        quoted = self._quoted_for(kits)
        return Network(
            carriers=carriers,
            hops=tuple(self._hops(carriers, quoted)),
            terminals=handlings(quoted, QuoteScope.TERMINAL),
            fittings=handlings(quoted, QuoteScope.FITTING),
            needs_fitting=frozenset(one.equipment for one in quoted if one.scope == QuoteScope.FITTING),
        )

    def _quoted_for(self, kits: tuple[Kit, ...]) -> list[Quoted]:
        loads = {kit.equipment: kit.net_load_kg for kit in kits}
        return [one for row in self.quotes if (one := self._quoted(row, loads))]

    def _by_legs(self, equipment: str, origin: str) -> dict[str, list[Route]]:
        """The routes of one equipment at the smallest of its usual loads, leg by leg; searched once."""
        if (equipment, origin) not in self._legs_alone:
            loads = [load for rows in self.kits.values() for code, _groups, load, _most in rows if code == equipment]
            kit = Kit(equipment, frozenset(), min(loads, default=KG_PER_T))
            self._legs_alone[equipment, origin] = routes_from(self._of_legs((kit,)), origin)
        return self._legs_alone[equipment, origin]

    def _quoted(self, row: tuple, loads: dict[str, int]) -> Quoted | None:
        *named, amount, currency, per = row
        equipment = named[-1]
        rate = Decimal(1) if currency == "USD" else getattr(self.rates.get(currency), "usd_per_unit", None)
        if equipment not in loads or rate is None:
            return None
        if named[1] in FREIGHT:
            rate *= self.freight
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
FREIGHT = (QuoteScope.LEG, QuoteScope.LANE)
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


def chained(kits: Iterable[Kit]) -> list[tuple[Kit, ...]]:
    """The kits apart that goods never change between: each closed box alone, loose goods by their chain groups."""
    apart: list[tuple[Kit, ...]] = []
    for kit in kits:
        joined = [one for one in apart if any(kit.chain_groups & other.chain_groups for other in one)]
        apart = [one for one in apart if one not in joined] + [(*(other for one in joined for other in one), kit)]
    return apart


def through_hops(quoted: list[Quoted], by_legs: Callable[[str, str], dict[str, list[Route]]]) -> Iterable[Hop]:
    """Whole lanes at one rate. The quote names no route: days and distance are those of the cheapest one by legs."""
    asked = defaultdict(list)
    for one in quoted:
        asked[one.origin, one.destination, one.equipment].append(one)
    for (origin, destination, equipment), same in sorted(asked.items()):
        for route in by_legs(equipment, origin).get(destination, [])[:1]:
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
