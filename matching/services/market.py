"""The book and the corridor of one moment, as the engine sees them."""

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction

from corridor.enums import Country, Currency
from corridor.law import LaneLaw
from corridor.models import Corridor
from corridor.queries import CorridorFacts, load_corridor
from corridor.ways import AS_IT_IS, Assumptions, Ways
from matching.engine.market import Market
from matching.services.lanes import load_lanes, no_lanes
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
from matching.services.trips import Arrival, Departure, arrival_of, departure_of


@dataclass(frozen=True)
class Book:
    """What a run is cut from: the market, what the corridor's figures were, the headings of each listing."""

    market: Market
    departures: list[Departure]  # what the rows of Lanes.of are
    arrivals: list[Arrival]  # and its columns
    corridor_version: str
    input_hash: str  # SHA-256 of every fact of the listings and of the corridor
    headings_of_need: list[set[str]]  # by row of Market.needs
    headings_of_capacity: list[set[str]]


@contextmanager
def one_moment() -> Iterator[None]:
    """Let several queries see the database as it was at one moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Only(NamedTuple):
    """The numbers of some needs and of some capacities: a part of the book."""

    needs: Collection[int]
    capacities: Collection[int]


def load_book(as_of: date, assumed: Assumptions = AS_IT_IS, only: Only | None = None) -> Book:
    """The open needs and capacities of the day with all that the rules compare; a fixed number of queries."""
    listed, corridor, ways = read(as_of, assumed, only)
    version = version_of(corridor, ways)
    market = replace(
        listed.market,
        lanes=load_lanes(
            listed.departures,
            listed.arrivals,
            pairs_that_occur(listed),
            ways,
            corridor,
            listed.market.certificate_kinds,
        ),
    )
    return Book(
        market=market,
        departures=listed.departures,
        arrivals=listed.arrivals,
        corridor_version=version,
        input_hash=hash_of(listed, version),
        headings_of_need=listed.headings_of_need,
        headings_of_capacity=listed.headings_of_capacity,
    )


def hash_of_book(as_of: date, assumed: Assumptions = AS_IT_IS) -> str:
    """The input hash that a book cut now would have, without working out what any way costs."""
    listed, corridor, ways = read(as_of, assumed)
    return hash_of(listed, version_of(corridor, ways))


@dataclass(frozen=True)
class Listed:
    """The listings of a day, and between which points their goods may go. The market has no lanes yet."""

    market: Market
    departures: list[Departure]
    arrivals: list[Arrival]
    headings_of_need: list[set[str]]
    headings_of_capacity: list[set[str]]


def read(as_of: date, assumed: Assumptions, only: Only | None = None) -> tuple[Listed, CorridorFacts, Ways]:
    needs, capacities = need_rows(as_of, only and only.needs), capacity_rows(as_of, only and only.capacities)
    ways = Ways(as_of, assumed)
    corridor = load_corridor(as_of, {capacity["commodity_id"] for capacity in capacities})
    return list_book(needs, capacities, ways), corridor, ways


def list_book(needs: list[dict], capacities: list[dict], ways: Ways) -> Listed:
    destinations = {need["destination__country"] for need in needs}
    words, asked, offered = load_vocabulary({*Country.values, *destinations}, needs, capacities)
    companies = load_companies({listing["company_id"] for listing in [*needs, *capacities]})
    rates = {Currency.USD: Decimal(1)} | {code: rate.usd_per_unit for code, rate in ways.rates.items()}
    accepted = load_accepted(needs)
    leaving, arriving = [departure_of(row) for row in capacities], [arrival_of(row) for row in needs]
    departures, arrivals = sorted(set(leaving)), sorted(set(arriving))
    row_of = {departure: row for row, departure in enumerate(departures)}
    column_of = {arrival: column for column, arrival in enumerate(arrivals)}
    wanted = load_needs(needs, accepted, asked, words, companies, rates)
    offers = load_capacities(capacities, offered, words, companies, rates)
    market = Market(
        needs=replace(wanted, arrival=ints([column_of[arrival] for arrival in arriving])),
        capacities=replace(offers, departure=ints([row_of[departure] for departure in leaving])),
        lanes=no_lanes(len(departures), len(arrivals), len(words.kinds)),
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
    headings_of_capacity = [{capacity["commodity__hs_code"][:4]} for capacity in capacities]
    return Listed(market, departures, arrivals, headings_of_need, headings_of_capacity)


def pairs_that_occur(listed: Listed) -> np.ndarray:
    """Which departures may meet which arrivals: goods that are wanted, in an open corridor; bool (d, a)."""
    needs, capacities = listed.market.needs, listed.market.capacities
    occurs = np.zeros((len(listed.departures), len(listed.arrivals)), dtype=bool)
    stretches = np.unique(np.stack([capacities.node_lo, capacities.node_hi, capacities.departure], axis=1), axis=0)
    arrival_of_entry = needs.arrival[needs.accepted_of]
    for lo, hi, departure in stretches:
        occurs[departure, arrival_of_entry[(needs.accepted_lo < hi) & (lo < needs.accepted_hi)]] = True
    country = listed.market.countries.index
    leaves = [country(departure.origin_country) for departure in listed.departures]
    arrives = [country(arrival.country) for arrival in listed.arrivals]
    return occurs & listed.market.corridor_open[np.ix_(leaves, arrives)]


def open_corridors(words: Vocabulary) -> np.ndarray:
    """From which country goods may be matched to which; bool (C, C)."""
    table = np.zeros((len(words.countries),) * 2, dtype=bool)
    for origin, destination in Corridor.objects.filter(is_enabled=True).values_list("origin", "destination"):
        table[words.countries.index(origin), words.countries.index(destination)] = True
    return table


def version_of(corridor: CorridorFacts, ways: Ways) -> str:
    """SHA-256 of the corridor's figures and law in force, so that a run can say on which it rests."""
    laws = [sorted_words(law) for law in [*corridor.standing, *corridor.voluntary]]
    return hashlib.sha256(json.dumps([ways.version(), laws], sort_keys=True).encode()).hexdigest()


def hash_of(listed: Listed, corridor_version: str) -> str:
    points = repr((listed.departures, listed.arrivals, corridor_version))
    return hashlib.sha256(listed.market.digest().encode() + points.encode()).hexdigest()


def sorted_words(law: LaneLaw) -> dict:
    return asdict(law) | {"sectors": sorted(law.sectors)}
