"""Whom the matching tells of what: each event once, and nothing that a person may not read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Membership
from matching import services
from matching.enums import Failure, MatchState, RunKind, RunState
from matching.models import Run
from matching.services import news
from notices.enums import NoticeKind
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def told() -> list[tuple]:
    """Who was told what, of which company, and how many."""
    rows = Notice.objects.order_by("pk").select_related("user")
    return [(row.user.email, row.kind, row.facts.get("company"), row.facts.get("count")) for row in rows]


def carried_out(**facts) -> Run:
    """A run of the book as it is, from cutting to closing."""
    run = services.start_run(**facts)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    return run


def pair_of_companies():
    """A buyer and a seller whose listings fit, each with somebody who acts for it."""
    open_corridor()
    goods = CommodityFactory()
    seller, buyer = company("ID", name_registered="Seller"), company("KZ", name_registered="Buyer")
    capacity(goods, company=seller)
    need(goods, company=buyer)
    return goods, seller, buyer, member_of(seller), member_of(buyer)


@pytest.mark.django_db(transaction=True)
def test_a_finished_run_tells_both_companies_of_new_partners_once():
    goods, _seller, buyer, sellers, buyers = pair_of_companies()

    run = carried_out()
    news.tell_of_new_matches(run)  # closing may be delivered twice
    carried_out()  # finds the same pair again: nothing is new

    assert sorted(told()) == sorted(
        [(sellers.email, NoticeKind.NEW_MATCHES, "Seller", 1), (buyers.email, NoticeKind.NEW_MATCHES, "Buyer", 1)]
    )
    assert set(Notice.objects.values_list("address", flat=True)) == {"/partners/"}

    need(goods, company=buyer)
    carried_out()

    assert told()[2:] == [
        (sellers.email, NoticeKind.NEW_MATCHES, "Seller", 1),
        (buyers.email, NoticeKind.NEW_MATCHES, "Buyer", 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_what_if_tells_nobody():
    pair_of_companies()

    carried_out(
        kind=RunKind.WHAT_IF,
        options={
            "weights": {
                "price": 1.0,
                **dict.fromkeys(("quantity", "quality", "time", "certificates", "logistics", "trust"), 0.0),
            }
        },
    )

    assert told() == []


def test_nobody_is_told_of_what_they_may_not_see():
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    own, other = company("KZ"), company("ID", status=CompanyStatus.SUSPENDED)
    closed = member_of(own)
    found(run, need(goods, company=own), capacity(goods, company=other))
    found(run, need(goods, company=own), capacity(goods, status=ListingStatus.CLOSED))
    found(run, need(goods, company=own), capacity(goods), state=MatchState.DISMISSED)
    found(run, need(goods, company=own), capacity(goods), failed=("price",))
    member_of(other)

    news.tell_of_new_matches(run)
    assert [row for row in told() if row[0] == closed.email] == []

    found(run, need(goods, company=own), capacity(goods))
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    news.tell_of_new_matches(run)
    assert told() == []

    closed.is_active = True
    closed.save(update_fields=["is_active"])
    news.tell_of_new_matches(run)
    assert told() == [(closed.email, NoticeKind.NEW_MATCHES, str(own), 1)]


def test_telling_costs_the_same_for_one_company_as_for_three():
    open_corridor()
    goods = CommodityFactory()

    def queries(companies: int) -> int:
        run = finished_run()
        for _number in range(companies):
            wanted, offered = need(goods), capacity(goods)
            found(run, wanted, offered)
            member_of(wanted.company), member_of(offered.company)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            news.tell_of_new_matches(run)
        return len(counted)

    assert queries(1) == queries(3)
    assert Notice.objects.count() == 8


def test_a_failed_run_tells_those_who_run_the_matching_once():
    staff, admin, _officer = person(Role.STAFF), person(Role.ADMIN), person(Role.OFFICER)
    open_corridor()
    run = services.start_run()

    services.fail_run(run.pk, Failure.TOO_LONG, "a test")
    services.fail_run(run.pk, Failure.TOO_LONG, "again")

    rows = Notice.objects.order_by("user").values_list("user", "kind", "facts", "address")
    assert list(rows) == [
        (user.pk, NoticeKind.RUN_FAILED, {"run": run.pk}, f"/runs/{run.pk}/") for user in (staff, admin)
    ]


def test_a_proposal_tells_both_sides_and_neither_who_the_other_is():
    (result,) = some_matches(CommodityFactory(), 1)
    match, staff = result.match, person(Role.STAFF)
    buyers, sellers = member_of(match.need.company), member_of(match.capacity.company)

    for note in ("", "again, with a note"):
        services.decide(match=match, state=MatchState.PROPOSED, decided_by=staff, note=note)

    rows = Notice.objects.order_by("pk").values_list("user", "kind", "facts", "address")
    assert list(rows) == [
        (user.pk, NoticeKind.MATCH_PROPOSED, {"company": str(side.company)}, f"/partners/{match.pk}/")
        for user, side in ((buyers, match.need), (sellers, match.capacity))
    ]


@pytest.mark.parametrize("state", [MatchState.SHORTLISTED, MatchState.DISMISSED])
def test_other_decisions_are_told_to_nobody(state):
    (result,) = some_matches(CommodityFactory(), 1)
    member_of(result.match.need.company)

    services.decide(match=result.match, state=state, reason="price", decided_by=person(Role.STAFF))

    assert told() == []


def test_a_proposal_of_a_match_that_does_not_hold_is_not_told():
    (result,) = some_matches(CommodityFactory(), 1, is_current=False)
    member_of(result.match.need.company)

    services.decide(match=result.match, state=MatchState.PROPOSED, decided_by=person(Role.STAFF))

    assert told() == []


def test_each_company_of_a_person_is_told_of_by_itself():
    (result,) = some_matches(CommodityFactory(), 1)
    user = member_of(result.match.need.company)
    Membership.objects.create(company=result.match.capacity.company, user=user)

    news.tell_of_new_matches(result.run)

    assert {row[2] for row in told()} == {str(result.match.need.company), str(result.match.capacity.company)}
