"""`pytest --mutant NAME`: the tests run against a programme in which one guard is weak. `--mutants`: each in turn."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

TIME_LIMIT_S = 120  # for the tests of one mutant


def pytest_addoption(parser) -> None:
    parser.addoption("--mutant", default="", help="weaken this guard (see tests/mutations/mutants.py)")
    parser.addoption("--mutants", default="", help="weaken each guard in turn; what told is written to this file")


def pytest_runtestloop(session) -> bool | None:
    """After the tests are imported and before the first page is asked for: no view is there yet."""
    from tests.mutations.mutants import MUTANTS

    config = session.config
    if name := config.getoption("--mutant"):
        found = [mutant for mutant in MUTANTS if mutant.name == name]
        if not found:
            raise pytest.UsageError(f"There is no mutant {name!r}.")
        session.weakened = found[0].applied()  # kept: it lasts as long as the session
        session.weakened.__enter__()
        return None
    if report := config.getoption("--mutants"):
        outcomes = Path(report)
        for told in each_in_turn(session):
            with outcomes.open("a", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")
        return True
    return None


def each_in_turn(session) -> Iterator[dict]:
    """Each mutant with the first test that told. Tests are tried without any mutant first, and again at the end."""
    from tests.mutations.mutants import KEPT, MUTANTS

    # Tests that empty the database at their end come last.
    here = [mutant for mutant in MUTANTS if not mutant.is_read_once]
    here.sort(key=lambda mutant: (mutant.tests == KEPT, mutant.tests))
    for tests, group in groupby(here, key=lambda mutant: mutant.tests):
        items = [item for test in tests for item in session.items if f"{item.nodeid}::".startswith(f"{test}::")]
        if not items:
            continue
        must_pass(session, items)
        for mutant in group:
            begun = time.monotonic()
            with mutant.applied():
                killed_by = first_failing(items)
            yield {"name": mutant.name, "killed_by": killed_by, "seconds": time.monotonic() - begun}
        must_pass(session, items[:1])
        session._setupstate.teardown_exact(None)


def must_pass(session, items: list) -> None:
    if failing := first_failing(items):
        raise pytest.UsageError(f"{failing} fails without any mutant; nothing can be told from it.")


class Stay:
    """As if another test of the same file came next: what the file's tests share stays, what is the test's own goes."""

    def __init__(self, item):
        self._chain = item.listchain()[:-1]

    def listchain(self) -> list:
        return self._chain


def first_failing(items: list) -> str:
    """The first test that fails; what tests of the same file share stays for the next mutant."""
    for item in items:
        item.session._setupstate.teardown_exact(Stay(item))
        try:
            with time_limit():
                reports = runtestprotocol(item, log=False, nextitem=Stay(item))
        except TimeoutError:
            return f"{item.nodeid} (no answer)"
        if any(report.failed for report in reports):
            return item.nodeid
    return ""


@contextmanager
def time_limit() -> Iterator[None]:
    def ring(_signal, _frame):
        raise TimeoutError

    old = signal.signal(signal.SIGALRM, ring)
    signal.alarm(TIME_LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
