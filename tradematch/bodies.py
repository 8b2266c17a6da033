"""What is too large, or says not how large it is, is refused before a byte of it is read. Few pages take a file."""

import re
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from accounts.sheets.sheet import MAX_BYTES
from reports.digesting import DigestHandler
from tradematch.error_pages import error_page

# The pages that take a larger file than the others, and what a form adds to the file.
TAKES_FILES = re.compile(r"/companies/[0-9]{1,12}/certificates/[0-9]{1,12}/files/add/|/directory/[0-9]{1,12}/claim/")
TAKES_BOOKS = re.compile(r"/book/import/|/companies/[0-9]{1,12}/import/")
VERIFIES_FILES = re.compile(r"/verify/")  # for strangers too: such a file is counted while it comes in, and not kept
FORM_AROUND = 100_000


class BodySizeMiddleware:
    """Before anything that reads a form.

    Django's own limit leaves out the files of a form: it would write them to the disk, of any size, for anybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:  # in pieces until it ends; no browser sends a form so
            return error_page(request, "400.html", 411)
        length = length_of(request)
        if length > limit_of(request):
            return error_page(request, "400.html", 413)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not (takes_of_strangers(request) or is_signed_in(request)):
            return redirect_to_login(request.path)
        if takes_of_strangers(request):
            request.upload_handlers = [DigestHandler(request)]
        return self.get_response(request)


def limit_of(request: HttpRequest) -> int:
    """How much a page takes."""
    if TAKES_FILES.fullmatch(request.path_info):
        return settings.CERTIFICATE_FILE_MAX_SIZE + FORM_AROUND
    if TAKES_BOOKS.fullmatch(request.path_info):
        return MAX_BYTES + FORM_AROUND
    if takes_of_strangers(request):
        return settings.VERIFIED_FILE_MAX_SIZE + FORM_AROUND
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def takes_of_strangers(request: HttpRequest) -> bool:
    return VERIFIES_FILES.fullmatch(request.path_info) is not None


def is_signed_in(request: HttpRequest) -> bool:
    """Whether the cookie is of a session that somebody has opened: of strangers no file is read."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return bool(key) and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)


def length_of(request: HttpRequest) -> int:
    """How much Django would read: nothing where the length is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
