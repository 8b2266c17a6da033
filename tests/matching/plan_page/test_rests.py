"""Why a rest is left, from the pairs that a run tells: the best of each listing, which may not be all."""

from types import SimpleNamespace

import numpy as np
import pytest

from matching.engine.solver import BEST_TOLD
from matching.enums import Rest
from matching.services.plan_rests import Rests


def rests(told: int, left_kg: int) -> Rests:
    """Need 1 lacks what need 2 takes of as many capacities as are told; another capacity keeps something."""
    capacities = np.arange(told + 1)
    offered = np.full(told + 1, 100)
    offered[told] = left_kg
    kg = np.concatenate([np.zeros(told), np.full(told, 100)]).astype(np.int64)
    pairs = SimpleNamespace(
        need_id=np.repeat([1, 2], told),
        capacity_id=np.tile(capacities[:told], 2),
        planned_kg=kg,
        score_ppm=np.full(2 * told, 500_000),
        rank_for_need=np.tile(np.arange(1, told + 1), 2),
        rank_for_capacity=np.zeros(2 * told, int),
        verdicts=np.ones((2 * told, 7), np.int8),
    )
    market = SimpleNamespace(
        needs=SimpleNamespace(
            id=np.array([1, 2]),
            slot_of=np.array([0, 1]),
            slot_kg=np.array([500, 100 * told]),
            smallest_share_kg=np.array([-1, -1]),
        ),
        capacities=SimpleNamespace(
            id=capacities,
            slot_of=capacities,
            slot_kg=offered,
            lot_kg=np.full(told + 1, -1),
            multiple_kg=np.full(told + 1, -1),
        ),
    )
    return Rests(market, SimpleNamespace(pairs=pairs, near_misses=[]), set())


@pytest.mark.parametrize(
    ("told", "left_kg", "rest"),
    [
        (BEST_TOLD - 1, 100, Rest.SCARCE),  # all of its pairs are told
        (BEST_TOLD, 100, Rest.MONTHS),  # there may be more, and something is left
        (BEST_TOLD, 0, Rest.SCARCE),  # nothing is left of anything
    ],
)
def test_all_that_fits_is_given_away_is_said_only_where_it_is_known(told, left_kg, rest):
    assert rests(told, left_kg).of("need", 0)[0] == rest
