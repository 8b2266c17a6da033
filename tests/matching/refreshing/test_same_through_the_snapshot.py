"""The same as `test_same_as_official`, with the snapshot asked however small the book is."""

import random
from datetime import timedelta

import pytest

from matching.services.refreshing import edited, snapshots
from tests.matching.refreshing.edits import official, refresh_all, standing
from tests.matching.refreshing.test_same_as_official import LIST, _short_lists, made_book, some_edit  # noqa: F401

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _of_every_book(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path, 0
    monkeypatch.setattr(snapshots, "LIST", LIST)
    # Else all listings count as edited: their companies were made within the last minute.
    monkeypatch.setattr(edited, "CLOCKS_DIFFER", timedelta(0))


@pytest.mark.parametrize("seed", range(3))
def test_refreshes_through_the_snapshot_end_where_an_official_run_ends(seed):
    chance = random.Random(seed)
    goods, offers, wants = made_book(chance)
    official()
    for _round in range(4):
        assert snapshots.make_snapshot()
        for _edit in range(chance.randrange(1, 5)):
            some_edit(chance, goods, offers, wants)
            if chance.random() < 0.7:
                refresh_all()
        refresh_all()

        refreshed = standing()
        official()
        assert refreshed == standing()
