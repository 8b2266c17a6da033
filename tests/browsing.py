"""A real browser for tests: fixtures `browser`, `new_page`, `page`, `complaints`, and the finder of barriers.

def test_matches_can_be_read_on_a_phone(live_server, new_page, complaints):
    page = new_page(width=390, language="id")
    page.goto(f"{live_server.url}/matches/")

    assert barriers(page) == []
    assert complaints == []
"""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from launcher.browser import REMEDY, find_browser

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHT = {1280: 800, 390: 844, 360: 740}  # an office computer, a phone, a narrow one
PATIENCE_MS = 60_000


def pytest_addoption(parser):
    parser.addoption(
        "--require-browser",
        action="store_true",
        help="fail when the browser tests cannot run, or when there are none among the chosen tests",
    )


def pytest_collection_modifyitems(items):
    """Whatever uses the browser can be chosen or left out: -m browser, -m 'not browser'."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if hasattr(session.config, "workerinput"):
        return  # one of several processes: who started them counts for all
    if session.config.getoption("--require-browser") and session.exitstatus == 0 and not browser_tests_run(session):
        session.exitstatus = 1
        session.config.pluginmanager.get_plugin("terminalreporter").write_line(
            "No browser test ran, though --require-browser asks for them.", red=True
        )


def browser_tests_run(session: pytest.Session) -> int:
    """How many tests with a browser passed or failed, which a skipped one did not."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    done = [report for outcome in ("passed", "failed") for report in reporter.stats.get(outcome, [])]
    return sum("browser" in report.keywords for report in done)


@pytest.fixture(scope="session")
def browser(request) -> Iterator[Browser]:
    """Chromium, started once. A browser test ends in an error without one if --require-browser says so."""
    program = find_browser()
    if program is None:
        refuse = pytest.fail if request.config.getoption("--require-browser") else pytest.skip
        refuse(f"not run, there is no Chromium: {REMEDY}")
    # Chromium's own sandbox does not work for root.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    # Playwright keeps an event loop going in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=program, args=arguments, headless=True)
            yield chromium
            chromium.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of in this test: errors of scripts, what the CSP refused, missing files."""
    return []


@pytest.fixture
def new_page(browser, complaints):
    """Open a page as a person with this screen and language would; each is a visitor of its own."""
    contexts = []

    def open_page(*, width: int = 1280, language: str = "en", **options) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT.get(width, 800)},
            locale=language,
            accept_downloads=True,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda message: _keep_complaint(complaints, message))
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page) -> Page:
    """A page on an office computer, in English."""
    return new_page()


def _keep_complaint(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        complaints.append(f"{message.type}: {message.text}")


# What WCAG asks for at the levels A and AA, up to 2.2; axe leaves the size of targets out unless it is asked.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "rules": {"target-size": {"enabled": True}}}


def barriers(page: Page, *, impacts: tuple[str, ...] | None = ("serious", "critical")) -> list[str]:
    """What on this page keeps people out, as axe finds it: rule, and the elements it is about.

    Without impacts: everything that WCAG 2.2 asks for at the levels A and AA, however small.
    """
    # A click returns once the next page has begun to come: in a page without an element yet axe ends with an error.
    page.wait_for_load_state()
    options = RULES if impacts is None else None
    findings = Axe().run(page, options=options).response["violations"]
    return [
        f"{finding['id']}: {' | '.join(node['html'] for node in finding['nodes'][:3])}"
        for finding in findings
        if impacts is None or finding["impact"] in impacts
    ]
