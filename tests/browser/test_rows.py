"""A list gone through without a mouse: find, open, shortlist, take back; and the keys turned off."""

import pytest
from django.core.cache import cache

from accounts.enums import Role
from matching.enums import MatchState
from matching.models import Match
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)
FOCUSED = "document.activeElement.getAttribute('href')"


@pytest.fixture
def list_page(live_server, new_page):
    cache.clear()
    some_matches(CommodityFactory(), 3)
    page = new_page(width=1280)
    sign_in_at(page, live_server.url, person(Role.STAFF))
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/matches/")
    return page


def states() -> list[str]:
    return list(Match.objects.order_by("pk").values_list("state", flat=True))


def test_a_match_is_found_opened_shortlisted_and_taken_back_without_a_mouse(list_page, live_server, complaints):
    page, (first, second, _third) = list_page, Match.objects.order_by("pk")

    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate(FOCUSED) == f"/matches/{first.pk}/"
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"{live_server.url}/matches/{second.pk}/")
    page.go_back()
    page.wait_for_url(f"{live_server.url}/matches/")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-count]").inner_text() == "2"
    page.keyboard.press("s")
    page.get_by_text("2 matches are decided.").wait_for()
    assert states() == [MatchState.SHORTLISTED, MatchState.SHORTLISTED, MatchState.NEW]
    assert page.evaluate(FOCUSED) == f"/matches/{second.pk}/"  # where the person was

    page.keyboard.press("u")
    page.get_by_text("2 matches stand again as before.").wait_for()
    assert states() == [MatchState.NEW] * 3
    assert complaints == []


def test_a_row_is_dismissed_with_a_reason_by_the_keyboard(list_page):
    page = list_page

    page.keyboard.press("j")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.get_by_text("1 match is decided.").wait_for()
    assert states() == [MatchState.DISMISSED, MatchState.NEW, MatchState.NEW]


def test_keys_are_explained_and_can_be_turned_off_for_good(list_page):
    page = list_page

    page.keyboard.press("?")
    switch = page.get_by_label("Use these keys in this browser")
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")

    assert page.evaluate(FOCUSED) is None
    page.get_by_role("button", name="Keys").press("Enter")
    assert not switch.is_checked()


def test_other_lists_are_gone_through_with_the_same_keys(list_page, live_server):
    page = list_page
    page.goto(f"{live_server.url}/companies/")

    for key in "jj":
        page.keyboard.press(key)
    second = page.evaluate(FOCUSED)
    page.keyboard.press("o")

    page.wait_for_url(f"{live_server.url}{second}")
