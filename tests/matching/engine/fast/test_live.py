"""After any sequence of edits the lists are those of the whole market solved anew."""

import random

import numpy as np
import pytest

from matching.engine.book import Book
from matching.engine.fast.live.now import Listings, Live, NotThereError
from matching.engine.fast.live.ready import without_listings
from matching.engine.fast.live.snapshot import Snapshot
from tests.matching.engine.fast.edits import TABLE, follow
from tests.matching.engine.markets import TODAY, as_market, random_rows


@pytest.mark.parametrize("hundred", range(3))
def test_lists_after_edits_are_those_of_the_whole_market(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        follow(seed)


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
