"""What is paused, has ended or has expired is in no match from that moment, whatever the last run found."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.enums import ListingStatus
from matching.lists import every_listed_result
from matching.models import Match, NearMiss
from tests.companies.pages import words_of
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.people import member_of

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture
def match():
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    match = found(run, need(goods), capacity(goods)).match
    near_miss(run, match.need, match.capacity)
    return match


def seen_of(match: Match) -> list[int]:
    """In how many matches and near misses the pair is: for its buyer, its seller, and the city."""
    buyer, seller = [match.need.company_id], [match.capacity.company_id]
    return [
        *(Match.objects.told_to(who).count() for who in (buyer, seller)),
        *(NearMiss.objects.told_to(who).count() for who in (buyer, seller)),
        Match.objects.current().count(),
        every_listed_result().count(),
    ]


@pytest.mark.parametrize("side", ["need", "capacity"])
@pytest.mark.parametrize(
    "change",
    [
        {"status": ListingStatus.PAUSED},
        {"status": ListingStatus.WITHDRAWN},
        {"status": ListingStatus.CLOSED},
        {"valid_until": YESTERDAY},
    ],
)
def test_pair_is_told_of_only_while_both_listings_stand(match, side, change):
    before = seen_of(match)
    listing = getattr(match, side)

    type(listing).objects.filter(pk=listing.pk).update(**change)

    assert (before, seen_of(match)) == ([1] * 6, [0] * 6)
    assert not Match.objects.select_related("need__company", "capacity__company").get().is_in_trade


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_pair_is_told_of_on_the_last_day_of_its_listings(match, side):
    listing = getattr(match, side)

    type(listing).objects.filter(pk=listing.pk).update(valid_until=timezone.localdate())

    assert seen_of(match) == [1] * 6
    assert match.is_in_trade


def test_page_of_who_fits_says_that_a_listing_has_expired(client, match):
    type(match.need).objects.filter(pk=match.need_id).update(valid_until=YESTERDAY)
    client.force_login(member_of(match.need.company))

    answer = client.get(f"/needs/{match.need_id}/partners/")

    assert "This listing is expired: it takes no part in the matching." in words_of(answer)
    assert (answer.context["own"].count, answer.context["shown"].is_looking) == (0, False)
