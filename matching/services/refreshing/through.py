"""A refresh of a large book: the snapshot and what was edited since are asked for the lists that can have changed."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from django.db.models import Q

from companies.models import Capacity, Need
from matching import engine
from matching.engine.book import Book as EngineBook
from matching.engine.fast.live.now import CAPACITIES, NEEDS, NOTHING, Listings, NotThereError
from matching.engine.fast.live.openings import openings_of
from matching.engine.fast.near.edits import Differences, differences
from matching.engine.fast.near.whole import each_near_miss
from matching.engine.market import Lanes, Market
from matching.engine.miss import Opened
from matching.engine.solution import AllocationTable, PairTable, Solution
from matching.models import NearMiss, Run
from matching.services.columns import InBook, read_columns_of_book
from matching.services.market import Book, Only, listed_in, rates_of
from matching.services.refreshing.differences import grounds_of, otherwise, standing_pairs
from matching.services.refreshing.edited import Untold, decided_among, edited_since, listings_of, untold_since
from matching.services.refreshing.overflow import Now, SnapshotCannotSayError, in_words_of, market_of_now
from matching.services.refreshing.parts import Pair, Part, Stands, edited_by, last_saved, planned_kg_of
from matching.services.refreshing.standing import SIDES, StandingMisses, StandingRanks
from matching.services.refreshing.stored import Stored

log = logging.getLogger(__name__)

NOBODY = Only((), ())


@dataclass(frozen=True)
class PartOfNow(Part):
    """What a refresh asks of a snapshot: already solved, for that takes less time than to read it."""

    touched: Listings = NOTHING  # whose lists can have changed
    untold: Only = NOBODY  # whose facts may be others than any result says
    misses: frozenset[int] = frozenset()  # keys of the near misses that stand and go, or may come out otherwise

    @property
    def lists(self) -> int:
        return len(self.touched.needs) + len(self.touched.capacities)

    def may_be_others(self, need: np.ndarray, capacity: np.ndarray) -> np.ndarray:
        return np.isin(need, list(self.untold.needs)) | np.isin(capacity, list(self.untold.capacities))

    def touches(self) -> Q:
        return touching(self.touched)

    def touches_misses(self) -> Q:
        return Q(pk__in=self.misses)


def touching(listings: Listings) -> Q:
    return Q(need__in=listings.needs) | Q(capacity__in=listings.capacities)


def read_through(run: Run, stored: Stored) -> PartOfNow:
    """What `read_part` reads of a small book. To be called within `one_moment`.

    Whatever left the book past all that the snapshot hears of is struck out where it is met, and all is asked again.

    Raises SnapshotCannotSayError.
    """
    edited, untold = edited_by(run), untold_since(book_cut_of(stored.manifest.run))
    # What others wait for is in the market of now already: what it changes is settled with the edit, for pairs that
    # fail by their facts would else leave lists without anybody to take their place. The lists are of the official run:
    # what nobody has settled since, a newer snapshot has taken in, but no list.
    asked = together(edited, listings_of(untold.unsettled))
    news = together(edited_since(stored.cut_at), asked)
    try:
        while True:
            found = ask(run, stored, asked, news)
            ghosts = not_in_book(found.met(), stored.as_of)
            if not any(ghosts):
                return part_of(stored, edited, asked, untold, found)
            log.warning("%s needs and %s capacities have left the book unheard", *map(len, ghosts))
            asked, news = together(asked, ghosts), together(news, ghosts)  # whoever was near them looks on
    except NotThereError as error:
        raise SnapshotCannotSayError(f"nobody knows {error}") from error


@dataclass(frozen=True)
class Found:
    """What a snapshot says of an edit."""

    now: Now
    touched: Listings
    stands: Stands
    pairs: PairTable
    kilograms: dict[Pair, int]
    decided: set[Pair]
    misses: Differences

    def met(self) -> Only:
        """Everybody who stands in a list or comes into a near miss."""
        return Only(
            {*self.pairs.need_id.tolist(), *(opening.need for opening in self.misses.come)},
            {*self.pairs.capacity_id.tolist(), *(opening.capacity for opening in self.misses.come)},
        )


def together(some: Only, others: Only) -> Only:
    return Only({*some.needs, *others.needs}, {*some.capacities, *others.capacities})


def ask(run: Run, stored: Stored, edited: Only, news: Only) -> Found:
    """Which lists and near misses the edit of some listings can have changed, and what they are now."""
    now, asked = market_of_now(stored, news), Listings.of(*edited)
    touched = now.live.touched(asked, StandingRanks())
    misses = differences(openings_of(now.live), StandingMisses(), asked)
    stands = standing_pairs(touching(touched), grounds_of(run, stored.as_of, stored.manifest.corridor_version))
    return Found(now, touched, stands, *table_of(now, touched, stands), misses)


def not_in_book(listings: Only, as_of: date) -> Only:
    there = (Need.objects.in_book(as_of), Capacity.objects.in_book(as_of))
    return Only(
        *(
            set(ids) - set(side.filter(pk__in=ids).order_by().values_list("pk", flat=True))
            for side, ids in zip(there, listings, strict=True)
        )
    )


def part_of(stored: Stored, edited: Only, asked: Only, untold: Untold, found: Found) -> PartOfNow:
    """With the pairs that come out otherwise than they stand told in full."""
    pairs, misses = found.pairs, found.misses
    part = PartOfNow(
        edited=edited,
        book=_no_book(stored),
        decided=frozenset(found.decided),
        planned_kg=found.kilograms,
        last_saved=last_saved(),
        touched=found.touched,
        untold=together(asked, untold.listings),
        settles=untold.unsettled,
    )
    changed = otherwise(part, found.stands, [pairs])
    (is_told,) = changed.told
    told = Only(
        {*pairs.need_id[is_told].tolist(), *(opening.need for opening in misses.come)},
        {*pairs.capacity_id[is_told].tolist(), *(opening.capacity for opening in misses.come)},
    )
    book = book_of(told, stored, found.now)
    return replace(
        part,
        book=book,
        otherwise=changed,
        misses=frozenset(keys_of_misses(misses)),
        solved=solution_of(pairs, told_misses(book.market, stored, misses)),
    )


def book_cut_of(official: int) -> datetime:
    """When an official run read the book: all results are at least of that moment."""
    return Run.objects.values_list("book_cut_at", flat=True).get(pk=official)


def keys_of_misses(misses: Differences) -> Iterator[int]:
    pairs = misses.gone | {opening.pair for opening in misses.come}
    inside = Q(need__in={need for need, _capacity in pairs}, capacity__in={capacity for _need, capacity in pairs})
    found = NearMiss.objects.filter(inside, is_current=True).order_by()
    return (pk for pk, *pair in found.values_list("pk", "need", "capacity") if tuple(pair) in pairs)


def told_misses(market: Market, stored: Stored, misses: Differences) -> tuple[engine.NearMiss, ...]:
    """The near misses that come, in full."""
    book, come = EngineBook(market, stored.manifest.as_of), misses.come

    def column(name: str) -> np.ndarray:
        return np.array([getattr(opening, name) for opening in come], np.int64)

    opened = Opened(
        need=np.searchsorted(book.needs.id, column("need")),
        capacity=np.searchsorted(book.capacities.id, column("capacity")),
        rule=column("rule"),
        place=column("place"),
        step=column("step"),
        effort=column("effort"),
        score_after=np.array([-opening.minus_score for opening in come], float),
    )
    return tuple(each_near_miss(book, opened))


def table_of(now: Now, touched: Listings, stands: Stands) -> tuple[PairTable, dict[Pair, int], set[Pair]]:
    """Every pair of a list that can have changed, with both its ranks: of other lists as they stand."""
    ranks: dict[Pair, list[int]] = {}
    for side in (NEEDS, CAPACITIES):
        for id, best in now.live.lists(side, touched[side]).items():
            for rank, other in enumerate(best.ids.tolist(), start=1):
                pair = (id, other) if side == NEEDS else (other, id)
                ranks.setdefault(pair, [0, 0])[side] = rank
    for pair in stands.current.keys() & stands.ranks.keys():
        for side, id in enumerate(pair):
            # The list of somebody whom the edit does not reach is as it stands.
            if id not in touched[side] and (rank := stands.ranks[pair][side]) and is_there(now, pair):
                ranks.setdefault(pair, [0, 0])[side] = rank
    decided = decided_among(touching(touched))
    kilograms = planned_kg_of(Q(match__need__in=touched.needs) | Q(match__capacity__in=touched.capacities))
    for pair in {*decided, *kilograms}:
        if is_there(now, pair):
            ranks.setdefault(pair, [0, 0])
    ordered = sorted(ranks)
    need, capacity = np.array(ordered, np.int64).reshape(-1, 2).T
    rank = np.array([ranks[pair] for pair in ordered], np.int16).reshape(-1, 2)
    table = PairTable(
        need_id=need,
        capacity_id=capacity,
        rank_for_need=rank[:, NEEDS],
        rank_for_capacity=rank[:, CAPACITIES],
        planned_kg=np.zeros(len(ordered), np.int64),
        **now.live.tell(need, capacity),
    )
    return table, kilograms, decided


def is_there(now: Now, pair: Pair) -> bool:
    """Whether both sides are in the market of now."""
    places = [now.live.find(side, id) for side, id in enumerate(pair)]
    return None not in places


def solution_of(pairs: PairTable, misses: tuple[engine.NearMiss, ...]) -> Solution:
    return Solution(
        pairs=pairs,
        allocations=AllocationTable(*(np.zeros(0, np.int64) for _column in range(5))),
        near_misses=misses,
        plan_value=0,
        plan_bound=0,
        plan_status="optimal",
        plan_proof="flow",
        counts={"pairs": len(pairs)},
    )


# --- what is told of the pairs in full


def _no_book(stored: Stored) -> Book:
    return Book(None, [], [], stored.manifest.corridor_version, "", (np.zeros(0, np.int64),) * 2, np.zeros(0, np.int64))


def book_of(told: Only, stored: Stored, now: Now) -> Book:
    """The listings of some pairs by themselves, in the words of the snapshot, with its lanes between them.

    Raises SnapshotCannotSayError where one of them has changed unheard: it has a word or a point of its own.
    """
    sides = (InBook(side, stored.as_of, ids) for side, ids in zip(SIDES, told, strict=True))
    columns = read_columns_of_book(*sides, rates_of(now.ways))
    listed = listed_in(columns)
    market = in_words_of(now.words, listed.market)
    market = replace(
        market,
        corridor_open=stored.snapshot.facts.corridor_open,
        lanes=lanes_between(listed.departures, listed.arrivals, now, market),
    )
    return Book(
        market=market,
        departures=listed.departures,
        arrivals=listed.arrivals,
        corridor_version=stored.manifest.corridor_version,
        input_hash=market.digest(),
        headings_of_need=columns.headings_of_need,
        heading_of_capacity=columns.heading_of_capacity,
    )


def lanes_between(departures: list, arrivals: list, now: Now, market: Market) -> Lanes:
    """The lanes between some points as a market has them. Raises SnapshotCannotSayError."""
    lanes = now.live.edited.lanes
    row = {point: i for i, point in enumerate(now.points.departures)}
    column = {point: i for i, point in enumerate(now.points.arrivals)}
    try:
        some = np.ix_([row[point] for point in departures], [column[point] for point in arrivals])
    except KeyError as error:
        raise SnapshotCannotSayError("the goods of a listing go between other points") from error
    names = (
        "days_low",
        "days_high",
        *(f"{part}_{end}" for end in ("low", "high", "at_least") for part in ("slope", "cost")),
    )
    return Lanes(
        of=lanes.of[some],
        next=lanes.next[:-1],
        **{name: getattr(lanes, name)[:-1] for name in names},
        rests_on_examples=now.rests_on_examples[:-1],
        **{
            name: _papers(
                getattr(lanes, f"{part}_start"), getattr(lanes, f"{part}_kind"), len(market.certificate_kinds)
            )
            for name, part in (("law_seller", "seller"), ("law_buyer", "buyer"), ("voluntary", "voluntary"))
        },
    )


def _papers(start: np.ndarray, kind: np.ndarray, n_kinds: int) -> np.ndarray:
    """Kinds row by row as a table; bool (rows, K), without the row of which nothing is known."""
    table = np.zeros((len(start) - 1, n_kinds), bool)
    table[np.repeat(np.arange(len(start) - 1), np.diff(start)), kind] = True
    return table[:-1]
