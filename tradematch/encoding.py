"""What arrives in another encoding than UTF-8 is refused before Django reads it. No browser sends such a thing."""

import codecs
from collections.abc import Callable, Iterable

from django.utils.http import parse_header_parameters

from tradematch.headers import PERMISSIONS_POLICY

WsgiApplication = Callable[[dict, Callable], Iterable[bytes]]
ANSWER = b"This server reads UTF-8 only.\n"
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(ANSWER))),
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
]


def only_utf8(application: WsgiApplication) -> WsgiApplication:
    """Django decodes an address by whatever encoding the request names, and breaks at some before it can answer."""

    def asked(environ: dict, start_response: Callable) -> Iterable[bytes]:
        _kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if is_utf8(parameters.get("charset", "utf-8")):
            return application(environ, start_response)
        start_response("415 Unsupported Media Type", HEADERS)
        return [ANSWER]

    return asked


def is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except (LookupError, ValueError):  # a name of nonsense, a name with a null in it
        return False
