"""What may not stand in a log: people's data and secrets, wherever in a sentence or an error they turn up.

Our own lines name rows by number. This is for what others write: libraries, the database, errors with values in them.
"""

import re

MAIL = "[e-mail]"
SECRET = "[secret]"  # noqa: S105 - what is written instead of one
NUMBER = "[number]"
PHONE = "[phone]"

# PostgreSQL quotes the row that it refused, and libraries quote the statement: both hold what people typed. In an
# error as it is printed these are lines of their own; in one shown by repr() they follow a written-out line break.
ROW_VALUES = re.compile(
    r"^(DETAIL|LINE \d+|QUERY|CONTEXT|STATEMENT):.*?"
    r"(?=^(?:DETAIL|LINE \d+|QUERY|CONTEXT|STATEMENT|HINT):|^The above exception|^During handling|^Traceback|\Z)",
    re.MULTILINE | re.DOTALL,
)
ROW_VALUES_IN_REPR = re.compile(r"\\n(DETAIL|LINE \d+|QUERY|CONTEXT|STATEMENT):.*")
IN_ADDRESS = re.compile(r"://[^/\s@'\"]+@")  # user and password of a server
# Links that open something to whoever has them.
LINK = re.compile(
    r"((?:/|%2[Ff])(?:key|confirm-email|confirm|invitations?|tokens?)(?:/|%2[Ff]))(?!done\b|set\b)"
    r"(?:(?!%2[Ff])[^/\s\"'<>?#&]){6,}"
)
HEADER = re.compile(r"(?i)((?:proxy-)?authorization|(?:set-)?cookies?|http_cookie)(['\"]?\s*[:=]\s*)[^\r\n]+")
NAMED = re.compile(
    r"(?i)\b(\w*(?:password|passwd|passwort|secret|token|sessionid|otp)\w*)(['\"]?\s*[:=]\s*['\"]?)[^\s'\"&;,)}\]]+"
)
ADDRESS = re.compile(r"\w[\w.+'-]*(?:@|%40)[\w-]+(?:\.[\w-]+)+")
TELEPHONE = re.compile(r"(?<![\w+])\+\d[\d\s()-]{8,}\d\b")
# IIN, BIN and NIB; but not the last group of a task's UUID.
REGISTRATION = re.compile(r"(?<!\d)(?<![0-9a-fA-F]{4}-)\d{12,13}(?!\d)")


def clean(text: str) -> str:
    """The text without what may not stand in a log."""
    text = ROW_VALUES.sub(r"\1: [left out]\n", text)
    text = ROW_VALUES_IN_REPR.sub(r"\\n\1: [left out]", text)
    text = IN_ADDRESS.sub(f"://{SECRET}@", text)
    text = LINK.sub(rf"\1{SECRET}", text)
    text = HEADER.sub(rf"\1\2{SECRET}", text)
    text = NAMED.sub(rf"\1\2{SECRET}", text)
    text = ADDRESS.sub(MAIL, text)
    text = TELEPHONE.sub(PHONE, text)
    return REGISTRATION.sub(NUMBER, text)
