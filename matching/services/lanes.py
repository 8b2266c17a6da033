"""What lies between offers and needs, as lanes of the engine: each way and each law of the corridor numbered once."""

from dataclasses import astuple

import numpy as np

from companies.enums import PriceBasis
from corridor.enums import Incoterm
from corridor.landed import Arrival, Departure, way
from corridor.law import asked_of
from corridor.queries import CorridorFacts
from corridor.terms import WITHOUT_TERM
from matching.engine.market import NOT_KNOWN_DAYS, Lanes


def departure_of(capacity: dict) -> Departure:
    return Departure(capacity["place_id"], capacity["incoterm"], capacity["commodity_id"], capacity["origin_country"])


def arrival_of(need: dict) -> Arrival:
    """The named place of the Incoterm; without a term, or all-in, the place of destination."""
    is_all_in = need["price_basis"] == PriceBasis.ALL_IN
    term = need["incoterm"]
    goes_to_the_end = is_all_in or term == WITHOUT_TERM or need["named_place_id"] is None
    place = need["destination_id"] if goes_to_the_end else need["named_place_id"]
    # A limit without a term is one for the goods brought to the destination.
    return Arrival(place, term or Incoterm.DAP, is_all_in, need["destination__country"])


def load_lanes(
    departures: list[Departure], arrivals: list[Arrival], corridor: CorridorFacts, kinds: tuple[str, ...]
) -> Lanes:
    """A lane for every pair of departure and arrival; equal lanes are one row."""
    ways, way_of = _numbered_ways(departures, arrivals, corridor)
    laws, law_of = _numbered_laws(departures, arrivals, corridor, kinds)
    both = way_of * len(laws) + law_of
    pairs, of = np.unique(both, return_inverse=True)
    way_rows, law_rows = pairs // max(len(laws), 1), pairs % max(len(laws), 1)
    picked = ways[way_rows]
    return Lanes(
        of=of.reshape(both.shape).astype(np.int64),
        days_low=picked[:, 0].astype(np.int64),
        days_high=picked[:, 1].astype(np.int64),
        slope=np.ones((len(pairs), 1)),
        cost_low=picked[:, 2:3],
        cost_high=picked[:, 3:4],
        cost_at_least=picked[:, 4],
        law_seller=laws[law_rows, 0],
        law_buyer=laws[law_rows, 1],
        voluntary=laws[law_rows, 2],
    )


def _numbered_ways(departures, arrivals, corridor) -> tuple[np.ndarray, np.ndarray]:
    """Distinct ways, shape (w, 5), and which one each pair takes. What differs only in law is computed once."""
    numbers, numbered, table = {}, [], corridor.table
    of = np.zeros((len(departures), len(arrivals)), dtype=np.int64)
    alike = {}
    for row, departure in enumerate(departures):
        good = corridor.commodities[departure.commodity]
        is_taxed = departure.origin in good.taxed_in
        key = (departure.place, departure.incoterm, departure.origin, good.transport_class, is_taxed)
        if key not in alike:
            alike[key] = row
            for column, arrival in enumerate(arrivals):
                *days, low, high, at_least = astuple(way(departure, arrival, good, table))
                values = (*(NOT_KNOWN_DAYS if day is None else day for day in days), low, high, at_least)
                # repr makes equal what nan keeps apart
                number = numbers.setdefault(repr(values), len(numbers))
                if number == len(numbered):
                    numbered.append(values)
                of[row, column] = number
        of[row] = of[alike[key]]
    return np.array(numbered, dtype=np.float64).reshape(-1, 5), of


def _numbered_laws(departures, arrivals, corridor, kinds) -> tuple[np.ndarray, np.ndarray]:
    """Distinct laws, bool (w, 3, K): asked of the seller, of the buyer, voluntary; and which holds for each pair."""
    numbers, numbered = {}, []
    of = np.zeros((len(departures), len(arrivals)), dtype=np.int64)
    destinations = [arrival.destination for arrival in arrivals]
    alike = {}
    for row, departure in enumerate(departures):
        by_destination = alike.setdefault((departure.commodity, departure.origin), {})
        for destination in set(destinations) - set(by_destination):
            table = law_table(departure, destination, corridor, kinds)
            number = numbers.setdefault(table.tobytes(), len(numbers))
            if number == len(numbered):
                numbered.append(table)
            by_destination[destination] = number
        of[row] = [by_destination[destination] for destination in destinations]
    shape = (-1, 3, len(kinds))
    return (np.array(numbered, dtype=bool).reshape(shape) if kinds else np.zeros((len(numbered), 3, 0), bool)), of


def law_table(departure: Departure, destination: str, corridor: CorridorFacts, kinds: tuple[str, ...]) -> np.ndarray:
    """Certificates asked of the seller, of the buyer, and those that help; bool (3, K)."""
    good = corridor.commodities[departure.commodity]
    asked = asked_of(good, (departure.origin, destination), corridor.standing, corridor.voluntary)
    return np.array(
        [[kind in held for kind in kinds] for held in (asked.of_seller, asked.of_buyer, asked.helpful)], dtype=bool
    ).reshape(3, len(kinds))
