"""The written table, tried: every address and method as everybody. An address without a row is red."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.printing import ANSWERED
from tests.permissions.table import ACTORS, PAGES, TABLE, Row
from tests.permissions.world import LINK, World, made_world, things_of

pytestmark = pytest.mark.django_db

# What is sent where something is done, so that it is done and not refused.
SENT = {
    "matching:match-decide": {"state": "shortlisted"},
    "set_language": {"language": "ru"},
    "set_theme": {"theme": "dark"},
    "companies:contact-look": {"purpose": "verify"},
    "companies:contact-add": {
        "name": "Somebody",
        "email": "somebody@example.test",
        "agreed": "on",
        "countries": ["ID"],
        "given_on": "2026-01-15",
        "wording": "2026-11",
    },
    "companies:stand-in-begin": {"reason": "asked on the phone"},
    "companies:fact-record": {"fact-kind": "visited", "fact-checked_on": "2026-01-15"},
    "companies:company-send-back": {"back-reason": "the number"},
    "companies:company-suspend": {"suspend-reason": "a complaint"},
    "companies:company-screen": {"screening-screening": "clear", "screening-note": "EU and UN, today"},
    "accounts:person-role": {"role-role": "officer", "role-reason": "a new post"},
    "accounts:person-close": {"close-reason": "has left"},
    "accounts:person-reopen": {"reopen-reason": "is back"},
    "accounts:person-second-factor": {"factor-reason": "has lost the telephone"},
    "accounts:own-account": {"name": "Another", "language": "en", "letters": "daily"},
    "accounts:saved-view-save": {"page": "matching:match-list", "name": "Palm oil", "query": "sector=palm_oil"},
    "notices:notices-read": {"newest": "1"},
    "reports:report-new": {"subject": "matches"},
    "reports:report-file-add": {"format": "json", "language": "ru"},
    "corridor:duty-choose": {"line": "T9001", "reason": "solid fractions", "source": "letter of a broker"},
    "corridor:preference-switch": {
        "in_force_from": "2027-01-01",
        "legal_reference": "a law of a test",
        "confirmed": "on",
    },
    "corridor:leg-switch": {"becomes": "closed", "from_day": "2026-11-25", "reason": "ice", "seen": "0"},
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
    assert set(every_address()) == {row.address for row in TABLE}


def test_every_row_answers_everybody():
    assert [row for row in TABLE if len(row.answers) != len(ACTORS)] == []


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once; what an attempt changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_world()
        transaction.set_rollback(True)


def address_of(row: Row, world: World) -> str:
    """The address of a row, of a company of the country that the row is about."""
    things = things_of(world, row)
    special = {
        "account_reset_password_from_key": "/accounts/password/reset/key/1-none/",
        "account_confirm_email": "/accounts/confirm-email/none/",
        "reports:matches": "/reports/matches.csv",
        "corridor:quote-export": "/corridor/quotes/export.csv",
        "desk:history": f"/history/{row.variant}/{things['history']}/",
    }
    if row.address in special:
        return special[row.address]
    route = "/" + every_address()[row.address].replace("<listings:kind>", row.variant)
    route = route.replace("<uuid:public_id>", things["report"])
    for folder, pk in things["by_folder"].items():
        route = route.replace(f"{folder}/<int:pk>", f"{folder}/{pk}")
    for name in ("contact", "member", "stand_in", "certificate", "file", "invitation", "other", "merge"):
        route = route.replace(f"<int:{name}>", str(things[name]))
    route = (
        route.replace("<str:language>", "en").replace("<slug:step>", row.variant).replace("<slug:line>", row.variant)
    )
    route = route.replace("<str:link>", LINK).replace("<str:kind>", "csv")
    route = route.replace("<slug:code>/<slug:market>", "goods-ID/KZ").replace(
        "commodities/<slug:code>", "commodities/goods-ID"
    )
    route = route.replace("<slug:slug>", "a-scheme")
    return route + (f"?company={things['company']}" if row.variant == "of-company" else "")


def answer_of(response) -> str:
    """What a person is answered, as the table writes it."""
    if response.status_code != 302:
        return str(response.status_code)
    ways = {"/accounts/login/": "in", "/accounts/second-factor/": "2f", "/accounts/reauthenticate/": "again"}
    return ways.get(response["Location"].partition("?")[0], "302")


def tried(world: World, row: Row, actor: str, address: str):
    """What somebody is answered; what it changed is undone."""
    user = world.who(actor, row)
    client = world.client(user)
    with transaction.atomic():
        send = getattr(client, row.method)
        response = send(address, SENT.get(row.address, {}) if row.method == "post" else {})
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("name", PAGES)
def test_everybody_is_answered_as_the_table_says(world, name):
    rows = [row for row in TABLE if row.name == name]
    answered = {}
    for row in rows:
        answers = []
        with transaction.atomic():  # what the address is about is made once for everybody
            address = address_of(row, world)
            for actor in ACTORS:
                cache.clear()
                answers.append(answer_of(tried(world, row, actor, address)))
            transaction.set_rollback(True)
        answered[row.method] = answers
        ANSWERED[row.name, row.method] = answers

    assert {way: " ".join(answers) for way, answers in answered.items()} == {
        row.method: " ".join(row.answers) for row in rows
    }
