"""The whole product on servers of its own, which a drill may stop, kill and start again; and visitors of its pages."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import psycopg2

from launcher.console import Console
from launcher.house import House, data_folder
from launcher.setting_up import set_up_everything

PATIENCE_S = 180
LINES_TOLD = 120
GUARD = Path(__file__).parent / "guard"
# So that a drill need not wait for a minute; docs/running.md tells what they mean. And no second factor for people
# whose passwords the drill itself made up.
SOON = {"TM_RUN_SWEEP_S": "1", "TM_HEARTBEAT_LOST_S": "3", "TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR": "on"}


class DrillHouse(House):
    """As `run.py` starts it; only nobody starts again what dies."""

    def environ(self) -> dict[str, str]:
        """All of it under guard: nothing may leave this machine (see guard/sitecustomize.py)."""
        return super().environ() | SOON | {"PYTHONPATH": str(GUARD), "TM_GUARD_LOG": str(self.guard_log)}

    @property
    def guard_log(self) -> Path:
        return self.places.logs / "guard.log"

    def tried_to_leave(self) -> list[str]:
        """Who tried to reach whom outside."""
        return self.guard_log.read_text(encoding="utf-8").splitlines() if self.guard_log.exists() else []

    def look_after(self) -> None:
        """Nothing: what dies in a drill is meant to."""

    def start_everything(self) -> None:
        for server in self.databases:
            server.start()
        set_up_everything(self, with_sample_book=True)
        self.web.listen(0)
        self.worker.start()
        self.web.start()
        self.worker.wait_until_ready(self.look_after)
        self.web.wait_until_ready(self.look_after)

    def stop_everything(self) -> None:
        for server in (self.web, self.worker, self.valkey, self.postgres):
            server.stop()
        if self.web.listener:
            self.web.listener.close()
        self.postgres.remove()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web.port}"

    def sign_ins(self) -> dict[str, dict[str, str]]:
        """Of the sample users, by role."""
        kept = json.loads((self.places.data / "sample_sign_ins.json").read_text(encoding="utf-8"))
        return {entry["role"]: entry for entry in kept}

    def asked(self, question: str, *arguments: object) -> list[tuple]:
        """What the database answers; it must be there."""
        with contextlib.closing(psycopg2.connect(self.postgres.url)) as connection, connection.cursor() as cursor:
            cursor.execute(question, arguments)
            return cursor.fetchall()

    @contextlib.contextmanager
    def held_up(self, table: str) -> Iterator[None]:
        """Nobody writes into this table meanwhile."""
        with contextlib.closing(psycopg2.connect(self.postgres.url)) as connection, connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield

    def wait_until(self, question: str, *arguments: object, what: str) -> float:
        """Seconds until the database answers with a row."""
        began = time.monotonic()
        while not self.asked(question, *arguments):
            assert self.worker.is_running(), f"the worker has ended before {what}\n{self.told()}"
            assert time.monotonic() < began + PATIENCE_S, f"waited in vain until {what}\n{self.told()}"
            time.sleep(0.1)
        return time.monotonic() - began

    def told(self) -> str:
        """For whoever asks why nothing comes: the runs, who asks the database what, and what the worker said last."""
        asked = (
            "SELECT to_jsonb(run) FROM matching_run AS run",
            "SELECT to_jsonb(shard) - 'market' - 'result' FROM matching_runshard AS shard",
            "SELECT pid, state, wait_event_type, wait_event, now() - state_change, left(query, 300)"
            " FROM pg_stat_activity WHERE datname = current_database()",
        )
        rows = [str(row) for question in asked for row in self.asked(question)]
        worker = (self.places.logs / "worker.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join([*rows, *worker.splitlines()[-LINES_TOLD:]])


@contextlib.contextmanager
def drill_house(folder: Path) -> Iterator[DrillHouse]:
    with (folder / "told").open("w", encoding="utf-8") as paper:
        house = DrillHouse(data_folder(folder / "var"), Console(paper), given={})
        try:
            house.start_everything()
            yield house
        finally:
            house.stop_everything()


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        """A redirect is an answer like others."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    seconds: float
    location: str = ""
    number: str = ""

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 400


class Visitor:
    """A browser without a screen: it keeps cookies, fills forms and looks at the clock."""

    def __init__(self, address: str):
        self.address, self.cookies = address, CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies), NoRedirect)

    def get(self, path: str) -> Answer:
        return self._ask(Request(self.address + path))

    def post(self, path: str, **fields: str) -> Answer:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask(Request(self.address + path, body))

    def _ask(self, request: Request) -> Answer:
        began = time.monotonic()
        try:
            with self._opener.open(request, timeout=60) as answer:
                status, headers, body = answer.status, answer.headers, answer.read()
        except HTTPError as answer:
            status, headers, body = answer.code, answer.headers, answer.read()
        text = body.decode("utf-8", "replace")
        return Answer(
            status, text, time.monotonic() - began, headers.get("Location", ""), headers.get("X-Request-ID", "")
        )

    def sign_in(self, email: str, password: str) -> Answer:
        """In English, whatever the account reads: the drills compare words."""
        self.get("/accounts/login/")
        self.post("/i18n/setlang/", language="en")
        return self.post("/accounts/login/", login=email, password=password)

    def like_me(self) -> "Visitor":
        """Another window of the same person."""
        other = Visitor(self.address)
        for cookie in self.cookies:
            other.cookies.set_cookie(cookie)
        return other


LINK = re.compile(r'href="(/[^"#]*)"')
PASSED_OVER = re.compile(r"^/static/|logout|\.(xlsx|csv|pdf)\b")


def pages_of(visitor: Visitor, most: int = 40) -> list[str]:
    """One address of every kind that this person finds by following links from their home."""
    found, waiting, kinds = [], ["/"], set()
    while waiting and len(found) < most:
        address = waiting.pop(0)
        answer = visitor.get(address)
        if answer.status != 200:
            continue
        found.append(address)
        for link in LINK.findall(answer.text):
            link = link.replace("&amp;", "&")
            kind = re.sub(r"\d+", "N", link.partition("?")[0])
            if kind not in kinds and not PASSED_OVER.search(link):
                kinds.add(kind)
                waiting.append(link)
    return found
