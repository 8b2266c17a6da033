"""Who may open what: a written table for every address, tried with every role. An address without a row is red."""

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from matching.enums import RunState
from matching.models import Run
from tests.factories import CommodityFactory
from tests.matching.found import finished_run, some_matches
from tests.people import person

pytestmark = pytest.mark.django_db

STRANGER = "stranger"
WHO = (STRANGER, Role.BUSINESS, Role.OFFICER, Role.STAFF, Role.ADMIN)
OPEN = "200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200"
READERS = "302 404 200 200 200"  # officers, staff, administrators
STAFF = "302 404 404 200 200"
# Address name: method, what each of WHO is answered.
TABLE = {
    "livez": ("get", OPEN),
    "readyz": ("get", OPEN),
    "account_login": ("get", "200 302 302 302 302"),
    "account_logout": ("get", "302 200 200 200 200"),
    "account_inactive": ("get", OPEN),
    "account_reset_password": ("get", OPEN),
    "account_reset_password_done": ("get", OPEN),
    "account_reset_password_from_key": ("get", OPEN),
    "account_reset_password_from_key_done": ("get", OPEN),
    "set_language": ("post", "302 302 302 302 302"),
    "desk:home": ("get", SIGNED_IN),
    "desk:balance": ("get", READERS),
    "desk:unmet-needs": ("get", READERS),
    "desk:unused-capacities": ("get", READERS),
    "matching:match-list": ("get", READERS),
    "matching:match-detail": ("get", READERS),
    "matching:match-decide": ("post", "302 404 302 302 302"),
    "matching:near-miss-list": ("get", READERS),
    "matching:run-list": ("get", READERS),
    "matching:run-detail": ("get", READERS),
    "matching:run-progress": ("get", READERS),
    "matching:run-start": ("post", "302 404 404 302 302"),
    "reports:matches": ("get", READERS),
    "companies:book": ("get", STAFF),
    "companies:book-template": ("get", STAFF),
}


def every_address(patterns=None, namespace: str = "", prefix: str = "") -> dict[str, str]:
    """Name and route of every address of the product."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= every_address(pattern.url_patterns, inner, route)
        elif isinstance(pattern, URLPattern):
            found[f"{namespace}{pattern.name}"] = route
    return found


def test_every_address_has_its_row():
    assert set(every_address()) == set(TABLE)


def address_of(name: str, match: int, run: int) -> str:
    if name == "account_reset_password_from_key":
        return "/accounts/password/reset/key/1-none/"
    route = every_address()[name]
    filled = {"matches/<int:pk>": f"matches/{match}", "runs/<int:pk>": f"runs/{run}", "<str:language>": "en"}
    for placeholder, value in filled.items():
        route = route.replace(placeholder, value)
    return "/" + route.replace(r"^matches\.(?P<kind>xlsx|csv)$", "matches.csv")


@pytest.mark.parametrize("name", TABLE)
def test_each_role_is_answered_as_the_table_says(client, name):
    cache.clear()
    (result,) = some_matches(CommodityFactory(), 1)
    running = Run.objects.filter(state=RunState.FINISHED).first() or finished_run()
    method, expected = TABLE[name]
    address = address_of(name, result.match_id, running.pk)
    facts = {"match-decide": {"state": "shortlisted"}, "set_language": {"language": "ru"}}.get(name.split(":")[-1], {})

    answered = []
    for who in WHO:
        client.logout()
        if who != STRANGER:
            client.force_login(person(who))
        response = getattr(client, method)(address, facts)
        answered.append(str(response.status_code))

    assert " ".join(answered) == expected


@pytest.mark.parametrize("name", [name for name, (method, _who) in TABLE.items() if method == "get" and ":" in name])
def test_pages_that_show_take_no_post(client, name):
    (result,) = some_matches(CommodityFactory(), 1)
    client.force_login(person(Role.ADMIN))

    assert client.post(address_of(name, result.match_id, result.run_id)).status_code == 405


@pytest.mark.parametrize("name", [name for name, (method, _who) in TABLE.items() if method == "get" and ":" in name])
def test_no_browser_keeps_a_page_of_those_who_signed_in(client, name):
    (result,) = some_matches(CommodityFactory(), 1)
    client.force_login(person(Role.STAFF))

    kept = client.get(address_of(name, result.match_id, result.run_id))["Cache-Control"]

    assert {"no-store", "private"} <= {word.strip() for word in kept.split(",")}


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER])
def test_a_closed_account_sees_nothing_any_more(client, role):
    (result,) = some_matches(CommodityFactory(), 1)
    user = person(role)
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get(f"/matches/{result.match_id}/").status_code == 302


def test_forms_of_another_site_are_refused_in_our_look():
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person(Role.STAFF))

    response = strict.post("/runs/start/")

    assert response.status_code == 403
    assert "You may not do this" in response.content.decode()
    assert not Run.objects.exists()
