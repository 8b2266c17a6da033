"""Five things that an officer does every morning, each in as few clicks as it deserves. Typing is no click."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import Role
from commodities.enums import Sector
from desk.models import Desk
from matching.models import Match, Run, RunDifference
from tests.factories import CertificateKindFactory, CommodityFactory, HeadingFactory, PlaceFactory, below
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import CUT_AT, finished_run, found, near_miss
from tests.people import person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)


class Clicks:
    """A page whose clicks are counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def on(self, target) -> None:
        self.count += 1
        target.click()

    def link(self, name: str, within: str = "main") -> None:
        self.on(self.page.locator(within).get_by_role("link", name=name).first)


@pytest.fixture
def officer(live_server, new_page):
    """An officer's first page of the morning: palm oil and fish, two runs, one of them since the last visit.

    Beside the best new palm oil to Almaty lie better pairs that are not it: known already, to Aktau, other goods.
    """
    cache.clear()
    PlaceFactory(code="KZALA", name_en="Almaty", country="KZ")
    open_corridor()
    heading = HeadingFactory(code="1511", tree_lo=100)
    oil = CommodityFactory(name_en="RBD palm olein", sector=Sector.PALM_OIL, **below(heading, 1))
    fish = CommodityFactory(name_en="Frozen shrimp", sector=Sector.FISHERIES)
    counts = {"needs": 4, "capacities": 4, "matches": 3, "shards": 0}
    yesterday = CUT_AT - timedelta(days=1)
    before = finished_run(book_cut_at=yesterday, as_of=yesterday.date(), finished_at=yesterday, counts=counts)
    run = finished_run(counts=counts)
    known = need(oil), capacity(oil)
    found(before, *known, score_ppm=990_000)
    found(run, *known, score_ppm=990_000)
    found(run, need(fish), capacity(fish), score_ppm=950_000)
    found(run, to_aktau(oil), capacity(oil), score_ppm=980_000)
    found(run, need(oil), capacity(oil), score_ppm=700_000)
    found(run, need(oil), capacity(oil), score_ppm=870_000)
    for kind, name, pairs in (("halal", "Halal certificate", 2), ("iscc", "ISCC certificate", 1)):
        CertificateKindFactory(code=kind, name_en=name)
        change = {"code": "get_certificate", "kind": kind, "by": "2027-03-01", "days_left": 50}
        for _pair in range(pairs):
            near_miss(run, need(oil), capacity(oil), rule="certificates", change=change)
    user = person(Role.OFFICER)
    Desk.objects.create(user=user, last_seen_at=timezone.now(), seen_until=CUT_AT - timedelta(hours=12))
    page = new_page(width=1280)
    sign_in_at(page, live_server.url, user)
    page.wait_for_url(f"{live_server.url}/")
    return Clicks(page)


def to_aktau(oil):
    """A need of the same goods by a buyer elsewhere."""
    aktau = PlaceFactory(code="KZSCO", name_en="Aktau", country="KZ")
    return need(oil, company=company("KZ", place=aktau), destination=aktau, named_place=aktau)


def test_the_best_new_palm_oil_match_to_almaty_is_found_in_three_clicks_and_why_it_is_not_higher_in_one(officer):
    page = officer.page

    officer.on(page.get_by_role("row", name="Palm oil").get_by_role("link").last)
    officer.on(page.get_by_label("Goods or company, in any of the four languages"))
    page.keyboard.type("Almaty")
    page.keyboard.press("Enter")
    page.get_by_text("Understood:").wait_for()
    officer.on(page.locator("tbody tr").first.get_by_role("link").first)
    page.wait_for_url("**/matches/*/")

    best = Match.objects.get(latest__score_ppm=870_000)
    assert (urlsplit(page.url).path, officer.count) == (f"/matches/{best.pk}/", 3)
    officer.link("Why not higher?")
    expect(page.get_by_role("heading", name="Why is the score not higher?")).to_be_in_viewport()
    expect(page.get_by_text("Price loses most: 6.0 points.")).to_be_in_viewport()
    assert officer.count == 4


def test_the_certificate_that_would_unlock_most_is_told_within_two_clicks(officer):
    officer.link("Gaps", within="header")

    expect(officer.page.get_by_role("heading", name="Which certificate would unlock most?")).to_be_in_viewport()
    expect(officer.page.get_by_text("Halal certificate: would unlock 2 matches")).to_be_in_viewport()
    assert officer.count <= 2


def test_the_run_of_yesterday_is_compared_in_two_clicks(officer):
    before, after = Run.objects.order_by("pk")

    officer.link("Runs", within="header")
    officer.on(officer.page.get_by_role("button", name="Tell what changed"))
    officer.page.wait_for_url("**/run-differences/*/")

    asked = RunDifference.objects.get()
    assert (asked.before, asked.after, officer.count) == (before, after, 2)
    expect(officer.page.get_by_role("heading", name=f"What changed since run {before.pk}?")).to_be_in_viewport()


def test_a_view_is_handed_to_a_colleague_in_one_click(officer, live_server, new_page):
    page = officer.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/matches/?sector=palm_oil&sort=-score&columns=importer&columns=score")

    officer.link("Share this view")
    page.get_by_text("Address copied").wait_for()

    address = page.evaluate("navigator.clipboard.readText()")
    handed = urlsplit(address)
    assert (handed.path, parse_qs(handed.query), officer.count) == (
        "/matches/",
        {"sector": ["palm_oil"], "sort": ["-score"], "columns": ["importer", "score"]},
        1,
    )
    colleague = new_page(width=1280)
    sign_in_at(colleague, live_server.url, person(Role.STAFF))
    colleague.goto(address)
    assert exporters(colleague) == exporters(page)


def exporters(page) -> list[str]:
    return page.locator("tbody tr th a").all_inner_texts()
