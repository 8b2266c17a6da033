"""Signing in with an e-mail address, signing out, a forgotten password."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def sign_in(client, **facts):
    return client.post("/accounts/login/", {"login": "staff@example.test", "password": PASSWORD} | facts)


def test_sign_in_leads_to_the_page_that_was_asked_for(client):
    person(Role.STAFF)

    response = client.post("/accounts/login/?next=/matches/", {"login": "STAFF@example.test", "password": PASSWORD})

    assert response["Location"] == "/matches/"
    assert client.get("/matches/").status_code == 200


def test_sign_in_never_leads_to_another_site(client):
    person(Role.STAFF)

    response = sign_in(client, next="https://evil.test/")

    assert response["Location"] == "/"


@pytest.mark.parametrize("facts", [{"password": "wrong"}, {"login": "nobody@example.test"}])
def test_sign_in_refuses_without_saying_whether_the_address_is_known(client, facts):
    person(Role.STAFF)

    response = sign_in(client, **facts)

    assert response.status_code == 200
    assert "The e-mail address and the password do not belong together." in response.content.decode()


def test_a_closed_account_cannot_sign_in(client):
    person(Role.STAFF, is_active=False)

    sign_in(client)

    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_sign_in_says_what_is_missing_at_its_field(client):
    text = sign_in(client, login="", password="").content.decode()

    assert text.count("Fill this in.") == 4  # at the top and at each of two fields
    assert 'aria-describedby="id_login-error"' in text


def test_signing_out_takes_a_button_and_ends_the_session(client):
    person(Role.STAFF)
    sign_in(client)

    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_a_forgotten_password_is_replaced_through_a_link_by_mail(client):
    person(Role.STAFF)

    client.post("/accounts/password/reset/", {"email": "staff@example.test"})
    address = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    response = client.get(address, follow=True)
    new = {"password1": "a-quite-new-secret", "password2": "a-quite-new-secret"}
    client.post(response.redirect_chain[-1][0], new)

    assert mail.outbox[0].subject == "TradeMatch: choose a new password"
    assert sign_in(client, password="a-quite-new-secret")["Location"] == "/"


def test_a_password_for_an_unknown_address_tells_only_its_owner(client):
    known = client.post("/accounts/password/reset/", {"email": person(Role.STAFF).email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.test"})

    assert known["Location"] == unknown["Location"]
    assert mail.outbox[1].subject == "TradeMatch: no account with this address"
    assert "http" not in mail.outbox[1].body


def test_a_weak_or_mistyped_new_password_is_refused(client):
    person(Role.STAFF)
    client.post("/accounts/password/reset/", {"email": "staff@example.test"})
    address = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = client.get(address, follow=True).redirect_chain[-1][0]

    client.post(page, {"password1": "short", "password2": "short"})
    client.post(page, {"password1": "a-quite-new-secret", "password2": "a-quite-other-secret"})

    assert sign_in(client)["Location"] == "/"


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_change_password", "account_reauthenticate"]
)
def test_pages_of_allauth_without_a_use_here_are_not_routed(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"],
)
def test_pages_for_strangers_exist_in_every_language(client, language, address):
    client.cookies["django_language"] = language

    response = client.get(address)

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()


def test_language_is_changed_by_a_button_and_stays_on_the_page(client):
    response = client.post("/i18n/setlang/", {"language": "ru", "next": "/accounts/login/?next=/matches/"})

    assert response["Location"] == "/accounts/login/?next=/matches/"
    assert '<html lang="ru">' in client.get("/accounts/login/").content.decode()


def test_pages_go_on_in_the_language_of_the_account(client):
    person(Role.STAFF, language="kk")

    sign_in(client)

    assert '<html lang="kk">' in client.get("/").content.decode()


def test_a_language_chosen_before_signing_in_stays(client):
    person(Role.STAFF, language="kk")
    client.post("/i18n/setlang/", {"language": "ru"})

    sign_in(client)
    here = client.get("/").content.decode()
    client.post("/accounts/logout/")

    assert '<html lang="ru">' in here
    assert '<html lang="ru">' in client.get("/accounts/login/").content.decode()


def test_a_language_chosen_while_signed_in_is_kept_by_the_account(client):
    user = person(Role.STAFF, language="kk")
    sign_in(client)

    client.post("/i18n/setlang/", {"language": "id"})

    user.refresh_from_db()
    assert user.language == "id"
    assert '<html lang="id">' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "EN"])
def test_an_unknown_language_changes_no_account(client, language):
    user = person(Role.STAFF, language="kk")
    client.force_login(user)

    client.post("/i18n/setlang/", {"language": language})

    user.refresh_from_db()
    assert user.language == "kk"


def test_two_people_at_one_browser_each_read_their_own_language(client):
    person(Role.STAFF, language="kk")
    person(Role.OFFICER, language="ru")

    sign_in(client)
    client.post("/accounts/logout/")
    sign_in(client, login="officer@example.test")

    assert '<html lang="ru">' in client.get("/").content.decode()


@pytest.mark.parametrize("address", ["http://[::1", "//[", "http://\u2100.com"])
@pytest.mark.parametrize("page", ["login", "logout", "password/reset"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_to_go_on_to_that_is_none_is_refused(client, method, page, address):
    response = getattr(client, method)(f"/accounts/{page}/", {"next": address})

    assert response.status_code == 400
    assert "TradeMatch" in response.content.decode()


def test_attempts_are_counted_by_account_whatever_host_is_asked_for(client):
    person(Role.STAFF)
    addresses = ({"SERVER_PORT": str(port), "REMOTE_ADDR": f"127.0.0.{port}"} for port in range(1, 6))

    for address in addresses:
        client.post("/accounts/login/", {"login": "staff@example.test", "password": "wrong"}, **address)
    response = client.post("/accounts/login/", {"login": "STAFF@example.test", "password": PASSWORD}, SERVER_PORT="99")

    assert "Too many attempts. Wait a few minutes, then try again." in response.content.decode()


def test_whoever_asks_too_often_is_told_in_our_words(client):
    for number in range(31):
        facts = {"login": f"person-{number}@example.test", "password": "wrong"}
        response = client.post("/accounts/login/", facts)

    assert response.status_code == 429
    assert "Too many requests. Wait a few minutes, then try again." in response.content.decode()
    assert 'class="tm-brand"' in response.content.decode()
