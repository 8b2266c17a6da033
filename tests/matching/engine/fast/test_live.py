"""After any sequence of edits the lists are those of the whole market solved anew."""

import random

import numpy as np
import pytest

from matching.benchmarks.edit import Standing, changes
from matching.benchmarks.making import TODAY as A_DAY
from matching.benchmarks.making import Sizes, make_market
from matching.engine.book import Book
from matching.engine.fast.live.now import CAPACITIES, NEEDS, THEN, Listings, Live, NotThereError
from matching.engine.fast.live.ready import make_ready, without_listings
from matching.engine.fast.live.snapshot import Snapshot
from tests.matching.engine.fast.edits import TABLE, follow
from tests.matching.engine.markets import TODAY, as_market, random_rows


@pytest.mark.parametrize("hundred", range(3))
def test_lists_after_edits_are_those_of_the_whole_market(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        follow(seed)


@pytest.mark.parametrize("side", [NEEDS, CAPACITIES])
def test_lists_that_somebody_enters_are_not_sought_anew(side, monkeypatch):
    market = make_market(Sizes(needs=240, capacities=260, headings=1), seed=6)
    snapshot = Snapshot.taken(Book(market, A_DAY), TABLE, 10)
    sought = []
    monkeypatch.setattr(Live, "search", lambda live, of_side, rows: sought.append((live, of_side, rows)))
    entered = 0
    for facts, listings in changes(market, side, np.arange(0, 240, 8), better=0.5):
        live = Live(snapshot, TABLE, facts)
        touched = live.touched(listings, Standing(snapshot))

        for of_side in (NEEDS, CAPACITIES):
            lists = live.lists(of_side, touched[of_side])
            assert lists.keys() == touched[of_side]
        entered += len(touched[1 - side])

    assert entered > 30
    assert not sought


@pytest.mark.parametrize("ghost", ["behind all", "between two", "struck out"])
def test_nobody_is_told_of_who_is_not_in_the_market(ghost):
    rows = random_rows(random.Random(1), 4, 4)
    for row in rows["needs"]:
        row["id"] *= 2
    snapshot = Snapshot.taken(Book(as_market(rows), TODAY), TABLE, 2)
    needs, capacities = snapshot.facts.needs.id, snapshot.facts.capacities.id
    live = Live(snapshot, TABLE, without_listings(snapshot.facts), Listings.of(needs[:1].tolist()))
    asked = {"behind all": needs[-1] + 1, "between two": needs[1] + 1, "struck out": needs[0]}[ghost]

    assert len(live.tell(needs[1:2], capacities[:1])["verdicts"]) == 1
    with pytest.raises(NotThereError):
        live.tell(np.array([asked]), capacities[:1])


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0), (0, 0), (3, 3)])
def test_a_snapshot_is_made_ready_without_asking_for_rows_that_it_has_not(sizes, monkeypatch):
    snapshot = Snapshot.taken(Book(as_market(random_rows(random.Random(5), *sizes)), TODAY), TABLE, 2)
    search, asked = Live.search, {}

    def noted(live, side, rows):
        asked[side] = len(rows)
        assert (rows < len(live.ids(side, THEN))).all()
        return search(live, side, rows)

    monkeypatch.setattr(Live, "search", noted)

    make_ready(snapshot, TABLE)

    assert asked == {side: min(1, size) for side, size in enumerate(sizes)}
