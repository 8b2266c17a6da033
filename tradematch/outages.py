"""When the database is away, or too busy to answer in time: one more try where that is safe, else a clear page.

A page that only shows something is asked for once more on a fresh connection, so nobody notices a restarted database.
What changes something is never repeated: the page then says whether anything may have been saved, and hands back what
was typed where it can.
"""

import re
import sys
from collections.abc import Callable, Iterator

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

from matching.services.transactions import ROLLED_BACK, is_gone
from tradematch.error_pages import error_page

RETRY_AFTER_S = 10
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Waited too long for a row, for an answer, or between two statements; no connection, memory or disk left.
TOO_BUSY = ("55P03", "57014", "25P03", "53", "58")
WRITE = re.compile(r"(?:^|;)\s*(?:INSERT|UPDATE|DELETE|COPY|MERGE|TRUNCATE)\b", re.IGNORECASE)
# A form that holds one of these is not handed back: no page shows a password.
NOT_HANDED_BACK = re.compile(r"password|credential|secret|(?<!csrfmiddleware)token|^(?:code|otp)$", re.IGNORECASE)
MOST_HANDED_BACK = 50_000  # characters


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def states_of(error: BaseException | None) -> list[str | None]:
    """The letters by which PostgreSQL names what went wrong; None where the connection itself broke."""
    return [
        getattr(one.__cause__, "pgcode", None)
        for one in chain_of(error)
        if isinstance(one, OperationalError | InterfaceError)
    ]


def is_lost_connection(error: BaseException | None) -> bool:
    return any(is_gone(state) and state != "57014" for state in states_of(error))


def is_outage(error: BaseException | None) -> bool:
    """Whether an error comes from a database that is away or too busy, not from a fault of ours."""
    return is_lost_connection(error) or any(
        state in ROLLED_BACK or state.startswith(TOO_BUSY) for state in states_of(error) if state
    )


class Writes:
    """Watches the statements of one request: may anything that it changed have been kept?"""

    def __init__(self) -> None:
        self.may_be_kept = False
        # A transaction that has changed something. Django begins a new list of hooks with each transaction.
        self._open: list | None = None

    def __call__(self, execute: Callable, sql: str, params, many: bool, context: dict):
        database = context["connection"]
        block = database.run_on_commit if database.in_atomic_block else None
        if self._open is not None and self._open is not block:
            self.may_be_kept, self._open = True, None
        if WRITE.search(str(sql)):
            if block is None:  # kept at once; and where the answer is lost, nobody knows
                self.may_be_kept = True
            else:
                self._open = block
        try:
            return execute(sql, params, many, context)
        except (OperationalError, InterfaceError):
            self._open = None  # all of the transaction is taken back
            raise

    def nothing_kept(self) -> bool:
        """Only what is certain: a transaction that was not seen to fail may have been committed."""
        return not self.may_be_kept and self._open is None


class OutageMiddleware:
    """Outside of everything that asks the database, sessions included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            request.writes = Writes()
            with connection.execute_wrapper(request.writes):
                return self.get_response(request)
        response = self.get_response(request)
        if getattr(response, "is_worth_another_try", False) and not connection.in_atomic_block:
            connection.close()
            response = self.get_response(request)
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of whatever nobody foresaw: an outage of the database, or a fault of ours."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return outage_page(request, error)
    return error_page(request, "500.html", 500)


def outage_page(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, from which a person knows whether their work was saved and what to do."""
    writes = getattr(request, "writes", None)
    facts = {"address": request.get_full_path()}
    if writes is not None:
        nothing_kept = writes.nothing_kept()
        facts |= {"was_sent": True, "nothing_kept": nothing_kept, "typed": typed(request) if nothing_kept else []}
    response = error_page(request, "503.html", 503, **facts)
    response["Retry-After"] = str(RETRY_AFTER_S)
    response.is_worth_another_try = is_lost_connection(error)
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form, to be sent again; none where files or secrets were among them, or too much."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        has_files = bool(request.FILES)
    except (OSError, SuspiciousOperation, RawPostDataException, MultiPartParserError):
        return []
    too_much = sum(len(name) + len(value) for name, value in fields) > MOST_HANDED_BACK
    if has_files or too_much or any(NOT_HANDED_BACK.search(name) for name, _value in fields):
        return []
    return fields
