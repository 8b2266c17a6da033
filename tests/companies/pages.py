"""What the tests of pages share: the words of an answer, a whole profile, and who is answered what."""

from companies.models import Company
from tests.companies.factories import CompanyFactory
from tests.factories import PlaceFactory, RegionFactory


def words_of(response) -> str:
    """The answer with its blanks made one."""
    return " ".join(response.content.decode().split())


def errors_of(response) -> dict[str, list[str]]:
    """What a refused form says, by field."""
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}


def whole_company(**facts) -> Company:
    """One whose profile lacks nothing."""
    facts = {
        "registration_number": "1234567890123",
        "region": RegionFactory(),
        "place": PlaceFactory(),
        "sectors": ["fisheries"],
        "languages": ["id"],
        "role_mailbox": "export@example.org",
    } | facts
    return CompanyFactory(**facts)


def profile_of(company: Company, **typed) -> dict:
    """What a browser sends back from the form of the profile, with what is typed."""
    sent = {
        "seen_at": company.changed_at.isoformat(),
        "name_registered": company.name_registered,
        "name_latin": company.name_latin,
        "name_short": company.name_short,
        "registration_number": company.registration_number,
        "region": company.region_id or "",
        "city": company.city,
        "place": company.place_id or "",
        "first_mile_km": "" if company.first_mile_km is None else company.first_mile_km,
        "sectors": company.sectors,
        "size": company.size,
        "languages": company.languages,
        "website": company.website,
        "role_mailbox": company.role_mailbox,
        "switchboard": company.switchboard,
        "description": company.description,
    }
    return sent | typed
