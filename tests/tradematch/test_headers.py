"""What every answer tells the browser to refuse, whatever kind of answer it is."""

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory

from accounts.enums import Role
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person
from tradematch.encoding import HEADERS
from tradematch.wsgi import application

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What is asked for, and how it is answered.
ANSWERS = {
    "/accounts/login/": 200,
    "/": 200,
    "/livez": 200,
    "/readyz": 200,
    "/static/icon.svg": 200,
    "/static/nowhere.svg": 404,
    "/nowhere/": 404,
    "/fails/senseless/": 400,
    "/fails/forbidden/": 403,
    "/fails/too-many/": 429,
    "/fails/broken/": 500,
    "/fails/away/57P01/": 503,
}


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = "tests.tradematch.failing_urls"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    return Client(raise_request_exception=False)


def assert_guarded(response) -> None:
    policy, permissions = response["Content-Security-Policy"], response["Permissions-Policy"]

    assert {name: response[name] for name in ALWAYS} == ALWAYS
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert [feature for feature in ("camera=()", "geolocation=()", "payment=()") if feature not in permissions] == []
    assert response["X-Request-ID"]
    assert "Server" not in response
    assert "X-Powered-By" not in response


@pytest.mark.django_db
@pytest.mark.parametrize("address", ANSWERS)
def test_answer_of_every_kind_is_guarded(visitor, address):
    response = visitor.get(address)

    assert response.status_code == ANSWERS[address]
    assert_guarded(response)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_download_is_guarded_and_is_one(visitor, kind):
    some_matches(CommodityFactory(), 1)
    visitor.force_login(person(Role.STAFF))

    response = visitor.get(f"/reports/matches.{kind}")

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; ")
    assert_guarded(response)
    b"".join(response.streaming_content)


@pytest.mark.django_db
def test_form_that_another_site_sends_is_refused_under_guard(settings):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})

    assert response.status_code == 403
    assert_guarded(response)


def test_what_is_refused_at_the_door_is_guarded():
    environ = RequestFactory().get("/").environ | {"CONTENT_TYPE": "text/plain; charset=utf-16"}
    said = []

    b"".join(application(environ, lambda status, headers: said.append((status, headers))))

    assert said == [("415 Unsupported Media Type", HEADERS)]
    told = dict(HEADERS)
    assert {name: told[name] for name in ALWAYS if name != "Cross-Origin-Opener-Policy"} == {
        name: value for name, value in ALWAYS.items() if name != "Cross-Origin-Opener-Policy"
    }
    assert "camera=()" in told["Permissions-Policy"]


@pytest.mark.django_db
def test_answers_behind_a_proxy_insist_on_tls(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    client = Client()

    refused = client.get("/accounts/login/")
    answered = client.get("/accounts/login/", headers={"x-forwarded-proto": "https"})

    assert (refused.status_code, refused["Location"]) == (301, "https://testserver/accounts/login/")
    assert (answered.status_code, answered["Strict-Transport-Security"]) == (200, "max-age=31536000")


def test_request_numbers_come_before_everything_else_and_outages_before_the_database():
    order = [name.rpartition(".")[2] for name in configured.MIDDLEWARE]

    assert order[0] == "RequestIdMiddleware"
    assert order.index("OutageMiddleware") < order.index("SessionMiddleware")
    assert order.index("PermissionsPolicyMiddleware") < order.index("WhiteNoiseMiddleware")
