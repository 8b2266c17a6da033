"""The homes and the notices in a real browser, on an office computer and on a phone. TM_SHOTS=DIR keeps pictures."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from accounts.enums import Role
from commodities.enums import Sector
from companies.enums import CompanyStatus
from companies.models import Membership
from desk.models import Desk
from matching.enums import MatchState
from notices.enums import NoticeKind
from notices.models import Notice
from notices.services import tell
from tests.browsing import barriers
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.people import member_of, person, sign_in_at

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (1280, 390)


def book():
    """Two companies that fit, one that nearly does, some that wait; a business user who acts for two."""
    open_corridor()
    goods, run = CommodityFactory(name_en="RBD palm olein", sector=Sector.PALM_OIL), finished_run()
    mine = need(goods)
    found(run, mine, capacity(goods))
    found(run, need(goods), capacity(goods), state=MatchState.PROPOSED)
    near_miss(
        run, mine, capacity(goods), rule="payment", side="buyer", change={"code": "accept_term", "term": "documents"}
    )
    for country in ("ID", "KZ"):
        company(country, status=CompanyStatus.SUBMITTED)
    user = member_of(mine.company)
    Membership.objects.create(company=company("ID", status=CompanyStatus.DRAFT), user=user)
    return user


def visitor(role: Role, business):
    user = business if role == Role.BUSINESS else person(role)
    for run in (1, 2):
        tell(
            users=[user],
            kind=NoticeKind.RUN_FAILED,
            event=f"run:{run}",
            facts={"run": run},
            address="/notices/?size=10",
        )
    return user


def look(page, name: str, width: int) -> None:
    """Nothing keeps anybody out, and nothing sticks out to the right."""
    if folder := os.environ.get("TM_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"home-{name}-{width}.png"), full_page=True)
    assert barriers(page, impacts=("minor", "moderate", "serious", "critical")) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", Role.values)
def test_home_and_notices_of_each_role_can_be_read_in_each_language(live_server, new_page, complaints, role, width):
    user = visitor(role, book())
    page = new_page(width=width)
    sign_in_at(page, live_server.url, user)
    page.wait_for_url(f"{live_server.url}/")
    for language, _name in (*settings.LANGUAGES, ("en", "")):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.goto(f"{live_server.url}/")
        assert page.get_attribute("html", "lang") == language
        look(page, f"{role}-{language}", width)

    page.click(".tm-bell:visible")
    page.wait_for_url(f"{live_server.url}/notices/")
    look(page, f"{role}-notices", width)
    page.click("text=Run 2 failed.")

    page.wait_for_url(f"{live_server.url}/notices/?size=10")
    assert list(Notice.objects.unread().values_list("facts__run", flat=True)) == [1]
    assert complaints == []


@pytest.mark.django_db(transaction=True)
def test_officer_chooses_sectors_by_keyboard(live_server, new_page):
    officer = visitor(Role.OFFICER, book())
    page = new_page()
    sign_in_at(page, live_server.url, officer)
    page.wait_for_url(f"{live_server.url}/")

    page.get_by_label("Palm oil").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Follow these").focus()
    page.keyboard.press("Enter")

    page.wait_for_selector("text=Your sectors are kept.")
    assert page.get_by_label("Palm oil").is_checked()
    assert Desk.objects.get(user=officer).sectors == ["palm_oil"]
    assert page.locator("text=in the sectors you follow").is_visible()
