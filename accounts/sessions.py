"""Where a person is signed in: the sessions of a browser each, and how they end."""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.devices import device_in_words
from accounts.models import User

SEEN_EVERY_S = 300  # how exactly "last seen" is kept; each request would write else
SEEN = "accounts.seen_at"


@dataclass(frozen=True)
class OpenSession:
    """One browser in which somebody is signed in."""

    pk: int
    device: str
    opened_at: datetime
    seen_at: datetime
    is_this_one: bool


def open_sessions(user: User, this_key: str | None = None) -> list[OpenSession]:
    """The one that asks first, then the one seen last."""
    known = UserSession.objects.filter(user=user)
    alive = set(
        Session.objects.filter(session_key__in=known.values("session_key"), expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    found = [
        OpenSession(
            pk=session.pk,
            device=device_in_words(session.user_agent),
            opened_at=session.created_at,
            seen_at=session.last_seen_at,
            is_this_one=session.session_key == this_key,
        )
        for session in known
        if session.session_key in alive
    ]
    return sorted(found, key=lambda session: (session.is_this_one, session.seen_at), reverse=True)


def end_session(request: HttpRequest, pk: int) -> bool:
    """End one session of one's own, this one too; whether there was such a one."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        return False
    if session.session_key == request.session.session_key:
        session.delete()
        logout(request)
    else:
        session.end()
    return True


def end_other_sessions(request: HttpRequest) -> None:
    """Whoever is signed in as this person elsewhere has to sign in again; the browser that asks stays."""
    user = request.user
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    for session in UserSession.objects.filter(user=user):
        if session.session_key == request.session.session_key:
            session.delete()  # its key changes in a moment
        else:
            session.end()
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


class LastSeenMiddleware:
    """Keeps when a session was last at work, to within a few minutes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        now = time.time()
        if request.user.is_authenticated and now - request.session.get(SEEN, 0) >= SEEN_EVERY_S:
            request.session[SEEN] = int(now)
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return self.get_response(request)
