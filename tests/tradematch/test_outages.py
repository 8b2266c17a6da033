"""The database is away or too busy: what only shows is tried again, what changes something tells what became of it."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests.people import person
from tests.tradematch import failing_urls
from tests.tradematch.failing_urls import outage
from tradematch.outages import is_outage, typed

NOTHING_SAVED = "Nothing of your last step was saved."
PERHAPS_SAVED = "Your last step may have been saved, or not."


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = "tests.tradematch.failing_urls"
    failing_urls.asked.clear()
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (None, True),  # no connection at all
        ("08006", True),
        ("57P01", True),  # the server is shut down
        ("57P03", True),  # ... or starting
        ("53300", True),  # too many connections
        ("55P03", True),  # the rows are locked
        ("57014", True),  # the statement took too long
        ("25P03", True),  # idle in a transaction
        ("40001", True),
        ("40P01", True),  # a deadlock
        ("42P01", False),  # a table that does not exist is a fault of ours
        ("22003", False),
    ],
)
def test_is_outage_tells_a_database_that_is_away_from_a_fault_of_ours(state, counts):
    assert is_outage(outage(state)) is counts


def test_is_outage_looks_at_what_led_to_an_error():
    error = KeyError("x")
    error.__context__ = outage("57P01")

    assert is_outage(error)
    assert not is_outage(IntegrityError("x"))
    assert not is_outage(None)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "times"), [("57P01", 1), ("55P03", 1), ("lost", 1)])
def test_page_that_cannot_be_shown_says_so_and_when_to_come_again(visitor, state, times):
    response = visitor.get(f"/fails/away/{state}/?of=needs")

    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert f'<a class="tm-btn primary" href="/fails/away/{state}/?of=needs">Try again</a>' in text
    assert "<form" not in text
    assert failing_urls.asked == ["GET"] * times


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "times"), [("57P01", 2), ("lost", 2), ("55P03", 1), ("57014", 1)])
def test_what_only_shows_is_tried_once_more_where_the_connection_broke(visitor, state, times):
    visitor.get(f"/fails/away/{state}/")

    assert failing_urls.asked == ["GET"] * times


@pytest.mark.django_db(transaction=True)
def test_a_page_comes_though_the_connection_broke_in_the_middle(visitor):
    response = visitor.get("/fails/away-once/")

    assert (response.status_code, response.content) == (200, b"here again")


@pytest.mark.django_db(transaction=True)
def test_what_changes_something_is_never_repeated(visitor):
    response = visitor.post("/fails/away-once/")

    assert (response.status_code, failing_urls.asked) == (503, ["POST"])


@pytest.mark.django_db
def test_form_is_handed_back_when_nothing_was_saved(visitor):
    fields = {"note": 'They said "call\nback" <soon>', "tonnes": ["1", "2"], "hs_code": "151190"}

    response = visitor.post("/fails/away/57P01/?step=2", fields | {"csrfmiddlewaretoken": "abc"})

    text = response.content.decode()
    assert response.status_code == 503
    assert NOTHING_SAVED in text
    assert '<form method="post" action="/fails/away/57P01/?step=2">' in text
    assert re.findall(r'name="(\w+)" value="([^"]*)"', text) == [
        ("note", "They said &quot;call\nback&quot; &lt;soon&gt;"),
        ("tonnes", "1"),
        ("tonnes", "2"),
        ("hs_code", "151190"),
        ("csrfmiddlewaretoken", "abc"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["password", "new_password1", "code", "reset_token", "credential"])
def test_form_with_a_secret_is_not_handed_back(visitor, name):
    response = visitor.post("/fails/away/57P01/", {name: "hunter2", "login": "budi@example.test"})

    text = response.content.decode()
    assert NOTHING_SAVED in text
    assert "Go back in a moment and repeat it." in text
    assert ("hunter2" in text, "budi@" in text) == (False, False)


def test_files_and_very_long_texts_are_not_handed_back(rf):
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert typed(rf.post("/", {"file": SimpleUploadedFile("a.csv", b"x"), "note": "n"})) == []
    assert typed(rf.post("/", {"note": "n" * 50_001})) == []
    assert typed(rf.post("/", {"note": "n"})) == [("note", "n")]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_the_server_cut_off_is_known_to_have_saved_nothing(visitor):
    user = person(Role.BUSINESS, name="as it was")

    response = visitor.post("/fails/away-while-writing/", {"note": "n"})

    assert (response.status_code, NOTHING_SAVED in response.content.decode()) == (503, True)
    assert User.objects.get(pk=user.pk).name == "as it was"


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_before_the_outage_is_not_denied(visitor):
    user = person(Role.BUSINESS, name="as it was")

    response = visitor.post("/fails/away-after-writing/", {"note": "n"})

    text = response.content.decode()
    assert (response.status_code, PERHAPS_SAVED in text, NOTHING_SAVED in text) == (503, True, False)
    assert "<form" not in text
    assert User.objects.get(pk=user.pk).name == "changed"


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_no_fault_of_the_reader(visitor):
    assert visitor.get("/fails/too-slow/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_the_next_page_comes_by_itself_after_the_server_dropped_everybody(visitor):
    visitor.force_login(person(Role.BUSINESS))
    assert visitor.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()

    assert visitor.get("/").status_code == 200
