"""Arrays of a snapshot that do not belong together are noticed before compiled code reads beyond their end."""

import random

import numpy as np
import pytest

from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.live import shapes
from matching.engine.fast.live.snapshot import Snapshot
from tests.matching.engine.markets import TODAY, as_market, random_rows

K = 3
# Numbers of rows elsewhere: one that is too large would be read there.
POINTERS = (
    *("facts.needs.country", "facts.needs.requires_kind", "facts.needs.asked_set", "facts.needs.arrival"),
    *("facts.capacities.country", "facts.capacities.offered_set", "facts.capacities.departure"),
    *("facts.lanes.of", "facts.lanes.next", "facts.lanes.seller_kind", "facts.lanes.buyer_kind"),
    *("wanted.rows", "wanted.points", "offered.rows", "offered.points"),
    *("of_needs.held_by", "of_capacities.held_by", "buyers.row", "sellers.row", "buyers.arrival", "sellers.departure"),
    *("buyers.slots_of_block", "sellers.slots_of_block", "buyers.best_slots_of_block", "sellers.best_slots_of_block"),
    *("buyers.tree.around", "sellers.tree.start", "buyers.ways.of", "sellers.ways.of_group", "buyers.ways.group"),
)


@pytest.fixture(scope="module")
def arrays() -> dict[str, np.ndarray]:
    return snapshot(150, 170).arrays()


def snapshot(needs: int, capacities: int) -> Snapshot:
    book = Book(as_market(random_rows(random.Random(1), needs, capacities)), TODAY)
    return Snapshot.taken(book, ScoreTable(), K)


def check(arrays: dict[str, np.ndarray], **other: np.ndarray) -> None:
    shapes.check(Snapshot.of_arrays(arrays | other, TODAY, K))


@pytest.mark.parametrize(("needs", "capacities"), [(150, 170), (1, 1), (0, 3), (3, 0), (0, 0)])
def test_every_sound_snapshot_passes(needs, capacities):
    shapes.check(snapshot(needs, capacities))


def test_array_cut_short_by_one_row_is_noticed_whichever_it_is(arrays):
    passed = []
    for name, array in arrays.items():
        if len(array):
            try:
                check(arrays, **{name: array[:-1]})
                passed.append(name)
            except (ValueError, IndexError):
                pass

    assert passed == []


@pytest.mark.parametrize("name", POINTERS)
def test_number_of_a_row_that_is_not_there_is_noticed(arrays, name):
    wrong = arrays[name].copy()
    assert wrong.size
    wrong.reshape(-1)[-1] = 10**6

    with pytest.raises(ValueError, match=r"."):
        check(arrays, **{name: wrong})


def test_index_with_one_more_column_is_noticed(arrays):
    """A programme that keeps one number more of each capacity reads with wider strides."""
    blocks = len(arrays["sellers.slots_of_block"])
    wider = np.zeros(len(arrays["sellers.numbers"]) + blocks * 64, np.float32)

    with pytest.raises(ValueError, match="numbers"):
        check(arrays, **{"sellers.numbers": wider})
