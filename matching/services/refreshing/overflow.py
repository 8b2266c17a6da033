"""The listings that were edited since a snapshot was taken, in its words, with the lanes that only they need."""

from dataclasses import dataclass, replace

import numpy as np

from commodities.models import Commodity
from corridor.queries import load_corridor
from corridor.ways import AS_IT_IS, Ways
from matching.engine.book import Book as EngineBook
from matching.engine.fast.facts import Facts
from matching.engine.fast.live.more_lanes import with_more
from matching.engine.fast.live.now import Listings, Live
from matching.engine.fast.live.snapshot import offered_by, wanted_by
from matching.engine.fast.live.words import UnknownWordError, Words, translated
from matching.engine.market import NO_LANE, Market
from matching.engine.score import ScoreTable
from matching.services.lanes import lanes_of
from matching.services.market import Listed, Only, listed_in, read, version_of
from matching.services.refreshing.stored import Stored
from matching.services.trips import Arrival, Departure


class SnapshotCannotSayError(Exception):
    """Something is new that every listing may rest on, or for which the snapshot has no word."""


@dataclass(frozen=True)
class Points:
    """Departures and arrivals of the snapshot, and behind them those that only edited listings have."""

    departures: list[Departure]
    arrivals: list[Arrival]


@dataclass(frozen=True)
class Now:
    """The market of now, to be asked."""

    live: Live
    points: Points
    words: Words
    ways: Ways
    rests_on_examples: np.ndarray  # bool, by row of the lanes, those that were added among them


def market_of_now(stored: Stored, edited: Only) -> Now:
    """A fixed number of queries. To be called within `one_moment`.

    Raises SnapshotCannotSayError.
    """
    columns, corridor, ways = read(stored.as_of, AS_IT_IS, edited)
    listed = listed_in(columns)
    if version_of(corridor, ways) != stored.manifest.corridor_version or not same_corridors(listed.market, stored):
        raise SnapshotCannotSayError("the corridor is another")
    words = stored.words.with_sets_of(listed.market)
    market, points = placed(in_words_of(words, listed.market), listed, stored)
    occurs = newly_met(stored, Facts.of(EngineBook(market, stored.manifest.as_of)), points)
    needed = {points.departures[row].commodity for row in np.flatnonzero(occurs.any(axis=1)).tolist()}
    if needed:
        corridor = load_corridor(stored.as_of, needed)
    goods = Commodity.objects.in_bulk(needed)
    lanes = lanes_of(points.departures, points.arrivals, occurs, ways, corridor, words.certificate_kinds, goods)
    book = EngineBook(replace(market, lanes=lanes), stored.manifest.as_of)
    facts = Facts.of(book)
    there = market.needs.id.tolist(), market.capacities.id.tolist()
    gone = Listings.of(*(set(ids) - set(here) for ids, here in zip(edited, there, strict=True)))
    table = ScoreTable.from_json(stored.manifest.weights)
    examples = np.concatenate(
        [stored.rests_on_examples[:-1], book.lanes.rests_on_examples[:-1], stored.rests_on_examples[-1:]]
    )
    more = with_more(stored.snapshot.facts.lanes, facts.lanes)
    return Now(
        Live(stored.snapshot, table, facts._replace(lanes=more), gone, stored.rooms), points, words, ways, examples
    )


def in_words_of(words: Words, market: Market) -> Market:
    """The same listings in the words of the snapshot. Raises SnapshotCannotSayError."""
    try:
        return translated(market, words)
    except UnknownWordError as error:
        raise SnapshotCannotSayError(str(error)) from error


def same_corridors(market: Market, stored: Stored) -> bool:
    """Whether the same corridors are open, among the countries that both know."""
    both = [country for country in market.countries if country in stored.words.countries]
    own, then = ([words.index(country) for country in both] for words in (market.countries, stored.words.countries))
    return np.array_equal(
        market.corridor_open[np.ix_(own, own)], stored.snapshot.facts.corridor_open[np.ix_(then, then)]
    )


def placed(market: Market, listed: Listed, stored: Stored) -> tuple[Market, Points]:
    """The listings with the numbers of their points: those of the snapshot, new ones behind them."""
    departures, departure = _numbered(stored.departures, listed.departures)
    arrivals, arrival = _numbered(stored.arrivals, listed.arrivals)
    market = replace(
        market,
        needs=replace(market.needs, arrival=arrival[market.needs.arrival]),
        capacities=replace(market.capacities, departure=departure[market.capacities.departure]),
        lanes=replace(market.lanes, of=np.full((len(departures), len(arrivals)), NO_LANE, np.int64)),
    )
    return market, Points(departures, arrivals)


def _numbered(known: list, own: list) -> tuple[list, np.ndarray]:
    place = {point: i for i, point in enumerate(known)}
    every = list(known)
    for point in own:
        if place.setdefault(point, len(every)) == len(every):
            every.append(point)
    return every, np.array([place[point] for point in own], np.int64)


def newly_met(stored: Stored, edited: Facts, points: Points) -> np.ndarray:
    """Between which points goods of edited listings may go for the first time; bool (departures, arrivals)."""
    then, occurs = stored.snapshot, np.zeros((len(points.departures), len(points.arrivals)), bool)
    needs, capacities = edited.needs, edited.capacities
    offered, wanted = (then.offered, offered_by(edited)), (then.wanted, wanted_by(edited))
    for row in range(len(needs.id)):
        entries = slice(needs.accepted_start[row], needs.accepted_start[row + 1])
        for goods in offered:
            met = goods.points_met_by(needs.accepted_lo[entries], needs.accepted_hi[entries])
            occurs[met, needs.arrival[row]] = True
    for row in range(len(capacities.id)):
        for goods in wanted:
            met = goods.points_met_by(capacities.node_lo[row : row + 1], capacities.node_hi[row : row + 1])
            occurs[capacities.departure[row], met] = True
    country = stored.words.countries.index
    leaves = [country(departure.origin_country) for departure in points.departures]
    arrives = [country(arrival.country) for arrival in points.arrivals]
    occurs &= then.facts.corridor_open[np.ix_(leaves, arrives)]
    of = then.facts.lanes.of
    occurs[: of.shape[0], : of.shape[1]] &= of == NO_LANE
    return occurs
