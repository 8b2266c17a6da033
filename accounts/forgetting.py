"""What need not be kept: sessions that are over, with where they came from, and accounts that nobody confirmed."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User

UNCONFIRMED_FOR = dt.timedelta(days=30)


def forget_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()


def forget_unconfirmed(now: dt.datetime) -> None:
    """Somebody typed an address and never opened the letter; likely it is not theirs. Nobody ever signed in with it."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    User.objects.filter(
        ~Exists(confirmed),
        date_joined__lt=now - UNCONFIRMED_FOR,
        last_login__isnull=True,
        erased_at__isnull=True,
        memberships__isnull=True,
    ).delete()
