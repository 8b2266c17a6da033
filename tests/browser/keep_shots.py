"""What `python -m tests.browser.shots` runs: not collected with the tests, for it asserts little and takes long."""

import html
import os
import re
from itertools import product
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.browser.shots import LANGUAGES, ROOT, THEMES, WIDTHS
from tests.browser.states import STATES
from tests.languages.pages import one_visit_a_page
from tests.permissions.world import made_world


def asked(name: str, usual: str) -> list[str]:
    return os.environ.get(f"TM_SHOTS_{name}", usual).split(",")


ONLY = os.environ.get("TM_SHOTS_ONLY", "")
FOLDER = ROOT / os.environ.get("TM_SHOTS_INTO", "var/shots")
LOOKS = list(product(asked("WIDTHS", WIDTHS), asked("THEMES", THEMES), asked("LANGUAGES", LANGUAGES)))


class Camera:
    """A browser for each width and theme; whoever is signed in and the language change with the cookies."""

    def __init__(self, new_page, base: str):
        self.base = base
        self.pages = {
            (width, theme): new_page(width=int(width), color_scheme=theme, reduced_motion="reduce")
            for width, theme in dict.fromkeys((width, theme) for width, theme, _language in LOOKS)
        }

    def keep(self, name: str, address: str, cookies: dict) -> list[int]:
        """A picture of the page in every look; how it was answered."""
        answered = []
        for width, theme, language in LOOKS:
            page = self.pages[width, theme]
            page.context.clear_cookies()
            known = {"django_language": language} | {key: kept.value for key, kept in cookies.items()}
            page.context.add_cookies([{"name": key, "value": kept, "url": self.base} for key, kept in known.items()])
            answered.append(page.goto(self.base + address).status)
            page.screenshot(path=FOLDER / f"{name}-{width}-{theme}-{language}.png", full_page=True)
        return answered


@pytest.fixture(scope="module", autouse=True)
def _index():
    """A page that shows all pictures, one line a page or state."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield
    lines: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.png")):
        lines.setdefault(re.sub(r"-\d+-(light|dark)-\w+$", "", path.stem), []).append(path.name)
    shown = "".join(
        f"<h2>{html.escape(name)}</h2>"
        + "".join(
            f'<a href="{html.escape(file)}"><img loading="lazy" height="320" src="{html.escape(file)}"></a> '
            for file in files
        )
        for name, files in lines.items()
    )
    Path(FOLDER / "index.html").write_text(f'<!doctype html><meta charset="utf-8">{shown}', encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_keep_every_page(new_page, live_server):
    cache.clear()
    world, camera = made_world(), Camera(new_page, live_server.url)
    for visit in one_visit_a_page():
        name = re.sub(r"[^\w-]+", "-", f"{visit.name}-{visit.actor}")
        if ONLY in name:
            user = world.who(visit.actor, visit.row)
            camera.keep(name, visit.address(world), {} if user is None else world.cookies[user.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [state for state in STATES if ONLY in state.name], ids=lambda state: state.name)
def test_keep_a_state(state, new_page, live_server, client):
    cache.clear()
    address, user = state.made(), state.who()
    if user is not None:
        client.force_login(user)

    assert set(Camera(new_page, live_server.url).keep(f"state-{state.name}", address, client.cookies)) == {state.status}
