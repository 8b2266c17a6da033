"""The request number: one for each request and everything that follows from it.

A person reads it on an error page; each log line carries it, in the web server and in the tasks that the request
queued, and in those that these queued in turn. So one search in the logs tells the whole story.
"""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from celery.signals import before_task_publish
from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
MESSAGE_HEADER = "tm_request_id"  # in the message of a task
# Without letters and digits that are mistaken for each other when somebody reads the number out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
FROM_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")

_number: ContextVar[str] = ContextVar("request_number", default="")


def current() -> str:
    """The number of the request that is answered, or of the one that led to this task; else empty."""
    return _number.get()


def adopt(number: str) -> None:
    _number.set(number)


def new() -> str:
    """Two groups of five: short enough to be told on the telephone, long enough to come once only."""
    letters = [secrets.choice(LETTERS) for _ in range(10)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"


def number_of(request: HttpRequest) -> str:
    """The number that the proxy gave, where there is one to be trusted; else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if settings.HTTPS and FROM_PROXY.fullmatch(given) else new()


class RequestIdMiddleware:
    """First of all: whatever happens further in has a number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        adopt(number_of(request))
        response = self.get_response(request)
        response[HEADER] = current()
        return response


@receiver(request_finished)
def _forget(**_facts: object) -> None:
    """Only now: an answer that is sent line by line may still fail, and says so under its number."""
    adopt("")


@before_task_publish.connect
def _hand_on(headers: dict | None = None, **_facts: object) -> None:
    if headers is not None and current():
        headers[MESSAGE_HEADER] = current()
