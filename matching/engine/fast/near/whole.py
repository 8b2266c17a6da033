"""Near misses of whole large markets: the same as `matching.engine.miss` finds, without looking at all pairs in full.

From the least effort upwards: who has as many near misses as are kept needs no dearer ones. Within a band of efforts
needs ask capacities from lists of their best few openings (`accept.py`); a list that is at its end is made anew, of
openings that capacities would still take. See docs/engine-at-scale.md.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from matching.engine.book import Book
from matching.engine.changes import CHANGES, PairFacts
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.accept import Held, ask, in_their_order
from matching.engine.fast.near.alone import alone
from matching.engine.fast.near.lists import Lists
from matching.engine.fast.near.opening import OPENING, open_pairs
from matching.engine.fast.near.scan import scan
from matching.engine.fast.near.sieve import Sieve
from matching.engine.fast.near.steps import PARAMETERS
from matching.engine.miss import Opened, tell
from matching.engine.pairs import BLOCK_PAIRS
from matching.engine.score import ScoreTable
from matching.engine.solution import NearMiss

# Efforts that are looked for together: a term alone is by far the cheapest to look for, and often all that is kept.
BANDS = ((1, 1), (2, 4), (5, 7), (8, 13))
LIST_LENGTH = 12
CHUNK_NEEDS = 1024
CHUNK_PAIRS = 1 << 19
CHUNK_SIEVED = 2048


def near_misses_fast(
    book: Book, table: ScoreTable, *, facts: Facts | None = None, threads: int = 1
) -> tuple[NearMiss, ...]:
    """The near misses of all pairs of the book, as `miss.near_misses` tells them of all that fail exactly one rule."""
    return tuple(each_near_miss(book, kept_openings(facts or Facts.of(book), table, threads=threads)))


def each_near_miss(book: Book, kept: Opened) -> Iterator[NearMiss]:
    """What was kept, told in full, a few at a time."""
    return tell(book, with_steps(book, kept))


def with_steps(book: Book, kept: Opened) -> Opened:
    """The same with the steps of parameters, which are counted in decimals: compiled code takes all of them as one."""
    goods, step = np.flatnonzero(kept.rule == PARAMETERS), kept.step.copy()
    for place, change in enumerate(CHANGES["parameters"]):
        some = goods[kept.place[goods] == place]
        for first in range(0, len(some), BLOCK_PAIRS):
            block = some[first : first + BLOCK_PAIRS]
            step[block] = change.smallest(PairFacts.of(book, kept.need[block], kept.capacity[block]))
    return replace(kept, step=step)


def kept_openings(facts: Facts, table: ScoreTable, *, threads: int = 1) -> Opened:
    """What is kept of all openings of all pairs: at most MOST_PER_LISTING for each need and each capacity, in order."""
    n, m = len(facts.needs.id), len(facts.capacities.id)
    held = Held(n, m)
    if n and m:
        finder = _Finder(facts, table, threads)
        with ThreadPoolExecutor(threads) as pool:
            for least, most in BANDS:
                _Band(finder, held, least, most).settle(pool)
    capacity, openings = held.kept()
    return Opened(
        need=openings["other"].astype(np.int64),
        capacity=capacity,
        rule=openings["rule"].astype(np.int64),
        place=openings["place"].astype(np.int64),
        step=openings["step"],
        effort=openings["effort"].astype(np.int64),
        score_after=openings["score"],
    )


class _Finder:
    """Openings of some needs, each thread with what it needs for itself."""

    def __init__(self, facts: Facts, table: ScoreTable, threads: int):
        self.facts = facts
        self.weights = np.array(table.weights)
        self.sieve = Sieve.of(facts)
        self.owns = [alone(facts) for _ in range(threads)]

    def find(self, thread: int, lists: Lists, sieve: Sieve, needs: np.ndarray, after: np.ndarray, held: Held, band):
        """The best few openings of each need in a band of efforts, of those that come after what each had before.

        Returns OPENING (needs, LIST_LENGTH) in order, how many there are of each need, and whether there are more.
        """
        least, most = band
        found = np.zeros((len(needs), LIST_LENGTH), OPENING)
        n_found, is_cut = np.zeros(len(needs), np.int64), np.zeros(len(needs), bool)
        meeting = lists.meeting(self.facts, needs)
        reach = np.bincount(meeting[0], meeting[2] - meeting[1], minlength=1).max()
        pairs, keeps = _room_for_pairs(max(int(reach), CHUNK_PAIRS)), np.empty(CHUNK_SIEVED, np.uint8)
        until = np.zeros(len(needs) + 1, np.int64)
        first = 0
        while first < len(needs):
            done = scan(
                self.facts, sieve, keeps, needs, lists.rows, meeting, first, least, most, held.worst, *pairs, until,
            )  # fmt: skip
            some = slice(first, done)
            open_pairs(
                self.facts, self.weights, self.owns[thread], least, most, *pairs, until[first:done],
                until[first + 1 : done + 1], after[some], held.worst, held.worst_score, held.worst_row, found[some],
                n_found[some], is_cut[some],
            )  # fmt: skip
            first = done
        in_their_order(found, n_found)
        return found, n_found, is_cut


def _room_for_pairs(size: int) -> tuple[np.ndarray, ...]:
    """Need, capacity, rule and least effort of so many pairs."""
    return np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int8), np.empty(size, np.int8)


class _Band:
    """The division of what takes so much effort, among listings that have room for it."""

    def __init__(self, finder: _Finder, held: Held, least: int, most: int):
        self.finder, self.held, self.band = finder, held, (least, most)
        facts = finder.facts
        has_room = (held.of_need < MOST_PER_LISTING) & (facts.needs.standing >= 0)
        self.needs = _near_one_another(facts, np.flatnonzero(has_room))
        may_pass = (held.worst >= least) & (facts.capacities.standing >= 0)
        self.lists = Lists.of(facts, np.flatnonzero(may_pass))
        self.sieve = finder.sieve.only(self.lists.rows)
        self.place_of = np.full(len(held.of_need), -1)
        self.place_of[self.needs] = np.arange(len(self.needs))
        self.found = np.zeros((len(self.needs), LIST_LENGTH), OPENING)
        self.n_found, self.cursor = np.zeros(len(self.needs), np.int64), np.zeros(len(self.needs), np.int64)
        self.is_cut, self.wants = np.zeros(len(self.needs), bool), np.zeros(len(self.needs), bool)
        self.waiting, self.is_waiting = np.zeros(len(self.needs), np.int64), np.zeros(len(self.needs), bool)

    def settle(self, pool: ThreadPoolExecutor) -> None:
        asking, after = np.arange(len(self.needs)), np.zeros(len(self.needs), OPENING)
        while len(asking):
            self._ask(pool, asking, after)
            asking = np.flatnonzero(self.wants)
            self.wants[asking] = False
            after = self.found[asking, self.n_found[asking] - 1]

    def _ask(self, pool: ThreadPoolExecutor, asking: np.ndarray, after: np.ndarray) -> None:
        """Fetch lists chunk by chunk and let their needs ask at once: what is held then keeps later lists short."""
        threads = len(self.finder.owns)
        chunks = [slice(first, first + CHUNK_NEEDS) for first in range(0, len(asking), CHUNK_NEEDS)]
        for first in range(0, len(chunks), threads):
            some = chunks[first : first + threads]
            work = [
                pool.submit(
                    self.finder.find, thread, self.lists, self.sieve, self.needs[asking[chunk]], after[chunk],
                    self.held, self.band,
                )
                for thread, chunk in enumerate(some)
            ]  # fmt: skip
            for chunk, found in [(chunk, one.result()) for chunk, one in zip(some, work, strict=True)]:
                self._take(asking[chunk], *found)

    def _take(self, places: np.ndarray, found: np.ndarray, n_found: np.ndarray, is_cut: np.ndarray) -> None:
        self.found[places], self.n_found[places], self.is_cut[places] = found, n_found, is_cut
        self.cursor[places] = 0
        held = self.held
        ask(
            self.needs, self.place_of, places, self.found, self.n_found, self.is_cut, self.cursor, held.of_need,
            held.of_capacity, held.openings, held.worst, held.worst_score, held.worst_row, self.wants,
            self.waiting, self.is_waiting,
        )  # fmt: skip


def _near_one_another(facts: Facts, needs: np.ndarray) -> np.ndarray:
    """Needs for the same goods one after another: they look at the same capacities."""
    start = facts.needs.accepted_start
    has = start[needs] < start[needs + 1]
    first = np.where(has, facts.needs.accepted_lo[np.where(has, start[needs], 0)], 0) if len(start) and has.any() else 0
    return needs[np.lexsort((needs, np.broadcast_to(first, len(needs))))]
