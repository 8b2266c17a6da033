"""What the tests of the registration share: a company as it is begun, and the steps as they are typed."""

from companies.enums import CompanyStatus
from companies.models import Company
from companies.registration import BY_KEY
from companies.services.locking import seen_of
from tests.companies.factories import CompanyFactory
from tests.factories import PlaceFactory, RegionFactory
from tests.people import member_of

NIB = "9120101234567"
BIN = "020240000555"


def begun(**facts) -> Company:
    """A company of which nothing is told but number and name."""
    facts = {"status": CompanyStatus.DRAFT, "registration_number": NIB, "name_registered": "PT Laut Jaya"} | facts
    return CompanyFactory(**facts)


def complete(**facts) -> Company:
    """A company that could be sent."""
    told = {
        "legal_form": "pt",
        "region": RegionFactory(),
        "place": PlaceFactory(),
        "sectors": ["fisheries"],
        "languages": ["id"],
        "role_mailbox": "export@example.org",
    }
    return begun(**told | facts)


def signed_in_for(client, company: Company):
    """Its owner's browser."""
    client.force_login(member_of(company))
    return client


def address(company: Company, step: str = "") -> str:
    return f"/companies/{company.pk}/registration/" + (f"{step}/" if step else "")


def seen(company: Company, step: str) -> str:
    return seen_of(company, BY_KEY[step].fields)
