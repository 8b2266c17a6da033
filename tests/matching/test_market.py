"""The book in the database, as columns of the engine."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commodities.enums import ParameterKind
from companies.enums import (
    CertificateState,
    CommitmentKind,
    CompanyKind,
    CompanyStatus,
    FactKind,
    ListingStatus,
    PaymentTerm,
    Screening,
)
from companies.models import Capacity, CapacityParameter, Certificate, Commitment, NeedParameter, VerificationFact
from matching.engine.market import FAR_FUTURE, FAR_PAST, NO_SET
from matching.services.market import load_book
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    CorridorFactory,
    ExchangeRateFactory,
    ParameterFactory,
)
from tests.matching.book import AS_OF, capacity, company, need, open_corridor

pytestmark = pytest.mark.django_db


def load():
    return load_book(AS_OF).market


def slots(listings) -> list[tuple[str, str, int]]:
    days = zip(listings.slot_first.tolist(), listings.slot_last.tolist(), listings.slot_kg.tolist(), strict=True)
    return [(dt.date.fromordinal(a).isoformat(), dt.date.fromordinal(b).isoformat(), kg) for a, b, kg in days]


def test_loading_costs_the_same_queries_for_one_listing_as_for_many():
    open_corridor()
    goods = CommodityFactory()
    capacity(goods)
    need(goods)
    with CaptureQueriesContext(connection) as few:
        load()
    for _number in range(4):
        goods = CommodityFactory()
        NeedParameter.objects.create(need=need(goods), parameter=ParameterFactory(), low=1)
        Certificate.objects.create(company=capacity(goods).company, kind=CertificateKindFactory(), state="checked")

    with CaptureQueriesContext(connection) as many:
        load()

    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("amount", "currency", "unit", "usd_per_t"),
    [
        ("800", "USD", "t", 800.0),
        ("0.8", "USD", "kg", 800.0),
        ("400000", "KZT", "t", 800.0),
        ("0.3333", "KZT", "kg", 0.6666),
        ("700", "EUR", "t", None),
        (None, "", "", None),
    ],
)
def test_price_is_in_usd_per_tonne(amount, currency, unit, usd_per_t):
    open_corridor()
    ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.002"))
    goods = CommodityFactory()
    price = {"price_amount": amount and Decimal(amount), "price_currency": currency, "price_unit": unit}
    capacity(goods, **price)
    need(goods, **price)

    market = load()

    for found in (market.capacities.ask_usd_per_t, market.needs.limit_usd_per_t):
        assert [None if np.isnan(value) else value for value in found.tolist()] == [usd_per_t]


def test_rate_of_a_later_day_does_not_count():
    open_corridor()
    ExchangeRateFactory(currency="KZT", on=AS_OF + dt.timedelta(days=1))
    capacity(CommodityFactory(), price_currency="KZT")

    assert np.isnan(load().capacities.ask_usd_per_t).all()


def test_same_fact_in_another_unit_gives_the_same_bytes():
    open_corridor()
    goods = CommodityFactory()
    capacity(goods)
    listing = need(goods, quantity_kg=100_000, quantity_typed=Decimal(100), quantity_unit="t")
    in_tonnes = load()

    listing.quantity_typed, listing.quantity_unit = Decimal(100_000), "kg"
    listing.price_amount, listing.price_unit = listing.price_amount / 1000, "kg"
    listing.save()

    assert load().to_bytes() == in_tonnes.to_bytes()


def test_monthly_listing_has_a_slot_a_calendar_month_less_what_is_taken():
    open_corridor()
    listing = capacity(
        CommodityFactory(),
        period="monthly",
        quantity_kg=60_000,
        available_from=dt.date(2027, 1, 20),
        available_until=dt.date(2027, 3, 10),
    )
    for kind, month, kg in (("held", 2, 10_000), ("shipped", 2, 15_000), ("committed", 3, 99_000)):
        Commitment.objects.create(capacity=listing, month=dt.date(2027, month, 1), quantity_kg=kg, kind=kind)

    assert slots(load().capacities) == [
        ("2027-01-20", "2027-01-31", 60_000),
        ("2027-02-01", "2027-02-28", 35_000),
        ("2027-03-01", "2027-03-10", 0),
    ]


def test_once_listing_has_one_slot_less_all_that_is_taken():
    open_corridor()
    listing = need(CommodityFactory(), quantity_kg=100_000)
    for month in (3, 4):
        Commitment.objects.create(
            need=listing, month=dt.date(2027, month, 1), quantity_kg=30_000, kind=CommitmentKind.COMMITTED
        )

    assert slots(load().needs) == [("2027-03-01", "2027-05-31", 40_000)]


def test_book_holds_open_listings_of_trading_companies_alone():
    open_corridor()
    goods = CommodityFactory()
    kept = need(goods)
    need(goods, status=ListingStatus.CLOSED)
    need(goods, valid_until=AS_OF - dt.timedelta(days=1))
    need(goods, company=company("KZ", status=CompanyStatus.SUSPENDED))
    need(goods, company=company("KZ", kind=CompanyKind.DIRECTORY))
    last_day = need(goods, valid_until=AS_OF)

    assert load().needs.id.tolist() == [kept.pk, last_day.pk]


def test_need_accepts_the_members_of_its_group():
    open_corridor()
    olein, stearin, other = (CommodityFactory() for _ in range(3))
    listing = need(other)
    listing.accepted.create(group=CommodityGroupFactory(members=[olein, stearin]), position=1)
    need(olein)

    needs = load().needs

    accepted = zip(needs.accepted_of.tolist(), needs.accepted_lo.tolist(), needs.accepted_hi.tolist(), strict=True)
    assert list(accepted) == [
        *((0, goods.tree_lo, goods.tree_hi) for goods in (olein, stearin, other)),
        (1, olein.tree_lo, olein.tree_hi),
    ]


def test_certificate_of_a_capacity_stands_above_that_of_its_company():
    open_corridor()
    halal, haccp = CertificateKindFactory(code="halal"), CertificateKindFactory(code="haccp")
    goods = CommodityFactory()
    plain = capacity(goods)
    special = capacity(goods, company=plain.company)
    for kind, state in ((halal, CertificateState.UNCHECKED), (haccp, CertificateState.NOT_HELD)):
        Certificate.objects.create(company=plain.company, kind=kind, state=state)
    Certificate.objects.create(
        company=plain.company,
        capacity=special,
        kind=halal,
        state=CertificateState.CHECKED,
        valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2027, 12, 31),
    )
    need(goods).required_certificates.add(halal)

    market = load()

    capacities = market.capacities
    assert market.certificate_kinds == ("haccp", "halal")
    assert capacities.certificate.tolist() == [[-1, 0], [-1, 1]]
    assert capacities.certificate_from.tolist() == [[FAR_PAST] * 2, [FAR_PAST, dt.date(2026, 1, 1).toordinal()]]
    assert capacities.certificate_until.tolist() == [[FAR_FUTURE] * 2, [FAR_FUTURE, dt.date(2027, 12, 31).toordinal()]]
    assert market.needs.requires.tolist() == [[False, True]]
    assert market.needs.certificate.tolist() == [[0, 0]]


def test_parameters_are_ranges_or_sets_and_a_choice_is_one_of_the_commodity():
    open_corridor()
    goods = CommodityFactory()
    ffa, size = ParameterFactory(key="ffa"), ParameterFactory(key="size", unit="")
    CommodityParameterFactory(commodity=goods, parameter=size, kind=ParameterKind.CHOICE)
    NeedParameter.objects.create(need=need(goods), parameter=ffa, high=Decimal("0.1"))
    offer = capacity(goods)
    CapacityParameter.objects.create(capacity=offer, parameter=size, values=["31/40", "16/20"])
    CapacityParameter.objects.create(capacity=offer, parameter=ffa, low=0, high=Decimal("0.08"))

    market = load()

    needs, capacities = market.needs, market.capacities
    assert market.parameters == (("ffa", "%"), ("size", ""))
    assert market.value_sets == (frozenset({"16/20", "31/40"}),)
    assert (needs.asked_parameter.tolist(), needs.asked_high.tolist()) == ([0], [0.1])
    assert np.isnan(needs.asked_low).all()
    assert capacities.offered_parameter.tolist() == [0, 1]
    assert capacities.offered_is_choice.tolist() == [False, True]
    assert capacities.offered_set.tolist() == [NO_SET, 0]
    assert capacities.offered_high.tolist()[0] == 0.08


def test_company_facts_become_standing_and_trust():
    open_corridor()
    seller = company("ID", screening=Screening.NOT_SCREENED)
    for kind in (FactKind.DOCUMENTS_SEEN, FactKind.VISITED, FactKind.DEAL_COMPLETED):
        VerificationFact.objects.create(company=seller, kind=kind, checked_on=AS_OF)
    capacity(CommodityFactory(), company=seller)
    need(CommodityFactory(), company=company("KZ", screening=Screening.REFUSED))

    market = load()

    assert (market.capacities.screening.tolist(), market.needs.screening.tolist()) == ([0], [-1])
    assert (market.capacities.trust.tolist(), market.needs.trust.tolist()) == ([1.0], [0.3])


def test_origins_payment_terms_and_unknown_facts():
    open_corridor()
    CorridorFactory(origin="KZ", destination="ID", is_enabled=False)
    goods = CommodityFactory()
    need(goods, accepted_origins=["ID"], payment_terms=[])
    need(goods, excluded_origins=["ID"], payment_terms=[PaymentTerm.PREPAID, PaymentTerm.DOCUMENTS])
    capacity(goods, lot_kg=None, lead_days=None, lot_multiple_kg=None)

    market = load()

    assert market.countries == ("ID", "KZ")
    assert market.corridor_open.tolist() == [[False, True], [False, False]]
    assert market.needs.accepts_origin.tolist() == [[True, False], [False, True]]
    terms = [[market.payment_terms[column] for column in np.flatnonzero(row)] for row in market.needs.pays_by]
    assert terms == [[], ["prepaid", "documents"]]
    found = market.capacities
    assert (found.lot_kg.tolist(), found.lead_days.tolist(), found.multiple_kg.tolist()) == ([-1], [-1], [0])


def test_digest_does_not_depend_on_the_order_in_which_rows_lie():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    first = capacity(goods)
    capacity(goods, price_amount=Decimal(900))
    before = load().digest()

    # An update moves the row to the end of the table.
    Capacity.objects.filter(pk=first.pk).update(price_amount=Decimal(810))
    assert load().digest() != before
    Capacity.objects.filter(pk=first.pk).update(price_amount=Decimal(800))

    assert load().digest() == before
