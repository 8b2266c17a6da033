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
from matching.engine.market import Capacities, Market, Needs
from matching.services.checked import load_companies
from matching.services.columns import Columns, InBook, read_columns_of_book
from matching.services.lanes import load_lanes, no_lanes
from matching.services.listings import ints, load_accepted, load_capacities, load_needs
from matching.services.transactions import allow_thinking
from matching.services.trips import Arrival, Departure, arrival_of, departure_of
from matching.services.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True)
class Book:
    """What a run is cut from: the market, what the corridor's figures were, the headings of each listing."""

    market: Market
    departures: list[Departure]  # what the rows of Lanes.of are
    arrivals: list[Arrival]  # and its columns
    corridor_version: str
    input_hash: str  # SHA-256 of every fact of the listings and of the corridor
    headings_of_need: tuple[np.ndarray, np.ndarray]  # rows of Market.needs, and a heading of each
    heading_of_capacity: np.ndarray

    def headings(self, needs: np.ndarray, capacities: np.ndarray) -> list[str]:
        """The headings that some rows of the market trade in, sorted."""
        row, heading = self.headings_of_need
        is_wanted = np.zeros(len(self.market.needs.id), bool)
        is_wanted[needs] = True
        found = np.union1d(heading[is_wanted[row]], self.heading_of_capacity[capacities])
        return sorted(str(number)[1:] for number in found.tolist())  # without the 1 that keeps their zeros


@contextmanager
def one_moment() -> Iterator[None]:
    """Let several queries see the database as it was at one moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        allow_thinking()
        yield


class Only(NamedTuple):
    """The numbers of some needs and of some capacities: a part of the book."""

    needs: Collection[int]
    capacities: Collection[int]


def load_book(as_of: date, assumed: Assumptions = AS_IT_IS, only: Only | None = None) -> Book:
    """The open needs and capacities of the day with all that the rules compare; a fixed number of queries."""
    columns, corridor, ways = read(as_of, assumed, only)
    listed, version = listed_in(columns), version_of(corridor, ways)
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
        headings_of_need=columns.headings_of_need,
        heading_of_capacity=columns.heading_of_capacity,
    )


def hash_of_book(as_of: date, assumed: Assumptions = AS_IT_IS) -> str:
    """The input hash that a book cut now would have, without working out what any way costs."""
    columns, corridor, ways = read(as_of, assumed)
    return hash_of(listed_in(columns), version_of(corridor, ways))


@dataclass(frozen=True)
class Listed:
    """The listings of a day, and between which points their goods may go. The market has no lanes yet."""

    market: Market
    departures: list[Departure]
    arrivals: list[Arrival]


def read(as_of: date, assumed: Assumptions, only: Only | None = None) -> tuple[Columns, CorridorFacts, Ways]:
    ways = Ways(as_of, assumed)
    needs, capacities = InBook("need", as_of, only and only.needs), InBook("capacity", as_of, only and only.capacities)
    columns = read_columns_of_book(needs, capacities, rates_of(ways))
    corridor = load_corridor(as_of, {departure.commodity for departure in columns.departures})
    return columns, corridor, ways


def listed_in(columns: Columns) -> Listed:
    market = market_of(columns.words, columns.needs, columns.capacities, len(columns.departures), len(columns.arrivals))
    return Listed(market, columns.departures, columns.arrivals)


def list_book(needs: list[dict], capacities: list[dict], ways: Ways) -> Listed:
    """The same of a few listings whose rows are at hand, and may say otherwise than the database."""
    destinations = {need["destination__country"] for need in needs}
    words, asked, offered = load_vocabulary({*Country.values, *destinations}, needs, capacities)
    companies = load_companies({listing["company_id"] for listing in [*needs, *capacities]})
    rates = rates_of(ways)
    leaving, arriving = [departure_of(row) for row in capacities], [arrival_of(row) for row in needs]
    departures, arrivals = sorted(set(leaving)), sorted(set(arriving))
    row_of = {departure: row for row, departure in enumerate(departures)}
    column_of = {arrival: column for column, arrival in enumerate(arrivals)}
    wanted = load_needs(needs, load_accepted(needs), asked, words, companies, rates)
    offers = load_capacities(capacities, offered, words, companies, rates)
    market = market_of(
        words,
        replace(wanted, arrival=ints([column_of[arrival] for arrival in arriving])),
        replace(offers, departure=ints([row_of[departure] for departure in leaving])),
        len(departures),
        len(arrivals),
    )
    return Listed(market, departures, arrivals)


def rates_of(ways: Ways) -> dict[str, Decimal]:
    """USD of a unit of each currency on the day."""
    return {Currency.USD: Decimal(1)} | {code: rate.usd_per_unit for code, rate in ways.rates.items()}


def market_of(words: Vocabulary, needs: Needs, capacities: Capacities, departures: int, arrivals: int) -> Market:
    return Market(
        needs=needs,
        capacities=capacities,
        lanes=no_lanes(departures, arrivals, len(words.kinds)),
        corridor_open=open_corridors(words),
        countries=words.countries,
        certificate_kinds=words.kinds,
        parameters=words.parameters,
        payment_terms=words.terms,
        value_sets=words.value_sets,
    )


def pairs_that_occur(listed: Listed) -> np.ndarray:
    """Which departures may meet which arrivals: goods that are wanted, in an open corridor; bool (d, a)."""
    needs, capacities = listed.market.needs, listed.market.capacities
    occurs = np.zeros((len(listed.departures), len(listed.arrivals)), dtype=bool)
    offered = np.unique(np.stack([capacities.node_lo, capacities.node_hi, capacities.departure], axis=1), axis=0)
    wanted = np.stack([needs.accepted_lo, needs.accepted_hi, needs.arrival[needs.accepted_of]], axis=1)
    wanted_lo, wanted_hi, arrival = np.unique(wanted, axis=0).T
    for lo, hi, departure in offered:
        occurs[departure, arrival[(wanted_lo < hi) & (lo < wanted_hi)]] = True
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
