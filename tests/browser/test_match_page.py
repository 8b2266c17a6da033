"""The page of a match and its what-if in a real browser, at two widths. TM_SHOTS=DIR keeps pictures."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from accounts.enums import Role
from corridor.models import Place
from tests.browsing import barriers
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need
from tests.matching.found import finished_run, found
from tests.matching.ways_there import ways_there
from tests.people import person, sign_in_at

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WHERE = {"IDKRG": (-1.2, 116.8), "CNLYG": (34.7, 119.4), "KZALA": (43.3, 76.9)}


def a_match():
    """By sea and rail, with the dear way by air beside it."""
    ways_there()
    for code, (lat, lon) in WHERE.items():
        Place.objects.filter(code=code).update(lat=lat, lon=lon)
    goods = CommodityFactory(name_en="RBD palm olein")
    facts = {"days_low": 20, "days_high": 28}
    return found(finished_run(), need(goods, incoterm="CPT"), capacity(goods), **facts).match


def look(page, name: str) -> None:
    """Nothing keeps anybody out, and nothing sticks out to the right."""
    if folder := os.environ.get("TM_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    assert barriers(page, impacts=("minor", "moderate", "serious", "critical")) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_staff_finds_cost_guess_paper_and_what_would_change(live_server, new_page, complaints, width):
    match = a_match()
    page = new_page(width=width)
    sign_in_at(page, live_server.url, person(Role.STAFF))
    page.wait_for_url(f"{live_server.url}/")
    address = f"{live_server.url}/matches/{match.pk}/"
    for language, _name in (*settings.LANGUAGES, ("en", "")):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.goto(address)
        look(page, f"match-{language}-{width}")
    assert page.locator("#landed tfoot td").last.inner_text() == "945.00"
    assert page.locator("#route svg.tm-map a").count() == 3

    page.locator("#landed header a").click()
    page.get_by_label("Freight changes by").fill("10")
    page.keyboard.press("Enter")

    page.wait_for_url(f"{address}what-if/?*freight=10*")
    assert page.locator("#compared h2").inner_text() == "A tonne would cost 14.00 USD more"
    assert page.locator("#flips li").count() == 1
    look(page, f"what-if-{width}")
    assert complaints == []
