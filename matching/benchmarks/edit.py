"""`benchmark edit`: what one edit costs in a large market, in the engine's memory and in PostgreSQL."""

import os
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.benchmarks.match import spread
from matching.benchmarks.measuring import measured
from matching.benchmarks.peers.postgres import CoveringPostgreSQL, PostgreSQL
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.fast.live.now import CAPACITIES, NEEDS, Listings, Live
from matching.engine.fast.live.ready import without_listings
from matching.engine.fast.live.snapshot import Snapshot
from matching.engine.market import Market
from matching.engine.shards import take

BEST = 10
TABLE = ScoreTable()
ASKED, ASKED_OF_SERVER = 400, 100  # edits that are timed, each on a listing of its own
PEERS: dict[str, type[PostgreSQL]] = {"postgres": PostgreSQL, "covering": CoveringPostgreSQL}
OURS = "TradeMatch"
TEN = "the ten best of one need"
LISTS = {
    NEEDS: "a need is edited: every list that changes",
    CAPACITIES: "a capacity is edited: every list that changes",
}


@dataclass(frozen=True)
class Answered:
    """How long so many edits took, one by one, by the clock."""

    name: str
    question: str
    sizes: Sizes
    ms: np.ndarray
    agrees: bool | None  # with the engine; None where nobody else was asked
    lists: float = 1.0  # that each edit looks at, on average

    def at(self, share: float) -> float:
        return float(np.quantile(self.ms, share))


@dataclass(frozen=True)
class Standing:
    """The lists as they stand, as the snapshot knows them."""

    snapshot: Snapshot

    def holders(self, side: int, ids: Collection[int]) -> list[int]:
        facts = self.snapshot.facts
        own, others = facts.needs.id, facts.capacities.id
        lists = self.snapshot.of_capacities
        if side == CAPACITIES:
            own, others, lists = others, own, self.snapshot.of_needs
        return others[lists.holders(np.searchsorted(own, np.array(sorted(ids), np.int64)))].tolist()


def edited(sizes: Sizes, others: list[str], *, seed: int) -> Iterator[Answered]:
    """The engine, and then the servers, on one market."""
    market = make_market(sizes, seed=seed)
    snapshot = Snapshot.taken(Book(market, TODAY), TABLE, BEST, threads=os.cpu_count() or 1)
    rows = spread(sizes.needs, min(ASKED, sizes.needs))
    ms, lists = measured(partial(tens, snapshot, rows)).answer
    yield Answered(OURS, TEN, sizes, ms, None)
    for side in (NEEDS, CAPACITIES):
        ms, looked_at = measured(partial(refreshed, snapshot, market, side, rows)).answer
        yield Answered(OURS, LISTS[side], sizes, ms, None, looked_at)
    for name in others:
        peer, asked = PEERS[name], rows[:: max(1, len(rows) // ASKED_OF_SERVER)]
        ms, found = measured(partial(tens_of_server, peer, market, asked)).answer
        agrees = found == [lists[position] for position in np.searchsorted(rows, asked).tolist()]
        yield Answered(peer.name, TEN, sizes, ms, agrees)


def timed(work: Callable[[int], object], rows: np.ndarray) -> tuple[np.ndarray, list]:
    """Milliseconds of each, once everything is at hand, and the answers."""
    for row in rows[:10].tolist():
        work(row)
    ms, answers = [], []
    for row in rows.tolist():
        begin = time.perf_counter()
        answers.append(work(row))
        ms.append((time.perf_counter() - begin) * 1000)
    return np.array(ms), answers


def tens(snapshot: Snapshot, rows: np.ndarray) -> tuple[np.ndarray, list[list[int]]]:
    """The list of one need after the other, by the index: rows of capacities."""
    live, capacities = Live(snapshot, TABLE, without_listings(snapshot.facts)), snapshot.facts.capacities.id
    ms, found = timed(lambda row: live.search(NEEDS, np.array([row])).id, rows)
    return ms, [np.searchsorted(capacities, ids).tolist() for ids in found]


def tens_of_server(peer: type[PostgreSQL], market: Market, rows: np.ndarray) -> tuple[np.ndarray, list[list[int]]]:
    server = peer.of(market, TODAY, rows, TABLE, BEST)
    return timed(lambda row: server.best_of(row).capacity.tolist(), rows)


def refreshed(snapshot: Snapshot, market: Market, side: int, rows: np.ndarray) -> tuple[np.ndarray, float]:
    """An edit, which lists it changes, and each of those anew: in the market of now, both ways."""
    changed = changes(market, side, rows)

    def refresh(position: int) -> int:
        facts, listings = changed[position]
        live = Live(snapshot, TABLE, facts)
        touched = live.touched(listings, Standing(snapshot))
        for of_side in (NEEDS, CAPACITIES):
            live.lists(of_side, touched[of_side])
        return len(touched.needs) + len(touched.capacities)

    ms, looked_at = timed(refresh, np.arange(len(rows)))
    return ms, float(np.mean(looked_at))


def changes(market: Market, side: int, rows: np.ndarray, *, better: float = 0.05) -> list[tuple[Facts, Listings]]:
    """Each listing with a price better by so much, alone in the words of the market; rows ascending."""
    nobody = np.zeros(0, np.int64)
    found = []
    if side == NEEDS:
        some = take(market, rows, nobody)
        some = replace(some, needs=replace(some.needs, limit_usd_per_t=some.needs.limit_usd_per_t * (1 + better)))
    else:
        some = take(market, nobody, rows)
        cheaper = replace(some.capacities, ask_usd_per_t=some.capacities.ask_usd_per_t * (1 - better))
        some = replace(some, capacities=cheaper)
    for position in range(len(rows)):
        one = np.array([position])
        alone = take(some, *((one, nobody) if side == NEEDS else (nobody, one)))
        ids = (alone.needs.id if side == NEEDS else alone.capacities.id).tolist()
        facts = Facts.of(Book(alone, TODAY))
        found.append((facts, Listings.of(needs=ids) if side == NEEDS else Listings.of(capacities=ids)))
    return found
