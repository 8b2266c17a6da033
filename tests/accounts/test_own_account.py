"""What people change about their own account, and how they are asked first whether it is still them."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from accounts.sessions import open_sessions
from tests.accounts.conftest import link_in_last_letter
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db

NEW = {"oldpassword": PASSWORD, "password1": "a-quite-new-secret", "password2": "a-quite-new-secret"}


@pytest.fixture
def somebody(client, sign_in) -> User:
    user = person(Role.BUSINESS, name="Siti")
    sign_in(client, user)
    return user


def test_name_language_and_letters_are_changed_on_one_page(client, somebody):
    facts = {"name": "  Siti  Rahma ", "language": "ru", "letters": "never", "role": "admin", "email": "x@y.example"}

    response = client.post("/accounts/me/", facts)

    somebody.refresh_from_db()
    assert response["Location"] == "/accounts/me/"
    assert (somebody.name, somebody.language, somebody.letters) == ("Siti  Rahma", "ru", "never")
    assert (somebody.role, somebody.email) == (Role.BUSINESS, "business@example.test")
    assert '<html lang="ru">' in client.get("/accounts/me/").content.decode()


def test_a_name_that_is_refused_changes_nothing_and_is_not_shown_as_ones_own(client, somebody):
    response = client.post("/accounts/me/", {"name": "", "language": "ru", "letters": "never"})

    somebody.refresh_from_db()
    assert "Fill this in." in response.content.decode()
    assert (somebody.name, somebody.language) == ("Siti", "en")


def test_the_page_leads_to_every_part_of_the_account(client, somebody):
    text = client.get("/accounts/me/").content.decode()

    parts = ("/accounts/email/", "/accounts/password/change/", "/accounts/second-factor/", "/accounts/sessions/")
    assert [part for part in parts if f'href="{part}"' not in text] == []
    assert "/accounts/people/" not in text


def test_only_administrators_are_led_to_people(client):
    client.force_login(person(Role.ADMIN))

    assert 'href="/accounts/people/"' in client.get("/accounts/me/").content.decode()


# The address.


def test_the_address_is_changed_once_the_new_one_is_confirmed(client, somebody, show_who_one_is):
    show_who_one_is(client)
    client.post("/accounts/email/", {"email": "New@packer.example", "action_add": ""})
    in_between = User.objects.get().email
    letter = mail.outbox[-1]
    client.post(link_in_last_letter())

    assert (letter.to, letter.subject) == (["new@packer.example"], "TradeMatch: confirm your new address")
    assert in_between == "business@example.test"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("new@packer.example", True, True)
    ]
    assert User.objects.get().email == "new@packer.example"
    told = mail.outbox[-1]
    assert (told.to, told.subject) == (["business@example.test"], "TradeMatch: your account has another address")


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/second-factor/app/"])
def test_who_sits_down_at_an_open_session_is_asked_for_the_password(client, somebody, address):
    asked = client.get(address)
    wrong = client.post("/accounts/reauthenticate/", {"password": "wrong", "next": address})
    still_asked = client.get(address)
    right = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})

    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "This is not your password." in wrong.content.decode()
    assert still_asked.status_code == 302
    assert right["Location"] == address
    assert client.get(address).status_code == 200


def test_an_address_sent_without_the_password_changes_nothing(client, somebody):
    response = client.post("/accounts/email/", {"email": "thief@evil.example", "action_add": ""})

    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="thief@evil.example").exists()
    assert mail.outbox == []


def test_an_address_of_somebody_else_is_answered_like_any_and_never_becomes_ones_own(client, somebody, show_who_one_is):
    other = person(Role.OFFICER)
    show_who_one_is(client)

    free = client.post("/accounts/email/", {"email": "free@packer.example", "action_add": ""})
    taken = client.post("/accounts/email/", {"email": other.email, "action_add": ""})
    response = client.post(link_in_last_letter(), follow=True)

    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert mail.outbox[-1].to == [other.email]
    assert "The address could not be confirmed" in response.content.decode()
    somebody.refresh_from_db()
    assert somebody.email == "business@example.test"


def test_an_address_that_an_unconfirmed_account_has_is_refused_in_words(client, somebody, show_who_one_is):
    show_who_one_is(client)
    client.post("/accounts/email/", {"email": "late@packer.example", "action_add": ""})
    User(email="late@packer.example").save()

    response = client.post(link_in_last_letter(), follow=True)

    assert response.status_code == 200
    assert "The address could not be confirmed" in response.content.decode()
    assert User.objects.filter(email="late@packer.example").count() == 1


def test_the_old_address_can_be_kept(client, somebody, show_who_one_is):
    show_who_one_is(client)
    client.post("/accounts/email/", {"email": "new@packer.example", "action_add": ""})

    client.post("/accounts/email/", {"email": "new@packer.example", "action_remove": ""})

    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["business@example.test"]


def test_a_sample_user_with_an_address_of_their_own_is_no_sample_any_more(client, somebody, show_who_one_is):
    User.objects.update(is_sample=True)
    show_who_one_is(client)
    client.post("/accounts/email/", {"email": "me@packer.example", "action_add": ""})

    client.post(link_in_last_letter())

    assert not User.objects.get().is_sample


def test_a_letter_to_an_address_not_confirmed_yet_gives_nobody_a_new_password(client, somebody, show_who_one_is):
    """It may be mistyped, and a stranger's."""
    show_who_one_is(client)
    client.post("/accounts/email/", {"email": "stranger@elsewhere.example", "action_add": ""})

    client.post("/accounts/password/reset/", {"email": "stranger@elsewhere.example"})

    assert mail.outbox[-1].subject == "TradeMatch: no account with this address"


# The password.


def test_the_password_is_changed_and_all_other_sessions_end(client, somebody, sign_in):
    elsewhere = Client()
    sign_in(elsewhere, somebody)
    mail.outbox.clear()

    response = client.post("/accounts/password/change/", NEW)

    assert response["Location"] == "/accounts/me/"
    assert client.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert len(open_sessions(somebody)) == 1
    assert [letter.subject for letter in mail.outbox] == ["TradeMatch: your password was changed"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"oldpassword": "wrong"}, "This is not your password until now."),
        ({"password2": "another-new-secret"}, "The two passwords differ."),
        ({"password1": "1234567890123", "password2": "1234567890123"}, "entirely numeric"),
    ],
)
def test_a_password_that_is_refused_stays_the_old_one(client, somebody, facts, said):
    response = client.post("/accounts/password/change/", NEW | facts)

    somebody.refresh_from_db()
    assert said in response.content.decode()
    assert somebody.check_password(PASSWORD)


def test_who_has_no_password_chooses_one_through_a_letter(client):
    user = User.objects.create_user("key@packer.example")
    client.force_login(user)

    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/reset/"


def test_a_new_password_through_a_letter_ends_every_session(client, somebody):
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": somebody.email})
    page = stranger.get(link_in_last_letter(), follow=True).redirect_chain[-1][0]
    stranger.post(page, {name: NEW[name] for name in ("password1", "password2")})

    assert client.get("/accounts/me/").status_code == 302
    assert stranger.get("/accounts/me/").status_code == 302
    assert open_sessions(somebody) == []


def test_a_letter_opens_a_new_password_once_only(client, somebody):
    client.post("/accounts/password/reset/", {"email": somebody.email})
    link = link_in_last_letter()
    page = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(page, {name: NEW[name] for name in ("password1", "password2")})

    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


# Letters.


@pytest.mark.parametrize("host", ["127.0.0.1:4444", "localhost:4444", "localhost"])
def test_links_in_letters_lead_to_the_address_of_the_installation(client, settings, host):
    """Whoever asks for a letter to somebody else does not choose where its link leads."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    settings.BASE_URL = "https://trade.example.test/"
    somebody = person(Role.BUSINESS)
    new = {"name": "Siti", "email": "siti@packer.example", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/accounts/password/reset/", {"email": somebody.email}, headers={"host": host})
    client.post("/accounts/signup/", new, headers={"host": host})
    client.post("/accounts/signup/", new | {"email": somebody.email}, headers={"host": host})

    links = [re.findall(r"https?://\S+", letter.body) for letter in mail.outbox]
    assert [[re.sub(r"/(key|confirm-email)/.*", r"/\1/", link) for link in found] for found in links] == [
        ["https://trade.example.test/accounts/password/reset/key/"],
        ["https://trade.example.test/accounts/confirm-email/"],
        ["https://trade.example.test/accounts/password/reset/"],
    ]
