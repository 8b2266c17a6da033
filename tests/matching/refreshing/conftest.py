"""A need and a capacity that fit, and refreshes within the transaction of the test."""

from contextlib import nullcontext

import pytest

from matching import tasks
from matching.services import runs
from matching.services.refreshing import work
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """It has begun; its isolation can no longer be chosen."""
    monkeypatch.setattr(runs, "one_moment", nullcontext)
    monkeypatch.setattr(work, "one_moment", nullcontext)


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
