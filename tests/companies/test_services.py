"""What can be done with companies, needs and capacities, and what is refused in words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone, translation

from commodities.enums import ParameterKind
from companies import services
from companies.enums import CertificateState, CompanyKind, CompanyStatus, FactKind, ListingStatus, MemberRole
from companies.facts import StatedCertificate, StatedParameter
from companies.models import Capacity, Certificate, Company, Membership, Need, VerificationFact
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory, UserFactory
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    HeadingFactory,
    ParameterFactory,
    PlaceFactory,
    below,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_MONTH = TODAY + dt.timedelta(days=30)
HALF_A_YEAR = TODAY + dt.timedelta(days=180)


def refused(function, **arguments) -> dict[str, list[str]]:
    """The codes of what was refused, by field."""
    with pytest.raises(ValidationError) as caught:
        function(**arguments)
    return {name: [error.code for error in errors] for name, errors in caught.value.error_dict.items()}


def need_facts(**more) -> dict:
    if "company" not in more:
        more["company"] = CompanyFactory(country="KZ")
    if "accepted" not in more:
        more["accepted"] = (CommodityFactory(),)
    if "destination" not in more:
        more["destination"] = PlaceFactory(country="KZ")
    return {
        "quantity": Decimal(100),
        "unit": "t",
        "period": "once",
        "window_from": NEXT_MONTH,
        "window_until": HALF_A_YEAR,
    } | more


def capacity_facts(**more) -> dict:
    if "company" not in more:
        more["company"] = CompanyFactory()
    if "commodity" not in more:
        more["commodity"] = CommodityFactory()
    if "place" not in more:
        more["place"] = PlaceFactory(roles=["sea_port"])
    return {
        "quantity": Decimal(100),
        "unit": "t",
        "period": "monthly",
        "available_from": NEXT_MONTH,
        "available_until": HALF_A_YEAR,
    } | more


# Companies


def test_register_company_keeps_its_facts_and_makes_the_owner_a_member():
    owner = UserFactory()

    company = services.register_company(
        name_registered="ТОО «Алатау»",
        name_latin="TOO Alatau",
        country="KZ",
        registration_number="0202 4000 0555",
        owner=owner,
    )

    company.refresh_from_db()
    assert (company.code, company.registration_number, company.status) == ("too-alatau", "020240000555", "draft")
    assert [(m.user, m.role) for m in company.memberships.all()] == [(owner, MemberRole.OWNER)]


def test_register_company_finds_a_free_code_for_a_name_that_is_taken_or_not_latin():
    codes = {
        services.register_company(name_registered=name, country="KZ").code
        for name in ("Alatau", "Alatau", "ТОО «Алатау»")
    }

    assert len(codes) == 3
    assert "alatau" in codes


def test_register_company_refuses_a_wrong_number():
    assert refused(
        services.register_company, name_registered="Alatau", country="KZ", registration_number="020240000554"
    ) == {"registration_number": ["bin_check_digit"]}
    assert list(Company.objects.all()) == []


def test_register_company_refuses_a_number_that_is_here_already():
    CompanyFactory(country="KZ", registration_number="020240000555")

    with pytest.raises(ValidationError, match="registration number is here already"):
        services.register_company(name_registered="Alatau", country="KZ", registration_number="020240000555")


def test_add_member_again_keeps_one_membership_with_the_last_role():
    company, user = CompanyFactory(), UserFactory()

    services.add_member(company=company, user=user)
    services.add_member(company=company, user=user, role=MemberRole.OWNER)

    assert list(Membership.objects.values_list("company", "user", "role")) == [(company.pk, user.pk, "owner")]


def test_add_member_refuses_an_entry_of_the_directory():
    company = CompanyFactory(kind=CompanyKind.DIRECTORY)

    assert refused(services.add_member, company=company, user=UserFactory()) == {"company": ["company_is_directory"]}


def test_record_fact_again_keeps_the_later_check():
    company, staff = CompanyFactory(), UserFactory(role="staff")

    services.record_fact(company=company, kind=FactKind.VISITED, checked_on=dt.date(2026, 5, 1))
    services.record_fact(company=company, kind=FactKind.VISITED, checked_on=dt.date(2026, 9, 1), checked_by=staff)

    assert list(VerificationFact.objects.values_list("kind", "checked_on", "checked_by")) == [
        ("visited", dt.date(2026, 9, 1), staff.pk)
    ]


# Needs


def test_open_need_keeps_what_was_typed_and_whole_kilograms():
    company, place = CompanyFactory(country="KZ"), PlaceFactory(country="KZ")
    olein, group = CommodityFactory(density_kg_per_l=Decimal("0.91")), CommodityGroupFactory()
    halal = CertificateKindFactory(code="halal_bpjph")
    use = CommodityParameterFactory(commodity=olein, parameter=ParameterFactory(key="ffa"))

    need = services.open_need(
        company=company,
        accepted=(olein, group),
        quantity=Decimal("21500"),
        unit="l",
        period="monthly",
        smallest_share=Decimal(1000),
        price=Decimal(1450),
        currency="USD",
        price_unit="t",
        price_basis="at_incoterm",
        incoterm="DAP",
        named_place=place,
        destination=place,
        window_from=NEXT_MONTH,
        window_until=HALF_A_YEAR,
        own_words="Олеин, флекситанк",
        language="ru",
        certificates=(halal,),
        parameters=(StatedParameter(use.parameter, high=Decimal("0.1")),),
        accepted_origins=("ID",),
        payment_terms=("letter_of_credit", "documents"),
    )

    need = Need.objects.get(pk=need.pk)
    assert (need.reference, need.quantity_kg, need.quantity_typed, need.quantity_unit) == ("N-1", 19565, 21500, "l")
    assert (need.smallest_share_kg, need.status, need.accepted_origins) == (910, ListingStatus.OPEN, ["ID"])
    assert need.payment_terms == ["documents", "letter_of_credit"]
    assert [(row.position, row.commodity or row.group) for row in need.accepted.all()] == [(0, olein), (1, group)]
    assert [(row.parameter, row.low, row.high, row.values) for row in need.parameters.all()] == [
        (use.parameter, None, Decimal("0.1"), [])
    ]
    assert list(need.required_certificates.all()) == [halal]


def test_open_need_counts_its_own_references():
    company = CompanyFactory(country="KZ")
    NeedFactory(company=company, reference="N-2")

    references = [services.open_need(**need_facts(company=company)).reference for _ in range(2)]

    assert references == ["N-3", "N-4"]


def test_open_need_refuses_a_suspended_company():
    company = CompanyFactory(country="KZ", status=CompanyStatus.SUSPENDED)

    with pytest.raises(ValidationError, match="suspended"):
        services.open_need(**need_facts(company=company))

    assert list(Need.objects.all()) == []


def test_open_need_refuses_a_company_that_was_suspended_meanwhile():
    company = CompanyFactory(country="KZ")
    services.suspend_company(company=Company.objects.get(pk=company.pk), reason="A test.")

    assert refused(services.open_need, **need_facts(company=company)) == {"company": ["company_suspended"]}


def test_open_need_refuses_an_entry_of_the_public_directory():
    company = CompanyFactory(country="KZ", kind=CompanyKind.DIRECTORY)

    assert refused(services.open_need, **need_facts(company=company)) == {"company": ["company_is_directory"]}


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"quantity": Decimal(0)}, {"quantity": ["number_not_positive"]}),
        ({"quantity": Decimal("0.5"), "unit": "kg"}, {"quantity": ["quantity_not_whole_kg"]}),
        ({"quantity": Decimal(10) ** 9}, {"quantity": ["quantity_too_large"]}),
        ({"unit": "l"}, {"unit": ["unit_not_allowed"]}),
        ({"unit": "pcs"}, {"unit": ["unit_not_allowed"]}),
        ({"smallest_share": Decimal(101)}, {"smallest_share": ["share_above_quantity"]}),
        ({"window_from": HALF_A_YEAR, "window_until": NEXT_MONTH}, {"window_until": ["window_reversed"]}),
        (
            {"window_from": TODAY - dt.timedelta(days=9), "window_until": TODAY - dt.timedelta(days=1)},
            {"window_until": ["window_over"]},
        ),
        ({"window_until": NEXT_MONTH + dt.timedelta(days=1200)}, {"window_until": ["window_too_long"]}),
        ({"valid_until": TODAY - dt.timedelta(days=1)}, {"valid_until": ["valid_until_over"]}),
        ({"price": Decimal(5)}, {"price": ["price_incomplete"], "price_basis": ["basis_missing"]}),
        ({"currency": "USD"}, {"price": ["price_incomplete"]}),
        ({"price_basis": "all_in"}, {"price_basis": ["basis_without_price"]}),
        (
            {"price": Decimal(5), "currency": "USD", "price_unit": "t", "price_basis": "at_incoterm"},
            {"incoterm": ["incoterm_missing"]},
        ),
        ({"accepted": ()}, {"commodities": ["nothing_accepted"]}),
        (
            {"accepted_origins": ("ID",), "excluded_origins": ("ID",)},
            {"excluded_origins": ["origin_accepted_and_excluded"]},
        ),
        ({"excluded_origins": ("ID", "KZ")}, {"excluded_origins": ["origin_none_left"]}),
    ],
)
def test_open_need_says_at_which_field_it_refuses(facts, refusal):
    assert refused(services.open_need, **need_facts(**facts)) == refusal
    assert not Need.objects.exists()


def test_open_need_refuses_the_same_goods_or_certificate_twice():
    olein, halal = CommodityFactory(), CertificateKindFactory()

    assert refused(services.open_need, **need_facts(accepted=(olein, olein), certificates=(halal, halal))) == {
        "commodities": ["commodity_twice"],
        "certificates": ["certificate_twice"],
    }


def test_open_need_refuses_a_destination_outside_both_countries():
    assert refused(services.open_need, **need_facts(destination=PlaceFactory(country="CN"))) == {
        "destination": ["destination_outside"]
    }


def test_open_need_refuses_a_port_term_at_a_place_without_port():
    place = PlaceFactory(country="KZ", roles=["rail_terminal"], name_en="Almaty")

    with pytest.raises(ValidationError) as caught:
        services.open_need(**need_facts(incoterm="CIF", named_place=place))

    assert caught.value.message_dict == {
        "named_place": ["CIF is a term for sea ports, and Almaty is none. Write CIP, or name a port."]
    }


@pytest.mark.parametrize("incoterm", ["EXW", "FCA", "FAS", "FOB"])
def test_open_need_refuses_a_term_of_departure_in_the_country_of_arrival(incoterm):
    place = PlaceFactory(country="KZ", roles=["sea_port"], name_en="Aktau")

    with pytest.raises(ValidationError) as caught:
        services.open_need(**need_facts(incoterm=incoterm, named_place=place))

    assert caught.value.message_dict == {
        "named_place": [
            f"{incoterm} names the place of departure, and Aktau lies in the buyer's own country. "
            "Name the place where the goods leave, or write DAP, CPT or CIF."
        ]
    }


@pytest.mark.parametrize(("incoterm", "country"), [("FOB", "ID"), ("FCA", "CN"), ("DAP", "KZ"), ("CIF", "CN")])
def test_open_need_takes_terms_of_departure_and_arrival_where_they_belong(incoterm, country):
    place = PlaceFactory(country=country, roles=["sea_port"])

    need = services.open_need(**need_facts(incoterm=incoterm, named_place=place))

    assert (need.incoterm, need.named_place) == (incoterm, place)


def test_open_need_takes_the_parameters_of_goods_below_its_heading_and_no_others():
    heading = HeadingFactory()
    olein = CommodityFactory(**below(heading, 1))
    inside = CommodityParameterFactory(commodity=olein).parameter
    outside = CommodityParameterFactory().parameter

    need = services.open_need(**need_facts(accepted=(heading,), parameters=(StatedParameter(inside, high=Decimal(1)),)))

    assert [row.parameter for row in need.parameters.all()] == [inside]
    assert refused(
        services.open_need,
        **need_facts(accepted=(heading,), parameters=(StatedParameter(outside, high=Decimal(1)),)),
    ) == {"parameters": ["parameter_not_of_commodity"]}


def test_open_need_takes_the_parameters_of_the_members_of_a_group():
    olein = CommodityFactory()
    use = CommodityParameterFactory(commodity=olein)
    group = CommodityGroupFactory(members=[olein])

    need = services.open_need(
        **need_facts(accepted=(group,), parameters=(StatedParameter(use.parameter, low=Decimal(1)),))
    )

    assert [row.parameter for row in need.parameters.all()] == [use.parameter]


@pytest.mark.parametrize(
    ("kind", "stated", "code"),
    [
        (ParameterKind.GUARANTEE, {}, "parameter_empty"),
        (ParameterKind.GUARANTEE, {"low": Decimal(2), "high": Decimal(1)}, "parameter_reversed"),
        (ParameterKind.CHOICE, {"low": Decimal(2)}, "parameter_value_needed"),
    ],
)
def test_open_need_refuses_a_parameter_that_says_nothing_sensible(kind, stated, code):
    use = CommodityParameterFactory(kind=kind)

    assert refused(
        services.open_need,
        **need_facts(accepted=(use.commodity,), parameters=(StatedParameter(use.parameter, **stated),)),
    ) == {"parameters": [code]}


def test_open_need_refuses_in_the_language_of_the_reader():
    place = PlaceFactory(country="CN", name_en="Urumqi", name_id="Urumqi kota")

    with translation.override("id"), pytest.raises(ValidationError) as caught:
        services.open_need(**need_facts(destination=place))

    assert "Urumqi kota" in caught.value.message_dict["destination"][0]


# Capacities


def test_open_capacity_keeps_lots_in_kilograms_and_its_own_certificates():
    halal = CertificateKindFactory()
    facts = capacity_facts(
        lot=Decimal(20),
        lot_multiple=Decimal(10),
        lead_days=14,
        certificates=(StatedCertificate(halal, CertificateState.CHECKED, HALF_A_YEAR),),
    )

    capacity = services.open_capacity(**facts)

    capacity = Capacity.objects.get(pk=capacity.pk)
    assert (capacity.reference, capacity.quantity_kg, capacity.origin_country) == ("C-1", 100_000, "ID")
    assert (capacity.lot_kg, capacity.lot_multiple_kg, capacity.lead_days) == (20_000, 10_000, 14)
    assert list(Certificate.objects.values_list("company", "capacity", "kind", "state", "valid_until")) == [
        (capacity.company_id, capacity.pk, halal.pk, "checked", HALF_A_YEAR)
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"lot": Decimal(101)}, {"lot": ["lot_above_quantity"]}),
        ({"lot": Decimal(20), "lot_multiple": Decimal(15)}, {"lot_multiple": ["multiple_not_in_lot"]}),
        ({"available_until": NEXT_MONTH - dt.timedelta(days=1)}, {"available_until": ["window_reversed"]}),
        ({"price": Decimal(5), "currency": "USD"}, {"price": ["price_incomplete"]}),
        ({"incoterm": "XXX"}, {"incoterm": ["invalid_choice"]}),
        ({"reference": "x" * 41}, {"reference": ["max_length"]}),
    ],
)
def test_open_capacity_says_at_which_field_it_refuses(facts, refusal):
    assert refused(services.open_capacity, **capacity_facts(**facts)) == refusal
    assert not Capacity.objects.exists()


@pytest.mark.parametrize("incoterm", ["CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"])
def test_open_capacity_refuses_a_term_of_arrival_in_the_country_of_origin(incoterm):
    place = PlaceFactory(country="ID", roles=["sea_port"], name_en="Kariangau")

    with pytest.raises(ValidationError) as caught:
        services.open_capacity(**capacity_facts(incoterm=incoterm, place=place))

    assert caught.value.message_dict == {
        "place": [
            f"{incoterm} names the place of arrival, and Kariangau lies in the country of origin. "
            "Name the place where the goods arrive, or write FCA, FOB or EXW."
        ]
    }


@pytest.mark.parametrize(("incoterm", "country"), [("CIF", "KZ"), ("DDP", "KZ"), ("DAP", "CN"), ("FOB", "ID")])
def test_open_capacity_takes_terms_of_arrival_and_departure_where_they_belong(incoterm, country):
    place = PlaceFactory(country=country, roles=["sea_port"])

    capacity = services.open_capacity(**capacity_facts(incoterm=incoterm, place=place))

    assert (capacity.incoterm, capacity.place) == (incoterm, place)


def test_open_capacity_refuses_a_last_day_for_a_certificate_that_is_not_held():
    stated = StatedCertificate(CertificateKindFactory(), CertificateState.NOT_HELD, HALF_A_YEAR)

    assert refused(services.open_capacity, **capacity_facts(certificates=(stated,))) == {
        "certificates": ["certificate_day_of_not_held"]
    }


def test_open_capacity_refuses_a_reference_that_is_used_already():
    capacity = CapacityFactory(reference="C-7")

    assert refused(services.open_capacity, **capacity_facts(company=capacity.company, reference="C-7")) == {
        NON_FIELD_ERRORS: [None]
    }


# Endings


@pytest.mark.parametrize(
    ("factory", "end", "status"),
    [
        (NeedFactory, services.withdraw_listing, "withdrawn"),
        (NeedFactory, services.close_listing, "closed"),
        (CapacityFactory, services.withdraw_listing, "withdrawn"),
        (CapacityFactory, services.close_listing, "closed"),
    ],
)
def test_ending_a_listing_takes_it_out_of_the_book_once(factory, end, status):
    listing = factory()

    end(listing=listing)

    assert type(listing).objects.get().status == status
    assert refused(end, listing=listing) == {"status": ["listing_not_open"]}
    assert type(listing).objects.get().status == status
