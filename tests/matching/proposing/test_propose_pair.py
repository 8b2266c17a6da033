"""Proposing a pair that no run lists."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from matching import services
from matching.enums import MatchState, RunKind
from matching.models import Decision, Match, Run
from tests.factories import CommodityFactory, HeadingFactory, below
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    open_corridor()
    return CommodityFactory()


@pytest.fixture
def dear(goods):
    """A need and a capacity whose price is far over the limit."""
    finished_run()
    return need(goods), capacity(goods, price_amount=Decimal(2000))


@pytest.fixture
def staff():
    return person(Role.STAFF)


def test_a_pair_that_no_run_lists_is_proposed_with_its_reason(dear, staff):
    match, refresh = services.propose_pair(need=dear[0], capacity=dear[1], reason=" they met ", proposed_by=staff)

    assert (match.need, match.capacity, match.first_run) == (*dear, Run.objects.official().get())
    assert (match.state, match.is_current, match.latest) == (MatchState.PROPOSED, False, None)
    rows = Decision.objects.values_list("match", "state", "note", "decided_by", "result")
    assert list(rows) == [(match.pk, MatchState.PROPOSED, "they met", staff.pk, None)]
    assert (refresh.kind, refresh.options["needs"], refresh.options["capacities"]) == (
        RunKind.REFRESH,
        [dear[0].pk],
        [dear[1].pk],
    )


@pytest.mark.django_db(transaction=True)
def test_its_refresh_judges_it_as_any_decided_pair_and_says_what_fails(dear, staff):
    match, refresh = services.propose_pair(need=dear[0], capacity=dear[1], reason="they met", proposed_by=staff)

    services.carry_out_refresh(refresh.pk)

    match.refresh_from_db()
    assert (match.state, match.is_current, match.latest.failed_rules) == (MatchState.PROPOSED, False, ["price"])
    assert match.latest.run_id == refresh.pk


def test_companies_are_not_told_of_a_pair_that_does_not_hold(dear, staff):
    reader = member_of(dear[0].company)

    services.propose_pair(need=dear[0], capacity=dear[1], reason="they met", proposed_by=staff)

    assert reader.notices.count() == 0


def test_a_pair_that_is_a_match_is_left_as_it_is(goods, staff):
    match = found(finished_run(), need(goods), capacity(goods)).match

    same, refresh = services.propose_pair(need=match.need, capacity=match.capacity, reason="again", proposed_by=staff)

    assert (same.pk, same.state, refresh, Decision.objects.count()) == (match.pk, MatchState.NEW, None, 0)


def test_a_proposal_wants_a_reason(dear, staff):
    with pytest.raises(ValidationError, match="Say why these two should meet"):
        services.propose_pair(need=dear[0], capacity=dear[1], reason="  ", proposed_by=staff)

    assert Match.objects.count() == 0


def test_without_a_finished_run_nothing_is_proposed(goods, staff):
    with pytest.raises(ValidationError, match="No run has finished yet"):
        services.propose_pair(need=need(goods), capacity=capacity(goods), reason="they met", proposed_by=staff)


def closed(wanted, offered):
    offered.status = ListingStatus.PAUSED
    offered.save()


def expired(wanted, offered):
    wanted.valid_until = timezone.localdate() - dt.timedelta(days=1)
    wanted.save()


def hidden(wanted, offered):
    offered.company.is_hidden = True
    offered.company.save()


def suspended(wanted, offered):
    wanted.company.status = CompanyStatus.SUSPENDED
    wanted.company.save()


def of_one_company(wanted, offered):
    offered.company = wanted.company
    offered.save()


def of_other_goods(wanted, offered):
    offered.commodity = CommodityFactory()
    offered.save()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (closed, "is not open"),
        (expired, "has expired"),
        (hidden, "is hidden"),
        (suspended, "is not active"),
        (of_one_company, "of the same company"),
        (of_other_goods, "accepts none of these goods"),
    ],
)
def test_what_cannot_meet_is_refused_in_words(dear, staff, spoil, said):
    spoil(*dear)

    with pytest.raises(ValidationError, match=said):
        services.propose_pair(need=dear[0], capacity=dear[1], reason="they met", proposed_by=staff)

    assert Match.objects.count() == 0


def test_goods_are_shared_with_a_wider_node_and_with_no_other(goods):
    heading = HeadingFactory()
    inside = CommodityFactory(**below(heading, 1))

    assert services.shares_goods(need(heading), capacity(inside))
    assert services.shares_goods(need(inside), capacity(heading))
    assert not services.shares_goods(need(inside), capacity(goods))
