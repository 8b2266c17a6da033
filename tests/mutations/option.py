"""`pytest --mutant NAME`: the tests run against a programme in which one guard is weak."""

import pytest


def pytest_addoption(parser) -> None:
    parser.addoption("--mutant", default="", help="weaken this guard (see tests/mutations/mutants.py)")


def pytest_collection_finish(session) -> None:
    """After the tests are imported and before the first page is asked for: what is wrapped is there, and no URL yet."""
    name = session.config.getoption("--mutant")
    if not name:
        return
    from tests.mutations.mutants import MUTANTS

    found = [mutant for mutant in MUTANTS if mutant.name == name]
    if not found:
        raise pytest.UsageError(f"There is no mutant {name!r}.")
    found[0].apply()
