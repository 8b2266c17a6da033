"""One line for each request: what was asked for, by which role, how it went and how long it took.

Not the address: that may hold a link for a new password, and what people search for is nobody's business.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tradematch.logs import ACCESS

logger = logging.getLogger(ACCESS)
PASSED_OVER = {"livez", "readyz"}  # asked every few seconds by whoever watches


class AccessLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        if route not in PASSED_OVER and not request.path_info.startswith(settings.STATIC_URL):
            fields = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
                "role": role_of(request),
            }
            logger.info("%(method)s %(route)s %(status)s", fields, extra={"fields": fields})
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the page; empty for an address that names none."""
    match = request.resolver_match
    return match.view_name or "" if match else ""


def role_of(request: HttpRequest) -> str:
    """The person's role where the request has looked for one already: a log line is no reason to ask the database."""
    return str(getattr(getattr(request, "_cached_user", None), "role", "") or "")
