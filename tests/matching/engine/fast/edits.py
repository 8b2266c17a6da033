"""A market in memory that people edit: its lists are kept by `Live`, and held against the whole solved anew."""

import random

import numpy as np

from matching import engine
from matching.engine.book import Book
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.facts import Facts
from matching.engine.fast.live.now import CAPACITIES, NEEDS, Listings, Live
from matching.engine.fast.live.openings import openings_of
from matching.engine.fast.live.snapshot import Snapshot
from matching.engine.fast.live.words import Words, translated
from matching.engine.fast.near.edits import differences
from matching.engine.score import ScoreTable
from matching.engine.search import search
from tests.matching.engine.markets import TODAY, as_market, once, random_rows

TABLE = ScoreTable()
LIST = 2  # so many best a listing: somebody is always left out
NAMES = ("needs", "capacities")

Lists = tuple[dict[int, list[int]], dict[int, list[int]]]  # of needs, of capacities: ids, the best first


class EditedMarket:
    """Rows of a market, what was edited since the snapshot, and the lists as they stand."""

    def __init__(self, rows: dict):
        self.rows = rows
        self.take_snapshot()
        self.lists, self.misses = solved(self.rows), near_misses_of(self.rows)

    def take_snapshot(self) -> None:
        market = as_market(self.rows)
        book = Book(market, TODAY)
        self.words = Words.of(market)
        self.snapshot = Snapshot.taken(book, TABLE, LIST)
        self.since: tuple[set[int], set[int]] = (set(), set())

    def save(self, side: int, id: int, row: dict | None) -> None:
        """A listing as it is from now on; None: it is withdrawn."""
        kept = [other for other in self.rows[NAMES[side]] if other["id"] != id]
        self.rows = self.rows | {NAMES[side]: kept if row is None else [*kept, row]}
        self.since[side].add(id)

    def refresh(self, edited: Listings) -> None:
        """Bring the lists that an edit can have changed to what they are now, and no others."""
        live = self.live()
        touched = live.touched(edited, self)
        for side in (NEEDS, CAPACITIES):
            for id, best in live.lists(side, touched[side]).items():
                self.lists[side].pop(id, None)
                if len(best.ids):
                    self.lists[side][id] = best.ids.tolist()
        gone, come = differences(openings_of(live), self, edited)
        self.misses = {pair: miss for pair, miss in self.misses.items() if pair not in gone}
        self.misses |= {opening.pair: (opening.effort, -opening.minus_score, opening.rule) for opening in come}

    def live(self) -> Live:
        some = {
            name: [row for row in self.rows[name] if row["id"] in self.since[side]] for side, name in enumerate(NAMES)
        }
        market = as_market(self.rows | some)
        book = Book(translated(market, self.words.with_sets_of(market)), TODAY)
        there = tuple({row["id"] for row in some[name]} for name in NAMES)
        gone = Listings.of(*(since - there[side] for side, since in enumerate(self.since)))
        return Live(self.snapshot, TABLE, Facts.of(book), gone)

    def holders(self, side: int, ids) -> list[int]:
        return [other for other, held in self.lists[1 - side].items() if set(held) & set(ids)]

    def partners(self, side: int, ids) -> dict[int, list[int]]:
        return {id: [pair[1 - side] for pair in self.misses if pair[side] == id] for id in ids}

    def ends(self, side, ids) -> dict[int, tuple[int, float]]:
        held = {id: [] for id in ids}
        for pair, (effort, score_after, _rule) in self.misses.items():
            if pair[side] in held:
                held[pair[side]].append((effort, -score_after))
        return {id: max(own) for id, own in held.items() if len(own) == MOST_PER_LISTING}


def near_misses_of(rows: dict) -> dict[tuple[int, int], tuple]:
    """Effort, score after and rule of every near miss, by the reference from the whole market."""
    solution = engine.solve(as_market(rows), TABLE, as_of=TODAY, k=LIST, divides=False)
    return {
        (miss.need_id, miss.capacity_id): (miss.effort, miss.score_after, engine.RULE_CODES.index(miss.rule))
        for miss in solution.near_misses
    }


def solved(rows: dict) -> Lists:
    """The same by the reference, from the whole market."""
    book = Book(as_market(rows), TODAY)
    found = search(book, TABLE, LIST)
    ids = book.needs.id, book.capacities.id
    return tuple(
        in_order(ids[side][row], ids[1 - side][other])
        for side, (row, other, _rank) in ((NEEDS, found.best_for_need), (CAPACITIES, found.best_for_capacity))
    )


def in_order(own: np.ndarray, other: np.ndarray) -> dict[int, list[int]]:
    lists: dict[int, list[int]] = {}
    for id, listed in zip(own.tolist(), other.tolist(), strict=True):
        lists.setdefault(id, []).append(listed)
    return lists


LOOSE = (
    {"accepts": [(0, 8)], "origins": {0, 1, 2}, "requires": set(), "smallest_share_kg": 0, "limit": 1300.0},
    {"node": (0, 2), "lot_kg": 1, "multiple_kg": 0, "lead": 0},
)
LOOSE_BOTH = {"is_active": True, "screening": 1, "terms": {0, 1}}


def some_rows(chance: random.Random, side: int, number: int, looseness: float) -> list[dict]:
    """Random listings; the looser, the more of their facts suit everybody."""
    found = []
    for row in random_rows(chance, number, number, chance.choice((0.0, 0.3, 0.7)))[NAMES[side]]:
        suits = LOOSE[side] | LOOSE_BOTH
        window = (TODAY, TODAY + 120)
        if chance.random() < looseness:
            row |= {"window": window, "slots": once(100_000, *window)}
        found.append(row | {name: suits[name] for name in suits if chance.random() < looseness})
    return found


def random_edit(chance: random.Random, market: EditedMarket, looseness: float) -> tuple[int, int]:
    """Save some facts of a listing, all of them, a new one, or none any more; its side and id."""
    side = chance.choice((NEEDS, CAPACITIES))
    there = market.rows[NAMES[side]]
    (new,) = some_rows(chance, side, 1, looseness)
    kind = chance.choice(("some", "some", "some", "all", "new", "withdrawn", "held"))
    if kind == "new" or not there:
        id = chance.randrange(1, 10_000)
        if any(row["id"] == id for name in NAMES for row in market.rows[name]):
            return random_edit(chance, market, looseness)
        market.save(side, id, new | {"id": id})
        return side, id
    row = chance.choice(there)
    if kind == "withdrawn":
        market.save(side, row["id"], None)
    elif kind == "held":
        market.save(side, row["id"], row | {"slots": [(a, b, max(kg - 20_000, 0)) for a, b, kg in row["slots"]]})
    elif kind == "all":
        market.save(side, row["id"], new | {"id": row["id"]})
    else:
        names = chance.sample([name for name in row if name not in ("id", "window", "slots")], chance.choice((1, 1, 3)))
        changed = {name: new[name] for name in names}
        if chance.random() < 0.3:
            changed |= {name: new[name] for name in ("window", "slots")}
        market.save(side, row["id"], row | changed)
    return side, row["id"]


def follow(seed: int, edits: int = 5, most: int = 7) -> None:
    """A random market and a random sequence of edits, some at once, with a snapshot taken in between."""
    chance = random.Random(seed)
    looseness = chance.choice((0.0, 0.8, 0.95))
    rows = random_rows(chance, 0, 0)
    for side, name in enumerate(NAMES):
        rows[name] = some_rows(chance, side, chance.randint(0, most), looseness)
        for number, row in enumerate(rows[name]):
            row["id"] = 100 * chance.randint(1, 9) + 2 * number + side
    market = EditedMarket(rows)
    waiting: list[tuple[int, int]] = []
    for _edit in range(edits):
        waiting.append(random_edit(chance, market, looseness))
        if chance.random() < 0.3:
            continue
        # One refresh of all that waits, or one after the other.
        together = [waiting] if chance.random() < 0.5 else [[one] for one in waiting]
        for some in together:
            market.refresh(
                Listings.of(*([id for side, id in some if side == wanted] for wanted in (NEEDS, CAPACITIES)))
            )
        waiting = []
        assert market.lists == solved(market.rows)
        if chance.random() < 0.2:
            market.take_snapshot()
    if not waiting:
        assert market.misses == near_misses_of(market.rows)
