"""When a person was here last, so that what is new since then can be told from what they have seen.

A visit ends with half an hour of silence. What came after the end of the visit before this one is new, and stays new
for as long as this visit lasts, however long one reads.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.http import HttpRequest
from django.utils import timezone

from accounts.permissions import may_see_every_company
from desk.models import Desk

SILENCE = timedelta(minutes=30)


def note_presence(user_id: int, now: datetime) -> bool:
    """The person is here at this moment; whether they have a desk to note it on. One statement."""
    begins_anew = When(last_seen_at__lt=now - SILENCE, then=F("last_seen_at"))
    here = Desk.objects.filter(user=user_id)
    return bool(here.update(seen_until=Case(begins_anew, default=F("seen_until")), last_seen_at=Value(now)))


def desk_of(user) -> Desk:
    """The desk of a person; at the first visit an empty one, on which everything is new."""
    desk, _made = Desk.objects.get_or_create(user=user, defaults={"last_seen_at": timezone.now()})
    return desk


class VisitMiddleware:
    """Each page that somebody with a desk opens is a sign of presence. What a page asks for by itself is none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view) -> None:
        is_a_visitor = settings.SESSION_COOKIE_NAME in request.COOKIES  # the others have no session to look up
        if is_a_visitor and request.method == "GET" and not request.htmx and may_see_every_company(request.user):
            note_presence(request.user.pk, timezone.now())
