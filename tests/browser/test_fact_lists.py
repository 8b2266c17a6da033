"""What was checked about a company stays within its side of the match page, on a tablet and on a small phone."""

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.enums import Role
from companies.enums import FactKind
from companies.models import VerificationFact
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person, sign_in_at

LANGUAGES = ("id", "en", "ru", "kk")
STICKING_OUT = """() => [...document.querySelectorAll(".tm-side .tm-v")]
    .filter(mark => mark.getBoundingClientRect().right > mark.closest(".tm-side").getBoundingClientRect().right + 0.5)
    .map(mark => mark.textContent)"""


@pytest.fixture
def match_address(transactional_db) -> str:
    """A match of a company of which nothing is checked and one of which everything is."""
    cache.clear()
    goods = CommodityFactory()
    open_corridor()
    buyer, seller = company("KZ"), company("ID")
    buyer.facts.all().delete()
    VerificationFact.objects.bulk_create(
        VerificationFact(company=seller, kind=kind, checked_on=dt.date(2026, 12, 1))
        for kind in FactKind
        if kind != FactKind.NUMBER_CHECKED  # which every company of the tests has
    )
    result = found(finished_run(), need(goods, company=buyer), capacity(goods, company=seller))
    return f"/matches/{result.match_id}"


@pytest.mark.parametrize("width", [800, 320])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_checked_stays_within_its_side(match_address, live_server, new_page, language, width):
    page = new_page(width=width, language=language)
    page.goto(f"{live_server.url}/accounts/login/")
    page.click(f"button[lang={language}]")
    sign_in_at(page, live_server.url, person(Role.STAFF))
    page.wait_for_url(f"{live_server.url}/")

    page.goto(f"{live_server.url}{match_address}")

    assert page.locator(".tm-side .tm-v").count() == 1 + len(FactKind)
    assert page.evaluate(STICKING_OUT) == []
