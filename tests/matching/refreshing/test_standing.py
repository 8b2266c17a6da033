"""What stands in the database, as a refresh through the snapshot asks for it."""

import pytest

from matching.engine.fast.near.edits import CAPACITIES, NEEDS
from matching.services.refreshing.standing import StandingMisses
from tests.matching.book import capacity, need
from tests.matching.found import finished_run, near_miss

pytestmark = pytest.mark.django_db

PLACES = ((3, 700_000), (5, 910_000), (5, 640_000), (2, 100_000), (5, 800_000))  # effort, millionths


def test_near_misses_end_with_the_greatest_effort_and_the_least_score_of_a_full_list(goods, wanted):
    run = finished_run()
    for effort, ppm in PLACES:
        near_miss(run, wanted, capacity(goods), effort=effort, score_ppm=ppm, is_current=True)
    near_miss(run, wanted, capacity(goods), effort=13, score_ppm=1, is_current=False)

    ends = StandingMisses().ends(NEEDS, [wanted.pk, wanted.pk + 1])

    assert ends == {wanted.pk: (5, pytest.approx(-0.639_999))}
    assert ends[wanted.pk][1] > -0.64  # what is kept of a score is rounded: on the safe side


def test_near_misses_of_a_capacity_end_likewise_and_a_list_with_room_has_no_end(goods, offered):
    run, other = finished_run(), capacity(goods)
    for number, (effort, ppm) in enumerate(PLACES):
        wanted = need(goods)
        near_miss(run, wanted, offered, effort=effort, score_ppm=ppm, is_current=True)
        if number:
            near_miss(run, wanted, other, effort=effort, score_ppm=ppm, is_current=True)

    ends = StandingMisses().ends(CAPACITIES, [offered.pk, other.pk])

    assert list(ends) == [offered.pk]
    assert ends[offered.pk][0] == 5
