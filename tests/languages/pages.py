"""Every page of the product that somebody is shown, with who is: read off the written table of permissions."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from tests.permissions.table import ACTORS, TABLE, Row
from tests.permissions.test_matrix import address_of
from tests.permissions.world import World

# One of each role; the table knows more people, whose pages look the same.
ROLES = ("anonymous", "own", "officer", "staff", "admin")
# No pages: answers for machines, files, a part of a page.
NO_PAGES = (
    "livez",
    "readyz",
    "reports:matches",
    "reports:report-file",
    "reports:report-progress",
    "corridor:quote-export",
    "companies:book-template",
    "companies:book-import-answer",
    "companies:book-import-progress",
    "companies:certificate-file",
    "companies:likely-list",
    "companies:claim-file",
    "mfa_download_recovery_codes",
    "matching:run-progress",
    "matching:comparison-progress",
    "matching:difference-progress",
    "matching:listing-fits-progress",
)
SILENT = ("script", "style", "svg", "template")


@dataclass(frozen=True)
class Visit:
    """One page, opened by one person."""

    row: Row
    actor: str

    @property
    def name(self) -> str:
        return self.row.name

    def address(self, world: World) -> str:
        return address_of(self.row, world)


def visits() -> list[Visit]:
    """Each page as everybody of ROLES who is shown it."""
    pages = [row for row in TABLE if row.method == "get" and row.address not in NO_PAGES]
    return [
        Visit(row, actor)
        for row in pages
        for actor, answer in zip(ACTORS, row.answers, strict=True)
        if actor in ROLES and answer == "200"
    ]


def refusals() -> list[Visit]:
    """Each form, sent with nothing filled in or with nonsense, by somebody who may send it."""
    found: dict[str, Visit] = {}
    for row in TABLE:
        for actor, answer in zip(ACTORS, row.answers, strict=True):
            if row.method == "post" and actor in ROLES and answer in ("200", "302", "400"):
                found.setdefault(row.name, Visit(row, actor))
    return list(found.values())


def one_visit_a_page() -> list[Visit]:
    """Each page once, by each of the roles in turn, so that all of them are looked at over the set."""
    by_page: dict[str, list[Visit]] = {}
    for visit in visits():
        by_page.setdefault(visit.name, []).append(visit)
    return [found[number % len(found)] for number, found in enumerate(by_page.values())]


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.texts.append(" ".join(data.split()))


def texts_of(html: str) -> list[str]:
    """What a page says, piece by piece."""
    parser = _Texts()
    parser.feed(html)
    return parser.texts


def longest_word(html: str) -> int:
    return max((len(word) for text in texts_of(html) for word in re.split(r"[\s/-]", text)), default=0)
