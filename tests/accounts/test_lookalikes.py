"""Addresses with letters that only look like, or that the database folds to, those of somebody else's address."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.enums import Role
from accounts.models import User
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db

LOOKALIKE = "buſıneſſ@example.test"  # in capitals, for PostgreSQL, the same as business@example.test
REFUSED = "Write the address in plain Latin letters."


def give_password(client, login: str):
    return client.post("/accounts/login/", {"login": login, "password": PASSWORD})


def test_an_account_with_a_lookalike_keeps_nobody_out(client):
    owner = person(Role.BUSINESS)
    User.objects.create_user(LOOKALIKE, PASSWORD)
    assert User.objects.filter(email__iexact=owner.email).count() == 2

    response = give_password(client, "Business@example.test")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(owner.pk)


@pytest.mark.parametrize("email", [LOOKALIKE, "siti@pаcker.example", "siti@ｐacker.example"])
def test_nobody_signs_up_with_a_lookalike(client, email):
    facts = {"name": "Siti", "email": email, "password1": PASSWORD, "password2": PASSWORD}

    response = client.post("/accounts/signup/", facts)

    assert response.status_code == 200
    assert REFUSED in response.content.decode()
    assert not User.objects.exists()
    assert mail.outbox == []


def test_nobody_changes_to_a_lookalike(client, sign_in, show_who_one_is):
    person(Role.OFFICER, email="boss@example.test")
    sign_in(client, person(Role.BUSINESS))
    show_who_one_is(client)

    response = client.post("/accounts/email/", {"email": "boſſ@example.test", "action_add": ""})

    assert REFUSED in response.content.decode()
    assert not EmailAddress.objects.filter(email="boſſ@example.test").exists()
    assert mail.outbox == []


@pytest.mark.parametrize("role", [Role.BUSINESS, Role.STAFF])
@pytest.mark.parametrize("spelling", [("s", "ſ"), ("test", "teſt"), ("i", "ı")])
def test_a_lookalike_and_the_right_password_open_nothing_and_change_nothing(client, role, spelling):
    """Else every spelling would count wrong passwords anew, and its owner would be asked to confirm it."""
    user = person(role, email="skim@x.test")
    login = user.email.replace(*spelling)

    response = give_password(client, login)

    assert "do not belong together" in response.content.decode()
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [user.email]
    assert mail.outbox == []


def test_a_letter_that_python_folds_counts_like_the_plain_one(client):
    """K, of the unit Kelvin, is no lookalike: in small letters it is a k, for Python and for the database."""
    user = person(Role.BUSINESS, email="kim@x.test")
    for _number in range(5):
        client.post("/accounts/login/", {"login": "\u212aim@x.test", "password": "wrong"})

    response = give_password(client, user.email)

    assert "Too many attempts" in response.content.decode()
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [user.email]
