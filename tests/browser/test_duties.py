"""An officer picks a line of the tariff and switches a preference on; both are told to everybody with their reasons."""

import pytest
from django.core.cache import cache

from accounts.enums import Role
from tests.browsing import barriers
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory, RequirementFactory
from tests.people import person, sign_in_at

SCHEME = {"preference_scheme": "I-EAEU FTA", "preference_status": "signed 2025-12-21; entry into force not confirmed"}
PAGES = (
    "duties/",
    "duties/goods/",
    "duties/goods/rbd-palm-olein/KZ/",
    "papers/",
    "preferences/",
    "preferences/i-eaeu-fta/",
)


@pytest.fixture
def officer(transactional_db):
    cache.clear()
    CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein")
    tariff("1511901902", condition="solid fractions", **SCHEME)
    tariff("1511909902", condition="in packing of net mass 20,000 kg or less", packing_up_to_kg=20_000, **SCHEME)
    tariff("1511909908", condition="other", ad_valorem_pct=0, packing_over_kg=20_000, **SCHEME)
    RequirementFactory(title_en="Halal food", source="a page of 24 Oct 2014", legal_basis="PP 42/2024")
    return person(Role.OFFICER, name="Aigerim")


def test_officer_picks_a_line_and_switches_the_preference_on(officer, live_server, page, complaints):
    corridor = f"{live_server.url}/corridor"
    sign_in_at(page, live_server.url, officer)
    page.wait_for_url(f"{live_server.url}/")

    page.goto(f"{corridor}/duties/goods/")
    page.click("text=RBD palm olein")
    page.select_option("#id_line", label="1511909908: other: 0%")
    page.fill("#id_reason", "not a solid fraction")
    page.fill("#id_source", "letter of the broker, 3 November 2026")
    page.click("text=Let this line count")
    page.wait_for_selector("text=1511909908 counts now")
    counting = page.locator("tr", has=page.locator(".tm-tag.sky")).locator("th").all_inner_texts()

    page.goto(f"{corridor}/preferences/")
    page.click("text=Switch it on")
    page.fill("#id_in_force_from", "2027-01-01")
    page.fill("#id_legal_reference", "EEC decision 12 of 1 December 2026")
    page.click("text=See what will change")
    page.click("text=Yes, switch it on")
    page.wait_for_selector("text=I-EAEU FTA is switched on")
    switched = page.locator(".tm-time li").all_inner_texts()
    page.goto(f"{corridor}/duties/goods/rbd-palm-olein/KZ/")
    picked = page.locator(".tm-time li").all_inner_texts()
    page.click("text=History")
    history = page.locator("main").inner_text()

    # The packing still decides between the line that was picked and the one for small packings.
    assert [text.split("\n")[0] for text in counting] == ["1511909902", "1511909908"]
    assert "switched on from 1 Jan 2027: EEC decision 12 of 1 December 2026" in switched[0]
    assert "1511909908 picked: not a solid fraction" in picked[0]
    assert "letter of the broker, 3 November 2026" in history
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_duties_papers_and_preferences_keep_nobody_out(officer, live_server, new_page, complaints, width):
    page = new_page(width=width)
    sign_in_at(page, live_server.url, officer)
    page.wait_for_url(f"{live_server.url}/")

    for address in PAGES:
        page.goto(f"{live_server.url}/corridor/{address}")
        assert (address, barriers(page, impacts=None)) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address

    assert complaints == []
