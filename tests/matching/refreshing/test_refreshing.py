"""One edit refreshes one listing: what is found and written."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import ListingStatus
from companies.models import Capacity
from matching import engine, services
from matching.enums import MatchState, RunKind, RunState
from matching.lists import newest_run
from matching.models import Match, NearMiss, Run
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need
from tests.matching.refreshing.edits import TOO_DEAR, current, edit, official, refresh_all
from tests.people import person

pytestmark = pytest.mark.django_db


def test_new_listing_finds_its_partners_without_any_official_run(wanted, offered):
    services.ask_for_refresh(wanted, as_of=AS_OF)
    (run,) = refresh_all()

    assert (run.kind, run.need, run.state, run.done, run.total) == (RunKind.REFRESH, wanted, RunState.FINISHED, 2, 2)
    counts = {"needs": 1, "capacities": 1, "pairs": 1, "matches": 1, "near_misses": 0, "lists": 2}
    assert run.counts == counts | {"new_matches": 1, "written": 1, "left": 0}
    assert (run.weights.version, run.rules_version, len(run.corridor_version), len(run.input_hash)) == (1, "2", 64, 64)
    match = Match.objects.current().get()
    assert (match.need, match.capacity, match.latest.run, match.latest.planned_kg) == (wanted, offered, run, 0)
    assert newest_run(person(Role.STAFF)) is None


def test_refresh_that_waited_over_an_update_names_the_versions_that_carried_it_out(wanted, offered):
    services.ask_for_refresh(wanted, as_of=AS_OF)
    Run.objects.update(rules_version="of before", engine_version="of before")

    (run,) = refresh_all()

    assert (run.rules_version, run.engine_version) == (engine.RULES_VERSION, engine.ENGINE_VERSION)


def test_edit_touches_no_pair_that_it_cannot_change(goods, wanted, offered):
    other = need(goods, company=wanted.company), capacity(CommodityFactory())
    need(other[1].commodity)
    before = official()

    edit(offered, price_amount=Decimal(850))
    (run,) = refresh_all()

    written = set(run.results.values_list("match__need", "match__capacity"))
    assert written == {(wanted.pk, offered.pk), (other[0].pk, offered.pk)}
    untouched = Match.objects.current().exclude(capacity=offered)
    assert [match.latest.run for match in untouched] == [before]


def test_result_of_which_only_a_rank_is_otherwise_is_told_anew_with_what_changed_unheard(goods, wanted, offered):
    official()
    Capacity.objects.filter(pk=offered.pk).update(lead_days=12)  # no refresh was asked for

    services.ask_for_refresh(capacity(goods, price_amount=Decimal(700)), as_of=AS_OF)
    refresh_all()

    after = Match.objects.get(capacity=offered).latest
    assert (after.rank_for_need, after.facts["time"]["lead_days"]) == (2, 12)


def test_edit_that_moves_no_figure_is_told_all_the_same(wanted, offered):
    official()

    edit(offered, lead_days=12)
    refresh_all()

    assert Match.objects.get().latest.facts["time"]["lead_days"] == 12


@pytest.mark.parametrize("status", [ListingStatus.PAUSED, ListingStatus.WITHDRAWN, ListingStatus.CLOSED])
def test_listing_that_leaves_the_book_loses_its_matches_at_once(wanted, offered, status):
    official()

    edit(offered, status=status)
    (run,) = refresh_all()

    assert current() == set()
    assert run.counts["left"] == 1


def test_near_misses_are_those_of_now(wanted, offered):
    edit(offered, price_amount=Decimal(1000))
    official()
    assert [miss.rule for miss in NearMiss.objects.current()] == ["price"]

    edit(offered, price_amount=Decimal(800))
    refresh_all()
    assert (current(), list(NearMiss.objects.current())) == ({(wanted.pk, offered.pk)}, [])
    assert NearMiss.objects.count() == 1  # the record of the official run

    edit(offered, price_amount=Decimal(990))
    (run,) = refresh_all()
    assert [miss.run for miss in NearMiss.objects.current()] == [run]
    assert current() == set()

    edit(offered, price_amount=Decimal(985))
    refresh_all()
    assert NearMiss.objects.filter(run=run).count() == 0  # of refreshes only what holds is kept


def test_plan_stays_that_of_the_official_run(wanted, offered):
    first = official()
    assert Match.objects.get().latest.planned_kg == 100_000

    edit(wanted, quantity_kg=60_000)
    (run,) = refresh_all()

    result = Match.objects.get().latest
    assert (result.run, result.movable_kg, result.planned_kg) == (run, 60_000, 100_000)
    assert list(run.allocations.all()) == []
    assert first.allocations.get().quantity_kg == 100_000


def test_decision_outlives_a_refresh_in_which_the_pair_fails(wanted, offered):
    official()
    services.decide(match=Match.objects.get(), state=MatchState.SHORTLISTED, decided_by=person(Role.STAFF))

    edit(offered, price_amount=TOO_DEAR)
    (run,) = refresh_all()

    match = Match.objects.get()
    assert (match.state, match.is_current, match.latest.run) == (MatchState.SHORTLISTED, False, run)
    assert match.latest.failed_rules == ["price"]


def test_refresh_costs_the_same_queries_for_one_partner_and_for_three(goods, wanted):
    def queries() -> int:
        edit(wanted, price_amount=wanted.price_amount + 1)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            refresh_all()
        return len(caught)

    capacity(goods)
    queries()
    one = queries()
    capacity(goods), capacity(goods)
    queries()

    assert queries() == one
