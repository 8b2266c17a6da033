"""Crowds as they are counted in the book: among buyers of which goods, and how much is read for it."""

from collections import Counter
from collections.abc import Iterable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from commodities.enums import NodeKind
from companies.enums import ListingStatus
from companies.models import Capacity
from matching.enums import Side
from matching.models import Match, MatchResult
from matching.texts.amounts import band
from matching.told import counting
from matching.told.anonymised import OTHER, Partner, fits, hidden, with_sides
from matching.told.counting import Crowds, Hidden, are_nested, lowest, node_of
from matching.told.crowds import ENOUGH, Closeness
from tests.factories import CommodityFactory, CommodityGroupFactory, HeadingFactory, below
from tests.matching.book import capacity, need, open_corridor
from tests.matching.crowded import buyer_of, seller, told
from tests.matching.found import finished_run, found

pytestmark = pytest.mark.django_db


def a_subheading():
    """HS 1511.90, with room for goods below it."""
    heading = HeadingFactory(code="1511", name_en="Palm oil and its fractions")
    ends = {"tree_lo": heading.tree_lo + 1, "tree_hi": heading.tree_lo + 40}
    return CommodityFactory(code="151190", hs_code="151190", kind=NodeKind.SUBHEADING, parent=heading, **ends)


def good(subheading, position: int):
    return CommodityFactory(hs_code="151190", **below(subheading, position))


@pytest.fixture
def subheading():
    open_corridor()
    return a_subheading()


# For which goods


def narrow(result: MatchResult, goods) -> None:
    Capacity.objects.filter(pk=result.match.capacity_id).update(commodity=goods)


def test_a_capacity_that_is_narrowed_tells_nothing_that_it_did_not_tell_before(subheading):
    """Else a reader offers a whole subheading, reads where its buyers sit, and asks then who of them buys one good."""
    one, another, rare = (good(subheading, position) for position in (1, 2, 3))
    first = buyer_of(rare)
    buyer_of(one), buyer_of(another)
    result = found(finished_run(), first.needs.get(), capacity(subheading))

    broadly = told(result, Side.SELLER).partner
    narrow(result, rare)

    assert told(result, Side.SELLER).partner == broadly
    assert (broadly.place, broadly.quantity) == ("", band(300_000, is_monthly=True))
    assert broadly.goods == "Palm oil and its fractions"


@pytest.mark.parametrize("accepts", ["goods", "a group", "the subheading", "the heading"])
def test_of_several_goods_that_a_buyer_takes_the_one_that_fewest_buy_says_how_it_is_told(subheading, accepts):
    common, rare = good(subheading, 1), good(subheading, 2)
    nodes = {
        "goods": [common, rare],
        "a group": [CommodityGroupFactory(members=[common, rare])],
        "the subheading": [subheading],
        "the heading": [subheading.parent],
    }[accepts]
    first = buyer_of(*nodes)
    buyer_of(common), buyer_of(common), buyer_of(rare)
    result = found(finished_run(), first.needs.get(), capacity(subheading))

    assert told(result, Side.SELLER).partner.place == ""

    buyer_of(rare)
    assert told(result, Side.SELLER).partner.place == "Almaty"


def test_what_else_a_buyer_takes_makes_no_difference_for_one_good(subheading):
    goods, rare = good(subheading, 1), good(subheading, 2)
    first = buyer_of(goods, rare)
    buyer_of(subheading)
    result = found(finished_run(), first.needs.get(), capacity(goods))
    assert told(result, Side.SELLER).partner.place == ""

    buyer_of(CommodityGroupFactory(members=[goods, CommodityFactory()]))
    assert told(result, Side.SELLER).partner.place == "Almaty"


def test_a_buyer_that_takes_the_goods_no_more_is_told_least_closely(subheading):
    goods, others = good(subheading, 1), good(subheading, 2)
    first, *_others = [buyer_of(goods) for _number in range(ENOUGH)]
    result = found(finished_run(), first.needs.get(), capacity(goods))
    assert told(result, Side.SELLER).partner.place == "Almaty"

    first.needs.get().accepted.update(commodity=others)
    assert told(result, Side.SELLER).partner.place == ""


BUYERS = st.lists(
    st.tuples(
        st.sampled_from(["KZ-A", "KZ-B"]),
        st.sets(st.sampled_from(["heading", "subheading", 1, 2, 3]), min_size=1, max_size=2),
    ),
    min_size=3,
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=40)
@given(buyers=BUYERS)
def test_no_goods_tell_more_of_a_buyer_than_what_lies_below_them_however_many_listings_are_read_first(buyers):
    with transaction.atomic():
        subheading = a_subheading()
        nodes = {"heading": subheading.parent, "subheading": subheading} | {n: good(subheading, n) for n in (1, 2, 3)}
        needs = [buyer_of(*(nodes[name] for name in names), code=code).needs.get() for code, names in buyers]
        close = {name: closeness_of(needs, goods) for name, goods in nodes.items()}
        with pytest.MonkeyPatch.context() as few:
            few.setattr(counting, "READ_FIRST", 1)
            close_from_few = {name: closeness_of(needs, goods) for name, goods in nodes.items()}
        transaction.set_rollback(True)

    assert close_from_few == close
    for name, broad in nodes.items():
        for other, narrow in nodes.items():
            if broad.tree_lo <= narrow.tree_lo < broad.tree_hi:
                meeting = [n for n, (_code, names) in enumerate(buyers) if meets(narrow, [nodes[of] for of in names])]
                assert all(close[name][n] <= close[other][n] for n in meeting)
    for goods in (1, 2, 3):
        told_by_region = Counter(
            code for (code, _names), near in zip(buyers, close[goods], strict=True) if near == Closeness.REGION
        )
        assert all(count >= ENOUGH for count in told_by_region.values())


def closeness_of(needs: Iterable, goods) -> list[Closeness]:
    partners = [Hidden(Side.BUYER, goods, wanted.company_id, wanted.pk) for wanted in needs]
    crowds = Crowds(partners, set(), timezone.localdate())
    return [crowds.closeness(one) for one in partners]


def meets(goods, nodes: Iterable) -> bool:
    return any(are_nested(node_of(goods), node_of(node)) for node in nodes)


def test_the_lowest_of_some_nodes_have_no_other_below_them():
    assert lowest([]) == []
    assert lowest([(0, 9), (1, 5), (2, 3), (6, 7), (3, 4), (20, 29)]) == [(2, 3), (3, 4), (6, 7), (20, 29)]


# How much is read


@pytest.fixture
def one_read_first(monkeypatch):
    monkeypatch.setattr(counting, "READ_FIRST", 1)


def told_of(results: list[MatchResult], side: Side, own: frozenset = frozenset()) -> tuple[list[Partner], list[str]]:
    """What is told of one side of some matches, and the queries of listings that it takes."""
    of_page = Match.objects.filter(pk__in=[result.match_id for result in results]).order_by("pk")
    rows = [(match, OTHER[side]) for match in with_sides(of_page)]
    with CaptureQueriesContext(connection) as asked:
        partners = [one.partner for one in fits(rows, own, timezone.localdate())]
    tables = ('FROM "companies_capacity"', 'FROM "companies_needcommodity"')
    return partners, [query["sql"] for query in asked if any(table in query["sql"] for table in tables)]


FIRST_AND_OF_PARTNERS = 2  # queries


def test_three_sellers_alike_are_told_from_the_listings_that_are_read_first(subheading, one_read_first):
    goods, run = good(subheading, 1), finished_run()
    results = [found(run, need(goods), seller(goods).capacities.get()) for _number in range(ENOUGH)]
    seller(goods, "ID-SOUTH")

    partners, queries = told_of(results, Side.SELLER)

    assert [partner.place for partner in partners] == ["Region ID-EAST"] * ENOUGH
    assert len(queries) == FIRST_AND_OF_PARTNERS


@pytest.mark.parametrize("accepts", ["a good", "several goods", "a group"])
def test_three_buyers_alike_are_told_from_the_listings_that_are_read_first(subheading, one_read_first, accepts):
    goods, others, run = good(subheading, 1), good(subheading, 2), finished_run()
    group = CommodityGroupFactory(members=[goods, others])
    nodes = {"a good": [goods], "several goods": [goods, others], "a group": [group]}[accepts]
    offered = capacity(subheading)
    results = [found(run, buyer_of(*nodes).needs.get(), offered) for _number in range(ENOUGH)]
    buyer_of(*nodes, code="KZ-71")

    partners, queries = told_of(results, Side.BUYER)

    assert [partner.place for partner in partners] == ["Almaty"] * ENOUGH
    accepted, otherwise = 1, 1  # nobody asks by a group for what the others ask for by name, or by name for a group
    assert len(queries) == accepted + FIRST_AND_OF_PARTNERS + otherwise


def test_only_crowds_without_enough_alike_are_read_whole(subheading, one_read_first):
    common, rare, run = good(subheading, 1), good(subheading, 2), finished_run()
    results = [found(run, need(common), seller(common).capacities.get()) for _number in range(ENOUGH)]
    results += [found(run, need(rare), seller(rare).capacities.get())]
    seller(rare), seller(rare)  # of whom one at most is read first

    partners, queries = told_of(results, Side.SELLER)

    assert [partner.place for partner in partners] == ["Region ID-EAST"] * (ENOUGH + 1)
    *first, whole = queries
    assert len(first) == FIRST_AND_OF_PARTNERS
    assert f'"commodity_id" IN ({rare.pk})' in whole


@pytest.mark.parametrize("why", ["left the book", "of the reader"])
def test_for_a_partner_that_is_in_no_crowd_not_all_is_read(subheading, one_read_first, why):
    goods, run = good(subheading, 1), finished_run()
    results = [found(run, need(goods), seller(goods).capacities.get()) for _number in range(ENOUGH + 1)]
    offered = results[0].match.capacity
    if why == "left the book":
        Capacity.objects.filter(pk=offered.pk).update(status=ListingStatus.CLOSED)
    own = frozenset({offered.company_id}) if why == "of the reader" else frozenset()

    partners, queries = told_of(results, Side.SELLER, own)

    assert [partner.place for partner in partners] == ["", *["Region ID-EAST"] * ENOUGH]
    assert len(queries) == FIRST_AND_OF_PARTNERS


def test_of_companies_that_were_not_asked_about_nothing_is_told_closely(subheading, one_read_first):
    """Too little of them may have been read: among some listings others than all may sit alike."""
    goods, run = good(subheading, 1), finished_run()
    results = [found(run, need(goods), seller(goods).capacities.get()) for _number in range(ENOUGH)]
    *partners, another = [hidden(result.match, Side.SELLER) for result in results]

    crowds = Crowds(partners, set(), timezone.localdate())

    assert [crowds.closeness(one) for one in partners] == [Closeness.REGION] * len(partners)
    assert crowds.closeness(another) == Closeness.HEADING
