"""A test's transaction has begun; its isolation can no longer be chosen."""

from contextlib import nullcontext

import pytest

from matching.services import runs
from matching.services.refreshing import work


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)
    monkeypatch.setattr(work, "one_moment", nullcontext)
