"""The journey of a company on a phone: keep the profile, enter a contact person with a consent, withdraw it."""

import pytest

from accounts.enums import Role
from companies.enums import CompanyStatus
from companies.models import Company, ContactPerson
from tests.browser.test_journey import Visitor
from tests.companies.factories import CapacityFactory, NeedFactory
from tests.companies.pages import whole_company
from tests.people import member_of, person

PHONE = 390
REFUSED = "error: Failed to load resource: the server responded with a status of 400 (Bad Request)"


@pytest.fixture
def company(transactional_db) -> Company:
    company = whole_company(country="KZ", registration_number="020240000555", status=CompanyStatus.DRAFT)
    NeedFactory(company=company)
    CapacityFactory(company=company)
    return company


@pytest.fixture
def visitor(new_page, live_server):
    def open_for(language: str, width: int, **options) -> Visitor:
        return Visitor(new_page(width=width, language=language, **options), live_server.url, language, width)

    return open_for


def test_company_keeps_its_profile_and_people_on_a_phone(company, visitor, complaints):
    someone = visitor("en", PHONE)
    page = someone.page
    someone.sign_in(member_of(company))
    someone.open(f"/companies/{company.pk}/", "company")

    page.click(f"a[href='/companies/{company.pk}/edit/'] >> nth=0")
    page.wait_for_url(f"**/companies/{company.pk}/edit/")
    someone.look("company-edit")
    page.fill("#id_city", "Almaty")
    page.fill("#id_first_mile_km", "1.250")
    page.check("input[name=sectors][value=metals]")
    page.click("main .primary")
    page.wait_for_selector("[role=alert]")
    someone.look("company-edit-asks-back")
    page.fill("#id_first_mile_km", "1250")
    page.click("main .primary")
    page.wait_for_url(f"**/companies/{company.pk}/")
    someone.look("company-saved")

    someone.open(f"/companies/{company.pk}/contacts/", "contacts-empty")
    page.click(f"a[href='/companies/{company.pk}/contacts/add/']")
    page.fill("#id_name", "Әлия Құдайберген")
    page.click("main .primary")
    page.wait_for_selector("[role=alert]")
    someone.look("contact-refused")
    assert page.input_value("#id_name") == "Әлия Құдайберген"
    page.fill("#id_phone", "+7 701 123 45 67")
    page.check("#id_agreed")
    page.check("input[name=countries][value=KZ]")
    page.click("main .primary")
    page.wait_for_url(f"**/companies/{company.pk}/contacts/")
    someone.look("contacts")
    assert ContactPerson.objects.visible_to(person(Role.OFFICER)).count() == 1

    page.click("summary:has-text('Withdraw the consent')")
    someone.look("contact-withdraw")
    page.click("details[open] button")
    page.wait_for_selector("[role=status]")
    someone.look("contacts-withdrawn")

    company.refresh_from_db()
    assert (company.city, company.first_mile_km, "metals" in company.sectors) == ("Almaty", 1250, True)
    assert ContactPerson.objects.visible_to(person(Role.OFFICER)).count() == 0
    assert complaints == [REFUSED] * 2  # the two forms that were refused on purpose


@pytest.mark.parametrize("width", [1280, PHONE])
def test_pages_around_a_company_keep_nobody_out(company, visitor, complaints, width):
    need, capacity = company.needs.get(), company.capacities.get()
    someone = visitor("ru", width)
    someone.sign_in(person(Role.ADMIN))

    for name, address in {
        "companies": "/companies/",
        "company-of-staff": f"/companies/{company.pk}/",
        "contact-look": f"/companies/{company.pk}/contacts/",
        "stand-ins": f"/companies/{company.pk}/stand-ins/",
        "verification-queue": "/companies/verification/?turn=new&turn=suspended&country=ID&country=KZ",
        "verification": f"/companies/{company.pk}/verification/",
        "need": f"/needs/{need.pk}/",
        "capacity": f"/capacities/{capacity.pk}/",
    }.items():
        someone.open(address, name)
    someone.page.goto(f"{someone.base}/companies/{company.pk}/stand-ins/")
    someone.page.fill("#id_reason", "Компания попросила по телефону.")
    someone.page.click("main .primary")
    someone.page.wait_for_url(f"**/companies/{company.pk}/")
    someone.look("company-stood-in-for")
    someone.open(f"/needs/{need.pk}/withdraw/", "need-withdraw")
    someone.open(f"/needs/{need.pk}/edit/", "need-edit")
    someone.open(f"/capacities/{capacity.pk}/edit/", "capacity-edit")

    assert complaints == []
