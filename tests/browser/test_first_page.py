"""The first page is light, speaks the visitor's language, and remembers the one that was chosen."""

import pytest
from django.core.cache import cache

from tests.browser.test_journey import Visitor

PHONE, OFFICE = 390, 1280
LIGHT_ENOUGH = 200_000  # bytes of the first page with all that belongs to it


@pytest.mark.parametrize("width", [PHONE, OFFICE])
def test_first_page_is_light_and_brings_no_script(transactional_db, new_page, live_server, complaints, width):
    cache.clear()
    someone = Visitor(new_page(width=width, language="id"), live_server.url, "id", width)
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
