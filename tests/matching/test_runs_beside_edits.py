"""A large book takes a while to be saved, and to be worked out: nobody waits for it who edits a listing meanwhile."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Sum

from accounts.enums import Role
from companies.models import Capacity, Need
from matching import services
from matching.enums import MatchState, RunState
from matching.models import Allocation, Match
from matching.services.market import one_moment
from matching.services.transactions import allow_thinking
from tests.matching.book import AS_OF, small_book
from tests.matching.faults import gate_before, gate_in_saving
from tests.matching.found import finished_run
from tests.matching.listed.recomputed import kept, recomputed
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def closing(run) -> threading.Thread:
    def close():
        try:
            services.close_run(run.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    thread.start()
    return thread


def delete_impatiently() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        cursor.execute("DELETE FROM companies_capacity")


def test_listing_is_edited_but_not_deleted_while_results_are_saved():
    small_book(headings=1)
    run = services.start_run(as_of=AS_OF)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    with gate_in_saving() as gate:
        thread = closing(run)
        gate.wait_for_somebody()

        assert Capacity.objects.update(lead_days=12) == 2
        with pytest.raises(OperationalError, match="lock timeout"):
            delete_impatiently()

        gate.open()
        thread.join()
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert Match.objects.current().count() == run.counts["matches"] > 0


def test_pair_that_is_proposed_while_results_are_saved_becomes_the_match_of_the_run():
    small_book(headings=1)
    before = finished_run()
    run = services.start_run(as_of=AS_OF)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    need, offered = Need.objects.earliest("pk"), Capacity.objects.earliest("pk")
    # The matches of the book are looked up already, and the first of those that the run found is about to be made.
    with gate_before("INSERT", "matching_match", f"NEW.first_run_id = {run.pk}") as gate:
        thread = closing(run)
        gate.wait_for_somebody()

        proposed, _refresh = services.propose_pair(
            need=need, capacity=offered, reason="They met.", proposed_by=person(Role.STAFF)
        )

        gate.open()
        thread.join()
    run.refresh_from_db()
    proposed.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.FINISHED, 1)
    assert (proposed.first_run, proposed.state, proposed.is_current) == (before, MatchState.PROPOSED, True)
    assert (proposed.latest.run, proposed.latest.planned_kg > 0) == (run, True)
    planned = Allocation.objects.filter(run=run, match=proposed).aggregate(kg=Sum("quantity_kg"))["kg"]
    assert planned == proposed.latest.planned_kg
    assert run.counts["new_matches"] == Match.objects.filter(first_run=run).count() == run.counts["listed"] - 1
    assert kept() == recomputed()
    assert proposed.pk in kept()


@pytest.mark.parametrize("begin", [one_moment, transaction.atomic])
def test_work_between_two_statements_may_take_its_time(begin):
    with begin(), connection.cursor() as cursor:
        if begin is transaction.atomic:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
            allow_thinking()
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("15min",)
        time.sleep(0.1)

        cursor.execute("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() != ("15min",)
