"""The ways of a day: routes, duties and premiums put together to landed costs. Read once, asked for many pairs."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet

from commodities.facts import Confidence
from commodities.models import Commodity
from corridor.customs import Customs, Tariffs
from corridor.engine import STAY, Charge, Network, Route, best_of, routes_from
from corridor.engine.landed import DEPARTURE, DUTY_PAID, Landed, Point, Share, Terms, landed_cost, summed
from corridor.engine.unclear import FOB, PRICE_LINE, contradicts_its_place, in_part, not_priced
from corridor.models import (
    DutyChoice,
    Equipment,
    FreightQuote,
    InsurancePremium,
    Leg,
    LegEquipment,
    LegSwitch,
    Place,
    Preference,
    Tariff,
    TransportClassEquipment,
)
from corridor.networks import Corridors, Kit, chained
from corridor.queries import rates_in_force

# Members of the Eurasian Economic Union clear goods at its outer border; every other country is its own territory.
EAEU = dict.fromkeys(("AM", "BY", "KG", "KZ", "RU"), "EAEU")
PERCENT = 100
MADE_FROM = (Place, Leg, LegEquipment, Equipment, TransportClassEquipment, Tariff, Preference, DutyChoice)
WHO_AND_WHEN = ("entered_by_id", "switched_by_id", "switched_at", "chosen_by_id", "chosen_at")


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


@dataclass(frozen=True)
class Assumptions:
    """What is taken to hold instead of what is in force.

    Args:
        preferences: the schemes of preferential duty that hold, no others. None: those that were switched on.
        freight_percent: what every quote for a leg or a whole lane changes by; -10 is a tenth cheaper.
    """

    preferences: frozenset[str] | None = None
    freight_percent: Decimal = Decimal(0)


AS_IT_IS = Assumptions()


class Ways:
    """Landed costs on one day."""

    def __init__(self, on: date, assumed: Assumptions = AS_IT_IS):
        self.on = on
        self.assumed = assumed
        self.rates = rates_in_force(on)
        self.corridors = Corridors(on, rates=self.rates, freight_percent=assumed.freight_percent)
        self._kits: dict[Load, tuple[Kit, ...]] = {}
        self._searches: dict[tuple[tuple[Kit, ...], str], dict[str, list[Route]]] = {}
        self._routes: dict[tuple[tuple[Kit, ...], str, str], list[Route]] = {}
        self._customs: dict[tuple[int, str, str], Customs] = {}

    @cached_property
    def tariffs(self) -> Tariffs:
        euro = self.rates.get("EUR")
        return Tariffs(self.on, euro and euro.usd_per_unit, preferred=self.assumed.preferences)

    @cached_property
    def country_of(self) -> dict[str, str]:
        return dict(Place.objects.values_list("code", "country"))

    @cached_property
    def territory_of(self) -> dict[str, str]:
        return {code: EAEU.get(country, country) for code, country in self.country_of.items()}

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

    @cached_property
    def examples(self) -> frozenset[str]:
        """The codes of quotes, premiums and tariff rows whose amount is an example, or rests on an example rate."""
        of_rates = {currency for currency, rate in self.rates.items() if rate.confidence == Confidence.EXAMPLE}
        quotes = FreightQuote.objects.in_force(self.on).filter(
            Q(confidence=Confidence.EXAMPLE) | Q(currency__in=of_rates)
        )
        premiums = premiums_in_force(self.on).filter(confidence=Confidence.EXAMPLE)
        in_euro = [row.code for row in self.tariffs.rows if row.specific_eur] if "EUR" in of_rates else []
        return frozenset((*quotes.values_list("code", flat=True), *premiums.values_list("code", flat=True), *in_euro))

    def rests_on_examples(self, found: Landed) -> bool:
        return any(code in self.examples for line in found.lines for source in line.sources for code in source.split())

    def version(self) -> str:
        """SHA-256 of every row that ways and costs are made from, and of what is assumed."""
        # A set has another order in each process.
        preferences = None if self.assumed.preferences is None else sorted(self.assumed.preferences)
        assumed = (preferences, self.assumed.freight_percent, sorted(self.rates.items()))
        digest = hashlib.sha256(repr(assumed).encode())
        for rows in (
            FreightQuote.objects.in_force(self.on),
            premiums_in_force(self.on),
            LegSwitch.objects.in_force(self.on),
            *(model.objects.all() for model in MADE_FROM),
        ):
            names = [field.attname for field in rows.model._meta.concrete_fields if field.attname not in WHO_AND_WHEN]
            for row in rows.order_by("pk").values_list(*names).iterator():
                digest.update(repr(row).encode())
        return digest.hexdigest()

    def kits(self, load: Load) -> tuple[Kit, ...]:
        if load not in self._kits:
            transport_class, shipment_kg, unit_kg = load
            self._kits[load] = self.corridors.kits_for(transport_class, shipment_kg=shipment_kg, unit_kg=unit_kg)
        return self._kits[load]

    def routes(self, load: Load, origin: str, destination: str) -> list[Route]:
        """The routes that no other beats, the cheapest first.

        Equipment that goods never change between is searched apart, so that loads which share some share its search;
        one search answers for every destination.
        """
        if origin == destination:
            return [STAY]
        ends = (self.kits(load), origin, destination)
        if ends not in self._routes:
            found = [self._searched(kits, origin).get(destination, []) for kits in chained(ends[0])]
            self._routes[ends] = best_of([route for routes in found for route in routes])
        return self._routes[ends]

    def _searched(self, kits: tuple[Kit, ...], origin: str) -> dict[str, list[Route]]:
        if (kits, origin) not in self._searches:
            self._searches[kits, origin] = routes_from(self.corridors.network_of(kits), origin)
        return self._searches[kits, origin]

    def customs(self, trip: Trip) -> Customs:
        key = (trip.commodity.pk, trip.origin_country, trip.destination_country)
        if key not in self._customs:
            self._customs[key] = self.tariffs.customs(trip.commodity, trip.origin_country, trip.destination_country)
        return self._customs[key]

    def landed(self, trip: Trip, asked: Point, limit: Point, origin: str) -> Landed:
        """What a tonne costs at the limit's point by the cheapest route; see `corridor.engine.landed`."""
        return landed_cost(asked, limit, origin, self.terms(trip))

    def landed_by_route(self, trip: Trip, asked: Point, limit: Point, home: str) -> list[Landed]:
        """The same by every route that no other beats, the cheapest first; one without a route where none is known.

        Args:
            asked: an empty term is a price that does not say what it holds.
            home: where the goods start if the price is at a term of arrival; empty: not known.
        """
        if contradicts_its_place(asked, trip.origin_country, limit, trip.destination_country, self.country_of):
            return [not_priced()]
        if not asked.term:
            return self._without_term(trip, asked, limit)
        start = asked.place if asked.term in DEPARTURE else home
        routes = self.routes(load_of(trip), start, limit.place) if start else []
        terms = self.terms(trip)
        if not routes:
            return [landed_cost(asked, limit, home, terms)]
        return [landed_cost(asked, limit, home, taking(terms, route, start, limit.place)) for route in routes]

    def _without_term(self, trip: Trip, asked: Point, limit: Point) -> list[Landed]:
        """A price without a term is at least what it would be at the term that holds most, where that can be told."""
        if self.country_of[asked.place] == trip.origin_country:
            most = Point(FOB, asked.place)
            return [in_part(found) for found in self.landed_by_route(trip, most, limit, asked.place)]
        if limit.term in DUTY_PAID and limit.place == asked.place:
            return [in_part(summed([PRICE_LINE]))]
        return [not_priced()]

    def terms(self, trip: Trip) -> Terms:
        customs = self.customs(trip)
        load = load_of(trip)

        def route(start: str, end: str) -> Route | None:
            return next(iter(self.routes(load, start, end)), None) if start else None

        def loading(place: str) -> tuple[Charge, ...]:
            return loading_at(place, self.corridors.network_of(self.kits(load)[:1]))

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


def load_of(trip: Trip) -> Load:
    return Load(trip.commodity.transport_class, trip.shipment_kg, trip.unit_kg)


def taking(terms: Terms, route: Route, start: str, end: str) -> Terms:
    """The same with one route between two places, whatever is cheapest."""

    def chosen(origin: str, destination: str) -> Route | None:
        return route if (origin, destination) == (start, end) else terms.route(origin, destination)

    return replace(terms, route=chosen)


def premiums_in_force(on: date) -> QuerySet[InsurancePremium]:
    return InsurancePremium.objects.in_force(on)


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
