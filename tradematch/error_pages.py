"""Pages for what goes wrong: our look, the reader's language, the request number, and nothing of the engine room.

They ask no database and no session, so they come out when nothing else does. `tradematch.outages` has the last one.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from accounts.themes import theme_of


def error_page(request: HttpRequest, template: str, status: int, **facts: object) -> HttpResponse:
    """Without the request in its context: whatever a template asks of that could ask the database."""
    # Something may have broken before the reader's language was found out.
    with translation.override(translation.get_language_from_request(request)):
        response = HttpResponse(render_to_string(template, facts | {"theme": theme_of(request)}), status=status)
        response["Content-Language"] = translation.get_language()
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or one that another site sent."""
    return error_page(request, "403_csrf.html", 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, "404.html", 404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = error_page(request, "429.html", 429)
    response["Retry-After"] = "300"
    return response
