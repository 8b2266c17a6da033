"""What no template may hold: inline script or style, symbols that fonts lack, icons that do not exist, loose words."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
ICONS = set(re.findall(r'id="i-([a-z]+)"', (settings.BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")))
CSS = "".join(path.read_text(encoding="utf-8") for path in sorted((settings.BASE_DIR / "static" / "css").glob("*.css")))
# Arrows, mathematical operators, technical and box symbols, dingbats, emoji.
SYMBOLS = re.compile("[\u2190-\u2bff\u2700-\u27bf\U0001f000-\U0001faff]")
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE),
    "an event handler": re.compile(r"\son[a-z]+\s*=|hx-on", re.IGNORECASE),
    "something from elsewhere": re.compile(r"""(?:src|href)=["']?(?:https?:)?//""", re.IGNORECASE),
    "a symbol character": SYMBOLS,
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_template_holds_nothing_that_the_policy_or_the_fonts_refuse(path):
    text = path.read_text(encoding="utf-8")

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_every_icon_that_is_named_exists():
    named = {
        icon
        for path in TEMPLATES
        for icon in re.findall(r'ui/_icon\.html" with name="([a-z]+)"', path.read_text(encoding="utf-8"))
    }

    assert named - ICONS == set()
    assert len(named) > 15


def test_every_class_of_ours_has_a_rule():
    used = {
        name
        for path in TEMPLATES
        for names in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.findall(r"tm-[a-z0-9-]+", names)
    }

    assert {name for name in used if f".{name}" not in CSS} == set()


def test_partials_say_what_they_expect():
    partials = [path for path in TEMPLATES if path.name.startswith("_")]

    assert [path.name for path in partials if "Expects" not in path.read_text(encoding="utf-8").split("%}", 3)[1]] == []


def test_style_sheets_take_nothing_from_elsewhere():
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", CSS) == []
    assert "@import" not in CSS
