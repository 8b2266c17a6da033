"""Bodies that are too large, or of no known length, are refused before a byte of them is read."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from accounts.enums import Role
from accounts.sheets.sheet import MAX_BYTES
from tests.people import person
from tradematch.bodies import FORM_AROUND, limit_of
from tradematch.wsgi import application

pytestmark = pytest.mark.django_db
LIMIT = 2_500_000
ADDRESS = "/accounts/login/"


class Watched(BytesIO):
    """A body that tells how much of it was read."""

    was_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.was_read += len(found)
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        found = super().readline(size)
        self.was_read += len(found)
        return found


def answer(**facts: str) -> tuple[int, dict, str, int]:
    """What the web server gets to send, and how much of a form with a file was read for it."""
    form = {"login": "a@example.test", "file": SimpleUploadedFile("a.bin", b"x" * 100_000)}
    cookie = f"{settings.CSRF_COOKIE_NAME}={'a' * 32}"  # whoever has one has its form looked into for the token
    environ = RequestFactory().post(ADDRESS, form, headers={"cookie": cookie}).environ
    body = Watched(environ["wsgi.input"].read())
    said = []
    sent = application({**environ, "wsgi.input": body, **facts}, lambda status, headers: said.append((status, headers)))
    text = b"".join(sent).decode()
    ((status, headers),) = said
    return int(status[:3]), dict(headers), text, body.was_read


def test_a_form_is_read():
    status, _headers, _text, was_read = answer()

    assert (status, was_read > 100_000) == (403, True)  # refused for its missing token


@pytest.mark.parametrize("language", ["en", "id", "ru", "kk"])
def test_a_body_over_the_limit_is_refused_unread_with_a_page_and_its_number(language):
    status, headers, text, was_read = answer(CONTENT_LENGTH=str(LIMIT + 1), HTTP_ACCEPT_LANGUAGE=language)

    assert (status, was_read, f'<html lang="{language}">' in text) == (413, 0, True)
    assert re.findall('<b id="request-number">(.*)</b>', text) == [headers["X-Request-ID"]]
    assert (headers["X-Content-Type-Options"], "no-store" in headers["Cache-Control"]) == ("nosniff", True)
    assert "default-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/companies/1/certificates/2/files/add/", True),
        ("/directory/7/claim/", True),
        ("/directory/7/", False),
        ("/directory/7/claim/x/", False),
    ],
)
def test_only_pages_that_take_papers_take_more(path, more):
    most = settings.CERTIFICATE_FILE_MAX_SIZE + FORM_AROUND if more else LIMIT

    assert limit_of(RequestFactory().post(path)) == most


@pytest.mark.parametrize("path", ["/book/import/", "/companies/1/import/"])
def test_pages_that_take_books_take_a_whole_one(path):
    assert limit_of(RequestFactory().post(path)) == MAX_BYTES + FORM_AROUND


def test_a_body_of_the_limit_is_not_too_large():
    assert answer(CONTENT_LENGTH=str(LIMIT))[0] != 413


def test_a_body_in_pieces_without_a_length_is_refused_unread():
    status, _headers, text, was_read = answer(CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert (status, was_read, "request-number" in text) == (411, 0, True)


@pytest.mark.parametrize("length", ["", "many", "-1", "9" * 5000])
def test_a_length_that_is_no_number_breaks_nothing(length):
    assert answer(CONTENT_LENGTH=length)[0] in (400, 403)


@pytest.mark.parametrize(("signs_in", "status"), [(False, 302), (True, 404)])
def test_no_large_file_of_a_stranger_is_read(client, signs_in, status):
    if signs_in:
        client.force_login(person(Role.BUSINESS))
    file = SimpleUploadedFile("a.pdf", b"x" * (LIMIT + 1))

    response = client.post("/directory/7/claim/", {"file": file})

    assert response.status_code == status
    if not signs_in:
        assert response["Location"] == "/accounts/login/?next=/directory/7/claim/"
