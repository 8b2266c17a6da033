"""The same as `test_same_as_official`, with the snapshot asked however small the book is."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from matching import services
from matching.enums import Failure
from matching.models import Match
from matching.services import results
from matching.services.refreshing import edited, refresh_of, snapshots
from tests.matching.book import AS_OF, capacity, need
from tests.matching.found import stored
from tests.matching.refreshing.edits import TOO_DEAR, edit, failed, heard_now, official, refresh_all, standing
from tests.matching.refreshing.test_same_as_official import LIST, _short_lists, made_book, some_edit  # noqa: F401

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _of_every_book(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path, 0
    monkeypatch.setattr(snapshots, "LIST", LIST)
    # Else all listings count as edited: their companies were made within the last minute.
    monkeypatch.setattr(edited, "CLOCKS_DIFFER", timedelta(0))


@pytest.mark.parametrize("seed", range(3))
def test_refreshes_through_the_snapshot_end_where_an_official_run_ends(seed):
    chance = random.Random(seed)
    goods, offers, wants = made_book(chance)
    official()
    for _round in range(4):
        assert snapshots.make_snapshot()
        for _edit in range(chance.randrange(1, 5)):
            some_edit(chance, goods, offers, wants)
            if chance.random() < 0.7:
                refresh_all()
        refresh_all()

        refreshed = standing()
        official()
        assert refreshed == standing()


@pytest.mark.parametrize("kept", [0, 5000])
def test_result_of_which_only_a_rank_is_otherwise_says_all_else_as_before(monkeypatch, goods, wanted, offered, kept):
    monkeypatch.setattr(results, "FACTS_KEPT", kept)  # 0: the facts are read in the shard of the run
    official()
    before = Match.objects.get().latest
    assert snapshots.make_snapshot()

    services.ask_for_refresh(capacity(goods, price_amount=Decimal(700)), as_of=AS_OF)
    (run,) = refresh_all()

    after = Match.objects.get(capacity=offered).latest
    assert (after.run, after.shard_id is None) == (run, kept > 0)
    assert stored(after) == stored(before) | {"rank_for_need": 2}


def test_listing_that_waits_for_its_own_refresh_is_told_anew_though_only_its_rank_is_otherwise(goods, wanted, offered):
    official()
    assert snapshots.make_snapshot()
    first = services.ask_for_refresh(capacity(goods, price_amount=Decimal(700)), as_of=AS_OF)
    edit(offered, lead_days=12)

    services.carry_out_refresh(first.pk)

    after = Match.objects.get(capacity=offered).latest
    assert (after.rank_for_need, after.facts["time"]["lead_days"]) == (2, 12)


def fails(listing) -> None:
    edit(listing, price_amount=TOO_DEAR)
    failed(refresh_of(listing), Failure.ERROR)


def is_refused(listing) -> None:
    edit(listing, price_amount=TOO_DEAR)
    failed(refresh_of(listing), Failure.TOO_OFTEN)


def is_heard_of(listing) -> None:
    type(listing).objects.filter(pk=listing.pk).update(price_amount=TOO_DEAR)
    heard_now(type(listing))


@pytest.mark.parametrize("change", [fails, is_refused, is_heard_of])
def test_change_that_nobody_settled_before_a_newer_snapshot_is_settled_after_it(goods, monkeypatch, asked, change):
    """The newer snapshot has the dearer price, and the lists have not: whoever fits no more leaves nobody a place."""
    wanted, other = need(goods), need(goods)
    _best, second, _next = (capacity(goods, price_amount=Decimal(price)) for price in (700, 750, 800))
    official()
    assert snapshots.make_snapshot()
    change(second)
    monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
    assert snapshots.make_snapshot()

    edit(other, price_amount=Decimal(1140))  # in the list of the second, and so is the first need
    refresh_all()

    refreshed = standing()
    assert len(asked) == 1
    assert (wanted.pk, second.pk) not in refreshed["matches"]
    official()
    assert standing() == refreshed
