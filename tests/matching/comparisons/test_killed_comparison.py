"""A real worker is killed in the middle of a comparison: another one ends it."""

import pytest

from matching import services
from matching.enums import RunState
from matching.tasks import compare
from tests.matching.book import AS_OF
from tests.matching.comparisons.book import SCHEME, book
from tests.matching.faults import SOON, gate_before, wait_for_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_comparison_survives_the_death_of_its_worker(live_worker):
    book()
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    worker = live_worker(concurrency=1)
    with gate_before("UPDATE", "matching_comparison", "NEW.state = 'finished'") as gate:
        compare.delay(comparison_id=comparison.pk)
        gate.wait_for_somebody()

        worker.kill()
        gate.wait_for_nobody()
        gate.open()
    live_worker(concurrency=1, beat=True, **SOON)

    wait_for_end(comparison)
    assert (comparison.state, comparison.attempt, comparison.counts["new"]) == (RunState.FINISHED, 2, 1)
