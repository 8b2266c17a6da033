"""A need and a capacity that fit, and refreshes within the transaction of the test."""

import random
from contextlib import nullcontext

import pytest

from matching import engine, tasks
from matching.engine.book import Book
from matching.engine.fast.live.ready import make_ready
from matching.engine.fast.live.snapshot import Snapshot
from matching.services import runs
from matching.services.refreshing import snapshots, store, through, work
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.engine.markets import TODAY, as_market, random_rows
from tests.matching.refreshing.edits import official


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """It has begun; its isolation can no longer be chosen."""
    monkeypatch.setattr(runs, "one_moment", nullcontext)
    monkeypatch.setattr(work, "one_moment", nullcontext)
    monkeypatch.setattr(snapshots, "one_moment", nullcontext)


@pytest.fixture(scope="module")
def compiled():
    """What a snapshot is asked by, compiled before a transaction begins that would wait for it too long."""
    book = Book(as_market(random_rows(random.Random(0), 4, 4)), TODAY)
    make_ready(Snapshot.taken(book, engine.ScoreTable(), 2), engine.ScoreTable())


@pytest.fixture
def goods():
    open_corridor()
    return CommodityFactory()


@pytest.fixture
def wanted(goods):
    return need(goods)


@pytest.fixture
def offered(goods):
    return capacity(goods)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The refreshes whose message was sent."""
    found = []
    monkeypatch.setattr(tasks.refresh_listing, "delay", lambda *, run_id: found.append(run_id))
    return found


@pytest.fixture
def place(settings, tmp_path):
    """Where the snapshots of this database lie; every book is large enough for one."""
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path / "snapshots", 0
    return store.folder()


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """The refreshes that asked the snapshot, whether or not it could say."""
    found, read_through = [], through.read_through

    def noted(run, stored):
        found.append(run.pk)
        return read_through(run, stored)

    monkeypatch.setattr(through, "read_through", noted)
    return found


@pytest.fixture
def kept(place, wanted, offered) -> str:
    """A snapshot of a book in which the two fit."""
    official()
    assert snapshots.make_snapshot()
    return store.current_version()
