"""A need and a capacity that fit, and refreshes within the transaction of the test."""

import random
from contextlib import nullcontext

import pytest

from matching import engine, tasks
from matching.engine.book import Book
from matching.engine.fast.live.ready import make_ready
from matching.engine.fast.live.snapshot import Snapshot
from matching.services import runs
from matching.services.refreshing import snapshots, work
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.engine.markets import TODAY, as_market, random_rows


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
