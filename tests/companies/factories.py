"""Factories of companies and what they state: they give the dull details, a test the telling ones."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import User
from commodities.enums import Unit
from companies.consents import CURRENT
from companies.enums import CompanyKind, CompanyStatus, ListingStatus, MemberRole, Period
from companies.models import Capacity, Company, Consent, ContactPerson, Membership, Need, NeedCommodity, StandIn
from corridor.enums import Country
from tests.factories import CommodityFactory, PlaceFactory
from tests.people import person

JANUARY = dt.date(2027, 1, 1)
JUNE = dt.date(2027, 6, 30)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    role = Role.BUSINESS


class CompanyFactory(DjangoModelFactory):
    """An active Indonesian company."""

    class Meta:
        model = Company

    kind = CompanyKind.REGISTERED
    code = factory.Sequence(lambda n: f"company-{n}")
    name_registered = factory.LazyAttribute(lambda company: f"PT {company.code}")
    country = Country.INDONESIA
    status = CompanyStatus.ACTIVE


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    role = MemberRole.EDITOR


class NeedFactory(DjangoModelFactory):
    """An open need of a Kazakh company for twenty tonnes."""

    class Meta:
        model = Need
        skip_postgeneration_save = True

    company = factory.SubFactory(CompanyFactory, country=Country.KAZAKHSTAN)
    reference = factory.Sequence(lambda n: f"N-{n}")
    quantity_kg = 20_000
    quantity_typed = Decimal(20)
    quantity_unit = Unit.TONNE
    period = Period.ONCE
    destination = factory.SubFactory(PlaceFactory, country=Country.KAZAKHSTAN)
    window_from = JANUARY
    window_until = JUNE
    status = ListingStatus.OPEN

    @factory.post_generation
    def commodity(need, create, commodity, **kwargs):  # noqa: N805  factory_boy hands over the object made
        NeedCommodity.objects.create(need=need, commodity=commodity or CommodityFactory())


class CapacityFactory(DjangoModelFactory):
    """An open capacity of an Indonesian company for a hundred tonnes a month."""

    class Meta:
        model = Capacity

    company = factory.SubFactory(CompanyFactory)
    reference = factory.Sequence(lambda n: f"C-{n}")
    commodity = factory.SubFactory(CommodityFactory)
    origin_country = Country.INDONESIA
    quantity_kg = 100_000
    quantity_typed = Decimal(100)
    quantity_unit = Unit.TONNE
    period = Period.MONTHLY
    place = factory.SubFactory(PlaceFactory)
    available_from = JANUARY
    available_until = JUNE
    status = ListingStatus.OPEN


class ContactPersonFactory(DjangoModelFactory):
    """Somebody who agreed to be seen in both countries; `ContactPersonFactory(countries=["ID"])`, or [] for nowhere."""

    class Meta:
        model = ContactPerson
        skip_postgeneration_save = True

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"Person {n} of a company")
    phone = "+62 542 123456"

    @factory.post_generation
    def countries(person, create, countries, **kwargs):  # noqa: N805  factory_boy hands over the object made
        agreed = ["ID", "KZ"] if countries is None else countries
        if agreed:
            Consent.objects.create(contact=person, wording=CURRENT, countries=agreed, given_on=dt.date(2026, 11, 1))


class StandInFactory(DjangoModelFactory):
    """A member of city staff who acts for a company now."""

    class Meta:
        model = StandIn

    company = factory.SubFactory(CompanyFactory)
    user = factory.Sequence(lambda n: person(Role.STAFF, email=f"stand-in-{n}@example.test"))
    reason = "The company asked for it by telephone."
