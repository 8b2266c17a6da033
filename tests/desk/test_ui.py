"""The page of parts: every part of templates/ui/ is on it, and the colours of the house stand out as they must."""

from pathlib import Path

import pytest
from django.conf import settings

from accounts.enums import Role
from desk.tokens import USES, contrasts, ratio_of, themes
from tests.matching.book import open_corridor
from tests.matching.found import finished_run
from tests.people import person

# The frame of the page brings these, on this page as on every other; the last one is a page of its own.
FRAME = {"_footer", "_languages", "_navigation", "_patterns", "_themes"}
PAGES = {"list_refused"}


@pytest.mark.django_db
def test_page_shows_every_part_there_is(client):
    open_corridor()
    finished_run()
    client.force_login(person(Role.ADMIN))

    response = client.get("/ui/")

    shown = {Path(used.name).stem for used in response.templates if used.name and used.name.startswith("ui/")}
    every = {path.stem for path in (settings.BASE_DIR / "templates" / "ui").glob("*.html")}
    assert shown == every - PAGES
    assert shown >= FRAME


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.BUSINESS])
def test_page_is_for_administrators(client, role):
    client.force_login(person(role))

    assert client.get("/ui/").status_code == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_that_carry_meaning_stand_out_from_what_they_lie_on(theme):
    too_pale = [f"{one.name} on {one.ground}: {one.ratio:.2f}" for one in contrasts(theme) if not one.is_enough]

    assert too_pale == []


def test_both_themes_have_the_same_colours():
    light, dark = themes()["light"], themes()["dark"]

    assert light.keys() == dark.keys() >= USES.keys()


def test_contrast_is_that_of_wcag():
    assert ratio_of("#000000", "#ffffff") == pytest.approx(21)
    assert ratio_of("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert ratio_of("#ffffff", "#ffffff") == 1
