"""The journey of the first pages in a real browser: sign in, run the matching, watch it end, read a match, export.

TM_SHOTS=DIR keeps a picture of every page that is passed.
"""

import io
import os
from pathlib import Path

import openpyxl
import pytest
from django.core.cache import cache

from accounts.enums import Role
from accounts.models import User
from companies.models import Company
from matching.enums import RunState
from matching.models import Match, Run
from tests.browsing import barriers
from tests.matching.book import small_book
from tests.matching.found import finished_run
from tests.people import member_of, person, sign_in_at

LANGUAGES = ("id", "en", "ru", "kk")
WIDTHS = (1280, 390)
RUN_PATIENCE_MS = 120_000
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """Somebody in front of the browser, who looks at every page for barriers and for what does not fit."""

    def __init__(self, page, base: str, language: str, width: int):
        self.page, self.base, self.language, self.width = page, base, language, width

    def sign_in(self, user: User) -> None:
        self.page.goto(f"{self.base}/accounts/login/")
        self.page.click(f"button[lang={self.language}]")
        self.page.wait_for_selector(f"html[lang={self.language}]")
        self.look("login")
        sign_in_at(self.page, self.base, user)
        self.page.wait_for_url(f"{self.base}/")

    def open(self, address: str, name: str) -> None:
        response = self.page.goto(f"{self.base}{address}")
        assert response.status == 200
        self.look(name)

    def look(self, name: str) -> None:
        """Nothing keeps anybody out, and nothing sticks out to the right."""
        if folder := os.environ.get("TM_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{name}-{self.language}-{self.width}.png"
            self.page.screenshot(path=path, full_page=True)
        assert barriers(self.page) == [], name
        assert self.page.evaluate(OVERFLOW) <= 0, name

    def download(self, link: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.click(link)
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def book(transactional_db):
    cache.clear()
    small_book()


@pytest.fixture
def visitor(new_page, live_server):
    def open_for(language: str, width: int, **options) -> Visitor:
        return Visitor(new_page(width=width, language=language, **options), live_server.url, language, width)

    return open_for


def assert_export_holds_the_list(visitor: Visitor) -> None:
    shown = Match.objects.current().count()
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.download("a[href*='matches.xlsx']"))).worksheets[0]
    assert sheet.max_row == shown + 1
    lines = visitor.download("a[href*='matches.csv']").decode("utf-8-sig").splitlines()
    assert len(lines) == shown + 1
    assert visitor.page.url.endswith("/matches/")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_runs_the_matching_reads_a_match_and_exports(language, book, live_worker, visitor, complaints):
    staff = person(Role.STAFF)
    live_worker()
    for width in WIDTHS:
        someone = visitor(language, width)
        someone.sign_in(staff)
        someone.look("home")

        someone.page.click("form[action='/runs/start/'] button")
        someone.page.wait_for_url("**/runs/*/")
        someone.look("run-begins")
        # It has stopped asking; while it asks, the steps that are over are marked as well.
        someone.page.wait_for_selector("#progress:not([hx-get]) .tm-v.pass", timeout=RUN_PATIENCE_MS)
        someone.look("run-ended")

        someone.page.click("#progress a.primary")
        someone.page.wait_for_url("**/matches/")
        someone.look("matches")
        assert_export_holds_the_list(someone)

        someone.page.click("tbody th a >> nth=0")
        someone.page.wait_for_url("**/matches/*/")
        someone.look("match")
        someone.page.click("button[value=shortlisted]")
        someone.page.wait_for_selector("[role=status]")
        someone.look("match-decided")

        for name, address in {
            "home-after": "/",
            "near-misses": "/near-misses/",
            "runs": "/runs/",
            "unmet": "/needs/unmet/",
            "unused": "/capacities/unused/",
            "balance": "/balance/",
            "book": "/book/",
        }.items():
            someone.open(address, name)

    assert [run.state for run in Run.objects.all()] == [RunState.FINISHED] * 2
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_business_user_sees_the_own_company(language, book, visitor, complaints):
    user = member_of(Company.objects.filter(needs__isnull=False).first())
    for width in WIDTHS:
        someone = visitor(language, width)
        someone.sign_in(user)
        someone.look("own-company")

    assert complaints == []


@pytest.mark.slow
def test_journey_works_without_script(book, live_worker, visitor):
    staff = person(Role.STAFF)
    live_worker()
    # axe is script itself, so this visitor does not look for barriers.
    someone = visitor("ru", 390, java_script_enabled=False)
    page = someone.page
    page.goto(f"{someone.base}/accounts/login/")
    page.click("button[lang=ru]")
    sign_in_at(page, someone.base, staff)

    page.click("form[action='/runs/start/'] button")
    page.wait_for_url("**/runs/*/")
    # The page reloads itself every few seconds until the run is over.
    page.wait_for_selector("#progress:not([hx-get]) .tm-v.pass", timeout=RUN_PATIENCE_MS)

    page.click("details summary")
    page.click("details nav a[href='/matches/']")
    assert_export_holds_the_list(someone)
    page.check("input[name=state][value=new]")
    page.click("#filter button")
    assert "state=new" in page.url
    page.click("tbody th a >> nth=0")
    page.select_option("#id_reason", "trust")
    page.click("button[value=dismissed]")
    page.wait_for_selector("[role=status]")
    assert list(Match.objects.exclude(state="new").values_list("state", flat=True)) == ["dismissed"]


@pytest.mark.parametrize("width", WIDTHS)
def test_run_that_failed_says_why_and_what_is_safe(book, visitor, complaints, width):
    run = finished_run(state=RunState.FAILED, reason_code="lost", reason="matching the headings 1511", timings={})
    someone = visitor("en", width)
    someone.sign_in(person(Role.STAFF))

    someone.open(f"/runs/{run.pk}/", "run-failed")

    text = someone.page.inner_text("#progress")
    assert "The worker was lost three times at the same step." in text
    assert "the last results stand" in text
    assert complaints == []
