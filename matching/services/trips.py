"""From where to where the goods of a pair go, and at which points their two prices stand."""

from collections.abc import Mapping
from typing import NamedTuple

from companies.enums import PriceBasis
from companies.models import Capacity, Need
from corridor.engine.landed import ALL_IN, Point
from corridor.enums import Incoterm
from corridor.ways import Trip

# Of a capacity and of a need: what `departure_of` and `arrival_of` read.
CAPACITY_COLUMNS = (
    *("commodity_id", "origin_country", "incoterm", "place__code", "lot_kg", "net_kg_per_transport_unit"),
    *("company__place__code", "company__place__country"),
)
NEED_COLUMNS = ("price_basis", "incoterm", "named_place__code", "destination__code", "destination__country")


class Departure(NamedTuple):
    """Where and on which terms goods are offered. A mass of 0 is not known."""

    commodity: int
    origin_country: str
    asked: Point
    home: str  # where the goods start if the price is at a term of arrival; empty: not known
    shipment_kg: int
    unit_kg: int


class Arrival(NamedTuple):
    """The point that a limit price speaks of, and the country that the goods go to."""

    limit: Point
    country: str


def departure_of(capacity: Mapping) -> Departure:
    """Goods start at the nearest place of the seller's site, where that lies in the country they come from."""
    is_at_home = capacity["company__place__country"] == capacity["origin_country"]
    return Departure(
        commodity=capacity["commodity_id"],
        origin_country=capacity["origin_country"],
        asked=Point(capacity["incoterm"], capacity["place__code"]),
        home=capacity["company__place__code"] if is_at_home else "",
        shipment_kg=capacity["lot_kg"] or 0,
        unit_kg=capacity["net_kg_per_transport_unit"] or 0,
    )


def arrival_of(need: Mapping) -> Arrival:
    """The named place of the Incoterm; all-in, or without a term or a place, the place of destination.

    A limit without a term is one for the goods brought to the destination.
    """
    country, destination = need["destination__country"], need["destination__code"]
    if need["price_basis"] == PriceBasis.ALL_IN:
        return Arrival(Point(ALL_IN, destination), country)
    if not need["incoterm"] or need["named_place__code"] is None:
        return Arrival(Point(need["incoterm"] or Incoterm.DAP, destination), country)
    return Arrival(Point(need["incoterm"], need["named_place__code"]), country)


def departure_from(capacity: Capacity) -> Departure:
    """The same of a capacity that is loaded with its place and the place of its company."""
    return departure_of({column: walk(capacity, column) for column in CAPACITY_COLUMNS})


def arrival_at(need: Need) -> Arrival:
    """The same of a need that is loaded with its destination and its named place."""
    return arrival_of({column: walk(need, column) for column in NEED_COLUMNS})


def trip_of(departure: Departure, arrival: Arrival, commodity) -> Trip:
    """What the corridor is asked for."""
    return Trip(
        commodity,
        departure.origin_country,
        arrival.country,
        departure.shipment_kg or None,
        departure.unit_kg or None,
    )


def in_words(end: Departure | Arrival) -> list:
    """The same as JSON keeps it: what two ends agree in, they agree in here."""
    return [[value.term, value.place] if isinstance(value, Point) else value for value in end]


def walk(row: object, column: str):
    """`company__place__code` of a row; None where a step of the way is missing."""
    for name in column.split("__"):
        row = None if row is None else getattr(row, name)
    return row
