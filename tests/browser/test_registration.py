"""A business registers its company on a phone, is interrupted, goes on at another device, and is let in."""

import pytest
from django.core.cache import cache

from accounts.enums import Role
from commodities.models import CertificateKind
from companies.enums import CompanyStatus
from companies.models import Company
from corridor.models import Region
from tests.browser.test_journey import LANGUAGES, Visitor
from tests.browsing import barriers
from tests.factories import CertificateKindFactory, PlaceFactory, RegionFactory
from tests.people import person

PHONE, OFFICE = 390, 1280
REFUSED = "error: Failed to load resource: the server responded with a status of 400 (Bad Request)"
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
LIGHT_ENOUGH = 200_000  # bytes of the first page with all that belongs to it


@pytest.fixture
def places(transactional_db, settings, tmp_path):
    """What is chosen from: a kecamatan with its port, and a certificate."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    port = PlaceFactory(name_en="Balikpapan port")
    town = RegionFactory(name_en="Balikpapan", level="city")
    RegionFactory(name_en="Balikpapan Timur", level="kecamatan", parent=town, place=port, distance_km=32)
    CertificateKindFactory(name_en="HACCP certificate", sectors=["fisheries"])


@pytest.fixture
def visitor(new_page, live_server):
    def open_for(language: str, width: int, **options) -> Visitor:
        kind = Strict if language == "en" else Visitor
        return kind(new_page(width=width, language=language, **options), live_server.url, language, width)

    return open_for


class Strict(Visitor):
    """Looks for every barrier that WCAG 2.2 knows at A and AA, however small."""

    def look(self, name: str) -> None:
        super().look(name)
        assert barriers(self.page, impacts=None) == [], name


def go_on(someone: Visitor, step: str) -> None:
    """Save the step; the next one opens."""
    someone.page.click("main form .primary")
    someone.page.wait_for_url(f"**/{step}/")
    someone.look(f"registration-{step}")


@pytest.mark.parametrize("width", [PHONE, OFFICE])
def test_first_page_is_light_and_works_without_script(places, visitor, complaints, width):
    someone = visitor("id", width, java_script_enabled=True)
    weights = []
    someone.page.on("requestfinished", lambda request: weights.append(sum(request.sizes().values())))

    someone.open("/", "public")
    someone.page.wait_for_load_state("networkidle")

    assert someone.page.get_attribute("html", "lang") == "id"  # as the browser asks for
    assert 10_000 < sum(weights) < LIGHT_ENOUGH
    assert someone.page.locator("script").count() == 0
    someone.page.click("button[lang=kk]")
    assert someone.page.get_attribute("html", "lang") == "kk"
    someone.page.goto(f"{someone.base}/accounts/signup/")
    assert someone.page.get_attribute("html", "lang") == "kk"  # remembered
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_company_is_registered_on_a_phone_interrupted_resumed_sent_and_let_in(places, visitor, complaints, language):
    owner, staff = person(Role.BUSINESS, email="owner@example.test"), person(Role.STAFF)
    someone = visitor(language, PHONE)
    page = someone.page
    someone.sign_in(owner)
    someone.look("home-without-company")
    page.click("main a.primary")
    someone.look("registration-start")
    page.check("input[name=country][value=ID]")
    page.fill("#id_registration_number", "912010123456")
    page.fill("#id_name_registered", "PT Laut Jaya Abadi")
    page.click("main form .primary")
    page.wait_for_selector("[role=alert]")
    someone.look("registration-start-refused")
    assert page.input_value("#id_name_registered") == "PT Laut Jaya Abadi"
    page.click("[role=alert] a")
    page.keyboard.press("End")
    page.keyboard.type("7")
    page.click("main form .primary")
    page.wait_for_selector(".tm-task")
    someone.look("registration")
    page.click("main a.primary")
    page.wait_for_url("**/company/")
    someone.look("registration-company")
    page.select_option("#id_legal_form", "pt")
    page.fill("#id_tax_number", "01.312.166.0-091.000")
    go_on(someone, "site")
    page.select_option("#id_region", str(Region.objects.get(level="kecamatan").pk))
    page.fill("#id_city", "Manggar")
    go_on(someone, "loading")
    assert page.input_value("#id_first_mile_km") == "32"
    page.context.close()  # the telephone rings, and the browser is gone

    someone = visitor(language, OFFICE)
    page = someone.page
    someone.sign_in(owner)
    someone.look("home-with-draft")
    assert page.get_attribute("main .tm-inset a.primary", "href").endswith("/registration/work/")
    page.click("main .tm-inset a.primary")
    page.wait_for_url("**/work/")
    someone.look("registration-work")
    page.click("main form .primary")
    page.wait_for_selector("[role=alert]")
    someone.look("registration-work-refused")
    page.check("input[name=sectors][value=fisheries]")
    page.check("input[name=activities][value=makes]")
    go_on(someone, "languages")
    page.check("input[name=languages][value=id]")
    go_on(someone, "reach")
    page.fill("#id_switchboard", "0542-8520000")
    page.click("main form .primary")
    page.wait_for_url("**/registration/")

    someone.page.set_viewport_size({"width": PHONE, "height": 844})
    someone.width = PHONE
    page.click(".tm-task a[href$='/certificates/']")
    someone.look("registration-certificates-empty")
    page.click("a[href$='/certificates/add/']")
    someone.look("registration-certificate")
    page.select_option("#id_kind", str(CertificateKind.objects.get().pk))
    page.check("input[name=held][value=held]")
    page.fill("#id_number", "HACCP-17")
    page.fill("#id_valid_until", "2031-05-01")
    page.click("main form .primary")
    page.wait_for_url("**/certificates/")
    someone.look("registration-certificates")
    page.click("main .tm-list a")
    page.set_input_files("#id_file", files=[{"name": "haccp.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    page.click("#files form .tm-btn")
    page.wait_for_selector("#files .tm-list")
    someone.look("registration-certificate-with-paper")
    page.click(".tm-task a[href$='/certificates/']")
    page.click(".tm-task a[href$='/contact/']")
    someone.look("registration-contact")
    page.fill("#id_name", "Budi Santoso")
    page.fill("#id_phone", "+62 812 3456 7890")
    page.check("#id_agreed")
    page.check("input[name=countries][value=ID]")
    page.click("main form .primary")
    page.wait_for_url("**/registration/")
    someone.look("registration-complete")
    page.click("main a.primary")
    page.wait_for_url("**/check/")
    someone.look("registration-check")
    page.click("main form .primary")
    page.wait_for_url("**/companies/*/")
    someone.look("registration-sent")
    company = Company.objects.get()
    assert (company.status, company.switchboard) == (CompanyStatus.SUBMITTED, "+625428520000")

    office = visitor(language, OFFICE)
    office.sign_in(staff)
    office.open(f"/companies/{company.pk}/verification/", "verification-of-registered")
    office.page.click("form[action$='/check/'] button")
    office.page.wait_for_selector("[role=status]")
    office.page.click("form[action$='/let-in/'] button")
    office.page.wait_for_selector("form[action$='/suspend/']")
    company.refresh_from_db()
    assert company.status == CompanyStatus.ACTIVE
    assert complaints == [REFUSED] * 2  # the two forms that were refused on purpose
