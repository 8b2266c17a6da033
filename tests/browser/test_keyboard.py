"""Everything that can be clicked can be reached with the keyboard, in the order of the page, and shows that it is."""

import pytest
from django.core.cache import cache

from accounts.enums import Role
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import PASSWORD, code_for, person

MOST_TABS = 400
REACHABLE = """() => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.tm-skip') && !e.matches('.tm-skip'))
    .map((e, i) => { e.dataset.number = i; return i; })"""
FOCUSED = """() => {
    const e = document.activeElement;
    const outline = getComputedStyle(e).outlineStyle;
    return {number: e.dataset.number ?? null, outline};
}"""


@pytest.fixture
def staff_page(transactional_db, new_page, live_server):
    def opened(address: str, width: int):
        page = new_page(width=width)
        page.goto(f"{live_server.url}/accounts/login/?next={address}")
        staff = person(Role.STAFF)
        page.fill("#id_login", staff.email)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.fill("#id_code", code_for(staff))
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}{address}")
        return page

    cache.clear()
    return opened


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["home", "list", "match"])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(staff_page, name, width):
    results = some_matches(CommodityFactory(), 3)
    address = {"home": "/", "list": "/matches/", "match": f"/matches/{results[0].match_id}/"}[name]
    page = staff_page(address, width)
    wanted = page.evaluate(REACHABLE)

    reached = []
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["number"] is not None:
            assert focused["outline"] == "solid", focused
            reached.append(int(focused["number"]))
        if len(reached) == len(wanted):
            break

    assert reached == sorted(reached)
    assert set(reached) == set(wanted)


def test_the_first_tab_offers_to_skip_to_the_content(staff_page):
    some_matches(CommodityFactory(), 1)
    page = staff_page("/matches/", 1280)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_menu_of_a_phone_opens_and_leads_on_with_the_keyboard(staff_page):
    some_matches(CommodityFactory(), 1)
    page = staff_page("/matches/", 390)

    page.focus("details summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/")
    assert page.url.endswith("/")
