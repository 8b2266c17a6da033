"""What people see when something is missing, refused or broken: our look, their language, no details."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.enums import Role
from tests.people import person

HEADINGS = {
    "400": "The request makes no sense",
    "403": "You may not do this",
    "404": "There is nothing here",
    "429": "Too many requests",
    "500": "Something broke on our side",
}


@pytest.mark.parametrize("code", HEADINGS)
@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_error_page_needs_neither_request_nor_database(code, language):
    with translation.override(language):
        text = render_to_string(f"{code}.html")

    assert f'<html lang="{language}">' in text
    assert 'class="tm-brand"' in text
    assert "<nav" not in text


@pytest.mark.parametrize("code", HEADINGS)
def test_error_page_says_what_happened(code):
    assert HEADINGS[code] in render_to_string(f"{code}.html")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.STAFF])
def test_an_unknown_address_is_answered_in_the_language_of_the_reader(client, role):
    if role:
        client.force_login(person(role))
    client.cookies["django_language"] = "ru"

    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert '<html lang="ru">' in response.content.decode()


@pytest.mark.django_db
def test_an_error_of_ours_shows_no_details(monkeypatch):
    def broken(*arguments):
        raise RuntimeError("secret of the engine room")

    monkeypatch.setattr("desk.views.overview", broken)
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.STAFF))

    response = client.get("/")

    assert response.status_code == 500
    text = response.content.decode()
    assert "Something broke on our side" in text
    assert "secret" not in text
    assert "Traceback" not in text


@pytest.mark.django_db
def test_every_page_has_the_policy_of_ours(client):
    for address in ("/accounts/login/", "/nowhere/", "/livez"):
        policy = client.get(address)["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
