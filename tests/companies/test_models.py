"""What the database itself holds to be true, whoever writes to it; and who sees what."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import translation

from companies.enums import CertificateState, CompanyKind, CompanyStatus, ListingStatus
from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Commitment,
    Company,
    Membership,
    Need,
    NeedCommodity,
    NeedParameter,
    VerificationFact,
)
from corridor.models import Place, Region
from tests.companies.factories import CapacityFactory, CompanyFactory, MembershipFactory, NeedFactory, UserFactory
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    ParameterFactory,
    PlaceFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 1, 1)


def broken_by(save) -> str:
    """The constraint that refuses."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        save()
    return caught.value.__cause__.diag.constraint_name


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"kind": "friend"}, "company_kind_is_known"),
        ({"country": "CN"}, "company_country_is_known"),
        ({"status": "sleepy"}, "company_status_is_known"),
        ({"screening": "maybe"}, "company_screening_is_known"),
    ],
)
def test_company_constraints_hold(facts, constraint):
    assert broken_by(lambda: CompanyFactory(**facts)) == constraint


@pytest.mark.parametrize(
    ("city", "place", "region", "shown"),
    [
        ("Алматы", "KZALA", "KZ-75", ["Almaty", "Almaty", "Алматы", "Алматы қаласы"]),
        ("АКСУ", "X-AKSU", "KZ-55", ["Aksu", "Aksu", "Аксу", "Ақсу"]),
        # A town that no table names: those who do not read its letters get the region, never a place far away.
        ("Сарань", "KZALA", "KZ-55", ["Pavlodar Region", "Pavlodar Region", "Сарань", "Сарань"]),
        ("Ekibastuz", "KZALA", "KZ-55", ["Ekibastuz", "Ekibastuz", "Павлодарская область", "Павлодарская область"]),
        ("Сарань", "KZALA", None, ["Сарань"] * 4),
        ("", "X-AKSU", "KZ-75", ["Almaty City", "Almaty City", "город Алматы", "город Алматы"]),
        ("", "X-AKSU", None, ["Aksu (Pavlodar region)", "Aksu (Pavlodar region)", "Аксу", "Ақсу"]),
        ("", None, None, [""] * 4),
    ],
)
def test_company_says_where_it_is_in_the_readers_language(city, place, region, shown):
    PlaceFactory(code="KZALA", name_en="Almaty", name_ru="Алматы", name_kk="Алматы қаласы")
    PlaceFactory(code="X-AKSU", name_en="Aksu (Pavlodar region)", name_ru="Аксу", name_kk="Ақсу")
    RegionFactory(code="KZ-75", name_en="Almaty City", name_ru="город Алматы")
    RegionFactory(code="KZ-55", name_en="Pavlodar Region", name_ru="Павлодарская область")
    company = CompanyFactory(
        city=city,
        place=Place.objects.filter(code=place).first(),
        region=Region.objects.filter(code=region).first(),
    )

    said = []
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            said.append(company.where)

    assert said == shown


def test_company_number_is_registered_once_in_a_country_and_may_be_absent_often():
    CompanyFactory(country="KZ", registration_number="020240000555")
    CompanyFactory(country="ID", registration_number="020240000555")
    CompanyFactory(country="KZ", registration_number="")
    CompanyFactory(country="KZ", registration_number="")

    again = broken_by(lambda: CompanyFactory(country="KZ", registration_number="020240000555"))

    assert again == "company_number_is_registered_once"


def test_member_and_fact_constraints_hold():
    member = MembershipFactory()
    company = member.company
    VerificationFact.objects.create(company=company, kind="visited", checked_on=DAY)

    assert [
        broken_by(lambda: MembershipFactory(company=company, user=member.user)),
        broken_by(lambda: MembershipFactory(role="boss")),
        broken_by(lambda: VerificationFact.objects.create(company=company, kind="visited", checked_on=DAY)),
        broken_by(lambda: VerificationFact.objects.create(company=company, kind="liked", checked_on=DAY)),
    ] == ["member_is_listed_once", "member_role_is_known", "fact_is_kept_once", "fact_kind_is_known"]


def test_certificate_constraints_hold():
    company, kind = CompanyFactory(), CertificateKindFactory()
    Certificate.objects.create(company=company, kind=kind, state=CertificateState.CHECKED)

    def certificate(**facts):
        facts = {"company": company, "kind": CertificateKindFactory(), "state": CertificateState.CHECKED} | facts
        return broken_by(lambda: Certificate.objects.create(**facts))

    assert [
        certificate(kind=kind),
        certificate(state="lost"),
        certificate(valid_from=DAY, valid_until=DAY - dt.timedelta(days=1)),
    ] == ["certificate_is_stated_once", "certificate_state_is_known", "certificate_days_are_in_order"]


@pytest.mark.parametrize("factory", [NeedFactory, CapacityFactory])
@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"quantity_kg": 0}, "quantity_is_positive"),
        ({"quantity_unit": "sack"}, "unit_is_known"),
        ({"period": "weekly"}, "period_is_known"),
        ({"status": "asleep"}, "status_is_known"),
        ({"price_amount": Decimal(5)}, "price_is_whole_or_absent"),
        ({"price_currency": "USD"}, "price_is_whole_or_absent"),
        ({"price_amount": Decimal(0), "price_currency": "USD", "price_unit": "t"}, "price_is_whole_or_absent"),
        ({"price_amount": Decimal(5), "price_currency": "XXX", "price_unit": "t"}, "price_is_whole_or_absent"),
        ({"price_amount": Decimal(5), "price_currency": "USD", "price_unit": "l"}, "price_is_whole_or_absent"),
        ({"incoterm": "XXX"}, "incoterm_is_known"),
    ],
)
def test_listing_constraints_hold(factory, facts, constraint):
    name = factory._meta.model.__name__.lower()

    assert broken_by(lambda: factory(**facts)) == f"{name}_{constraint}"


@pytest.mark.parametrize("factory", [NeedFactory, CapacityFactory])
def test_listing_reference_is_used_once_by_a_company(factory):
    listing = factory(reference="1")
    factory(reference="1")

    name = factory._meta.model.__name__.lower()
    assert broken_by(lambda: factory(reference="1", company=listing.company)) == f"{name}_reference_is_used_once"


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"window_from": DAY, "window_until": DAY - dt.timedelta(days=1)}, "need_window_is_in_order"),
        ({"smallest_share_kg": 0}, "need_share_fits_quantity"),
        ({"smallest_share_kg": 20_001}, "need_share_fits_quantity"),
        ({"price_basis": "perhaps"}, "need_price_basis_is_known"),
    ],
)
def test_need_constraints_hold(facts, constraint):
    assert broken_by(lambda: NeedFactory(**facts)) == constraint


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"origin_country": "CN"}, "capacity_origin_is_known"),
        ({"available_from": DAY, "available_until": DAY - dt.timedelta(days=1)}, "capacity_window_is_in_order"),
        ({"lot_kg": 0}, "capacity_lot_is_positive"),
        ({"lot_multiple_kg": 0}, "capacity_multiple_is_positive"),
    ],
)
def test_capacity_constraints_hold(facts, constraint):
    assert broken_by(lambda: CapacityFactory(**facts)) == constraint


def test_need_accepts_a_commodity_or_a_group_at_each_position():
    need = NeedFactory()

    def accept(**facts):
        return broken_by(lambda: NeedCommodity.objects.create(need=need, **facts))

    assert [
        accept(position=1),
        accept(position=1, commodity=CommodityFactory(), group=CommodityGroupFactory()),
        accept(position=0, commodity=CommodityFactory()),
    ] == [
        "need_accepts_a_commodity_or_a_group",
        "need_accepts_a_commodity_or_a_group",
        "need_commodity_position_is_used_once",
    ]


@pytest.mark.parametrize(
    ("model", "factory", "owner"),
    [(NeedParameter, NeedFactory, "need"), (CapacityParameter, CapacityFactory, "capacity")],
)
def test_parameter_constraints_hold(model, factory, owner):
    listing, parameter = factory(), ParameterFactory()
    model.objects.create(**{owner: listing}, parameter=parameter, low=1)

    def state(**facts):
        facts = {owner: listing, "parameter": ParameterFactory()} | facts
        return broken_by(lambda: model.objects.create(**facts))

    assert [state(parameter=parameter, low=1), state(low=2, high=1), state()] == [
        f"{owner}_parameter_is_stated_once",
        f"{owner}_parameter_range_is_in_order",
        f"{owner}_parameter_says_something",
    ]


def test_commitment_constraints_hold():
    need, capacity = NeedFactory(), CapacityFactory()

    def commit(**facts):
        facts = {"need": need, "month": DAY, "quantity_kg": 1, "kind": "held"} | facts
        return broken_by(lambda: Commitment.objects.create(**facts))

    assert [
        commit(quantity_kg=0),
        commit(kind="dreamt"),
        commit(month=dt.date(2027, 1, 2)),
        commit(capacity=capacity),
        commit(need=None),
    ] == [
        "commitment_quantity_is_positive",
        "commitment_kind_is_known",
        "commitment_month_is_a_first_day",
        "commitment_is_of_one_side",
        "commitment_is_of_one_side",
    ]


def test_book_holds_open_listings_of_trading_companies_that_have_not_run_out():
    kept = NeedFactory(valid_until=DAY)
    NeedFactory(status=ListingStatus.WITHDRAWN)
    NeedFactory(valid_until=DAY - dt.timedelta(days=1))
    NeedFactory(company__status=CompanyStatus.SUSPENDED)
    NeedFactory(company__kind=CompanyKind.DIRECTORY)

    assert list(Need.objects.in_book(DAY)) == [kept]


# Who sees what


@pytest.fixture
def market():
    """Two companies with a member, a need and a capacity each, and a hidden company with both."""
    members = [MembershipFactory(), MembershipFactory()]
    hidden = CompanyFactory(is_hidden=True)
    for company in [*(member.company for member in members), hidden]:
        NeedFactory(company=company)
        CapacityFactory(company=company)
    return members


def seen_by(user) -> list[set]:
    """The companies that a person sees, and those whose needs and capacities they see."""
    return [
        set(Company.objects.visible_to(user)),
        {need.company for need in Need.objects.visible_to(user)},
        {capacity.company for capacity in Capacity.objects.visible_to(user)},
    ]


def test_a_member_sees_the_own_company_and_nothing_of_another(market):
    one, other = market

    assert seen_by(one.user) == [{one.company}] * 3
    assert seen_by(other.user) == [{other.company}] * 3


def test_a_person_of_two_companies_sees_both_each_once(market):
    one, other = market
    Membership.objects.create(company=other.company, user=one.user)

    assert seen_by(one.user) == [{one.company, other.company}] * 3
    assert Company.objects.visible_to(one.user).count() == 2


@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_staff_and_officers_see_every_company_that_is_not_hidden(market, role):
    assert seen_by(UserFactory(role=role)) == [{member.company for member in market}] * 3


def test_strangers_the_signed_out_and_the_locked_out_see_nothing(market):
    locked_out = market[0].user
    locked_out.is_active = False
    locked_out_staff = UserFactory(role="staff", is_active=False)

    for user in (UserFactory(), AnonymousUser(), locked_out, locked_out_staff):
        assert seen_by(user) == [set()] * 3
