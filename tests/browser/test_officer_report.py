"""Ten minutes before a meeting: the palm-oil matches of three companies, on paper and as a workbook, in two languages.

Clicks are counted, typing is no click. The files are made by the worker's own code, called as a worker would be.
"""

import io
import zipfile
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache

from accounts.enums import Role
from commodities.enums import Sector
from companies.enums import CompanyKind
from reports import services
from reports.models import Report, ReportDownload
from tests.browsing import barriers
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = ("Astana Oil", "Qazaq Foods", "Shymkent Sabyn")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def worker(monkeypatch):
    """Whatever is sent to the workers waits until a test lets them work."""
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, kwargs, **_options: sent.append(kwargs["report_id"]))

    def work() -> None:
        while sent:
            services.carry_out(sent.pop(0), worker="a worker of a test")

    return work


@pytest.fixture
def market(transactional_db):
    """Five matches of palm oil, three of them of the guests, and one of fish of a guest."""
    cache.clear()
    open_corridor()
    run = finished_run()
    oil = CommodityFactory(name_en="RBD palm olein", sector=Sector.PALM_OIL)
    fish = CommodityFactory(name_en="Frozen shrimp", sector=Sector.FISHERIES)
    seller = company("ID", name_registered="PT Contoh Sawit", kind=CompanyKind.EXAMPLE)
    for name in (*BUYERS, "Almaty Bread", "Turkistan Mai"):
        buyer = company("KZ", name_registered=name)
        found(run, need(oil, company=buyer), capacity(oil, company=seller))
        if name == BUYERS[0]:
            found(run, need(fish, company=buyer), capacity(fish, company=seller))


@pytest.fixture
def officer(market, live_server, new_page):
    def come(**options):
        page = new_page(**{"width": 1280} | options)
        sign_in_at(page, live_server.url, person(Role.OFFICER))
        page.wait_for_url(f"{live_server.url}/")
        return page

    return come


class Clicks:
    def __init__(self, page):
        self.page, self.count = page, 0

    def on(self, target) -> None:
        self.count += 1
        target.click()


def taken(page, link) -> bytes:
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def test_three_companies_in_two_languages_on_paper_and_as_a_workbook(officer, live_server, worker):
    page = officer()
    clicks = Clicks(page)
    page.goto(f"{live_server.url}/matches/?sector=palm_oil")

    clicks.on(page.get_by_role("link", name="Take this along"))
    page.get_by_label("Companies", exact=True).fill(", ".join(BUYERS))
    clicks.on(page.get_by_label("English"))
    for label in ("Русский", "Bahasa Indonesia", "Workbook (.xlsx)"):
        clicks.on(page.get_by_label(label, exact=True))
    clicks.on(page.get_by_role("button", name="Show the first rows").last)
    page.get_by_role("heading", name="What would it hold?").wait_for()
    assert (barriers(page), page.evaluate(OVERFLOW)) == ([], 0)
    assert page.locator("#preview tbody tr").count() == 3
    clicks.on(page.get_by_role("button", name="Make the files"))
    page.wait_for_url("**/reports/*-*/")
    worker()
    page.get_by_role("link", name="Take it").first.wait_for()

    assert (barriers(page), page.evaluate(OVERFLOW)) == ([], 0)
    report = Report.objects.get()
    links = page.get_by_role("link", name="Take it")
    contents = {}
    for number, file in enumerate(report.files.all()):
        clicks.count += 1
        contents[file.format, *file.languages] = taken(page, links.nth(number))
    assert (report.rows, clicks.count) == (3, 11)
    assert sorted(contents) == [("pdf", "id"), ("pdf", "ru"), ("xlsx", "id"), ("xlsx", "ru")]
    assert all(content.startswith(b"%PDF") for key, content in contents.items() if key[0] == "pdf")
    assert zipfile.ZipFile(io.BytesIO(contents["xlsx", "ru"])).testzip() is None
    assert ReportDownload.objects.count() == 4


def test_the_same_again_is_two_clicks_to_a_file(officer, live_server, worker):
    page = officer()
    clicks = Clicks(page)
    page.goto(f"{live_server.url}/matches/?sector=palm_oil")

    clicks.on(page.get_by_role("link", name="Take this along"))
    clicks.on(page.get_by_role("button", name="Make the files"))
    page.wait_for_url("**/reports/*-*/")
    worker()
    link = page.get_by_role("link", name="Take it")
    link.wait_for()

    assert (taken(page, link)[:4], clicks.count) == (b"%PDF", 2)


def test_by_the_keyboard_alone_and_without_script(officer, live_server, worker):
    page = officer(width=390, java_script_enabled=False)
    page.goto(f"{live_server.url}/reports/new/?subject=matches&query=sector%3Dpalm_oil")

    page.get_by_label("Companies", exact=True).focus()
    page.keyboard.type("Qazaq Foods")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What would it hold?").wait_for()
    assert page.get_by_label("Qazaq Foods").is_checked()
    page.get_by_role("button", name="Make the files").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/*-*/")
    worker()
    page.reload()
    link = page.get_by_role("link", name="Take it")
    link.focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")

    assert (Path(waiting.value.path()).read_bytes()[:4], Report.objects.get().rows) == (b"%PDF", 1)
