"""A few pairs of the book by themselves, under what is assumed: judged and scored by the same engine as a run."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from commodities.models import Commodity
from corridor.queries import CorridorFacts, load_corridor
from corridor.ways import Ways
from matching.engine import COMPONENTS, RULE_CODES, ScoreTable
from matching.engine.book import Book
from matching.engine.market import NO_LANE, Market
from matching.engine.pairs import Pairs
from matching.engine.rules import judge
from matching.engine.score import components
from matching.services.lanes import lanes_of
from matching.services.listings import capacity_rows, need_rows
from matching.services.market import Listed, list_book, pairs_that_occur


@dataclass(frozen=True)
class Outcome:
    """What the engine says of one pair. None: not known."""

    need_id: int
    capacity_id: int
    verdicts: dict[str, int]
    components: dict[str, float | None]
    score: float
    could_reach: float
    landed_low: float | None
    landed_high: float | None
    at_least: float | None
    limit: float | None
    days_low: int | None
    days_high: int | None

    @property
    def fails(self) -> bool:
        return any(verdict < 0 for verdict in self.verdicts.values())


@dataclass(frozen=True)
class Few:
    """Some needs and capacities, read once, whose lanes can be worked out again and again."""

    as_of: date
    listed: Listed
    corridor: CorridorFacts

    @cached_property
    def goods(self) -> dict[int, Commodity]:
        return Commodity.objects.in_bulk({departure.commodity for departure in self.listed.departures})

    @cached_property
    def occurs(self) -> np.ndarray:
        return pairs_that_occur(self.listed)

    def market(self, ways: Ways) -> Market:
        """The market by these ways. No query but those of the ways themselves."""
        listed = self.listed
        kinds = listed.market.certificate_kinds
        lanes = lanes_of(listed.departures, listed.arrivals, self.occurs, ways, self.corridor, kinds, self.goods)
        return replace(listed.market, lanes=lanes)

    @property
    def need_ids(self) -> list[int]:
        return self.listed.market.needs.id.tolist()

    @property
    def capacity_ids(self) -> list[int]:
        return self.listed.market.capacities.id.tolist()


def read_few(
    need_ids: Collection[int],
    capacity_ids: Collection[int],
    ways: Ways,
    *,
    wanted: Mapping = {},
    offered: Mapping = {},
) -> Few:
    """Those of the listings that stand in the book of the day. A fixed number of queries.

    Args:
        wanted, offered: columns of the needs and of the capacities that are taken to be otherwise.
    """
    needs = [need | dict(wanted) for need in need_rows(ways.on, need_ids)]
    capacities = [capacity | dict(offered) for capacity in capacity_rows(ways.on, capacity_ids)]
    corridor = load_corridor(ways.on, {capacity["commodity_id"] for capacity in capacities})
    return Few(ways.on, list_book(needs, capacities, ways), corridor)


def judged(market: Market, as_of: date, table: ScoreTable, pairs: Iterable[tuple[int, int]]) -> list[Outcome]:
    """What the engine says of pairs (need id, capacity id) of a market, in their order."""
    pairs = list(pairs)
    book = Book(market, as_of.toordinal())
    # Rows of a book stand in the order of the ids.
    need = np.searchsorted(book.needs.id, [need_id for need_id, _capacity_id in pairs])
    capacity = np.searchsorted(book.capacities.id, [capacity_id for _need_id, capacity_id in pairs])
    block = Pairs(book, need, capacity)
    verdicts, parts = judge(block), components(block)
    scores, reach = table.score(parts), table.could_reach(parts)
    return [
        Outcome(
            *pair,
            verdicts=dict(zip(RULE_CODES, verdicts[i].tolist(), strict=True)),
            components=dict(zip(COMPONENTS, map(known, parts[i].tolist()), strict=True)),
            score=float(scores[i]),
            could_reach=float(reach[i]),
            landed_low=known(block.landed_low[i]),
            landed_high=known(block.landed_high[i]),
            at_least=known(block.landed_at_least[i]),
            limit=known(block.limit[i]),
            days_low=day_count(block.timing.days_low[i]),
            days_high=day_count(block.timing.days_high[i]),
        )
        for i, pair in enumerate(pairs)
    ]


def lane_taken(market: Market, as_of: date, need_id: int, capacity_id: int) -> int:
    """Which of the routes between one need and one capacity the engine takes: 0 is the cheapest."""
    book = Book(market, as_of.toordinal())
    pair = Pairs(book, np.searchsorted(book.needs.id, [need_id]), np.searchsorted(book.capacities.id, [capacity_id]))
    row, taken = int(pair.first_lane[0]), int(pair.lane[0])
    number = 0
    while row not in (taken, NO_LANE):
        row = int(book.lanes.next[row])
        number += 1
    return number


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def day_count(value: int) -> int | None:
    return None if value < 0 else int(value)
