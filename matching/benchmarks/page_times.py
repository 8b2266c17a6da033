"""`benchmark pages`: what readers wait for a page of a list, beside a bare page of the same size by the same server."""

import base64
import contextlib
import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

from accounts.enums import Role
from accounts.models import SecondFactor
from accounts.sealing import seal

READERS = 20
EACH = 15
WORKERS = 2  # as the launcher begins them
SOON_S = 60
PAGES = {
    "all matches": "/matches/",
    "100 rows of them": "/matches/?size=100",
    "by quantity, falling": "/matches/?sort=-quantity",
    "by landed cost": "/matches/?sort=landed",
    "by exporter": "/matches/?sort=exporter",
    "one sector": "/matches/?sector=palm_oil",
    "new, little unknown, 70 points": "/matches/?state=new&obstacle=none&unknown=none&unknown=few&at_least_points=70",
    "shortlisted": "/matches/?state=shortlisted",
    "companies": "/companies/",
    "needs that nobody meets": "/needs/unmet/",
    "capacities that nobody uses": "/capacities/unused/",
    "near misses": "/near-misses/",
    "near misses of a certificate": "/near-misses/?rule=certificates",
    "which change opens most": "/coaching/",
    "the plan": "/plan/",
    "who supplies whom": "/plan/flows/",
    "100 rows of them, by score": "/plan/flows/?sort=-score&size=100",
    "needs that the plan does not meet": "/plan/unmet/",
    "capacities that the plan leaves": "/plan/unused/",
    "runs": "/runs/",
    "home": "/",
}
DEEP = "deep in all matches"


@dataclass(frozen=True)
class Answer:
    status: int
    size: int
    queries: int
    server_ms: float
    waited_ms: float


@dataclass(frozen=True)
class Waits:
    """What readers waited for one address."""

    size: int
    queries: int
    waited_ms: list[float]
    server_ms: list[float]

    def at(self, share: float) -> float:
        return statistics.quantiles(self.waited_ms, n=100)[round(share * 100) - 1]

    @property
    def server_p50(self) -> float:
        return statistics.median(self.server_ms)


@dataclass(frozen=True)
class PageTimes:
    """A page beside a bare one of its size."""

    name: str
    address: str
    page: Waits
    bare: Waits

    @property
    def ratio(self) -> float:
        return self.page.at(0.95) / self.bare.at(0.95)


class FailedError(RuntimeError):
    """The server did not come up, or did not answer as a reader is answered."""


def page_times(tell: Callable[[str], None], readers: int = READERS, each: int = EACH) -> list[PageTimes]:
    """Each page, then a bare page of its size, each asked for by so many readers at once."""
    found = []
    with served() as port, signed_in(readers) as cookies:
        for name, address in (PAGES | {DEEP: deep_address(port, cookies[0])}).items():
            first = asked(port, address, cookies[0])
            if first.status != http.client.OK:
                raise FailedError(f"{address} answers {first.status}.")
            page = waits(port, address, cookies, each)
            one = PageTimes(name, address, page, waits(port, f"/bare/{first.size}/", cookies, each))
            found.append(one)
            tell(f"{name}: {one.ratio:.1f} times a bare page, {page.queries} queries")
    return found


def deep_address(port: int, cookie: str) -> str:
    """Behind a row in the middle of the scores, where a number of the page would have to count half a million rows."""
    from matching.models import ListedMatch  # the models are read by then

    middle = ListedMatch.objects.order_by("-score_ppm", "pk").values_list("pk", "score_ppm")
    number = ListedMatch.objects.count() // 2
    row = middle[number : number + 1].first() if number else None
    return f"/matches/?after={row[0]}:{row[1]}" if row else "/matches/"


def waits(port: int, address: str, cookies: list[str], each: int) -> Waits:
    answers: list[Answer] = []
    asked(port, address, cookies[0])  # warm

    def read(cookie: str) -> None:
        answers.extend(asked(port, address, cookie) for _time in range(each))

    threads = [threading.Thread(target=read, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(answers) != len(cookies) * each or any(one.status != http.client.OK for one in answers):
        raise FailedError(f"{address} was not answered each time.")
    queries = max(one.queries for one in answers)
    return Waits(answers[0].size, queries, [a.waited_ms for a in answers], [a.server_ms for a in answers])


def asked(port: int, address: str, cookie: str) -> Answer:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON_S)
    with contextlib.closing(connection):
        connection.request("GET", address, headers={"Cookie": cookie, "Host": host(), "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        body = response.read()
        waited = 1000 * (time.perf_counter() - began)
        told = response.headers
        queries, server_ms = int(told.get("X-Queries", 0)), float(told.get("X-Server-Ms", 0))
        return Answer(response.status, len(body), queries, server_ms, waited)


def host() -> str:
    known = [name for name in settings.ALLOWED_HOSTS if name and name[0] not in ".*"]
    return known[0] if known else "localhost"


@contextlib.contextmanager
def served() -> Iterator[int]:
    """gunicorn as the product begins it, on a port of its own; ended whatever happens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "matching.benchmarks.page_server", "--workers", str(WORKERS)]
    command += ["--preload", "--no-control-socket", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tradematch.settings")
    }
    with subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR) as server:
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    until = time.monotonic() + SOON_S
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise FailedError("The web server did not come up.")


@contextlib.contextmanager
def signed_in(readers: int) -> Iterator[list[str]]:
    """So many sessions of a member of staff who is there for the time of the measurement."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    users = get_user_model().objects
    user = users.create(email=f"benchmark-{secrets.token_hex(6)}@example.test", role=Role.STAFF)
    secret = seal(base64.b32encode(secrets.token_bytes(20)).decode())
    SecondFactor.objects.create(user=user, type=SecondFactor.Type.TOTP, data={"secret": secret})
    sessions = []
    try:
        for _reader in range(readers):
            session = store()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            sessions.append(session)
        yield [f"{settings.SESSION_COOKIE_NAME}={session.session_key}" for session in sessions]
    finally:
        for session in sessions:
            session.delete()
        user.delete()
