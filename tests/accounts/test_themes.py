"""Light, dark or as the system: kept by the browser, said by the server on every page, also on those of errors."""

import re

import pytest

pytestmark = pytest.mark.django_db


def root_of(response) -> str:
    return re.search(r"<html[^>]*>", response.content.decode()).group()


def test_theme_is_that_of_the_system_until_somebody_chooses(client):
    assert root_of(client.get("/")) == '<html lang="en">'

    response = client.post("/theme/", {"theme": "dark", "next": "/?a=1"})

    kept = response.cookies["tm_theme"]
    assert (response.status_code, response["Location"]) == (302, "/?a=1")
    assert (kept.value, kept["httponly"], kept["samesite"], kept["secure"]) == ("dark", True, "Lax", "")
    assert root_of(client.get("/")) == '<html lang="en" data-theme="dark">'
    assert root_of(client.get("/nowhere/")) == '<html lang="en" data-theme="dark">'


def test_theme_goes_back_to_the_system(client):
    client.post("/theme/", {"theme": "light"})
    assert root_of(client.get("/")) == '<html lang="en" data-theme="light">'

    client.post("/theme/", {"theme": "system"})

    assert root_of(client.get("/")) == '<html lang="en">'


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_theme_leads_to_no_other_site(client, there):
    assert client.post("/theme/", {"theme": "dark", "next": there})["Location"] == "/"


@pytest.mark.parametrize("theme", ["", "blue", "dark\x00"])
def test_theme_that_there_is_not_is_refused(client, theme):
    response = client.post("/theme/", {"theme": theme})

    assert (response.status_code, response.cookies.get("tm_theme")) == (400, None)


def test_theme_is_no_link(client):
    assert client.get("/theme/").status_code == 405


def test_cookie_that_somebody_made_up_is_passed_over(client):
    client.cookies["tm_theme"] = 'dark" onload="x'

    assert root_of(client.get("/")) == '<html lang="en">'
