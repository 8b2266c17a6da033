"""All that an edit asks of a snapshot, asked once: so that it is compiled, and kept compiled, before somebody waits."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from matching.engine.fast.facts import Facts
from matching.engine.fast.live.now import CAPACITIES, NEEDS, THEN, Listings, Live
from matching.engine.fast.live.openings import openings_of
from matching.engine.fast.live.snapshot import Snapshot
from matching.engine.fast.near.edits import End, differences
from matching.engine.score import ScoreTable


def without_listings(facts: Facts) -> Facts:
    """The same words and lanes, and nobody who wants or offers anything."""

    def emptied(listings):
        columns = listings._asdict()
        return type(listings)(*(column[: name.endswith("_start")] for name, column in columns.items()))

    return facts._replace(needs=emptied(facts.needs), capacities=emptied(facts.capacities))


class _Nobody:
    """No list and no near miss stands."""

    def holders(self, side: int, ids: Collection[int]) -> Iterable[int]:
        return ()

    def partners(self, side: int, ids: Sequence[int]) -> Mapping[int, Collection[int]]:
        return {}

    def ends(self, side: int, ids: Sequence[int]) -> Mapping[int, End]:
        return {}


def make_ready(snapshot: Snapshot, table: ScoreTable) -> None:
    """Ask for the lists and near misses of the first need and the first capacity of a snapshot."""
    live = Live(snapshot, table, without_listings(snapshot.facts))
    first = Listings.of(*(live.ids(side, THEN)[:1].tolist() for side in (NEEDS, CAPACITIES)))
    touched = live.touched(first, _Nobody())
    for side in (NEEDS, CAPACITIES):
        live.lists(side, list(touched[side])[:1])
        row = np.arange(min(1, len(live.ids(side, THEN))))  # none of an empty side: compiled code looks there unasked
        live.search(side, row)  # which few lists need, and then in haste
    live.tell(*(np.array(sorted(ids), np.int64)[: min(map(len, first))] for ids in first))
    differences(openings_of(live), _Nobody(), first)
