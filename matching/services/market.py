"""The book and the corridor of one moment, as the engine sees them."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
from django.db import connection, transaction

from corridor.enums import Country, Currency
from corridor.law import LaneLaw
from corridor.models import Corridor
from corridor.queries import CorridorFacts, load_corridor, rates_in_force
from matching.engine.market import Market
from matching.services.lanes import arrival_of, departure_of, load_lanes
from matching.services.listings import (
    Vocabulary,
    capacity_rows,
    ints,
    load_accepted,
    load_capacities,
    load_companies,
    load_needs,
    load_vocabulary,
    need_rows,
)


@dataclass(frozen=True)
class Book:
    """What a run is cut from: the market, what the corridor's figures were, the headings of each listing."""

    market: Market
    corridor_version: str
    headings_of_need: list[set[str]]  # by row of Market.needs
    headings_of_capacity: list[set[str]]


@contextmanager
def one_moment() -> Iterator[None]:
    """Let several queries see the database as it was at one moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def load_book(as_of: date) -> Book:
    """The open needs and capacities of the day with all that the rules compare; a fixed number of queries."""
    needs, capacities = need_rows(as_of), capacity_rows(as_of)
    destinations = {need["destination__country"] for need in needs}
    words, asked, offered = load_vocabulary({*Country.values, *destinations}, needs, capacities)
    companies = load_companies({listing["company_id"] for listing in [*needs, *capacities]})
    rates = {Currency.USD: Decimal(1)} | {code: rate.usd_per_unit for code, rate in rates_in_force(as_of).items()}
    corridor = load_corridor(as_of, {capacity["commodity_id"] for capacity in capacities})
    accepted = load_accepted(needs)

    wanted = load_needs(needs, accepted, asked, words, companies, rates)
    offers = load_capacities(capacities, offered, words, companies, rates)
    leaving, arriving = [departure_of(row) for row in capacities], [arrival_of(row) for row in needs]
    departures, arrivals = sorted(set(leaving)), sorted(set(arriving))
    row_of = {departure: row for row, departure in enumerate(departures)}
    column_of = {arrival: column for column, arrival in enumerate(arrivals)}
    market = Market(
        needs=replace(wanted, arrival=ints([column_of[arrival] for arrival in arriving])),
        capacities=replace(offers, departure=ints([row_of[departure] for departure in leaving])),
        lanes=load_lanes(departures, arrivals, corridor, words.kinds),
        corridor_open=open_corridors(words),
        countries=words.countries,
        certificate_kinds=words.kinds,
        parameters=words.parameters,
        payment_terms=words.terms,
        value_sets=words.value_sets,
    )
    headings_of_need = [set() for _need in needs]
    for row, _lo, _hi, hs_code in accepted:
        headings_of_need[row].add(hs_code[:4])
    return Book(
        market=market,
        corridor_version=version_of(rates, corridor),
        headings_of_need=headings_of_need,
        headings_of_capacity=[{capacity["commodity__hs_code"][:4]} for capacity in capacities],
    )


def open_corridors(words: Vocabulary) -> np.ndarray:
    """From which country goods may be matched to which; bool (C, C)."""
    table = np.zeros((len(words.countries),) * 2, dtype=bool)
    for origin, destination in Corridor.objects.filter(is_enabled=True).values_list("origin", "destination"):
        table[words.countries.index(origin), words.countries.index(destination)] = True
    return table


def version_of(rates: dict[str, Decimal], corridor: CorridorFacts) -> str:
    """SHA-256 of the rates, lanes and requirements in force, so that a run can say on which it rests."""
    facts = {
        "rates": sorted((currency, str(rate)) for currency, rate in rates.items()),
        "lanes": sorted((*key, *map(str, vars(lane).values())) for key, lane in corridor.lanes.items()),
        "standing": [sorted_words(law) for law in corridor.standing],
        "voluntary": [sorted_words(law) for law in corridor.voluntary],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def sorted_words(law: LaneLaw) -> dict:
    return asdict(law) | {"sectors": sorted(law.sectors)}
