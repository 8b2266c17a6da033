"""What people see when something is missing, refused or broken: our look, their language, no details."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.enums import Role
from tests.people import person

HEADINGS = {
    "400": "The request makes no sense",
    "403": "You may not do this",
    "403_csrf": "The page was open for too long",
    "404": "There is nothing here",
    "429": "Too many requests",
    "500": "Something broke on our side",
    "503": "Not available for a moment",
}
# Address: method, status, heading.
FAILING = {
    "/fails/senseless/": ("get", 400, HEADINGS["400"]),
    "/fails/forbidden/": ("get", 403, HEADINGS["403"]),
    "/i18n/setlang/": ("post", 403, HEADINGS["403_csrf"]),
    "/nowhere/": ("get", 404, HEADINGS["404"]),
    "/fails/too-many/": ("get", 429, HEADINGS["429"]),
    "/fails/broken/": ("get", 500, HEADINGS["500"]),
    "/fails/away/57P01/": ("get", 503, HEADINGS["503"]),
}
DETAILS = re.compile(r"secret|Traceback|SELECT|10\.0\.0\.7|/work/|site-packages|\.py\b|OperationalError|RuntimeError")


@pytest.fixture
def visitor(settings) -> Client:
    """Somebody whose browser is asked for everything that a browser is asked for."""
    settings.ROOT_URLCONF = "tests.tradematch.failing_urls"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.parametrize("code", HEADINGS)
@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_error_page_needs_neither_request_nor_database(code, language):
    with translation.override(language):
        text = render_to_string(f"{code}.html")

    assert f'<html lang="{language}">' in text
    assert 'class="tm-brand"' in text
    assert "<nav" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("address", FAILING)
def test_failing_request_gets_its_page_with_its_number_and_no_details(visitor, address):
    method, status, heading = FAILING[address]

    response = getattr(visitor, method)(address)

    text = response.content.decode()
    assert (response.status_code, re.findall("<h1>(.*)</h1>", text)) == (status, [heading])
    assert re.findall('<b id="request-number">(.*)</b>', text) == [response["X-Request-ID"]]
    assert DETAILS.findall(text) == []
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", FAILING)
@pytest.mark.parametrize("language", ["id", "ru", "kk"])
def test_failing_request_is_answered_in_the_language_of_the_reader(visitor, address, language):
    visitor.cookies["django_language"] = language

    response = getattr(visitor, FAILING[address][0])(address)

    assert (f'<html lang="{language}">' in response.content.decode(), response["Content-Language"]) == (True, language)


def test_a_stranger_host_is_refused_in_the_language_of_the_reader(visitor):
    """Refused before the middleware that finds out the language."""
    with translation.override("kk"):
        response = visitor.get("/accounts/login/", headers={"host": "elsewhere.example", "accept-language": "ru"})

    assert (response.status_code, '<html lang="ru">' in response.content.decode()) == (400, True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fails/broken/", "/fails/away/57P01/", "/nowhere/"])
def test_error_page_asks_no_database(visitor, address):
    visitor.force_login(person(Role.BUSINESS))
    with connection.execute_wrapper(refuse_every_statement):
        response = visitor.get(address)

    assert response.status_code in (404, 500, 503)


def refuse_every_statement(execute, sql, params, many, context):
    raise AssertionError(f"asked: {sql}")


@pytest.mark.django_db
def test_a_reader_who_is_signed_in_gets_the_same_page(visitor):
    visitor.force_login(person(Role.BUSINESS))

    assert visitor.get("/nowhere/").status_code == 404


@pytest.mark.django_db
def test_too_many_attempts_get_the_page_of_ours(settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    client = Client()

    statuses = [client.post("/accounts/password/reset/", {"email": "a@example.test"}).status_code for _ in range(3)]
    last = client.post("/accounts/password/reset/", {"email": "a@example.test"})

    assert (statuses[0], statuses[-1], last["Retry-After"]) == (302, 429, "300")
    assert last["X-Request-ID"] in last.content.decode()
