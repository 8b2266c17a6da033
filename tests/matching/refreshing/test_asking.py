"""When a refresh is asked for, by whom it is called, who is told of it, and when it goes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from companies.enums import CompanyStatus, FactKind, ListingStatus, Screening
from companies.models import Need
from companies.services import editing, pause_listing, record_fact, resume_listing, screen
from companies.signals import book_changed, listing_changed
from matching import services, tasks
from matching.enums import Failure, RunState
from matching.models import Match, MatchResult, Run, Weights
from matching.readings import unread_of
from matching.services.refreshing import asking, pruning, refresh_of, work
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, company, need
from tests.matching.refreshing.edits import TOO_DEAR, carry_out, current, edit, official, refresh_all
from tests.people import member_of

pytestmark = pytest.mark.django_db


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


def test_listing_that_rests_is_looked_at_once_however_often_it_is_edited(wanted, offered):
    pause_listing(listing=offered)
    refresh_all()

    for _edit in range(3):
        editing.tell(offered)
    editing.tell(need(CommodityFactory(), status=ListingStatus.DRAFT))

    assert Run.objects.count() == 1
    resume_listing(listing=offered)
    assert refresh_of(offered).state == RunState.QUEUED


@pytest.fixture
def bounded(wanted, offered):
    """A listing that was looked at as often as is allowed, and fits."""
    for _edit in range(asking.MOST_OF_A_LISTING):
        edit(offered)
        refresh_all()
    assert current() == {(wanted.pk, offered.pk)}
    return offered


def test_resting_for_a_moment_is_no_way_around_the_bound(wanted, bounded):
    for price in (1000, 1100):
        edit(bounded, status=ListingStatus.PAUSED)
        edit(bounded, status=ListingStatus.OPEN, price_amount=Decimal(price))
        services.carry_out_refresh(refresh_of(bounded).pk)

        assert (refresh_of(bounded).reason_code, current()) == (Failure.TOO_OFTEN, {(wanted.pk, bounded.pk)})

    edit(bounded, status=ListingStatus.PAUSED)
    refresh_all()
    assert current() == set()


def test_whoever_stands_nowhere_has_nothing_to_leave_beyond_the_bound(bounded):
    edit(bounded, status=ListingStatus.PAUSED)
    refresh_all()
    edit(bounded, status=ListingStatus.OPEN)
    known = set(Run.objects.all())

    for _time in range(3):
        edit(bounded, status=ListingStatus.PAUSED)
        edit(bounded, status=ListingStatus.OPEN)

    assert (set(Run.objects.all()), refresh_of(bounded).reason_code) == (known, Failure.TOO_OFTEN)


def test_listing_that_another_refresh_took_in_beyond_the_bound_leaves_at_once(wanted, bounded):
    edit(bounded, status=ListingStatus.PAUSED)
    refresh_all()
    edit(bounded, status=ListingStatus.OPEN)
    edit(wanted)
    refresh_all()
    assert current() == {(wanted.pk, bounded.pk)}

    edit(bounded, status=ListingStatus.PAUSED)
    refresh_all()

    assert current() == set()


def test_listing_leaves_beyond_the_bound_while_a_run_is_under_way_that_has_read_it(bounded):
    edit(bounded, status=ListingStatus.PAUSED)
    refresh_all()
    edit(bounded, status=ListingStatus.OPEN)
    services.cut_book(services.start_run(as_of=AS_OF).pk)

    edit(bounded, status=ListingStatus.PAUSED)

    assert (refresh_of(bounded).state, refresh_of(bounded).options["leaves"]) == (RunState.QUEUED, True)


def test_last_day_that_is_over_is_never_refused_and_counts_against_no_company(bounded, monkeypatch):
    monkeypatch.setattr(asking, "MOST_OF_A_COMPANY", 0)

    listing_changed.send(sender=type(bounded), listing=bounded, by_company=False)

    assert (refresh_of(bounded).state, refresh_of(bounded).options) == (RunState.QUEUED, {})


def test_company_has_a_bound_of_its_own(wanted, goods, monkeypatch):
    monkeypatch.setattr(asking, "MOST_OF_A_COMPANY", 1)
    edit(wanted)

    edit(need(goods, company=wanted.company))
    edit(need(goods))

    assert sorted(Run.objects.values_list("reason_code", flat=True)) == ["", "", Failure.TOO_OFTEN]


def test_listing_that_was_deleted_counts_for_its_company(wanted, monkeypatch):
    monkeypatch.setattr(asking, "MOST_OF_A_COMPANY", 1)
    undone = need(company=wanted.company)
    edit(undone)
    refresh_all()
    undone.delete()

    edit(wanted)

    assert refresh_of(wanted).reason_code == Failure.TOO_OFTEN


def test_what_officials_cause_is_carried_out_whatever_the_company_has_sent(wanted, offered, monkeypatch):
    official()
    monkeypatch.setattr(asking, "MOST_OF_A_BOOK", 1)
    for _sheet in range(2):
        book_changed.send(sender=None, companies=[offered.company])
        Run.objects.refreshes().filter(state=RunState.QUEUED).update(as_of=AS_OF)
        refresh_all()
    assert refresh_of(offered).reason_code == Failure.TOO_OFTEN

    screen(company=offered.company, screening=Screening.REFUSED, note="List of the ministry, page 3.")
    Run.objects.refreshes().filter(state=RunState.QUEUED).update(as_of=AS_OF)
    refresh_all()

    assert current() == set()


def test_what_officials_cause_leaves_a_company_its_own_sheets(offered, monkeypatch):
    monkeypatch.setattr(asking, "MOST_OF_A_BOOK", 1)
    for kind in (FactKind.VISITED, FactKind.DOCUMENTS_SEEN):
        record_fact(company=offered.company, kind=kind, checked_on=timezone.localdate())
        refresh_all()

    book_changed.send(sender=None, companies=[offered.company])

    assert refresh_of(offered).state == RunState.QUEUED


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
    both = sorted([wanted.company_id, elsewhere.company_id])
    assert run.options == {"companies": both, "asked_by": both}

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


def test_book_that_is_undone_keeps_no_other_refresh_waiting(wanted, offered):
    """All that its transaction writes is held until all is undone."""
    official()
    waiting = services.ask_for_refresh_of_books([company("KZ")])

    partners = services.ask_for_refresh_of_partners(set(), {offered.pk})
    whole = services.ask_for_refresh_of_books([offered.company])

    assert partners != waiting
    assert whole == partners
    assert (whole.options["companies"], whole.options["needs"]) == ([offered.company_id], [wanted.pk])
    before = waiting.options
    waiting.refresh_from_db()
    assert waiting.options == before


def test_old_refreshes_go_once_nothing_rests_on_them(wanted, offered):
    for price in (800, 810, 820):
        edit(offered, price_amount=Decimal(price))
        refresh_all()
    first, _second, third = Run.objects.order_by("pk")

    assert services.prune_refreshes(timezone.now() + dt.timedelta(days=29)) == 0
    assert services.prune_refreshes(timezone.now() + dt.timedelta(days=31)) == 1

    assert set(Run.objects.all()) == {first, third}  # the one found the match, of the other is what stands


def test_all_old_refreshes_go_after_an_official_run_however_many(wanted, offered, monkeypatch):
    monkeypatch.setattr(pruning, "MOST_AT_ONCE", 1)
    for price in (800, 810, 820, 830):
        edit(offered, price_amount=Decimal(price))
        refresh_all()
    old = list(Run.objects.order_by("pk"))
    long_ago = timezone.now() - dt.timedelta(days=31)
    Run.objects.update(book_cut_at=long_ago, finished_at=long_ago)
    run = services.start_run(as_of=AS_OF)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)

    tasks.close_run(run_id=run.pk)

    assert set(Run.objects.refreshes()) == {old[0]}


def test_refresh_goes_by_the_weights_that_the_lists_were_made_by(wanted, offered):
    before = official().weights
    Weights.objects.create(version=before.version + 1, values=before.values, reason="a test")

    edit(wanted, price_amount=Decimal(1130))

    assert refresh_of(wanted).weights == before


def test_what_is_checked_of_a_company_that_trades_counts_at_once(wanted, offered):
    official()

    record_fact(company=offered.company, kind=FactKind.VISITED, checked_on=timezone.localdate())
    record_fact(company=company("ID", status=CompanyStatus.SUBMITTED), kind="visited", checked_on=timezone.localdate())

    assert [run.options for run in Run.objects.refreshes()] == [{"companies": [offered.company_id]}]
