"""The addresses of the product, and some more that go wrong in a chosen way."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.models import User
from tradematch import urls
from tradematch.error_pages import too_many_requests
from tradematch.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]

asked: list[str] = []  # how often, and by which method


class PostgresError(Exception):
    """What psycopg2 raises below Django's own error."""

    def __init__(self, state: str | None):
        super().__init__("FATAL: secret of the engine room")
        self.pgcode = state


def outage(state: str | None, kind: type[Exception] = OperationalError) -> Exception:
    error = kind("could not connect to 10.0.0.7 as tradematch: SELECT secret")
    error.__cause__ = PostgresError(state)
    return error


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret of the engine room")


def senseless(request: HttpRequest) -> HttpResponse:
    raise BadRequest("secret of the engine room")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("secret of the engine room")


def away(request: HttpRequest, state: str) -> HttpResponse:
    """As when a statement meets this state of the database."""
    asked.append(request.method)
    raise outage(None if state == "lost" else state, InterfaceError if state == "lost" else OperationalError)


def away_once(request: HttpRequest) -> HttpResponse:
    asked.append(request.method)
    if len(asked) == 1:
        raise outage("57P01")
    return HttpResponse("here again")


def away_while_writing(request: HttpRequest) -> HttpResponse:
    """A transaction that has changed something and is then cut off by the server."""
    with transaction.atomic():
        User.objects.update(name="changed")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("saved")


def away_after_writing(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        User.objects.update(name="changed")
    raise outage("57P01")


def too_slow(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("slept")


urlpatterns = [
    path("fails/broken/", broken),
    path("fails/senseless/", senseless),
    path("fails/forbidden/", forbidden),
    path("fails/too-many/", too_many_requests),
    path("fails/away/<state>/", away),
    path("fails/away-once/", away_once),
    path("fails/away-while-writing/", away_while_writing),
    path("fails/away-after-writing/", away_after_writing),
    path("fails/too-slow/", too_slow),
    *urls.urlpatterns,
]
