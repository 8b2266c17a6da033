"""What is too large, or says not how large it is, is refused before a byte of it is read. No page takes a file."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tradematch.error_pages import error_page


class BodySizeMiddleware:
    """Before anything that reads a form.

    Django's own limit leaves out the files of a form: it would write them to the disk, of any size, for anybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:  # in pieces until it ends; no browser sends a form so
            return error_page(request, "400.html", 411)
        if length_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return error_page(request, "400.html", 413)
        return self.get_response(request)


def length_of(request: HttpRequest) -> int:
    """How much Django would read: nothing where the length is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
