"""A business on a phone registers, is interrupted, goes on elsewhere, is let in, lists in its words, sees who fits."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from commodities.enums import NodeKind
from commodities.finding.index import index_catalogue
from commodities.models import CertificateKind
from companies.enums import CompanyStatus
from companies.models import Capacity, Company, Need
from corridor.models import Region
from matching.models import Match
from tests.browser.test_journey import RUN_PATIENCE_MS, Visitor
from tests.browsing import barriers
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    HeadingFactory,
    PlaceFactory,
    RegionFactory,
    below,
)
from tests.lanes import quoted_lane
from tests.matching.book import capacity, need, open_corridor, port, town
from tests.people import person

pytestmark = pytest.mark.slow
PHONE, OFFICE = 390, 1280
REFUSED = "error: Failed to load resource: the server responded with a status of 400 (Bad Request)"
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@dataclass(frozen=True)
class Trader:
    """One business, in its own words."""

    language: str
    country: str
    number: str
    name: str
    legal_form: str
    telephone: str
    kept_telephone: str
    kind: str  # of what it lists
    words: str
    read: tuple  # of its words: goods, amount, unit, how often

    @property
    def verifier(self) -> Role:
        return Role.STAFF if self.country == "ID" else Role.OFFICER


BALIKPAPAN = ("ID", "9120101234567", "PT Laut Jaya Abadi", "pt", "0542-8520000", "+625428520000")
ALMATY = ("KZ", "020240000555", "ТОО «Алатау Дэмі»", "too", "8 (727) 258-00-00", "+77272580000")
TRADERS = [
    Trader("id", *BALIKPAPAN, "capacity", "minyak goreng curah 40 ton sebulan", ("olein", 40, "t", "monthly")),
    Trader("en", *ALMATY, "need", "frozen shrimp 31/40, 20 t a month, CIF Aktau", ("shrimp", 20, "t", "monthly")),
    Trader("ru", *ALMATY, "need", "креветка 31/40 мороженая 20 тонн", ("shrimp", 20, "t", "once")),
    Trader("kk", *ALMATY, "need", "мұздатылған асшаян 15 тонна", ("shrimp", 15, "t", "once")),
]


@pytest.fixture
def corridor(transactional_db, settings, tmp_path):
    """What is chosen from, what the finder knows, and a partner for everybody."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    open_corridor()
    quoted_lane(port(), PlaceFactory(code="KZAKT", country="KZ", name_en="Aktau", name_ru="Актау", roles=["sea_port"]))
    city = RegionFactory(name_en="Balikpapan", level="city")
    RegionFactory(name_en="Balikpapan Timur", level="kecamatan", parent=city, place=port(), distance_km=32)
    RegionFactory(name_en="Almaty region", level="oblast", country="KZ", place=town(), distance_km=32)
    CertificateKindFactory(name_en="HACCP certificate", sectors=["fisheries"])
    today = timezone.localdate()
    soon, later = today + dt.timedelta(days=1), today + dt.timedelta(days=300)
    olein, shrimp = goods()
    capacity(shrimp, lot_kg=5_000, available_from=soon, available_until=later)
    need(olein, window_from=soon, window_until=later)
    index_catalogue()


def goods():
    """Cooking oil and shrimp, as four languages call them."""

    def commodity(code: str, heading: str, **names):
        parent = HeadingFactory(code=heading, hs_code=heading, kind=NodeKind.SUBHEADING, name_en=names["name_en"])
        return CommodityFactory(**below(parent, 1), code=code, hs_code=heading, **names)

    return (
        commodity(
            "olein",
            "151190",
            name_en="RBD palm olein",
            name_id="Minyak goreng curah",
            name_ru="Пальмовый олеин",
            name_kk="Пальма олеині",
        ),
        commodity(
            "shrimp",
            "030617",
            name_en="Frozen shrimp",
            name_id="Udang beku",
            name_ru="Креветка мороженая",
            name_kk="Мұздатылған асшаян",
            sector="fisheries",
        ),
    )


class Strict(Visitor):
    """Looks for every barrier that WCAG 2.2 knows at A and AA, however small."""

    def look(self, name: str) -> None:
        super().look(name)
        assert barriers(self.page, impacts=None) == [], name


@pytest.fixture
def visitor(new_page, live_server):
    def open_for(language: str, width: int = PHONE) -> Visitor:
        kind = Strict if language == "en" else Visitor
        return kind(new_page(width=width, language=language), live_server.url, language, width)

    return open_for


def go_on(someone: Visitor, step: str) -> None:
    """Save the step; the next one opens."""
    someone.page.click("main form .primary")
    someone.page.wait_for_url(f"**/{step}/")
    someone.look(f"registration-{step}")


@pytest.mark.parametrize("trader", TRADERS, ids=lambda trader: trader.language)
def test_business_comes_from_its_first_visit_to_who_fits_it(corridor, live_worker, visitor, complaints, trader):
    owner = person(Role.BUSINESS, email="owner@example.test")

    begin(visitor(trader.language), owner, trader)
    someone = visitor(trader.language)  # another browser
    resume(someone, owner, trader)
    add_papers(someone, trader)
    add_contact_and_send(someone)
    company = Company.objects.get(name_registered=trader.name)
    assert (company.status, company.registration_number) == (CompanyStatus.SUBMITTED, trader.number)
    assert company.switchboard == trader.kept_telephone
    let_in(visitor(trader.language, OFFICE), company, trader)
    company.refresh_from_db()
    assert company.status == CompanyStatus.ACTIVE

    live_worker(concurrency=1)
    list_in_own_words(someone, company, trader)
    listing = (Need if trader.kind == "need" else Capacity).objects.get(company=company)
    listed = listing.commodities.get() if trader.kind == "need" else listing.commodity
    told = (listed.code, listing.quantity_typed, listing.quantity_unit, listing.period)
    assert (told, listing.own_words) == (trader.read, trader.words)
    see_who_fits(someone)
    assert Match.objects.current().filter(**{trader.kind: listing}).count() == 1
    assert complaints == [REFUSED] * 2  # the two forms that were refused on purpose


def begin(someone: Visitor, owner: User, trader: Trader) -> None:
    """The number comes first, with a slip; then two steps, and the telephone rings."""
    page = someone.page
    someone.sign_in(owner)
    someone.look("home-without-company")
    page.click("main a.primary")
    page.wait_for_selector("#id_registration_number")
    someone.look("registration-start")
    page.check(f"input[name=country][value={trader.country}]")
    page.fill("#id_registration_number", trader.number[:-1])
    page.fill("#id_name_registered", trader.name)
    page.click("main form .primary")
    page.wait_for_selector("[role=alert]")
    someone.look("registration-start-refused")
    assert page.input_value("#id_name_registered") == trader.name
    page.click("[role=alert] a")
    page.keyboard.press("End")
    page.keyboard.type(trader.number[-1])
    page.click("main form .primary")
    page.wait_for_selector(".tm-task")
    someone.look("registration")
    page.click("main a.primary")
    page.wait_for_url("**/company/")
    someone.look("registration-company")
    page.select_option("#id_legal_form", trader.legal_form)
    if trader.country == "ID":
        page.fill("#id_tax_number", "01.312.166.0-091.000")
    go_on(someone, "site")
    region = Region.objects.get(country=trader.country, distance_km=32)
    page.select_option("#id_region", str(region.pk))
    page.fill("#id_city", "Manggar")
    go_on(someone, "loading")
    assert page.input_value("#id_first_mile_km") == "32"
    page.context.close()


def resume(someone: Visitor, owner: User, trader: Trader) -> None:
    """The home leads to the step that is next; what was saved is there."""
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
    page.check(f"input[name=languages][value={trader.language}]")
    go_on(someone, "reach")
    page.fill("#id_switchboard", trader.telephone)
    page.click("main form .primary")
    page.wait_for_url("**/registration/")


def add_papers(someone: Visitor, trader: Trader) -> None:
    page = someone.page
    page.click(".tm-task a[href$='/certificates/']")
    page.wait_for_url("**/certificates/")
    someone.look("registration-certificates-empty")
    page.click("a[href$='/certificates/add/']")
    page.wait_for_url("**/certificates/add/")
    someone.look("registration-certificate")
    page.select_option("#id_kind", str(CertificateKind.objects.get(sectors=["fisheries"]).pk))
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


def add_contact_and_send(someone: Visitor) -> None:
    page = someone.page
    page.click(".tm-task a[href$='/contact/']")
    page.wait_for_url("**/contact/")
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


def let_in(office: Visitor, company: Company, trader: Trader) -> None:
    """City staff or an officer of the embassy look at the paper, and say why the number is looked up later."""
    page = office.page
    office.sign_in(person(trader.verifier))
    office.open(f"/companies/{company.pk}/verification/", "verification-of-registered")
    page.click("form[action$='/check/'] button")
    page.wait_for_selector("[role=status]")
    page.fill("#id_in-reason", "Known to the chamber of commerce.")
    page.click("form[action$='/let-in/'] button")
    page.wait_for_selector("form[action$='/suspend/']")
    office.look("verification-let-in")


def list_in_own_words(someone: Visitor, company: Company, trader: Trader) -> None:
    page = someone.page
    folder = "needs" if trader.kind == "need" else "capacities"
    someone.open(f"/companies/{company.pk}/{folder}/new/", "listing-words")
    page.fill("#id_own_words", trader.words)
    page.click("main form .primary")
    page.wait_for_selector("#id_quantity")
    someone.look("listing-form")
    assert page.input_value("#id_quantity") == str(trader.read[1])
    if page.locator("input[name=period]:checked").count() == 0:  # nothing was said of it
        page.check(f"input[name=period][value={trader.read[3]}]")
    page.click("main form .primary")
    page.wait_for_url("**/partners/")
    someone.look("listing-saved")


def see_who_fits(someone: Visitor) -> None:
    """The page asks by itself until the look for partners is over."""
    page = someone.page
    page.wait_for_selector("#fits .tm-fits", timeout=RUN_PATIENCE_MS)
    assert page.get_attribute("#fits", "hx-get") is None
    assert page.locator("#fits .tm-inset").count() == 0  # nothing says that it waits for a later run
    someone.look("listing-fits")
    assert page.locator(".tm-fits > li").count() == 1
    page.click(".tm-fits h3 a")
    page.wait_for_url("**/partners/*/**")
    someone.look("partner")
