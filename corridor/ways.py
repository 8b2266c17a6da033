"""The ways of a day: routes, duties and premiums put together to landed costs. Read once, asked for many pairs."""

from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from commodities.models import Commodity
from corridor.customs import Customs, Tariffs
from corridor.engine import Charge, Network, Route, routes_from
from corridor.engine.landed import Landed, Point, Share, Terms, landed_cost
from corridor.models import InsurancePremium, Place
from corridor.networks import Corridors
from corridor.queries import rates_in_force

# Members of the Eurasian Economic Union clear goods at its outer border; every other country is its own territory.
EAEU = dict.fromkeys(("AM", "BY", "KG", "KZ", "RU"), "EAEU")
PERCENT = 100


class Trip(NamedTuple):
    """What is asked for: a commodity, the countries, and in kg the smallest shipment and what one box holds."""

    commodity: Commodity
    origin_country: str
    destination_country: str
    shipment_kg: int | None = None
    unit_kg: int | None = None


class Load(NamedTuple):
    """What decides which equipment comes for the goods, and what it costs a tonne."""

    transport_class: str
    shipment_kg: int | None = None
    unit_kg: int | None = None


class Ways:
    """Landed costs on one day."""

    def __init__(self, on: date):
        self.on = on
        self.rates = rates_in_force(on)
        self.corridors = Corridors(on, rates=self.rates)
        self._networks: dict[Load, Network] = {}
        self._routes: dict[tuple[Load, str], dict[str, list[Route]]] = {}
        self._customs: dict[tuple[int, str, str], Customs] = {}

    @cached_property
    def tariffs(self) -> Tariffs:
        euro = self.rates.get("EUR")
        return Tariffs(self.on, euro and euro.usd_per_unit)

    @cached_property
    def territory_of(self) -> dict[str, str]:
        return {code: EAEU.get(country, country) for code, country in Place.objects.values_list("code", "country")}

    @cached_property
    def premiums(self) -> dict[str, Share]:
        """Cover -> from the lowest to the highest premium in force."""
        found: dict[str, Share] = {}
        for row in premiums_in_force(self.on):
            low, high = share_of(row)
            known = found.get(row.cover)
            sources = " ".join(filter(None, [known and known.source, row.code]))
            ends = (low, high) if known is None else (min(low, known.low), max(high, known.high))
            found[row.cover] = Share(*ends, sources)
        return found

    def network(self, load: Load) -> Network:
        if load not in self._networks:
            transport_class, shipment_kg, unit_kg = load
            self._networks[load] = self.corridors.network(transport_class, shipment_kg=shipment_kg, unit_kg=unit_kg)
        return self._networks[load]

    def routes(self, load: Load, origin: str, destination: str) -> list[Route]:
        """The routes that no other beats, the cheapest first; one search answers for every destination."""
        if (load, origin) not in self._routes:
            self._routes[load, origin] = routes_from(self.network(load), origin)
        return self._routes[load, origin].get(destination, [])

    def customs(self, trip: Trip) -> Customs:
        key = (trip.commodity.pk, trip.origin_country, trip.destination_country)
        if key not in self._customs:
            self._customs[key] = self.tariffs.customs(trip.commodity, trip.origin_country, trip.destination_country)
        return self._customs[key]

    def landed(self, trip: Trip, asked: Point, limit: Point, origin: str) -> Landed:
        """What a tonne costs at the limit's point; see `corridor.engine.landed`."""
        return landed_cost(asked, limit, origin, self.terms(trip))

    def terms(self, trip: Trip) -> Terms:
        customs = self.customs(trip)
        load = Load(trip.commodity.transport_class, trip.shipment_kg, trip.unit_kg)

        def route(start: str, end: str) -> Route | None:
            return next(iter(self.routes(load, start, end)), None)

        def loading(place: str) -> tuple[Charge, ...]:
            return loading_at(place, self.network(load))

        return Terms(
            route=route,
            territory_of=self.territory_of,
            loading=loading,
            duties=customs.duties,
            export=customs.export,
            premiums=self.premiums,
            vat=customs.vat,
            packing_kg=trip.unit_kg,
        )


def premiums_in_force(on: date) -> QuerySet[InsurancePremium]:
    return InsurancePremium.objects.filter(valid_from__lte=on, valid_to__gte=on)


def share_of(row: InsurancePremium) -> tuple[Fraction, Fraction]:
    return Fraction(row.percent_low) / PERCENT, Fraction(row.percent_high) / PERCENT


def loading_at(place: str, network: Network) -> tuple[Charge, ...]:
    """Fitting out and loading in the equipment that the class prefers, where the goods go no further."""
    equipment = next(iter(network.carriers), None)
    if equipment is None:
        return ()
    fitting = [("fitting", network.fittings)] if equipment in network.needs_fitting else []
    charges = []
    for kind, known in [*fitting, ("terminal", network.terminals)]:
        cost = known.get((place, equipment))
        ends = (None, None) if cost is None else (cost.low_e4, cost.high_e4)
        charges.append(Charge(kind, place, equipment, *ends, cost.quotes if cost else ()))
    return tuple(charges)
