"""The pages of one need and of one capacity: what they say, to whom, and how they leave the book."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Capacity, CapacityParameter, Need, NeedParameter
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory, StandInFactory
from tests.factories import CertificateKindFactory, CommodityFactory, ParameterFactory, PlaceFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def a_listing(kind: str, **facts) -> Need | Capacity:
    return NeedFactory(**facts) if kind == "needs" else CapacityFactory(**facts)


KINDS = pytest.mark.parametrize("kind", ["needs", "capacities"])


def test_need_page_says_what_is_wanted(client):
    place = PlaceFactory(country="KZ", name_en="Almaty")
    need = NeedFactory(
        commodity=CommodityFactory(name_en="RBD palm olein"),
        destination=place,
        smallest_share_kg=5_000,
        price_amount=Decimal(1290),
        price_currency="USD",
        price_unit="t",
        price_basis="at_incoterm",
        incoterm="DAP",
        named_place=place,
        accepted_origins=["ID"],
        payment_terms=["documents"],
        own_words="Олеин, флекситанк",
        language="ru",
    )
    need.required_certificates.add(CertificateKindFactory(name_en="Halal (BPJPH)"))
    NeedParameter.objects.create(
        need=need, parameter=ParameterFactory(name_en="Free fatty acids", unit="%"), high=Decimal("0.1")
    )
    client.force_login(member_of(need.company))

    page = words_of(client.get(f"/needs/{need.pk}/"))

    for said in (
        "RBD palm olein",
        '20<span class="tm-u">t</span>',
        '5<span class="tm-u">t</span>',
        '1,290<span class="tm-u">USD/t</span>',
        "DAP Almaty",
        "Halal (BPJPH)",
        "only Indonesia",
        "Free fatty acids: at most 0.1%",
        "cash against documents",
        "Олеин, флекситанк",
    ):
        assert said in page


def test_capacity_page_says_what_is_offered_and_what_is_not_known(client):
    capacity = CapacityFactory(commodity=CommodityFactory(name_en="Frozen shrimp"), lot_kg=None, lead_days=14)
    CapacityParameter.objects.create(
        capacity=capacity, parameter=ParameterFactory(name_en="Size", unit=""), values=["16/20", "21/25"]
    )
    client.force_login(member_of(capacity.company))

    page = words_of(client.get(f"/capacities/{capacity.pk}/"))

    assert "Frozen shrimp" in page
    assert '100<span class="tm-u">t/month</span>' in page
    assert '14<span class="tm-u">days</span>' in page
    assert "Size: 16/20, 21/25" in page
    assert '<dt>Smallest shipment</dt><dd><span class="tm-unk">not known</span>' in page


@KINDS
def test_listing_page_is_for_its_company_and_those_who_see_every_company(client, kind):
    listing = a_listing(kind)
    other = CompanyFactory()
    answers = {}

    for who, user in {
        "own": member_of(listing.company),
        "other": member_of(other),
        "officer": person(Role.OFFICER),
        "staff": person(Role.STAFF),
        "admin": person(Role.ADMIN),
    }.items():
        client.force_login(user)
        answers[who] = client.get(f"/{kind}/{listing.pk}/").status_code

    assert answers == {"own": 200, "other": 404, "officer": 200, "staff": 200, "admin": 200}


@KINDS
def test_listing_page_of_a_hidden_company_is_found_by_nobody_else(client, kind):
    listing = a_listing(kind, company=CompanyFactory(is_hidden=True))
    client.force_login(person(Role.ADMIN))

    assert client.get(f"/{kind}/{listing.pk}/").status_code == 404


@KINDS
@pytest.mark.parametrize(("act", "status"), [("withdraw", ListingStatus.WITHDRAWN), ("close", ListingStatus.CLOSED)])
def test_listing_is_ended_after_a_question(client, kind, act, status):
    listing = a_listing(kind)
    client.force_login(member_of(listing.company))

    asked = client.get(f"/{kind}/{listing.pk}/{act}/")
    listing.refresh_from_db()
    unasked = listing.status
    answered = client.post(f"/{kind}/{listing.pk}/{act}/", follow=True)

    listing.refresh_from_db()
    assert (asked.status_code, unasked) == (200, ListingStatus.OPEN)
    assert answered.redirect_chain == [(f"/{kind}/{listing.pk}/", 302)]
    assert listing.status == status


@KINDS
def test_listing_is_ended_by_a_stand_in_and_by_no_other_staff(client, kind):
    listing = a_listing(kind)
    stand_in = StandInFactory(company=listing.company)

    client.force_login(person(Role.STAFF))
    refused = client.post(f"/{kind}/{listing.pk}/withdraw/").status_code
    client.force_login(stand_in.user)
    allowed = client.post(f"/{kind}/{listing.pk}/withdraw/").status_code

    listing.refresh_from_db()
    assert (refused, allowed, listing.status) == (404, 302, ListingStatus.WITHDRAWN)


@KINDS
def test_listing_of_a_suspended_company_can_be_read_but_not_ended(client, kind):
    listing = a_listing(kind, company=CompanyFactory(country="KZ", status=CompanyStatus.SUSPENDED))
    client.force_login(member_of(listing.company))

    read = client.get(f"/{kind}/{listing.pk}/")
    answered = client.post(f"/{kind}/{listing.pk}/withdraw/", follow=True)

    listing.refresh_from_db()
    assert read.status_code == 200
    assert f"/{kind}/{listing.pk}/withdraw/" not in read.content.decode()
    assert "is suspended: you can read what is here" in words_of(answered)
    assert listing.status == ListingStatus.OPEN


@KINDS
def test_listing_that_has_ended_stays_as_it_ended(client, kind):
    listing = a_listing(kind, status=ListingStatus.CLOSED)
    client.force_login(member_of(listing.company))

    asked = client.get(f"/{kind}/{listing.pk}/withdraw/")
    answered = client.post(f"/{kind}/{listing.pk}/withdraw/", follow=True)

    listing.refresh_from_db()
    assert "This is not possible any more" in words_of(asked)
    assert "is not open: it is closed" in words_of(answered)
    assert listing.status == ListingStatus.CLOSED


def test_listing_page_with_a_number_beyond_all_numbers_is_not_found(client):
    client.force_login(person(Role.ADMIN))

    assert [client.get(f"/{kind}/{10**39}/").status_code for kind in ("needs", "capacities", "companies")] == [404] * 3


def test_need_page_shows_its_days(client):
    need = NeedFactory(window_from=dt.date(2027, 1, 10), window_until=dt.date(2027, 1, 31))
    client.force_login(member_of(need.company))

    assert "10\u201331 Jan 2027" in words_of(client.get(f"/needs/{need.pk}/"))
