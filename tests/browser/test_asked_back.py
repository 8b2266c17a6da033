"""A number with two readings is asked back, and the answer is taken: with a finger, without script."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache

from accounts.enums import Role
from companies.models import Company
from tests.browsing import barriers
from tests.factories import CommodityFactory
from tests.matching.book import company
from tests.matching.found import some_matches
from tests.people import member_of, person, sign_in_at

WIDTHS = (1280, 390)


@pytest.fixture(autouse=True)
def _fresh(transactional_db):
    cache.clear()


def speak(page, base: str, language: str) -> None:
    """Choose a language, as its button does."""
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base}])


def keep_picture(page, name: str) -> None:
    if folder := os.environ.get("TM_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("language", "question"), [("en", "one thousand five hundred"), ("kk", "мың бес жүз")])
def test_form_asks_which_number_was_meant_and_takes_the_answer(live_server, new_page, language, question, width):
    ours = company("ID", first_mile_km=None)
    page = new_page(width=width, language=language, java_script_enabled=False)
    sign_in_at(page, live_server.url, member_of(ours))
    speak(page, live_server.url, language)
    page.goto(f"{live_server.url}/companies/{ours.pk}/edit/")

    page.fill("#id_first_mile_km", "1.500")
    page.click("main form .primary")
    keep_picture(page, f"asked-back-{language}-{width}")

    assert question in page.inner_text(".tm-ask")
    assert page.input_value("#id_first_mile_km") == "1.500"
    page.check("input[name=first_mile_km_meant][value='1500']")
    page.click("main form .primary")
    page.wait_for_url(f"**/companies/{ours.pk}/")
    assert Company.objects.get(pk=ours.pk).first_mile_km == 1500


@pytest.mark.parametrize("width", WIDTHS)
def test_address_with_two_readings_leads_to_either_list(live_server, new_page, complaints, width):
    some_matches(CommodityFactory(), 1)
    page = new_page(width=width, language="ru")
    sign_in_at(page, live_server.url, person(Role.STAFF))
    page.wait_for_url(f"{live_server.url}/")
    speak(page, live_server.url, "ru")

    page.goto(f"{live_server.url}/matches/?at_least_t=1.500")
    keep_picture(page, f"asked-back-list-ru-{width}")

    assert barriers(page, impacts=None) == []
    assert [link.inner_text() for link in page.query_selector_all(".tm-ask a")] == [
        "1\u00a0500\nодна тысяча пятьсот",
        "1,5\nодна целая пять десятых",
    ]
    page.click(".tm-ask a >> nth=1")
    page.wait_for_url("**/matches/?at_least_t=1.5")
    assert [complaint for complaint in complaints if "400" not in complaint] == []
