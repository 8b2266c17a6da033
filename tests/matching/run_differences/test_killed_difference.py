"""A real worker is killed in the middle of a difference of two runs: another one ends it."""

import pytest

from matching import services
from matching.enums import RunState
from matching.tasks import differ
from tests.matching.book import small_book
from tests.matching.faults import SOON, gate_before, wait_for_end
from tests.matching.run_differences.runs import carried_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_difference_survives_the_death_of_its_worker(live_worker):
    small_book(headings=1)
    row, _is_new = services.ask_for_difference(before=carried_out(), after=carried_out())
    worker = live_worker(concurrency=1)
    with gate_before("UPDATE", "matching_rundifference", "NEW.state = 'finished'") as gate:
        differ.delay(difference_id=row.pk)
        gate.wait_for_somebody()

        worker.kill()
        gate.wait_for_nobody()
        gate.open()
    live_worker(concurrency=1, beat=True, **SOON)

    wait_for_end(row)
    assert (row.state, row.attempt, row.figures["counts"]) == (
        RunState.FINISHED,
        2,
        {"new": 0, "gone": 0, "changed": 0},
    )
