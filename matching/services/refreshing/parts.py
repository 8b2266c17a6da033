"""The part of the book that an edit can touch: whatever is joined by goods to the listing as it is, or as it was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from django.db.models import Max, Q

from companies.models import Capacity, Need, NeedCommodity
from matching import engine
from matching.engine.market import Market
from matching.enums import MatchState
from matching.models import Allocation, Match, NearMiss, Run
from matching.services.market import Book, Only, load_book

Pair = tuple[int, int]


class Stands(NamedTuple):
    """What stands until now of the pairs that a part of the book can touch."""

    said: dict[Pair, tuple]  # what is compared of each
    ranks: dict[Pair, tuple[int | None, int | None]]
    current: dict[Pair, int]  # its match, where it is current
    same_grounds: set[Pair]  # whose result rests on the same day, corridor, rules and weights as this refresh


class Otherwise(NamedTuple):
    """What has come out otherwise than it stands."""

    stands: Stands
    told: list[np.ndarray]  # of each table of pairs, bool (x,): to be written with all facts, which may be others
    moved: list[np.ndarray]  # bool (x,): nothing can be otherwise but a rank
    gone: list[int]  # matches that are current and were not found again


@dataclass(frozen=True)
class Part:
    """What a refresh reads at one moment."""

    edited: Only  # the listings that were edited, in the book or not
    book: Book
    decided: frozenset[Pair]  # pairs that people decided upon
    planned_kg: dict[Pair, int]  # by the plan of the newest official run
    last_saved: datetime | None  # when somebody wrote last who fits whom
    solved: engine.Solution | None = None  # where a snapshot was asked, which knows the answer
    otherwise: Otherwise | None = None  # and has been held against what stands
    settles: dict[str, dict[int, datetime]] = field(default_factory=dict)  # lists of others: see `edited.Untold`

    @property
    def listings(self) -> int:
        return len(self.book.market.needs.id) + len(self.book.market.capacities.id)

    @property
    def lists(self) -> int:
        """How many lists are asked for anew."""
        return self.listings

    def of_edited(self, need: np.ndarray, capacity: np.ndarray) -> np.ndarray:
        """Which pairs have an edited side; bool."""
        return np.isin(need, list(self.edited.needs)) | np.isin(capacity, list(self.edited.capacities))

    def may_be_others(self, need: np.ndarray, capacity: np.ndarray) -> np.ndarray:
        """Which pairs may have other facts than were written, although no figure is another; bool.

        All: whatever was changed without a refresh is read with the part.
        """
        return np.ones(len(need), bool)

    def touches(self) -> Q:
        """Rows of pairs that have a side in the part, or an edited one."""
        needs = {*self.book.market.needs.id.tolist(), *self.edited.needs}
        capacities = {*self.book.market.capacities.id.tolist(), *self.edited.capacities}
        return Q(need__in=needs) | Q(capacity__in=capacities)

    def touches_misses(self) -> Q:
        """The same of near misses."""
        return self.touches()

    def markets(self) -> Iterator[tuple[Market, list[Pair]]]:
        """The parts of it that share no goods, each with the pairs that are to be told of in any case."""
        whole, watched = self.book.market, sorted({*self.decided, *self.planned_kg})
        for need_rows, capacity_rows in engine.components(whole):
            market = engine.take(whole, need_rows, capacity_rows)
            needs, capacities = set(market.needs.id.tolist()), set(market.capacities.id.tolist())
            yield market, [pair for pair in watched if pair[0] in needs and pair[1] in capacities]


def read_part(run: Run) -> Part:
    """A fixed number of queries, however many matches there are. To be called within `one_moment`."""
    edited = edited_by(run)
    book = load_book(run.as_of, only=joined_to(partners_of(edited), run.as_of))
    inside = Q(need__in=book.market.needs.id.tolist(), capacity__in=book.market.capacities.id.tolist())
    decided = Match.objects.filter(inside).exclude(state=MatchState.NEW).values_list("need_id", "capacity_id")
    return Part(edited, book, frozenset(decided), planned_kg(book.market), last_saved())


def edited_by(run: Run) -> Only:
    """The listings that a refresh is of. One that was deleted meanwhile is none."""
    companies = run.options.get("companies", ())
    needs = Need.objects.filter(Q(company__in=companies) | Q(pk__in=[run.need_id, *run.options.get("needs", ())]))
    offers = Q(company__in=companies) | Q(pk__in=[run.capacity_id, *run.options.get("capacities", ())])
    return Only(
        set(needs.values_list("pk", flat=True)), set(Capacity.objects.filter(offers).values_list("pk", flat=True))
    )


def joined_to(beside: Only, as_of: date) -> Only:
    """The open listings whose goods are joined with those of some others."""
    in_book = {"needs": Need.objects.in_book(as_of), "capacities": Capacity.objects.in_book(as_of)}
    accepted = NeedCommodity.objects.filter(need__in=in_book["needs"]).order_by()
    places = [
        *accepted.filter(commodity__isnull=False).values_list("need", "commodity__tree_lo", "commodity__tree_hi"),
        *accepted.filter(group__members__isnull=False).values_list(
            "need", "group__members__tree_lo", "group__members__tree_hi"
        ),
    ]
    offered = list(in_book["capacities"].order_by().values_list("pk", "commodity__tree_lo", "commodity__tree_hi"))
    need_ids = np.unique([need for need, _lo, _hi in places]).astype(np.int64)
    capacity_ids = np.array([capacity for capacity, _lo, _hi in offered], np.int64)
    owner = np.searchsorted(need_ids, [need for need, _lo, _hi in places]).tolist()
    owner += (len(need_ids) + np.arange(len(offered))).tolist()
    lo, hi = (np.array([place[end] for place in [*places, *offered]], np.int64) for end in (1, 2))
    seeds = np.concatenate([np.isin(need_ids, list(beside.needs)), np.isin(capacity_ids, list(beside.capacities))])
    reached = engine.joined(np.array(owner, np.int64), lo, hi, seeds)
    return Only(
        need_ids[reached[: len(need_ids)]].tolist(),
        capacity_ids[reached[len(need_ids) :]].tolist(),
    )


def partners_of(edited: Only) -> Only:
    """The edited listings and all that stand in a current match or near miss with one of them.

    They lead to the goods that a listing had before: there somebody else may take its place.
    """
    mine = Q(need__in=edited.needs) | Q(capacity__in=edited.capacities)
    pairs = [
        *Match.objects.filter(mine, is_current=True).values_list("need", "capacity"),
        *NearMiss.objects.filter(mine, is_current=True).order_by().values_list("need", "capacity"),
    ]
    return Only(
        {*edited.needs, *(need for need, _capacity in pairs)},
        {*edited.capacities, *(capacity for _need, capacity in pairs)},
    )


def planned_kg(market: Market) -> dict[Pair, int]:
    """What the plan of the newest official run gives pairs of this part of the book. It stays as it is."""
    return planned_kg_of(Q(match__need__in=market.needs.id.tolist(), match__capacity__in=market.capacities.id.tolist()))


def planned_kg_of(allocations: Q) -> dict[Pair, int]:
    official = Run.objects.official().finished().first()
    given = Allocation.objects.filter(allocations, run=official)
    kilograms: dict[Pair, int] = {}
    for need, capacity, kg in given.values_list("match__need", "match__capacity", "quantity_kg"):
        kilograms[need, capacity] = kilograms.get((need, capacity), 0) + kg
    return kilograms


def last_saved() -> datetime | None:
    """When an official run or a refresh last wrote who fits whom."""
    return Run.objects.recorded().finished().aggregate(at=Max("finished_at"))["at"]
