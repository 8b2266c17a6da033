"""One edit refreshes one listing: when it is sought anew, what is written, and what goes wrong meanwhile."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.enums import ListingStatus
from companies.models import Need
from companies.signals import book_changed, listing_changed
from matching import services, tasks
from matching.enums import Failure, MatchState, RunKind, RunState
from matching.lists import newest_run
from matching.models import Match, MatchResult, NearMiss, Run
from matching.readings import unread_of
from matching.services.refreshing import asking, refresh_of, work
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, company, need, open_corridor
from tests.matching.refreshing.edits import carry_out, edit, official, refresh_all
from tests.people import member_of, person

pytestmark = pytest.mark.django_db

TOO_DEAR = Decimal(5000)


@pytest.fixture
def goods():
    open_corridor()
    return CommodityFactory()


@pytest.fixture
def wanted(goods):
    return need(goods)


@pytest.fixture
def offered(goods):
    return capacity(goods)


def current() -> set[tuple[int, int]]:
    return set(Match.objects.current().values_list("need", "capacity"))


# --- what it finds


def test_new_listing_finds_its_partners_without_any_official_run(wanted, offered):
    services.ask_for_refresh(wanted, as_of=AS_OF)
    (run,) = refresh_all()

    assert (run.kind, run.need, run.state, run.done, run.total) == (RunKind.REFRESH, wanted, RunState.FINISHED, 2, 2)
    counts = {"needs": 1, "capacities": 1, "pairs": 1, "matches": 1, "near_misses": 0}
    assert run.counts == counts | {"new_matches": 1, "written": 1, "left": 0}
    assert (run.weights.version, run.rules_version, len(run.corridor_version), len(run.input_hash)) == (1, "2", 64, 64)
    match = Match.objects.current().get()
    assert (match.need, match.capacity, match.latest.run, match.latest.planned_kg) == (wanted, offered, run, 0)
    assert newest_run(person(Role.STAFF)) is None


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


# --- how often


def test_edits_before_the_refresh_begins_wait_together(wanted, offered):
    for price in (1100, 1110, 1120):
        edit(wanted, price_amount=Decimal(price))
    assert Run.objects.count() == 1

    refresh_all()
    edit(wanted, price_amount=Decimal(1130))

    assert Run.objects.filter(need=wanted).count() == 2
    assert refresh_of(wanted).state == RunState.QUEUED


def test_edit_while_its_refresh_is_at_work_is_looked_at_afterwards(wanted, offered, monkeypatch):
    solve = work.solve

    def edited_meanwhile(*arguments):
        monkeypatch.setattr(work, "solve", solve)
        edit(offered, price_amount=TOO_DEAR)
        return solve(*arguments)

    monkeypatch.setattr(work, "solve", edited_meanwhile)
    edit(offered)
    runs = refresh_all()

    assert [run.capacity for run in runs] == [offered, offered]
    assert current() == set()


def test_too_many_edits_are_refused_and_say_so_but_who_leaves_may_leave(wanted, offered):
    for _edit in range(asking.MOST_OF_A_LISTING):
        edit(offered)
        refresh_all()

    edit(offered, price_amount=TOO_DEAR)
    edit(offered, price_amount=TOO_DEAR)

    refused = refresh_of(offered)
    assert (refused.state, refused.reason_code) == (RunState.FAILED, Failure.TOO_OFTEN)
    assert Run.objects.filter(reason_code=Failure.TOO_OFTEN).count() == 1
    assert (current(), unread_of([offered])) == ({(wanted.pk, offered.pk)}, {offered})

    edit(offered, status=ListingStatus.WITHDRAWN)
    refresh_all()
    assert current() == set()


def test_company_has_a_bound_of_its_own(wanted, goods, monkeypatch):
    monkeypatch.setattr(asking, "MOST_OF_A_COMPANY", 1)
    edit(wanted)

    edit(need(goods, company=wanted.company))
    edit(need(goods))

    assert sorted(Run.objects.values_list("reason_code", flat=True)) == ["", "", Failure.TOO_OFTEN]


# --- beside an official run


def test_official_run_cut_before_an_edit_does_not_have_the_last_word(wanted, offered):
    run = services.start_run(as_of=AS_OF)
    shards = services.cut_book(run.pk).shards
    edit(offered, price_amount=TOO_DEAR)
    refresh_all()

    for shard in shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    assert current() == {(wanted.pk, offered.pk)}  # as the official run read it
    (again,) = refresh_all()

    assert again.options == {"after": run.pk, "companies": [], "needs": [], "capacities": [offered.pk]}
    assert refresh_of(offered) == again
    assert current() == set()


def test_refresh_reads_again_where_somebody_wrote_meanwhile(wanted, offered, monkeypatch):
    solve, ended = work.solve, []

    def official_ends_meanwhile(*arguments):
        if not ended:
            ended.append(official())
        return solve(*arguments)

    monkeypatch.setattr(work, "solve", official_ends_meanwhile)
    edit(offered)
    (run, *_again) = refresh_all()

    assert run.book_cut_at > ended[0].finished_at
    assert Match.objects.get().latest.planned_kg == 100_000  # by the plan that it had not seen at first


def test_only_one_refresh_is_at_work_and_the_next_one_waits_for_it(wanted, offered, monkeypatch):
    solve, tried = work.solve, []

    def another_is_called(*arguments):
        if not tried:
            edit(wanted)
            tried.append(refresh_of(wanted))
            services.carry_out_refresh(tried[0].pk)
            tried[0].refresh_from_db()
            assert (tried[0].state, tried[0].attempt) == (RunState.QUEUED, 0)
        return solve(*arguments)

    monkeypatch.setattr(work, "solve", another_is_called)
    edit(offered)

    assert [run.need for run in refresh_all()] == [None, wanted]


# --- what goes wrong


def test_worker_lost_three_times_fails_the_refresh_and_changes_nothing(wanted, offered):
    official()
    edit(offered, price_amount=TOO_DEAR)
    run = refresh_of(offered)
    for _attempt in range(3):
        assert work._begin(run.pk, "w@lost") is not None

    services.carry_out_refresh(run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.LOST)
    assert (current(), unread_of([wanted, offered])) == ({(wanted.pk, offered.pk)}, {offered})


def test_error_that_comes_back_fails_the_refresh_through_its_task(wanted, monkeypatch, sent):
    monkeypatch.setattr(work, "solve", lambda *_arguments: 1 / 0)
    edit(wanted)
    run = refresh_of(wanted)

    for _attempt in range(3):
        tasks.refresh_listing(run_id=run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code, run.reason) == (
        RunState.FAILED,
        Failure.ERROR,
        "refreshing a listing: ZeroDivisionError",
    )
    assert sent == [run.pk, run.pk]


# --- signals, messages, news


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    found = []
    monkeypatch.setattr(tasks.refresh_listing, "delay", lambda *, run_id: found.append(run_id))
    return found


def test_saved_listing_is_refreshed_by_its_signal_and_the_next_one_called(
    wanted, offered, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        listing_changed.send(sender=Need, listing=wanted)
        listing_changed.send(sender=type(offered), listing=offered)
    first, second = Run.objects.order_by("pk")
    assert sent == [first.pk, second.pk]

    tasks.refresh_listing(run_id=first.pk)

    first.refresh_from_db()
    assert first.state == RunState.FINISHED
    assert sent == [first.pk, second.pk, second.pk]


def test_sweeper_finds_a_refresh_whose_message_was_lost(wanted, settings):
    edit(wanted)
    Run.objects.update(queued_at="2026-01-01T00:00:00Z")

    assert services.sweep() == [services.Steps(Run.objects.get().pk, refresh=True)]


def test_whole_book_is_one_refresh_for_all_its_companies(goods, wanted, offered):
    second, elsewhere = need(goods, company=wanted.company), capacity(CommodityFactory())
    for companies in ([wanted.company], [wanted.company, elsewhere.company]):
        book_changed.send(sender=None, companies=companies)
    run = Run.objects.get()
    assert run.options == {"companies": sorted([wanted.company_id, elsewhere.company_id])}

    Run.objects.update(as_of=AS_OF)
    refresh_all()

    assert current() == {(wanted.pk, offered.pk), (second.pk, offered.pk)}
    assert refresh_of(second) == refresh_of(elsewhere) == run
    assert (refresh_of(offered), unread_of([wanted, second, offered])) == (None, {offered})


def test_partners_are_told_once_a_day_and_whoever_edits_is_not(goods, wanted):
    buyer, seller = member_of(wanted.company), member_of(company("ID"))
    offered = capacity(goods, company=seller.memberships.get().company)
    edit(offered)
    refresh_all()
    edit(capacity(goods, company=offered.company))
    refresh_all()

    assert list(Notice.objects.values_list("user", "kind")) == [(buyer.pk, "new_matches")]
    official()
    assert Notice.objects.filter(user=buyer).count() == 2
    assert Notice.objects.filter(user=seller).count() == 1


def test_official_results_of_before_stay_with_their_run(wanted, offered):
    run = carry_out(services.start_run(as_of=AS_OF))

    edit(offered, price_amount=Decimal(900))
    refresh_all()

    assert MatchResult.objects.filter(run=run).count() == 1


def test_partners_of_listings_that_are_deleted_get_others_in_their_place(goods, wanted, offered):
    official()

    services.ask_for_refresh_of_partners(set(), {offered.pk}, as_of=AS_OF)
    Match.objects.all().delete()
    offered.delete()
    later = capacity(goods)
    (run,) = refresh_all()

    assert run.options == {"companies": [], "needs": [wanted.pk], "capacities": []}
    assert current() == {(wanted.pk, later.pk)}


def test_old_refreshes_go_once_nothing_rests_on_them(wanted, offered):
    for price in (800, 810, 820):
        edit(offered, price_amount=Decimal(price))
        refresh_all()
    first, _second, third = Run.objects.order_by("pk")

    assert services.prune_refreshes(timezone.now() + dt.timedelta(days=29)) == 0
    assert services.prune_refreshes(timezone.now() + dt.timedelta(days=31)) == 1

    assert set(Run.objects.all()) == {first, third}  # the one found the match, of the other is what stands
