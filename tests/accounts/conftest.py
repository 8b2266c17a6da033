"""What tests of accounts share: nobody has tried yet, and the ways in and through."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.cache import cache

from accounts.models import User
from tests.people import APP_SECRET, PASSWORD, code_for


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def sign_in():
    """Sign a person in through the pages, with both steps where there are two; answers what the last step answered."""

    def signed_in(client, user: User, **facts):
        response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD} | facts)
        if response.status_code == 302 and response["Location"] == "/accounts/second-factor/sign-in/":
            response = client.post("/accounts/second-factor/sign-in/", {"code": code_for(user)})
        return response

    return signed_in


@pytest.fixture
def show_who_one_is():
    """Give the password once more, as pages ask that change how one signs in."""

    def shown(client) -> None:
        response = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert response.status_code == 302

    return shown


def app_code(secret: str = APP_SECRET, *, steps: int = 0) -> str:
    """What an app shows now, or some half minutes from now."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now + steps))


def link_in_last_letter() -> str:
    return re.search(rf"{settings.BASE_URL}(\S+)", mail.outbox[-1].body)[1]
