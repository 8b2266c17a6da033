"""Opening and editing needs and capacities: once for a page, never over what somebody else saved or counts on."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from companies import services
from companies.enums import CertificateState, CompanyKind, CompanyStatus, ListingStatus
from companies.facts import StatedCertificate, StatedParameter
from companies.models import Capacity, Certificate, Commitment, Need
from companies.services import editing
from companies.services.locking import ChangedMeanwhile, version
from companies.signals import listing_changed
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.factories import CertificateKindFactory, CommodityFactory, CommodityParameterFactory, PlaceFactory

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2027, 1, 1), dt.date(2027, 6, 30)


def need_facts(**facts) -> dict:
    return {
        "accepted": (facts.pop("commodity", None) or CommodityFactory(),),
        "quantity": Decimal(20),
        "unit": "t",
        "period": "once",
        "destination": PlaceFactory(country="KZ"),
        "window_from": FIRST,
        "window_until": LAST,
    } | facts


def capacity_facts(**facts) -> dict:
    return {
        "commodity": facts.pop("commodity", None) or CommodityFactory(),
        "quantity": Decimal(20),
        "unit": "t",
        "period": "monthly",
        "place": PlaceFactory(),
        "available_from": FIRST,
        "available_until": LAST,
    } | facts


def refused(act, **facts) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(**facts)
    return " ".join(refusal.value.messages)


@pytest.fixture
def heard():
    """Of which listings those above are told."""
    told = []

    def hear(sender, listing, **more):
        told.append((sender, listing.pk))

    listing_changed.connect(hear)
    yield told
    listing_changed.disconnect(hear)


def test_open_need_makes_one_need_of_a_page_that_is_sent_twice(heard):
    company, page = CompanyFactory(country="KZ"), uuid4()
    facts = need_facts(company=company, sent_as=page)

    first, second = services.open_need(**facts), services.open_need(**facts)

    assert first == second
    assert list(Need.objects.all()) == [first]
    assert heard == [(Need, first.pk)]


def test_open_need_makes_another_need_of_a_page_that_one_goes_back_to_and_changes():
    facts = need_facts(company=CompanyFactory(country="KZ"), sent_as=uuid4())
    first = services.open_need(**facts)

    others = [services.open_need(**facts | {"quantity": Decimal(30)}) for _twice in range(2)]

    assert [need.pk for need in Need.objects.all()] == [first.pk, others[0].pk]
    assert others[0] == others[1]


def test_open_capacity_takes_the_ice_off_and_keeps_what_was_typed():
    facts = capacity_facts(quantity=Decimal(333), unit="kg", weight_basis="glazed", glaze_percent=Decimal("12.5"))

    capacity = services.open_capacity(company=CompanyFactory(), lot=Decimal(100), **facts)

    kept = Capacity.objects.get(pk=capacity.pk)
    assert (kept.quantity_typed, kept.quantity_unit, kept.quantity_kg, kept.lot_kg) == (333, "kg", 291, 87)
    assert (kept.weight_basis, kept.glaze_percent) == ("glazed", Decimal("12.5"))


def test_open_capacity_refuses_a_lot_of_which_less_than_a_kilogram_is_left_without_its_ice():
    facts = capacity_facts(company=CompanyFactory(), weight_basis="glazed", glaze_percent=Decimal(10))

    assert refused(services.open_capacity, lot=Decimal("0.001"), **facts) == "Enter at least one kilogram."
    assert not Capacity.objects.exists()


def test_open_capacity_asks_how_much_of_a_glazed_weight_is_ice():
    facts = capacity_facts(company=CompanyFactory(), weight_basis="glazed")

    assert refused(services.open_capacity, **facts).startswith("Say how much of the weight is glaze")


@pytest.mark.parametrize(
    ("quantity", "unit", "unit_kg", "kilograms"),
    [
        ("3", "q", None, 300),
        ("2", "wagon", "68000", 136_000),
        ("1000", "bag", "49.9999", 49_999),
        ("40", "t", "7", 40_000),
    ],
)
def test_open_need_counts_in_the_units_of_trade(quantity, unit, unit_kg, kilograms):
    facts = need_facts(quantity=Decimal(quantity), unit=unit, unit_kg=unit_kg and Decimal(unit_kg))

    assert services.open_need(company=CompanyFactory(country="KZ"), **facts).quantity_kg == kilograms


def test_open_need_refuses_wagons_of_no_told_weight_and_what_weighs_nothing():
    company = CompanyFactory(country="KZ")

    assert "cannot be counted in wagons here" in refused(
        services.open_need, company=company, **need_facts(unit="wagon")
    )
    assert (
        refused(
            services.open_need, company=company, **need_facts(unit="bag", quantity=Decimal(1), unit_kg=Decimal("0.5"))
        )
        == "Enter at least one kilogram."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"status": CompanyStatus.SUSPENDED}, "is suspended"),
        ({"kind": CompanyKind.DIRECTORY}, "is an entry of the public directory"),
    ],
)
def test_open_need_refuses_companies_that_hold_no_listings(facts, sentence):
    company = CompanyFactory(country="KZ", **facts)

    assert sentence in refused(services.open_need, company=company, **need_facts())


def test_open_need_refuses_a_flood(monkeypatch):
    monkeypatch.setattr(editing, "MOST_LISTINGS", 2)
    company = CompanyFactory(country="KZ")
    NeedFactory(company=company)
    CapacityFactory(company=company, status=ListingStatus.PAUSED)
    CapacityFactory(company=company, status=ListingStatus.CLOSED)

    assert refused(services.open_need, company=company, **need_facts()).startswith(
        "The company has 2 needs and capacities in its book"
    )


def test_edit_need_replaces_what_was_stated_and_keeps_its_number(heard):
    use = CommodityParameterFactory()
    need = NeedFactory(commodity=use.commodity)
    kind = CertificateKindFactory()
    facts = need_facts(
        commodity=use.commodity,
        quantity=Decimal(30),
        parameters=(StatedParameter(use.parameter, high=Decimal("0.1")),),
        certificates=(kind,),
    )

    services.edit_need(need=need, seen_at=version(need), **facts)

    need.refresh_from_db()
    assert (need.quantity_kg, need.status, need.reference) == (30_000, "open", need.reference)
    assert [one.commodity for one in need.accepted.all()] == [use.commodity]
    assert list(need.parameters.values_list("parameter", "high")) == [(use.parameter.pk, Decimal("0.1"))]
    assert list(need.required_certificates.all()) == [kind]
    assert heard == [(Need, need.pk)]


def test_edit_need_never_overwrites_what_somebody_else_saved():
    need = NeedFactory()
    seen = version(need)
    services.edit_need(need=need, seen_at=seen, **need_facts(quantity=Decimal(30)))

    with pytest.raises(ChangedMeanwhile):
        services.edit_need(need=need, seen_at=seen, **need_facts(quantity=Decimal(10)))

    assert Need.objects.get(pk=need.pk).quantity_kg == 30_000


@pytest.mark.parametrize("status", [ListingStatus.CLOSED, ListingStatus.WITHDRAWN])
def test_edit_need_leaves_what_has_ended(status):
    need = NeedFactory(status=status)

    assert "is not open" in refused(services.edit_need, need=need, seen_at=version(need), **need_facts())


def test_edit_capacity_keeps_what_is_promised():
    capacity = CapacityFactory(quantity_kg=100_000)
    for month, kilograms in ((dt.date(2027, 1, 1), 30_000), (dt.date(2027, 2, 1), 20_000)):
        Commitment.objects.create(capacity=capacity, month=month, quantity_kg=kilograms, kind="held")
    seen = version(capacity)
    same = capacity_facts(commodity=capacity.commodity)

    by_month = refused(services.edit_capacity, capacity=capacity, seen_at=seen, **same | {"quantity": Decimal(29)})
    in_all = refused(
        services.edit_capacity, capacity=capacity, seen_at=seen, **same | {"quantity": Decimal(49), "period": "once"}
    )
    goods = refused(services.edit_capacity, capacity=capacity, seen_at=seen, **capacity_facts(quantity=Decimal(30)))

    assert by_month.startswith("30000 kg of it are held")
    assert in_all.startswith("50000 kg of it are held")
    assert goods.startswith("Some of it is held or promised already")
    services.edit_capacity(capacity=capacity, seen_at=seen, **same | {"quantity": Decimal(30)})
    assert Capacity.objects.get(pk=capacity.pk).quantity_kg == 30_000


def test_edit_capacity_leaves_a_checked_certificate_checked_and_drops_what_is_unticked():
    capacity = CapacityFactory()
    checked, dropped, new = CertificateKindFactory(), CertificateKindFactory(), CertificateKindFactory()
    for kind, state in ((checked, CertificateState.CHECKED), (dropped, CertificateState.UNCHECKED)):
        Certificate.objects.create(company=capacity.company, capacity=capacity, kind=kind, state=state)
    stated = tuple(StatedCertificate(kind, CertificateState.UNCHECKED) for kind in (checked, new))

    services.edit_capacity(
        capacity=capacity,
        seen_at=version(capacity),
        **capacity_facts(commodity=capacity.commodity, certificates=stated),
    )

    assert dict(capacity.own_certificates.values_list("kind", "state")) == {
        checked.pk: CertificateState.CHECKED,
        new.pk: CertificateState.UNCHECKED,
    }
