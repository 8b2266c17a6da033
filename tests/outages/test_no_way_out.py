"""The product needs nobody outside: no program of it tries to reach one, and no page asks a browser to."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from launcher.places import PYTHON
from tests.outages.house import GUARD, DrillHouse, Visitor, pages_of

pytestmark = pytest.mark.slow

# What a browser fetches by itself; a plain link is followed by a person, who decides.
FETCHED = re.compile(
    r"""<(?!a\b)[^>]*?\b(?:src|href|srcset|action|formaction|data|poster)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)"""
)
IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')\s]+)""")


def test_no_program_tries_to_reach_anybody_outside(house: DrillHouse):
    for entry in house.sign_ins().values():
        visitor = Visitor(house.address)
        assert visitor.sign_in(entry["email"], entry["password"]).location == "/"
        assert len(pages_of(visitor, most=15)) > 2
    visitor.get("/accounts/password/reset/")
    assert visitor.post("/accounts/password/reset/", email=entry["email"]).status == 302

    assert house.tried_to_leave() == []


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        ("socket.socket().connect(('192.0.2.1', 80))", "connect 192.0.2.1"),
        ("socket.create_connection(('192.0.2.1', 80), 1)", "getaddrinfo 192.0.2.1"),
        ("urllib.request.urlopen('http://example.test/')", "getaddrinfo example.test"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))", "sendto 192.0.2.1"),
    ],
)
def test_control_the_guard_sees_an_attempt(tmp_path, attempt, told):
    """Without this the test above might look at a guard that sleeps."""
    log = tmp_path / "log"

    done = subprocess.run(
        [PYTHON, "-c", f"import socket, urllib.request; {attempt}"],
        env={**os.environ, "PYTHONPATH": str(GUARD), "TM_GUARD_LOG": str(log)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert log.read_text().startswith(told)


def test_no_page_makes_a_browser_fetch_from_elsewhere(house: DrillHouse):
    stranger, fetched = Visitor(house.address), {}
    entry = house.sign_ins()["admin"]
    person = Visitor(house.address)
    person.sign_in(entry["email"], entry["password"])
    asked = [
        *((stranger, page) for page in ("/accounts/login/", "/accounts/password/reset/", "/nowhere/")),
        *((person, page) for page in pages_of(person, most=30)),
    ]
    for visitor, page in asked:
        if found := FETCHED.findall(visitor.get(page).text):
            fetched[page] = found

    assert fetched == {}
    assert len(asked) > 8


def test_no_style_and_no_script_of_ours_names_another_host():
    files = [path for kind in ("css", "js", "svg") for path in Path(settings.BASE_DIR, "static").rglob(f"*.{kind}")]

    found = {path.name: IN_STYLE.findall(path.read_text(encoding="utf-8")) for path in files}

    assert {name: hosts for name, hosts in found.items() if hosts} == {}
    assert len(files) > 5


def test_control_what_is_fetched_from_elsewhere_would_be_found():
    page = '<a href="https://go.id/">x</a><script src="//cdn.example/x.js"></script><img src="/static/x.svg">'

    assert FETCHED.findall(page) == ["//cdn.example/x.js"]
    assert IN_STYLE.findall("@font-face { src: url('https://fonts.example/a.woff2') }") == [
        "https://fonts.example/a.woff2"
    ]
