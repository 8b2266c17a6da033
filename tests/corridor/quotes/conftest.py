import pytest

from accounts.enums import Role
from tests.corridor.quotes.facts import Ways
from tests.people import person


@pytest.fixture
def ways(db) -> Ways:
    """A leg between two places that a box can pass and a vessel cannot."""
    return Ways.made()


@pytest.fixture
def officer(db):
    return person(Role.OFFICER, name="Aigul")


@pytest.fixture
def page_of(client, officer):
    """The page of an address as an officer sees it."""
    client.force_login(officer)
    return lambda address: client.get(address)
