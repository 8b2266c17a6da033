"""Runs and refreshes within the transaction of the test."""

from contextlib import nullcontext

import pytest

from matching.services import runs
from matching.services.refreshing import snapshots, work


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """It has begun; its isolation can no longer be chosen."""
    for module in (runs, work, snapshots):
        monkeypatch.setattr(module, "one_moment", nullcontext)
