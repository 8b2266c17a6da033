"""Making an account: confirmed by a letter, in the language of the page, and silent about who has one already."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import User
from tests.accounts.conftest import link_in_last_letter
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db

FACTS = {"name": "Siti Rahma", "email": "siti@packer.example", "password1": PASSWORD, "password2": PASSWORD}


def sign_up(client, **facts):
    return client.post("/accounts/signup/", FACTS | facts)


def test_a_business_user_makes_an_account_and_confirms_the_address(client):
    response = sign_up(client, email="Siti@Packer.example")
    before = client.get("/notices/").status_code
    link = link_in_last_letter()
    page = client.get(link)
    still_before = client.get("/notices/").status_code
    confirmed = client.post(link)

    assert response["Location"] == "/accounts/confirm-email/"
    assert (before, still_before) == (302, 302)
    assert "Is this your address?" in page.content.decode()
    assert confirmed["Location"] == "/"
    assert client.get("/notices/").status_code == 200
    user = User.objects.get()
    facts = (user.email, user.name, user.role, user.language, user.is_sample, user.is_superuser)
    assert facts == ("siti@packer.example", "Siti Rahma", Role.BUSINESS, "en", False, False)


def test_another_browser_that_confirms_has_to_sign_in(client, client_of_another):
    sign_up(client)

    response = client_of_another.post(link_in_last_letter())

    assert response["Location"] == "/accounts/login/"
    assert client_of_another.get("/notices/").status_code == 302
    assert EmailAddress.objects.get().verified


@pytest.fixture
def client_of_another():
    from django.test import Client

    return Client()


def test_nobody_signs_in_before_the_address_is_confirmed(client, client_of_another):
    sign_up(client)

    response = client_of_another.post("/accounts/login/", {"login": FACTS["email"], "password": PASSWORD})

    assert response["Location"] == "/accounts/confirm-email/"
    assert client_of_another.get("/notices/").status_code == 302


@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_the_account_takes_the_language_of_the_page(client, language):
    client.post("/i18n/setlang/", {"language": language})

    sign_up(client)

    assert User.objects.get().language == language


def test_the_letter_comes_again_but_not_at_once(client):
    from django.core.cache import cache

    sign_up(client)
    at_once = client.post("/accounts/confirm-email/again/")
    letters_at_once = len(mail.outbox)
    cache.clear()  # a minute later
    later = client.post("/accounts/confirm-email/again/")

    assert at_once["Location"] == later["Location"] == "/accounts/confirm-email/"
    assert (letters_at_once, len(mail.outbox)) == (1, 2)
    assert mail.outbox[0].subject == mail.outbox[1].subject == "TradeMatch: confirm your address"


def test_without_a_sign_up_there_is_no_letter_to_send_again(client):
    response = client.post("/accounts/confirm-email/again/")

    assert response["Location"] == "/accounts/login/"
    assert mail.outbox == []


def test_a_known_address_is_answered_like_a_new_one_and_gets_a_letter_of_its_own(client, client_of_another):
    known = person(Role.OFFICER, language="en")

    new = sign_up(client)
    old = sign_up(client_of_another, email=known.email, name="A stranger")

    assert (new.status_code, new["Location"]) == (old.status_code, old["Location"])
    assert pages_alike(client, client_of_another)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([FACTS["email"]], "TradeMatch: confirm your address"),
        ([known.email], "TradeMatch: you have an account already"),
    ]
    known.refresh_from_db()
    assert (known.name, User.objects.count()) == ("", 2)
    assert known.check_password(PASSWORD)


def pages_alike(one, other) -> bool:
    """What both see next, but for the tokens of their forms and the numbers of their requests."""
    import re

    texts = [browser.get("/accounts/confirm-email/").content.decode() for browser in (one, other)]
    first, second = (re.sub(r'value="[A-Za-z0-9]{64}"|[A-Z0-9]{5}-[A-Z0-9]{5}', "", text) for text in texts)
    return first == second


def test_a_known_address_costs_the_same_work_as_a_new_one(client, monkeypatch, settings):
    """The slow part is to hash the password: as often for a known address, else the clock would tell."""
    known = person(Role.OFFICER)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashed = []
    encode = PBKDF2PasswordHasher.encode
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *args, **more: hashed.append(1) or encode(*args, **more))

    sign_up(client)
    for_new = len(hashed)
    client.logout()
    sign_up(client, email=known.email)

    assert (for_new, len(hashed) - for_new) == (1, 1)


def test_the_letter_to_a_known_address_is_in_the_language_of_its_account(client):
    person(Role.OFFICER, language="en")
    client.post("/i18n/setlang/", {"language": "id"})

    sign_up(client, email="officer@example.test")

    assert mail.outbox[0].subject == "TradeMatch: you have an account already"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "two\nlines"}, "The name holds invisible letters or line breaks."),
        ({"name": "turned\u202eeman"}, "The name holds invisible letters or line breaks."),
        ({"email": "no address"}, "This is no e-mail address."),
        ({"password2": "another-password"}, "The two passwords differ."),
        ({"password1": "short", "password2": "short"}, "at least 10 characters"),
        ({"password1": "siti@packer.example", "password2": "siti@packer.example"}, "too similar"),
    ],
)
def test_what_makes_no_account_is_said_at_its_field(client, facts, said):
    response = sign_up(client, **facts)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_nobody_signs_up_into_a_role(client):
    sign_up(client, role="admin", is_superuser="on", is_sample="on", language="ru")

    user = User.objects.get()
    assert (user.role, user.is_superuser, user.is_sample, user.language) == (Role.BUSINESS, False, False, "en")


def test_two_who_sign_up_at_once_with_one_address_make_one_account(client, monkeypatch):
    """The other one was faster, between our look and our writing."""
    from accounts.forms.entrance import SignUpForm

    person(Role.BUSINESS, email=FACTS["email"])
    monkeypatch.setattr(SignUpForm, "validate_unique_email", lambda self, value: value)

    response = sign_up(client)

    assert response["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert mail.outbox[-1].subject == "TradeMatch: you have an account already"


def test_an_address_that_somebody_only_means_to_change_to_is_free(client):
    other = person(Role.STAFF)
    EmailAddress.objects.create(user=other, email=FACTS["email"], verified=False)

    sign_up(client)
    client.post(link_in_last_letter())

    assert EmailAddress.objects.get(email=FACTS["email"]).user == User.objects.get(email=FACTS["email"])


@pytest.mark.parametrize("link", ["/accounts/confirm-email/none/", "/accounts/confirm-email/MQ:1abcde:xyz/"])
def test_a_link_that_is_none_says_so(client, link):
    response = client.get(link)

    assert "This link no longer works" in response.content.decode()


def test_a_link_opens_once(client, client_of_another):
    sign_up(client)
    link = link_in_last_letter()
    client.post(link)

    again = client_of_another.get(link)

    assert "Is this your address?" not in again.content.decode()


def test_a_strangers_link_signs_nobody_out(client, client_of_another, sign_in):
    sign_up(client_of_another)
    sign_in(client, person(Role.STAFF))

    client.get(link_in_last_letter())

    assert client.get("/notices/").status_code == 200


def test_people_that_the_city_lets_in_are_confirmed():
    call_command("createsuperuser", "--noinput", "--email", "Boss@city.example", verbosity=0)
    person(Role.STAFF)

    confirmed = EmailAddress.objects.filter(verified=True, primary=True).values_list("email", "user__email")
    assert sorted(confirmed) == [("boss@city.example",) * 2, ("staff@example.test",) * 2]


def test_people_from_before_there_was_confirmation_are_confirmed():
    from importlib import import_module

    from django.apps import apps

    old = person(Role.STAFF)
    EmailAddress.objects.all().delete()
    changed = person(Role.OFFICER)  # who has an address of record keeps it

    import_module("accounts.migrations.0005_known_addresses_are_confirmed").confirm(apps, None)

    found = EmailAddress.objects.order_by("email").values_list("user", "email", "verified", "primary")
    assert list(found) == [(changed.pk, changed.email, True, True), (old.pk, old.email, True, True)]


def test_a_mail_server_that_is_away_is_said_and_loses_nothing(client, monkeypatch, client_of_another):
    def fail(*arguments, **named):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    response = client.post("/accounts/signup/", FACTS, follow=True)
    monkeypatch.undo()

    assert "The letter could not be sent" in response.content.decode()
    assert User.objects.filter(email=FACTS["email"]).exists()
