"""Entries of companies with everything that can hang on one, and all their rows as they stand."""

import datetime as dt
import random

from accounts.enums import Role
from companies.enums import CertificateState, CompanyStatus, FactKind, InvitationKind, ListingStatus, MemberRole
from companies.models import (
    BookImport,
    Certificate,
    CertificateFile,
    Claim,
    Commitment,
    Company,
    Consent,
    ContactLook,
    ContactPerson,
    Invitation,
    Membership,
    Need,
    StandIn,
    VerificationFact,
)
from companies.models.listings import Capacity
from companies.services.merging import comparison_of, merge_companies
from tests.companies.factories import (
    CapacityFactory,
    CompanyFactory,
    ContactPersonFactory,
    MembershipFactory,
    NeedFactory,
    StandInFactory,
    UserFactory,
)
from tests.factories import CertificateKindFactory, CommodityFactory, PlaceFactory, RegionFactory
from tests.people import person

KEPT = (
    Company,
    Membership,
    ContactPerson,
    Consent,
    ContactLook,
    Certificate,
    CertificateFile,
    VerificationFact,
    StandIn,
    Need,
    Capacity,
    Commitment,
    Invitation,
    Claim,
    BookImport,
)
OF_LISTING = {"commodity": None, "place": None}


def rows() -> dict:
    """Every row of every table that a merge touches, but for when it was changed."""
    return {
        model.__name__: {
            row["id"]: {name: value for name, value in row.items() if name != "changed_at"}
            for row in model.objects.order_by("pk").values()
        }
        for model in KEPT
    }


def merged(stays: Company, goes: Company, *, by=None, taken=None, reason="One number, one address."):
    stays.refresh_from_db()
    goes.refresh_from_db()
    return merge_companies(
        stays=stays,
        goes=goes,
        taken=taken or {},
        reason=reason,
        seen=comparison_of(stays, goes).seen,
        merged_by=by or person(Role.STAFF),
    )


class Made:
    """Makes entries of one company by chance, out of few names, so that much of them collides."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.people = [UserFactory() for _number in range(3)]
        self.staff = [person(Role.STAFF, email=f"staff-{number}@example.test") for number in range(2)]
        self.kinds = [CertificateKindFactory(code=f"kind-{number}") for number in range(3)]
        self.goods = CommodityFactory()
        self.places = [PlaceFactory() for _number in range(2)]
        self.number = 0

    def some(self, things: list) -> list:
        return [thing for thing in things if self.chance.random() < 0.6]

    def entries(self, count: int) -> list[Company]:
        """So many of one company; those that trade first, for they stay."""
        made = [self.entry() for _entry in range(count)]
        return sorted(made, key=lambda company: company.status != CompanyStatus.ACTIVE)

    def entry(self) -> Company:
        chance, self.number = self.chance, self.number + 1
        company = CompanyFactory(
            name_registered="PT Kembar Jaya",
            name_latin=chance.choice(["", "Kembar", "Kembar Jaya"]),
            registration_number=chance.choice(["", f"91200012345{self.number:02}"]),
            region=chance.choice([None, RegionFactory()]),
            place=chance.choice([None, *self.places]),
            first_mile_km=chance.choice([None, 10, 20]),
            city=chance.choice(["", "Balikpapan", "Samarinda"]),
            sectors=chance.choice([[], ["fisheries"], ["palm_oil"]]),
            website=chance.choice(["", "https://a.example", "https://b.example"]),
            description=chance.choice(["", "Fish.", "Palm oil."]),
            status=chance.choice([CompanyStatus.ACTIVE, CompanyStatus.DRAFT]),
            screening=chance.choice(["clear", "refused", "not_screened"]),
        )
        for user in self.some(self.people):
            MembershipFactory(company=company, user=user, role=chance.choice(MemberRole.values))
        for reference in self.some(["A", "A-2", "B", "x" * 40]):
            need = NeedFactory(company=company, reference=reference, commodity=self.goods, destination=self.places[0])
            Commitment.objects.create(need=need, month="2027-01-01", quantity_kg=1, kind="held")
            capacity = CapacityFactory(company=company, reference=reference, commodity=self.goods, place=self.places[0])
            if chance.random() < 0.5:
                self.certificate(company, self.kinds[0], capacity)
        for kind in self.some(self.kinds):
            self.certificate(company, kind, None)
        for kind in self.some(FactKind.values):
            day = dt.date(2026, 11, chance.choice([1, 2]))
            company.facts.create(kind=kind, checked_on=day, checked_by=self.staff[0], note=f"of {company.code}")
        for user in self.some(self.staff):
            ended = chance.choice([None, dt.datetime(2027, 1, 1, tzinfo=dt.UTC)])
            StandInFactory(company=company, user=user, ended_at=ended)
        for _number in range(chance.randint(0, 2)):
            contact = ContactPersonFactory(company=company)
            company.contact_looks.create(looked_by=self.staff[0], purpose="verify", seen=contact.pk % 3)
        self.add_asked(company)
        return company

    def certificate(self, company: Company, kind, capacity) -> None:
        made = company.certificates.create(
            kind=kind,
            capacity=capacity,
            state=self.chance.choice(CertificateState.values),
            number=f"no {company.code}",
            valid_until=self.chance.choice([None, dt.date(2020, 1, 1), dt.date(2030, 1, 1)]),
        )
        for digest in self.some(["1" * 64, "2" * 64, company.code.ljust(64, "3")]):
            made.files.create(file=f"certificates/{company.code}.pdf", kind="pdf", size=9, digest=digest)

    def add_asked(self, company: Company) -> None:
        company.invitations.create(
            kind=InvitationKind.JOIN,
            role=MemberRole.EDITOR,
            email="a@example.org",
            language="id",
            digest=company.code,
            ends_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
        )
        company.claims.create(
            made_by=self.people[0], registration_number="1", file_kind="pdf", size=9, digest="1", state="refused"
        )
        company.imports.create(file="books/a.xlsx", file_name="a.xlsx", file_kind="xlsx", size=9, digest="1")


def status_of(listing, status: ListingStatus) -> None:
    """What its people do with it meanwhile."""
    listing.status = status
    listing.save(update_fields=["status", "changed_at"])
