"""The page right after saving: how far the look for partners is, who fits and why, what would bring more."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.enums import CompanyStatus, ListingStatus
from companies.models import Company, Membership, Need
from matching.enums import Failure, RunKind, RunState
from matching.models import Run
from matching.told import fits
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import CUT_AT, finished_run, found, near_miss
from tests.people import member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    open_corridor()
    return CommodityFactory()


def page_of(listing) -> str:
    kind = "need" if isinstance(listing, Need) else "capacity"
    return reverse("matching:listing-fits", kwargs={"kind": kind, "pk": listing.pk})


def opened(client, listing, address: str = "{}"):
    cache.clear()
    client.force_login(member_of(listing.company))
    response = client.get(address.format(page_of(listing)))
    return response, " ".join(response.content.decode().split())


def refreshing(listing, **facts) -> Run:
    field = "need" if isinstance(listing, Need) else "capacity"
    return finished_run(kind=RunKind.REFRESH, **{field: listing}, **facts)


def read(listing) -> None:
    """The newest refresh has read the listing as it is."""
    refreshing(listing, book_cut_at=listing.changed_at + dt.timedelta(seconds=1))


def test_the_page_of_a_saved_listing_tells_who_fits_with_reasons_and_what_partners_will_ask(client, goods):
    wanted = need(goods)
    results = [found(finished_run(), wanted, capacity(goods), unknown=("payment",)) for _number in range(2)]
    read(wanted)

    response, words = opened(client, wanted)

    shown = response.context["shown"]
    assert [why.fit.pk for why in shown.whys] == [result.match_id for result in results]
    assert {len(why.reasons) for why in shown.whys} == {10}
    assert [(asked.text, asked.partners) for asked in shown.asked] == [("Which payment terms do you accept?", 2)]
    assert "2 partners fit" in words
    assert "hx-get" not in words.partition('id="fits"')[2][:40]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"state": RunState.QUEUED}, "The look for partners begins in a moment"),
        ({"state": RunState.RUNNING, "done": 0, "total": 0}, "Reading the book."),
        ({"state": RunState.RUNNING, "done": 3, "total": 8}, "Compared with 37 % of the listings."),
    ],
)
def test_the_page_tells_how_far_the_look_for_partners_is_and_asks_again(client, goods, state, said):
    wanted = need(goods)
    refreshing(wanted, **{"book_cut_at": None, "finished_at": None} | state)

    _response, words = opened(client, wanted, "{}progress/")

    assert said in words
    assert f'hx-get="{page_of(wanted)}progress/"' in words


def test_a_look_that_ends_while_the_page_is_made_is_asked_for_once_more(client, goods, monkeypatch):
    """Else the page would stop asking, and say that the listing has not been read yet."""
    wanted = need(goods)
    run = refreshing(wanted, state=RunState.RUNNING, book_cut_at=None, finished_at=None)
    real = fits.partners.own_listings

    def ends_meanwhile(*arguments):
        own = real(*arguments)
        Run.objects.filter(pk=run.pk).update(state=RunState.FINISHED, book_cut_at=CUT_AT, finished_at=CUT_AT)
        return own

    monkeypatch.setattr(fits.partners, "own_listings", ends_meanwhile)

    _response, words = opened(client, wanted, "{}progress/")

    assert f'hx-get="{page_of(wanted)}progress/"' in words


def test_a_look_for_partners_that_stopped_says_why_and_what_comes_next(client, goods):
    wanted = need(goods)
    refreshing(wanted, state=RunState.FAILED, reason_code=Failure.TOO_OFTEN, book_cut_at=None)

    _response, words = opened(client, wanted)

    assert "Your listing is saved, but the look for partners stopped." in words
    assert "hx-get" not in words.partition('id="fits"')[2].partition(">")[0]


@pytest.mark.parametrize("kind", [need, capacity])
def test_where_nobody_fits_the_page_says_what_would_change_that(client, goods, kind):
    mine = kind(goods)
    read(mine)

    alone = opened(client, mine)[1]
    (capacity if kind is need else need)(goods)
    beside_others = opened(client, mine)[1]

    assert "Nobody fits today" in alone
    assert ("Nobody else offers these goods" if kind is need else "Nobody else wants these goods") in alone
    assert ("Others offer goods like these" if kind is need else "Others want goods like these") in beside_others


@pytest.mark.parametrize("kind", [need, capacity])
def test_what_a_colleague_trades_for_another_company_is_others_goods(client, goods, kind):
    mine, other = kind(goods), (capacity if kind is need else need)(goods)
    Membership.objects.create(company=mine.company, user=member_of(other.company))
    read(mine)

    words = opened(client, mine)[1]

    assert ("Others offer goods like these" if kind is need else "Others want goods like these") in words


def test_near_misses_are_told_as_advice(client, goods):
    offered = capacity(goods)
    near_miss(finished_run(), need(goods), offered)
    read(offered)

    response, words = opened(client, offered)

    assert "Some buyers nearly fit: one change would open them." in words
    assert [line.partners for line in response.context["shown"].own.advice] == [1]


@pytest.mark.parametrize(
    ("listing", "owner", "said"),
    [
        ({"status": ListingStatus.PAUSED}, {}, "it takes no part in the matching"),
        ({}, {"status": CompanyStatus.SUBMITTED}, "is not active yet"),
        ({}, {"status": CompanyStatus.SUSPENDED}, "is suspended"),
    ],
)
def test_what_takes_no_part_in_the_matching_says_so_and_waits_for_nothing(client, goods, listing, owner, said):
    wanted = need(goods, **listing)
    Company.objects.filter(pk=wanted.company_id).update(**owner)
    refreshing(wanted, state=RunState.QUEUED, book_cut_at=None, finished_at=None)

    response, words = opened(client, wanted)

    assert said in words
    assert (response.context["shown"].is_looking, "Nobody fits" in words) == (False, False)


def test_an_own_company_is_nobody_who_offers_the_goods(client, goods):
    wanted = need(goods)
    capacity(goods, company=wanted.company)
    read(wanted)

    assert "Nobody else offers these goods" in opened(client, wanted)[1]


def test_the_page_costs_the_same_for_one_partner_and_for_three(client, goods):
    wanted, counts = need(goods), []
    run = finished_run(book_cut_at=CUT_AT)
    for more in (1, 0, 2):  # the first time warms up
        for _number in range(more):
            found(run, wanted, capacity(goods), unknown=("payment",))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            opened(client, wanted)
        counts.append(len(queries))

    assert counts[1] == counts[2]
