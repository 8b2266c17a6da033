"""What of the other side of a match reaches the pages of a company: as much as three companies share, and no more."""

from dataclasses import fields
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from companies.enums import CompanyKind, CompanyStatus, FactKind, ListingStatus
from companies.models import Company, VerificationFact
from corridor.enums import Country
from matching.enums import MatchState, Side
from matching.models import Match
from matching.texts.amounts import BANDS_KG, Amount, band, exactly
from matching.told import counting
from matching.told.anonymised import Fit, Partner, fits, with_sides
from matching.told.anonymised import partner as partner_of
from matching.told.areas import AREAS
from matching.told.crowds import ENOUGH, Closeness
from tests.factories import CommodityFactory, CommodityGroupFactory, HeadingFactory, below
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.crowded import buyer_of, region, seller, told
from tests.matching.found import finished_run, found

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=[counting.READ_FIRST, 1], ids=["all-read", "some-read-first"])
def listings_read_first(request, monkeypatch):
    """Everything that is told is the same, however few listings are looked at first."""
    monkeypatch.setattr(counting, "READ_FIRST", request.param)


@pytest.fixture
def goods():
    open_corridor()
    heading = HeadingFactory(code="1511", name_en="Palm oil and its fractions")
    return CommodityFactory(hs_code="151190", name_en="RBD palm olein", **below(heading, 1))


def a_match(goods, other: Company, **facts):
    return found(finished_run(), need(goods), other.capacities.get(), **facts)


CHECKED = (FactKind.NUMBER_CHECKED,)
COARSE = {
    "quantity": band(500_000),
    "smallest": None,
    "is_wide": True,
}
EXACT = {"quantity": exactly(500_000), "smallest": exactly(20_000), "is_wide": False}


def partner(**facts) -> Partner:
    facts = {
        "side": Side.SELLER,
        "country": Country.INDONESIA,
        "place": "",
        "goods": "RBD palm olein",
        "hs_code": "151190",
        "checks": CHECKED,
        "is_checked": True,
        "is_example": True,
    } | facts
    return Partner(**facts)


@pytest.mark.parametrize(
    ("companies", "expected"),
    [
        (1, {"goods": "Palm oil and its fractions", "hs_code": "1511", "checks": ()} | COARSE),
        (2, {"goods": "Palm oil and its fractions", "hs_code": "1511", "checks": ()} | COARSE),
        (3, {"place": "Region ID-EAST"} | EXACT),
    ],
)
def test_a_partner_is_told_by_its_region_where_three_companies_fit_and_by_its_heading_where_fewer_do(
    goods, companies, expected
):
    first, *_others = [seller(goods) for _number in range(companies)]

    assert told(a_match(goods, first)).partner == partner(**expected)


def test_a_region_that_is_too_small_is_told_by_its_area_with_quantities_as_bands(goods):
    first = seller(goods, "ID-EAST")
    seller(goods, "ID-SOUTH"), seller(goods, "ID-WEST")

    assert told(a_match(goods, first)).partner == partner(place="Kalimantan", **COARSE)


def test_an_area_that_is_too_small_is_told_by_its_country(goods):
    first = seller(goods, "ID-EAST")
    for digit, code in (("3", "ID-JAVA"), ("7", "ID-SULAWESI")):
        capacity(goods, company=company("ID", region=region(code, digit)))

    assert told(a_match(goods, first)).partner == partner(**COARSE)


def test_a_smaller_region_is_told_by_its_province(goods):
    province = region("ID-EAST")
    town = region("ID-EAST-1", parent=region("ID-EAST-2", parent=province))
    first = company("ID", region=town)
    capacity(goods, company=first)
    seller(goods), seller(goods)

    assert told(a_match(goods, first)).partner.place == "Region ID-EAST"


@pytest.mark.parametrize(
    "facts",
    [
        {"status": CompanyStatus.SUSPENDED},
        {"status": CompanyStatus.SUBMITTED},
        {"is_hidden": True},
        {"kind": CompanyKind.DIRECTORY},
    ],
)
def test_companies_that_do_not_trade_hide_nobody(goods, facts):
    first = seller(goods)
    seller(goods), seller(goods, **facts)

    assert told(a_match(goods, first)).partner.place == ""


def test_examples_hide_no_other_company(goods):
    first = seller(goods, kind=CompanyKind.REGISTERED)
    example, _other = seller(goods), seller(goods)

    assert told(a_match(goods, first)).partner.place == ""
    assert told(a_match(goods, example)).partner.place == ""

    seller(goods, kind=CompanyKind.REGISTERED), seller(goods, kind=CompanyKind.REGISTERED)
    assert told(a_match(goods, first)).partner.place == "Region ID-EAST"
    assert told(a_match(goods, example)).partner.place == ""


def test_examples_that_buy_hide_no_other_company(goods):
    first = buyer_of(goods, kind=CompanyKind.REGISTERED)
    result = found(finished_run(), first.needs.get(), capacity(goods))
    buyer_of(goods), buyer_of(CommodityGroupFactory(members=[goods]))
    assert told(result, Side.SELLER).partner.place == ""

    buyer_of(goods, kind=CompanyKind.REGISTERED), buyer_of(goods, kind=CompanyKind.REGISTERED)
    assert told(result, Side.SELLER).partner.place == "Almaty"


@pytest.mark.parametrize("facts", [{"status": ListingStatus.CLOSED}, {"valid_until": "2020-01-01"}])
def test_companies_whose_listings_are_not_open_hide_nobody(goods, facts):
    first = seller(goods)
    seller(goods)
    capacity(goods, company=company("ID", region=region("ID-EAST")), **facts)

    assert told(a_match(goods, first)).partner.place == ""


def test_companies_of_the_reader_hide_nobody(goods):
    first = seller(goods)
    seller(goods)
    own = seller(goods)

    assert told(found(finished_run(), need(goods, company=own), first.capacities.get())).partner.place == ""


def test_many_listings_of_one_company_are_one_company(goods):
    first = seller(goods)
    capacity(goods, company=first), capacity(goods, company=first)

    assert told(found(finished_run(), need(goods), first.capacities.first())).partner.place == ""


def test_sellers_of_goods_below_a_broader_offer_are_of_its_crowd_and_others_are_not(goods):
    heading = goods.parent
    first = company("ID", region=region("ID-EAST"))
    capacity(heading, company=first)
    result = found(finished_run(), need(goods), first.capacities.get())

    seller(goods), seller(CommodityFactory())
    assert told(result).partner.place == ""

    seller(CommodityFactory(**below(heading, 2)))
    assert told(result).partner.place == "Region ID-EAST"


def test_a_buyer_is_told_by_the_goods_of_the_reader_among_all_who_accept_them(goods):
    """By the goods themselves, by an HS heading above them, by a group that holds them: each is one of the crowd."""
    other_goods = CommodityFactory()
    first = buyer_of(other_goods, goods)
    result = found(finished_run(), first.needs.get(), capacity(goods))
    buyer_of(goods.parent), buyer_of(other_goods)
    assert told(result, Side.SELLER).partner.place == ""

    buyer_of(CommodityGroupFactory(members=[other_goods, goods]))

    assert told(result, Side.SELLER).partner == partner(
        side=Side.BUYER,
        country=Country.KAZAKHSTAN,
        place="Almaty",
        quantity=exactly(300_000, is_monthly=True),
        smallest=exactly(25_000),
        is_wide=False,
    )


def test_goods_without_a_heading_in_the_tree_are_told_as_they_are(goods):
    lonely = CommodityFactory(name_en="Lonely goods", hs_code="990000")

    assert told(a_match(lonely, seller(lonely))).partner.goods == "Lonely goods"


def test_checked_or_not_is_all_that_is_told_of_a_lonely_company(goods):
    first = seller(goods)
    VerificationFact.objects.create(company=first, kind=FactKind.VISITED, checked_on="2026-11-01")
    result = a_match(goods, first)

    assert (told(result).partner.checks, told(result).partner.is_checked) == ((), True)
    VerificationFact.objects.all().delete()
    assert (told(result).partner.checks, told(result).partner.is_checked) == ((), False)


@pytest.mark.parametrize(
    ("score", "points"), [(0, 0), (49_999, 0), (50_000, 5), (799_999, 75), (800_000, 80), (1_000_000, 100)]
)
def test_points_are_rounded_down_to_five(goods, score, points):
    fit = told(a_match(goods, seller(goods), score_ppm=score, could_reach_ppm=1_000_000))

    assert (fit.points, fit.score_ppm) == (points, points * 10_000)


def test_a_fit_tells_what_is_known_of_the_pair_and_nothing_of_plan_or_rank(goods):
    result = a_match(
        goods,
        seller(goods),
        planned_kg=77_000,
        rank_for_need=1,
        movable_kg=77_000,
        unknown=("price",),
        state=MatchState.PROPOSED,
    )

    fit = told(result)

    assert fit == Fit(
        pk=result.match_id,
        partner=fit.partner,
        points=80,
        known_rules=9,
        movable=Amount(50_000, 200_000),
        is_proposed=True,
        own_side=Side.BUYER,
    )


def test_a_page_of_partners_costs_the_same_queries_for_one_as_for_three(goods):
    def queries(count: int) -> int:
        run = finished_run()
        rows = [found(run, need(goods), seller(goods, f"ID-{number}").capacities.get()) for number in range(count)]
        rows += [
            found(run, buyer_of(goods, code=f"KZ-{number}").needs.get(), capacity(goods)) for number in range(count)
        ]
        wanted = with_sides(Match.objects.filter(pk__in=[row.match_id for row in rows]).order_by("pk"))
        with CaptureQueriesContext(connection) as counted:
            sides = [Side.BUYER] * count + [Side.SELLER] * count
            fits(zip(wanted, sides, strict=True), set(), timezone.localdate())
        return len(counted)

    assert queries(1) == queries(3)


@pytest.fixture
def made_partner():
    """A partner as it is made for a closeness, without a database."""

    def make_one(close: Closeness) -> Partner:
        facts = SimpleNamespace(all=lambda: [SimpleNamespace(kind=FactKind.VISITED)])
        home = SimpleNamespace(pk=1, country="ID", facts=facts, is_example=False)
        goods = SimpleNamespace(name="Goods", hs_code="151190")
        offer = SimpleNamespace(
            pk=1,
            company=home,
            company_id=home.pk,
            commodity=goods,
            quantity_kg=54_321,
            lot_kg=4_321,
            is_monthly=False,
        )
        crowds = SimpleNamespace(
            closeness=lambda *_of: close,
            heading=lambda _goods: SimpleNamespace(name="Heading", hs_code="1511"),
            place=lambda _company, close: {Closeness.REGION: "Region", Closeness.AREA: "Area"}.get(close, ""),
        )
        return partner_of(SimpleNamespace(capacity=offer), Side.SELLER, crowds)

    return make_one


def test_exact_quantities_are_told_with_a_region_alone(made_partner):
    exact = {close for close in Closeness if made_partner(close).quantity == exactly(54_321)}
    lots = {close for close in Closeness if made_partner(close).smallest}
    goods = {close for close in Closeness if made_partner(close).goods == "Goods"}
    checks = {close for close in Closeness if made_partner(close).checks}

    assert (exact, lots) == ({Closeness.REGION}, {Closeness.REGION})
    assert goods == checks == set(Closeness) - {Closeness.HEADING}


@given(kg=st.integers(1, 10**13))
def test_a_band_holds_its_quantity_and_says_no_more_than_the_published_edges(kg):
    told_band = band(kg)

    assert (told_band.low_kg, told_band.high_kg) in BANDS_KG
    assert told_band.low_kg <= kg
    assert told_band.high_kg is None or kg < told_band.high_kg


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (band(9_999), "under 10 t"),
        (band(10_000), "10 to 50 t"),
        (band(199_999, is_monthly=True), "50 to 200 t per month"),
        (band(999_999), "200 to 1,000 t"),
        (band(1_000_000), "1,000 t or more"),
        (exactly(123_456), "123 t"),
        (exactly(500, is_monthly=True), "0.5 t per month"),
    ],
)
def test_quantities_are_written_exactly_or_as_bands(amount, words):
    with translation.override("en"):
        assert str(amount) == words


def test_a_partner_has_no_field_that_could_name_it():
    """Whoever adds a field here adds it to docs/anonymity.md and to the leak tests first."""
    assert {field.name for field in fields(Partner)} == {
        *("side", "country", "place", "goods", "hs_code", "quantity", "smallest"),
        *("checks", "is_checked", "is_wide", "is_example"),
    }
    assert {field.name for field in fields(Fit)} == {
        *("pk", "partner", "points", "known_rules", "movable", "is_proposed", "own_side", "failed_rules"),
    }


PROVINCES = st.lists(
    st.tuples(
        st.sampled_from([("ID-A", "6"), ("ID-B", "6"), ("ID-C", "3")]),
        st.sampled_from([CompanyKind.EXAMPLE, CompanyKind.REGISTERED]),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@given(homes=PROVINCES)
def test_no_partner_carries_a_region_that_fewer_than_three_of_its_kind_share(homes):
    with transaction.atomic():
        open_corridor()
        goods, run = CommodityFactory(), finished_run()
        wanted = need(goods)
        sellers = [company("ID", region=region(code, digit), kind=kind) for (code, digit), kind in homes]
        rows = [found(run, wanted, capacity(goods, company=one)) for one in sellers]
        matches = with_sides(Match.objects.filter(pk__in=[row.match_id for row in rows]).order_by("pk"))
        told_of = fits([(match, Side.BUYER) for match in matches], {wanted.company_id}, timezone.localdate())
        transaction.set_rollback(True)

    for home, one in zip(homes, [fit.partner for fit in told_of], strict=True):
        (code, _digit), kind = home
        is_shared = homes.count(home) >= ENOUGH
        assert one.is_example == (kind == CompanyKind.EXAMPLE)
        assert (one.place == f"Region {code}") == is_shared
        assert one.place in {f"Region {code}", *map(str, AREAS.values()), ""}
        assert (one.quantity.low_kg == one.quantity.high_kg) == is_shared
