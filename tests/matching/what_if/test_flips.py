"""At which freight the ranking turns: worked out by hand, and by the ways that really hold at that freight."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.models import FreightQuote
from corridor.ways import Assumptions, Ways
from matching.engine import ScoreTable
from matching.services.pairs import judged, read_few
from matching.what_if.flips import Flip, Turn, flips_of
from tests.factories import CommodityFactory, PlaceFactory
from tests.matching.book import AS_OF, capacity, need, town
from tests.matching.found import finished_run, found
from tests.matching.ways_there import handling, leg, ways_there

pytestmark = pytest.mark.django_db
TABLE = ScoreTable()


@pytest.fixture
def offers():
    """One need; an offer near and dear (915 + 140 + handling), one far and cheap (800 + 260 + handling), one dearer."""
    ways_there(with_air=False)
    far = PlaceFactory(code="IDFAR", country="ID")
    leg(far, town(), (20, 28), 260, code="L-FAR")
    handling(far)
    goods, run = CommodityFactory(), finished_run()
    wanted = need(goods, incoterm="CPT")  # the buyer insures: no share of any price
    near = capacity(goods, price_amount=Decimal(915), incoterm="FCA")
    cheap = capacity(goods, price_amount=Decimal(800), place=far, incoterm="FCA")
    return [found(run, wanted, one).match for one in (near, cheap)]


def scores_at(matches, percent: str) -> list[float]:
    """By the ways of that freight, searched anew."""
    ids = [(match.need_id, match.capacity_id) for match in matches]
    ways = Ways(AS_OF, Assumptions(freight_percent=Decimal(percent)))
    market = read_few([ids[0][0]], [pair[1] for pair in ids], ways).market(ways)
    return [outcome.score for outcome in judged(market, AS_OF, TABLE, ids)]


def test_ranking_turns_where_the_costs_of_both_are_equal(offers):
    # Landed near: 915 + 140 f + 10; cheap: 800 + 260 f + 5. Equal where 120 f = 120: at the freight of today.
    assert scores_at(offers, "0.1")[0] > scores_at(offers, "0.1")[1]
    assert scores_at(offers, "-0.1")[0] < scores_at(offers, "-0.1")[1]


def test_flips_name_who_takes_the_place_and_when_the_limit_is_passed(offers):
    near, cheap = offers
    near.capacity.price_amount = Decimal(900)  # 900 + 140 f + 10 against 805 + 260 f: equal at f = 0.875
    near.capacity.save()

    flips = flips_of(near, offers, Ways(AS_OF), TABLE)

    assert flips == [
        Flip(Decimal("-12.6"), Turn.OVERTAKEN, cheap, is_first=True),
        Flip(Decimal("71.5"), Turn.FAILS),  # 910 + 140 f > 1150 where f > 1.7142...
    ]
    assert scores_at(offers, "-12.4")[0] > scores_at(offers, "-12.4")[1]
    assert scores_at(offers, "-12.6")[0] < scores_at(offers, "-12.6")[1]


def test_flips_of_the_second_offer_say_when_it_would_rank_first(offers):
    near, cheap = offers
    near.capacity.price_amount = Decimal(900)
    near.capacity.save()

    assert flips_of(cheap, offers, Ways(AS_OF), TABLE) == [
        Flip(Decimal("-12.6"), Turn.OVERTAKES, near, is_first=True),
        Flip(Decimal("32.7"), Turn.FAILS),  # 805 + 260 f > 1150 where f > 1.3269...
    ]


def test_flips_say_when_a_pair_that_fails_would_fit(offers):
    near, _cheap = offers
    near.need.price_amount = Decimal(1000)  # 1065 now; 925 + 140 f <= 1000 where f <= 0.5357...
    near.need.save()

    assert flips_of(near, [near], Ways(AS_OF), TABLE) == [Flip(Decimal("-46.5"), Turn.FITS)]


def test_freight_that_nobody_quoted_turns_nothing_and_breaks_nothing(offers):
    near, cheap = offers
    FreightQuote.objects.filter(leg__code="L-RAIL").delete()

    # What is not known counts nothing: the far offer ranks first, until its own cost passes the limit.
    assert flips_of(near, offers, Ways(AS_OF), TABLE) == [Flip(Decimal("32.7"), Turn.OVERTAKES, cheap, is_first=True)]
    assert flips_of(cheap, offers, Ways(AS_OF), TABLE) == [Flip(Decimal("32.7"), Turn.FAILS)]


def test_no_flip_where_no_cost_is_known(offers):
    near, _cheap = offers
    near.capacity.price_amount = None
    near.capacity.price_currency = near.capacity.price_unit = ""
    near.capacity.save()

    assert flips_of(near, [near], Ways(AS_OF), TABLE) == []


def test_no_flip_of_a_listing_that_is_in_the_book_no_more(offers):
    near, _cheap = offers
    near.capacity.status = "closed"
    near.capacity.save()

    assert flips_of(near, offers, Ways(AS_OF), TABLE) == []


def test_flips_cost_the_same_queries_for_one_offer_as_for_two(offers, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        flips_of(offers[0], offers[:1], Ways(AS_OF), TABLE)

    with django_assert_num_queries(len(few)):
        flips_of(offers[0], offers, Ways(AS_OF), TABLE)
