"""Where a person is signed in: listed in words, ended one by one or all others; a new key at every sign-in."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.devices import device_in_words
from accounts.enums import Role
from accounts.models import User
from accounts.sessions import SEEN, open_sessions
from tests.people import PASSWORD, code_for, person

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 YaBrowser/24.6 Safari/537.36", "Yandex on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/17 Safari/605.1",
            "Safari on macOS",
        ),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121.0", "Samsung Internet on Android"),
        ("curl/8.5.0", "an unknown device"),
        ("Firefox/128.0", "Firefox"),
        ("", "an unknown device"),
    ],
)
def test_a_device_is_told_in_words(user_agent, words):
    assert device_in_words(user_agent) == words


@pytest.fixture
def user(client, sign_in):
    user = person(Role.STAFF)
    sign_in(client, user)
    return user


@pytest.fixture
def phone(user, sign_in):
    phone = Client(headers={"user-agent": PHONE})
    sign_in(phone, user)
    return phone


def test_sessions_are_listed_this_one_first(client, phone, user):
    text = client.get("/accounts/sessions/").content.decode()

    assert text.index("This one") < text.index("Chrome on Android")
    on_the_phone = open_sessions(user, phone.session.session_key)
    assert [session.device for session in on_the_phone] == ["Chrome on Android", "an unknown device"]


def test_one_session_is_ended(client, phone, user):
    (pk,) = [session.pk for session in open_sessions(user) if session.device == "Chrome on Android"]

    response = client.post(f"/accounts/sessions/{pk}/end/")

    assert response["Location"] == "/accounts/sessions/"
    assert phone.get("/accounts/me/").status_code == 302
    assert client.get("/accounts/me/").status_code == 200
    assert len(open_sessions(user)) == 1


def test_all_other_sessions_are_ended(client, phone, user, sign_in):
    third = Client()
    sign_in(third, user)

    client.post("/accounts/sessions/")

    assert [browser.get("/accounts/me/").status_code for browser in (client, phone, third)] == [200, 302, 302]
    assert len(open_sessions(user)) == 1
    assert client.get("/accounts/sessions/").content.decode().count("This one") == 1


def test_a_session_of_somebody_else_is_not_there(client, user, sign_in):
    other = Client()
    sign_in(other, person(Role.OFFICER))
    pk = UserSession.objects.exclude(user=user).get().pk

    response = client.post(f"/accounts/sessions/{pk}/end/")

    assert response.status_code == 404
    assert other.get("/accounts/me/").status_code == 200
    assert "an unknown device" in client.get("/accounts/sessions/").content.decode()
    assert len(open_sessions(user)) == 1


def test_ending_the_session_one_is_in_signs_out(client, user):
    (pk,) = [session.pk for session in open_sessions(user)]

    response = client.post(f"/accounts/sessions/{pk}/end/", follow=True)

    assert response.redirect_chain[-1] == ("/accounts/login/?next=/accounts/sessions/", 302)
    assert open_sessions(user) == []


def test_a_session_that_ran_out_is_not_listed(client, phone, user):
    Session.objects.exclude(session_key=client.session.session_key).update(expire_date=timezone.now())

    assert [session.is_this_one for session in open_sessions(user, client.session.session_key)] == [True]


def test_the_list_costs_the_same_for_one_session_as_for_four(client, user, sign_in, django_assert_num_queries):
    client.get("/accounts/sessions/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/accounts/sessions/")
        for_one = len(asked)
    for _number in range(3):
        sign_in(Client(), user)

    with django_assert_num_queries(for_one):
        client.get("/accounts/sessions/")

    assert len(open_sessions(user)) == 4


def test_last_seen_moves_on_but_is_not_written_at_each_request(client, user):
    client.get("/accounts/me/")
    long_ago = timezone.now() - dt.timedelta(hours=2)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/accounts/me/")  # seen a moment ago: nothing is written
    kept = UserSession.objects.get().last_seen_at
    session = client.session
    session[SEEN] -= 301
    session.save()

    client.get("/accounts/me/")

    assert kept == long_ago
    assert UserSession.objects.get().last_seen_at > timezone.now() - dt.timedelta(minutes=1)


def test_signing_in_gives_the_session_a_new_key(client):
    """A key that somebody slipped into the browser before is worth nothing after."""
    client.get("/accounts/login/")
    client.post("/i18n/setlang/", {"language": "en"})
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    client.post("/accounts/login/", {"login": person(Role.BUSINESS).email, "password": PASSWORD})

    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/accounts/me/").status_code == 302


def test_the_second_step_gives_the_session_a_new_key_too(client):
    staff = person(Role.STAFF)
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    halfway = client.session.session_key

    client.post("/accounts/second-factor/sign-in/", {"code": code_for(staff)})

    assert client.get("/accounts/me/").status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = halfway
    assert thief.get("/accounts/me/").status_code == 302


def test_signing_in_over_somebody_elses_session_leaves_nothing_of_theirs(client, user, sign_in):
    session = client.session
    session["theirs"] = "a draft"
    session.save()
    client.post("/accounts/logout/")

    sign_in(client, person(Role.OFFICER))

    assert "theirs" not in client.session


@pytest.mark.parametrize("change", [{"role": Role.BUSINESS}, {"is_active": False}, {"session_round": 7}])
def test_a_session_ends_whichever_way_the_row_was_changed(client, user, change):
    """By a service, at a terminal, in the database: no path around our code leaves a session open."""
    User.objects.filter(pk=user.pk).update(**change)

    assert client.get("/accounts/me/").status_code == 302
