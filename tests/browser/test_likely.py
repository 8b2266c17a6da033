"""While a name is typed in a browser, the entries that are likely the same appear below it, asked for once."""

import pytest

from accounts.enums import Role
from companies.enums import CompanyKind
from tests.browsing import barriers
from tests.companies.factories import CompanyFactory
from tests.people import person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_entry_of_the_directory_appears_while_its_name_is_typed_and_goes_with_it(live_server, new_page, complaints):
    entry = CompanyFactory(kind=CompanyKind.DIRECTORY, name_registered="Samudra Beku Abadi")
    page = new_page(width=390, language="en")
    page.goto(f"{live_server.url}/register/")
    sign_in_at(page, live_server.url, person(Role.BUSINESS))
    page.goto(f"{live_server.url}/register/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/register/likely/" in request.url else None)

    page.check("input[name=country][value=ID]")
    page.type("[name=name_registered]", "PT Samudra Beku Abadi", delay=5)
    link = page.wait_for_selector(f'[data-likely] a[href="/directory/{entry.pk}/claim/"]')

    assert link.inner_text().startswith("It is ours: claim it")
    assert len(asked) == 1
    assert barriers(page) == []
    page.fill("[name=name_registered]", "")
    page.wait_for_selector("[data-likely] a", state="detached")
    assert complaints == []
