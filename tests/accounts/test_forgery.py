"""Forms of another site are refused: every page of accounts that takes a form."""

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests.people import PASSWORD, code_for, person

pytestmark = pytest.mark.django_db

FOR_STRANGERS = (
    "login/",
    "logout/",
    "signup/",
    "confirm-email/again/",
    "confirm-email/MQ:1abcde:xyz/",
    "password/reset/",
    "password/reset/key/1-set-password/",
    "second-factor/sign-in/",
    "second-factor/passkeys/sign-in/",
)
FOR_PEOPLE = (
    "me/",
    "email/",
    "password/change/",
    "reauthenticate/",
    "sessions/",
    "sessions/1/end/",
    "second-factor/again/",
    "second-factor/app/",
    "second-factor/app/remove/",
    "second-factor/recovery-codes/anew/",
    "second-factor/passkeys/add/",
    "second-factor/passkeys/again/",
    "second-factor/passkeys/1/edit/",
    "second-factor/passkeys/1/remove/",
    "people/1/role/",
    "people/1/close/",
    "people/1/reopen/",
    "people/1/sessions/",
    "people/1/second-factor/",
    "views/save/",
    "views/1/",
    "views/1/share/",
    "views/1/remove/",
)


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("page", FOR_STRANGERS)
def test_a_form_of_another_site_is_refused_to_strangers(strict, page):
    person(Role.BUSINESS)

    response = strict.post(f"/accounts/{page}", {"login": "business@example.test", "password": PASSWORD})

    assert response.status_code == 403
    assert "TradeMatch" in response.content.decode()


@pytest.mark.parametrize("page", FOR_PEOPLE)
def test_a_form_of_another_site_is_refused_to_people(strict, page):
    strict.force_login(person(Role.ADMIN, name="Boss"))

    response = strict.post(f"/accounts/{page}", {"name": "Another", "language": "ru", "letters": "never"})

    assert response.status_code == 403
    assert User.objects.get().name == "Boss"


def test_every_page_of_accounts_that_takes_a_form_is_tried_here():
    """A new address of accounts that is not written above makes this red."""
    import re

    from accounts.urls import urlpatterns
    from tests.accounts.test_second_factor import addresses

    tried = {re.sub(r"1-set-password|MQ:1abcde:xyz", "x", page) for page in (*FOR_STRANGERS, *FOR_PEOPLE)}
    shown_alone = {
        "confirm-email/",
        "inactive/",
        "password/reset/done/",
        "password/reset/key/done/",
        "people/",
        "people/1/",
        "second-factor/",
        "second-factor/passkeys/",
        "second-factor/recovery-codes/",
        "second-factor/recovery-codes/file/",
    }
    written = {re.sub(r"x-x", "x", address.removeprefix("/")) for _name, address in addresses(urlpatterns)}

    assert written == tried | shown_alone


@pytest.mark.parametrize(
    "page", ["second-factor/", "second-factor/passkeys/", "second-factor/recovery-codes/", "people/", "people/1/"]
)
def test_pages_that_show_take_no_form(client, sign_in, show_who_one_is, page):
    boss = person(Role.ADMIN)
    sign_in(client, boss)
    code_for(boss)
    show_who_one_is(client)

    assert client.post(f"/accounts/{page}").status_code == 405


def test_signing_in_gives_the_forms_a_new_token(client):
    client.get("/accounts/login/")
    before = client.cookies["csrftoken"].value

    client.post("/accounts/login/", {"login": person(Role.BUSINESS).email, "password": PASSWORD})

    assert client.cookies["csrftoken"].value != before


@pytest.mark.parametrize("address", ["/accounts/logout/", "/accounts/sessions/", "/accounts/second-factor/app/remove/"])
def test_looking_changes_nothing(client, sign_in, show_who_one_is, address):
    user = person(Role.BUSINESS, second_factor=True)
    sign_in(client, user)
    show_who_one_is(client)

    client.get(address)

    assert client.get("/accounts/me/").status_code == 200
    assert user.authenticator_set.filter(type="totp").exists()
