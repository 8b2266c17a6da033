"""Requests in another encoding than UTF-8 are refused at the door, before they can break anything."""

import pytest
from django.test import RequestFactory

from tradematch.wsgi import application

FORM = "application/x-www-form-urlencoded"


def answer(method: str, content_type: str) -> tuple[str, dict, bytes]:
    """What the web server gets to send."""
    environ = RequestFactory().generic(method, "/accounts/login/?next=/", CONTENT_TYPE=FORM).environ
    said = []
    body = application(environ | {"CONTENT_TYPE": content_type}, lambda status, headers: said.append((status, headers)))
    ((status, headers),) = said
    return status, dict(headers), b"".join(body)


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "latin-1", "no-such-thing", "idna", "utf-8-sig", "a\0b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_encoding_than_utf8_is_refused(method, charset):
    status, headers, body = answer(method, f"{FORM}; charset={charset}")

    assert (status, body) == ("415 Unsupported Media Type", b"This server reads UTF-8 only.\n")
    assert (headers["X-Content-Type-Options"], headers["Content-Length"]) == ("nosniff", str(len(body)))


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["", FORM, f"{FORM}; charset=UTF-8", f'{FORM}; charset="utf8"'])
def test_utf8_is_read(content_type):
    assert answer("GET", content_type)[0] == "200 OK"
