"""Runs carried out through the services, as the tasks call them, and the difference of two of them."""

import datetime as dt

import pytest

from matching import services
from matching.enums import RunKind, RunState
from matching.models import Run, RunDifference
from matching.services import runs
from tests.matching.book import AS_OF


@pytest.fixture
def _in_the_transaction_of_the_test(monkeypatch):
    """A test's transaction has begun; its isolation can no longer be chosen."""
    from contextlib import nullcontext

    monkeypatch.setattr(runs, "one_moment", nullcontext)


def carried_out(kind: RunKind = RunKind.OFFICIAL, as_of: dt.date = AS_OF, **options) -> Run:
    run = services.start_run(kind=kind, as_of=as_of, options=options)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    return run


def what_if(**facts) -> Run:
    return carried_out(RunKind.WHAT_IF, **facts)


def difference_of(before: Run, after: Run) -> RunDifference:
    row, _is_new = services.ask_for_difference(before=before, after=after)
    services.carry_out_difference(row.pk)
    row.refresh_from_db()
    return row


def moved_by(row: RunDifference) -> set[str]:
    """The causes that changed anything."""
    figures = [*row.figures["figures"].values(), *row.figures["kg"].values()]
    for figure in figures:
        assert sum(figure["parts"].values()) == figure["after"] - figure["before"]
    return {cause for figure in figures for cause, part in figure["parts"].items() if part}


def parts_of(row: RunDifference, name: str) -> dict[str, int]:
    """What the causes changed of a quantity, without those that changed nothing."""
    return {cause: part for cause, part in row.figures["figures"][name]["parts"].items() if part}
