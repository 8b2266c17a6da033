"""Signing in with an e-mail address, signing out, a forgotten password."""

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from tests.accounts.conftest import link_in_last_letter
from tests.people import PASSWORD, code_for, person

pytestmark = pytest.mark.django_db


def try_to_sign_in(client, **facts):
    return client.post("/accounts/login/", {"login": "business@example.test", "password": PASSWORD} | facts)


def test_sign_in_leads_to_the_page_that_was_asked_for(client):
    staff = person(Role.STAFF)

    client.post("/accounts/login/?next=/matches/", {"login": "STAFF@example.test", "password": PASSWORD})
    response = client.post("/accounts/second-factor/sign-in/", {"code": code_for(staff)})

    assert response["Location"] == "/matches/"
    assert client.get("/matches/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/",
        "//evil.test/",
        "///evil.test/",
        "/\\evil.test/",
        "\\\\evil.test/",
        "https:evil.test",
        "http:///evil.test",
        "https://testserver@evil.test/",
        "https://evil.test@testserver:80@evil.test/",
        "https://localhost/",  # a name of ours, but not the one that was asked
        "javascript:alert(1)",
        " //evil.test/",
        "\t//evil.test/",
        "/\t/evil.test/",
    ],
)
def test_sign_in_never_leads_to_another_site(client, address):
    person(Role.BUSINESS)

    response = try_to_sign_in(client, next=address)

    assert response["Location"] == "/"


@pytest.mark.parametrize("facts", [{"password": "wrong"}, {"login": "nobody@example.test"}])
def test_sign_in_refuses_without_saying_whether_the_address_is_known(client, facts):
    person(Role.BUSINESS)

    response = try_to_sign_in(client, **facts)

    assert response.status_code == 200
    assert "The e-mail address and the password do not belong together." in response.content.decode()


def test_a_closed_account_cannot_try_to_sign_in(client):
    person(Role.BUSINESS, is_active=False)

    try_to_sign_in(client)

    assert client.get("/notices/")["Location"] == "/accounts/login/?next=/notices/"


def test_sign_in_says_what_is_missing_at_its_field(client):
    text = try_to_sign_in(client, login="", password="").content.decode()

    assert text.count("Fill this in.") == 4  # at the top and at each of two fields
    assert 'aria-describedby="id_login-error"' in text


def test_signing_out_takes_a_button_and_ends_the_session(client):
    person(Role.BUSINESS)
    try_to_sign_in(client)

    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/notices/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/notices/").status_code == 302


def test_a_forgotten_password_is_replaced_through_a_link_by_mail(client):
    person(Role.BUSINESS)

    client.post("/accounts/password/reset/", {"email": "business@example.test"})
    address = link_in_last_letter()
    response = client.get(address, follow=True)
    new = {"password1": "a-quite-new-secret", "password2": "a-quite-new-secret"}
    client.post(response.redirect_chain[-1][0], new)

    assert mail.outbox[0].subject == "TradeMatch: choose a new password"
    assert try_to_sign_in(client, password="a-quite-new-secret")["Location"] == "/"


def test_a_password_for_an_unknown_address_tells_only_its_owner(client):
    known = client.post("/accounts/password/reset/", {"email": person(Role.BUSINESS).email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.test"})

    assert known["Location"] == unknown["Location"]
    assert mail.outbox[1].subject == "TradeMatch: no account with this address"
    assert "http" not in mail.outbox[1].body


def test_a_weak_or_mistyped_new_password_is_refused(client):
    person(Role.BUSINESS)
    client.post("/accounts/password/reset/", {"email": "business@example.test"})
    address = link_in_last_letter()
    page = client.get(address, follow=True).redirect_chain[-1][0]

    client.post(page, {"password1": "short", "password2": "short"})
    client.post(page, {"password1": "a-quite-new-secret", "password2": "a-quite-other-secret"})

    assert try_to_sign_in(client)["Location"] == "/"


@pytest.mark.parametrize(
    "name", ["account_set_password", "account_request_login_code", "mfa_trust", "mfa_signup_webauthn"]
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
    person(Role.BUSINESS, language="kk")

    try_to_sign_in(client)

    assert '<html lang="kk">' in client.get("/").content.decode()


def test_a_language_chosen_before_signing_in_stays(client):
    person(Role.BUSINESS, language="kk")
    client.post("/i18n/setlang/", {"language": "ru"})

    try_to_sign_in(client)
    here = client.get("/").content.decode()
    client.post("/accounts/logout/")

    assert '<html lang="ru">' in here
    assert '<html lang="ru">' in client.get("/accounts/login/").content.decode()


def test_a_language_chosen_while_signed_in_is_kept_by_the_account(client):
    user = person(Role.BUSINESS, language="kk")
    try_to_sign_in(client)

    client.post("/i18n/setlang/", {"language": "id"})

    user.refresh_from_db()
    assert user.language == "id"
    assert '<html lang="id">' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "EN"])
def test_an_unknown_language_changes_no_account(client, language):
    user = person(Role.BUSINESS, language="kk")
    client.force_login(user)

    client.post("/i18n/setlang/", {"language": language})

    user.refresh_from_db()
    assert user.language == "kk"


def test_two_people_at_one_browser_each_read_their_own_language(client, sign_in):
    person(Role.BUSINESS, language="kk")
    person(Role.OFFICER, language="ru")

    try_to_sign_in(client)
    client.post("/accounts/logout/")
    sign_in(client, person(Role.OFFICER))

    assert '<html lang="ru">' in client.get("/").content.decode()


@pytest.mark.parametrize("address", ["http://[::1", "//[", "http://\u2100.com"])
@pytest.mark.parametrize("page", ["login", "logout", "password/reset"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_to_go_on_to_that_is_none_is_refused(client, method, page, address):
    response = getattr(client, method)(f"/accounts/{page}/", {"next": address})

    assert response.status_code == 400
    assert "TradeMatch" in response.content.decode()
