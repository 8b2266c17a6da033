"""Every mutant still finds the guard that it weakens: a guard that was rewritten takes its mutant along."""

import types

import pytest

from tests.mutations.mutants import MUTANTS
from tests.mutations.weakening import Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_finds_its_guard_and_changes_it(mutant):
    weakened = mutant.weakened()

    if isinstance(mutant, Mutant):
        guard = mutant.function.__code__
        assert isinstance(weakened, types.CodeType)
        assert code_of(weakened) != code_of(guard)


def code_of(code: types.CodeType) -> tuple:
    """What a function does, with the functions inside it; not where it stands."""
    inner = [code_of(part) if isinstance(part, types.CodeType) else part for part in code.co_consts]
    return code.co_code, code.co_names, tuple(map(repr, inner))


def test_mutants_have_names_of_their_own():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_tests_of_a_mutant_are_there(mutant):
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent.parent
    missing = [test for test in mutant.tests if not (root / test.partition("::")[0]).exists()]

    assert (missing, bool(mutant.tests)) == ([], True)
