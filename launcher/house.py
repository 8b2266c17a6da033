"""Who starts the servers of a data folder, who uses them, and who stops them.

Several commands may work on one folder at once: `run.py` serves it while `run.py manage` asks it something. The first
one starts the servers, the others find them running, and the last one to leave stops them. Each user of the servers
holds a shared lock, which the system takes back when a process dies, however it dies: so nobody counts wrong.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import quote, urlsplit

from launcher import dotenv, ports, stopping
from launcher.console import Console
from launcher.failures import Failure, last_lines
from launcher.places import DOTENV, Places, write_private
from launcher.postgres import Postgres, new_password
from launcher.services import Web, Worker
from launcher.valkey import Valkey

# Packages from elsewhere; and a wish that makes every program read all its packages' sources anew, which takes seconds.
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")

# What a person may set, in the environment or in `.env`, in place of what we make up; and the form of the logs, which
# gunicorn must know before the settings are read.
GIVEN_GOES_BEFORE = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "LOG_FORMAT")

# The setting that lets the sample users sign in without a second factor; and what the settings take for "on".
SAMPLES_LET_OFF = "TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR"
TRUE_WORDS = ("true", "on", "ok", "y", "yes", "1")

MAY_DIE_TIMES, DEATHS_COUNT_FOR_S = 3, 60


class Server(Protocol):
    """What the house asks of each server."""

    name: str

    @property
    def log(self) -> Path: ...
    def start(self) -> None: ...
    def is_running(self) -> bool: ...
    def stop(self) -> None: ...


class House:
    """The servers of one data folder."""

    def __init__(self, places: Places, console: Console, *, given: dict[str, str] | None = None, durable: bool = True):
        self.places, self.console = places, console
        self.given = dotenv.given_values(DOTENV) if given is None else given
        self._secrets = kept_secrets(places)
        self.postgres = Postgres(places, self._secrets["database_password"], console, durable=durable)
        self.valkey = Valkey(places, self._secrets["valkey_password"], console)
        self.worker = Worker(places, self.environ, console)
        self.web = Web(places, self.environ, console)
        self._users: IO[str] | None = None
        self._deaths: list[tuple[str, float]] = []

    # The environment of everything we start.

    def environ(self) -> dict[str, str]:
        """What the settings read (see `.env.example`); what was given from outside goes before what we made up."""
        ours = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": self._secrets["secret_key"],
            "TM_DATA_DIR": str(self.places.data),
            "TM_PROCESS": "command",  # the worker and the web server say otherwise
            # Kept, not sent, until somebody says where to: a log is no place for letters and links to new passwords.
            "EMAIL_URL": f"filemail:///{quote(str(self.places.mail))}",
        }
        if self.is_trial and SAMPLES_LET_OFF not in self.given:
            ours[SAMPLES_LET_OFF] = "on"
        environ = {**os.environ, **ours}
        if self.web.listener and "TM_BASE_URL" not in self.given:
            environ["TM_BASE_URL"] = f"http://{ports.HOST}:{self.web.port}"  # for the links in letters
        if hosts := self.given.get("ALLOWED_HOSTS"):  # the launcher itself asks as 127.0.0.1
            environ["ALLOWED_HOSTS"] = f"{hosts},127.0.0.1"
        environ |= {name: self.given[name] for name in GIVEN_GOES_BEFORE if name in self.given}
        for unwanted in UNWANTED:
            environ.pop(unwanted, None)
        return environ | {"DJANGO_SETTINGS_MODULE": "tradematch.settings", "PYTHONUNBUFFERED": "1"}

    @property
    def is_trial(self) -> bool:
        """A database of our own that no proxy leads others to: the sample users may look around without more ado."""
        return "DATABASE_URL" not in self.given and self.given.get("TM_HTTPS", "off").lower() not in TRUE_WORDS

    @property
    def databases(self) -> Sequence[Server]:
        """The embedded servers in use: those that no address was given for."""
        embedded = {"DATABASE_URL": self.postgres, "REDIS_URL": self.valkey}
        return [server for name, server in embedded.items() if name not in self.given]

    # Coming and going.

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Use the databases: they run within, and stop at the end unless somebody else uses them too."""
        with self._changing():
            self._enter()
        try:
            with self._changing():
                self._start_databases()
            yield
        finally:
            stopping.no_more_interruptions()
            with self._changing():
                self._leave()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Only one command at a time starts or stops servers of this folder."""
        with (self.places.run / "change.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _enter(self) -> None:
        self._users = (self.places.run / "users.lock").open("w")
        if self._nobody_else_is_here():
            # Whoever started these was killed. Work goes on only under somebody's eyes; the databases are kept.
            for leftover in (self.web, self.worker):
                if leftover.is_running():
                    self.console.say(f"{leftover.name} was left behind by an earlier start; stopping it.")
                leftover.stop()
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self.web.listener:
            self.web.stop()
        if self._nobody_else_is_here():
            for server in (self.web, self.worker, *reversed(self.databases)):
                server.stop()
        elif self.web.listener:
            self.console.say("Another command still uses the servers of this folder; it stops them when it ends.")
        self._users.close()

    def _nobody_else_is_here(self) -> bool:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _start_databases(self) -> None:
        for server in self.databases:
            server.start()
        for name, default_port in (("DATABASE_URL", 5432), ("REDIS_URL", 6379)):
            if name in self.given:
                refuse_a_silent_server(name, self.given[name], default_port)

    def start(self, server: Server) -> None:
        with self._changing():
            server.start()

    def keep_up(self, servers: Sequence[Server]) -> None:
        """Start again whichever of these has ended by itself; give up on one that keeps ending."""
        for server in servers:
            if server.is_running():
                continue
            now = time.monotonic()
            self._deaths = [(name, at) for name, at in self._deaths if now - at < DEATHS_COUNT_FOR_S]
            self._deaths.append((server.name, now))
            if sum(name == server.name for name, _ in self._deaths) > MAY_DIE_TIMES:
                raise Failure(f"{server.name} keeps ending; its log says:{last_lines(server.log)}")
            self.console.say(f"{server.name} has ended; starting it again.")
            self.start(server)


def kept_secrets(places: Places) -> dict[str, str]:
    """Passwords and keys of this folder: made up once, kept for this user alone."""
    path = places.data / "secrets.json"
    wanted = ("secret_key", "database_password", "valkey_password")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = {}
    except ValueError:
        raise Failure(
            f"{path} is damaged: put it back from a backup, or choose a new folder with --data DIR."
        ) from None
    if missing := [name for name in wanted if name not in kept]:
        kept |= {name: new_password() + new_password() for name in missing}
        write_private(path, json.dumps(kept, indent=2))
    return kept


def refuse_a_silent_server(name: str, url: str, default_port: int) -> None:
    """Say which server does not answer, before some library says it in fifty lines."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or default_port
    except ValueError:
        raise Failure(f"{name} is not an address: write it as in .env.example.") from None
    # Without a host it is a socket in a folder; the client library knows where.
    if host and not host.startswith("%2f") and not ports.answers(host, port):
        raise Failure(
            f"No server answers at {host}:{port}, the address in {name}: start it or correct the address, "
            f"or leave {name} empty to use the embedded one."
        )


def is_embedded_database(house: House) -> bool:
    return house.postgres in house.databases


def data_folder(path: Path) -> Places:
    places = Places(path.expanduser().resolve())
    places.make()
    return places
