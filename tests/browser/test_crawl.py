"""Every page in a browser: nothing keeps anybody out, nothing sticks out, nothing is complained of.

Each page is looked at once on an office computer, in one of the four languages in turn, and once on a narrow phone,
in the language whose longest word is longest there: what fits then fits in the others.
"""

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.browsing import barriers
from tests.languages.pages import Visit, longest_word, one_visit_a_page
from tests.permissions.world import World, made_world

LANGUAGES = ("id", "en", "ru", "kk")
OFFICE, PHONE = 1280, 360
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is wider than its box without scrolling in a box of its own that has a name and can be focused.
CUT = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
    .filter(e => !(e.tabIndex === 0 && e.getAttribute('role') === 'region' && e.getAttribute('aria-label')))
    .filter(e => !['TEXTAREA', 'INPUT', 'SELECT'].includes(e.tagName))
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def world(transactional_db) -> World:
    cache.clear()
    return made_world()


def wordiest(world: World, visit: Visit) -> str:
    """The language in which the longest word of a page is longest."""
    lengths = {}
    for language in LANGUAGES:
        client = world.client(world.who(visit.actor, visit.row))
        client.cookies["django_language"] = language
        lengths[language] = longest_word(client.get(visit.address(world)).content.decode())
    return max(LANGUAGES, key=lengths.__getitem__)


class Looker:
    """A browser that is somebody else, in another language, on each page."""

    def __init__(self, new_page, base: str, world: World, width: int):
        self.page = new_page(width=width, reduced_motion="reduce")
        self.base, self.world, self.width = base, world, width
        self.findings: list[str] = []

    def look(self, visit: Visit, language: str) -> None:
        self.become(visit, language)
        answer = self.page.goto(self.base + visit.address(self.world))
        where = f"{visit.name} as {visit.actor} in {language} at {self.width}"
        if answer.status != 200 or self.page.get_attribute("html", "lang") != language:
            self.findings.append(f"{where}: {answer.status}")
            return
        self.keep_picture(visit, language)
        found = [f"{self.page.evaluate(OVERFLOW)} px too wide"] if self.page.evaluate(OVERFLOW) > 0 else []
        found += [f"scrolls without a name: {html}" for html in self.page.evaluate(CUT)]
        found += barriers(self.page, impacts=None)
        self.findings += [f"{where}: {finding}" for finding in found]

    def become(self, visit: Visit, language: str) -> None:
        context = self.page.context
        context.clear_cookies()
        user = self.world.who(visit.actor, visit.row)
        cookies = {"django_language": language}
        if user is not None:
            cookies |= {name: morsel.value for name, morsel in self.world.cookies[user.pk].items()}
        context.add_cookies([{"name": name, "value": value, "url": self.base} for name, value in cookies.items()])

    def keep_picture(self, visit: Visit, language: str) -> None:
        if folder := os.environ.get("TM_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w-]+", "-", f"{visit.name}-{visit.actor}-{language}-{self.width}")
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.slow
def test_every_page_fits_a_narrow_phone_and_keeps_nobody_out(world, new_page, live_server, complaints):
    looker = Looker(new_page, live_server.url, world, PHONE)

    for visit in one_visit_a_page():
        looker.look(visit, wordiest(world, visit))

    assert looker.findings == []
    assert complaints == []


@pytest.mark.slow
def test_every_page_fits_an_office_computer_and_keeps_nobody_out(world, new_page, live_server, complaints):
    looker = Looker(new_page, live_server.url, world, OFFICE)

    for number, visit in enumerate(one_visit_a_page()):
        looker.look(visit, LANGUAGES[number % len(LANGUAGES)])

    assert looker.findings == []
    assert complaints == []
