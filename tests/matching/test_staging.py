"""Which match a pair has, looked up for all pairs at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.services.staging import places_of

IDS = st.integers(1, 6) | st.integers(2**62, 2**62 + 3)
PAIRS = st.lists(st.tuples(IDS, IDS))


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@given(wanted=PAIRS, there=PAIRS)
def test_places_are_those_of_the_same_pairs(wanted, there):
    there = sorted(set(there))

    at = places_of(columns(wanted), columns(there))

    assert at.tolist() == [there.index(pair) if pair in there else -1 for pair in wanted]
