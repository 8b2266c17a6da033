"""After any sequence of edits the lists are those of the whole market solved anew."""

import pytest

from tests.matching.engine.fast.edits import follow


@pytest.mark.parametrize("hundred", range(3))
def test_lists_after_edits_are_those_of_the_whole_market(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        follow(seed)
