"""Once a day: what need not be kept any longer goes."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.tasks import forget_what_is_over
from tests.people import person

pytestmark = pytest.mark.django_db


def test_sessions_that_ran_out_go_with_what_is_kept_beside_them(client, sign_in):
    staff = person(Role.STAFF)
    sign_in(Client(), staff)
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    sign_in(client, staff)

    forget_what_is_over()

    assert [session.session_key for session in Session.objects.all()] == [client.session.session_key]
    assert [session.session_key for session in UserSession.objects.all()] == [client.session.session_key]
    assert client.get("/accounts/me/").status_code == 200


def test_accounts_that_nobody_confirmed_go_after_thirty_days():
    long_ago = timezone.now() - dt.timedelta(days=31)
    for email, facts in {
        "forgotten@packer.example": {"date_joined": long_ago},
        "new@packer.example": {},
        "here-before@packer.example": {"date_joined": long_ago, "last_login": long_ago},
    }.items():
        user = User(email=email, **facts)
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=False)
    person(Role.BUSINESS, date_joined=long_ago)

    forget_what_is_over()

    assert list(User.objects.order_by("email").values_list("email", flat=True)) == [
        "business@example.test",
        "here-before@packer.example",
        "new@packer.example",
    ]


def test_it_is_done_once_a_day():
    entry = settings.CELERY_BEAT_SCHEDULE["forget-what-is-over"]

    assert (entry["task"], entry["schedule"]) == (forget_what_is_over.name, 24 * 3600)
