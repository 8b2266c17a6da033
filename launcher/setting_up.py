"""What stands between an empty database and a first page: tables, reference data, the sample book, static files."""

import contextlib
import fcntl
import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from launcher.failures import DISK_FULL, Failure, indented, last_lines, says_disk_is_full
from launcher.house import House, is_embedded_database
from launcher.inside import ANNOUNCEMENT, REASON
from launcher.places import PYTHON, ROOT, write_private

COMPILE_CATALOGUES = "compile_catalogues"
MIGRATE = "migrate --noinput"
LOAD_REFERENCE = "load_reference"
LOAD_SAMPLE_BOOK = "load_sample_book"
ENSURE_SAMPLE_USERS = "ensure_sample_users"
ENSURE_SAMPLE_USERS_ELSEWHERE = "ensure_sample_users --keep-passwords"
COLLECT_STATIC = "collectstatic --noinput"

IN_WORDS = {
    COMPILE_CATALOGUES: "Compiling the translations",
    MIGRATE: "Making the tables",
    LOAD_REFERENCE: "Loading the reference data",
    LOAD_SAMPLE_BOOK: "Loading the sample book",
    ENSURE_SAMPLE_USERS: "Making the sample users",
    ENSURE_SAMPLE_USERS_ELSEWHERE: "Making the sample users",
    COLLECT_STATIC: "Collecting the static files",
}

# What each part of the set-up depends on, within the checkout. Where none of it changed, the part need not be repeated.
DATABASE_SOURCES = ("*/migrations/*.py", "data/**/*", "requirements.txt")
STATIC_SOURCES = ("static/**/*", "requirements.txt")


def set_up_everything(house: House, *, with_sample_book: bool) -> None:
    """All that the pages need. The commands are repeatable, so a second start loads nothing twice."""
    commands = [COMPILE_CATALOGUES, MIGRATE, LOAD_REFERENCE]
    if with_sample_book:
        commands.append(LOAD_SAMPLE_BOOK)
    with _alone(house) as lock:
        done = {
            "database": digest_of(DATABASE_SOURCES),
            "static": digest_of(STATIC_SOURCES),
            "sample users": "with their companies" if with_sample_book else "without companies",
        }
        # Checking a password is slow on purpose, and so is squeezing every static file.
        if is_embedded_database(house):
            if not is_done(house, "sample users", done["sample users"]):
                commands.append(ENSURE_SAMPLE_USERS)
        # Into a database of somebody else they come only together with examples.
        elif with_sample_book:
            commands.append(ENSURE_SAMPLE_USERS_ELSEWHERE)
        if _done_before(house).get("static") != done["static"]:
            commands.append(COLLECT_STATIC)
        carry_out(house, commands, lock)
        remember(house, done)


def set_up_the_database(house: House) -> None:
    """Tables and reference data, for a command that is typed before the first start; at once done after it."""
    with _alone(house) as lock:
        digest = digest_of(DATABASE_SOURCES)
        if is_done(house, "database", digest):
            return
        carry_out(house, [COMPILE_CATALOGUES, MIGRATE, LOAD_REFERENCE], lock)
        remember(house, {"database": digest})


def carry_out(house: House, commands: Iterable[str], lock: IO[str] | None = None) -> None:
    """Run management commands in one go, each shown as a step.

    The process shares our lock: if we are killed, the next start waits until it too has come to its end.
    """
    log = house.places.log("set-up")
    with log.open("a", encoding="utf-8") as output, contextlib.ExitStack() as step:
        process = subprocess.Popen(
            [PYTHON, "-m", "launcher.inside", *commands],
            cwd=ROOT,
            env=house.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=[lock.fileno()] if lock else [],
        )
        current, reasons = "Starting Django", []
        try:
            for line in process.stdout:
                output.write(line)
                output.flush()
                if line.startswith(ANNOUNCEMENT):
                    current = IN_WORDS[line.removeprefix(ANNOUNCEMENT).strip()]
                    step.close()
                    step.enter_context(house.console.step(current))
                elif line.startswith(REASON):
                    reasons.append(line.removeprefix(REASON).rstrip())
            exit_code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if exit_code:
        told = indented(reasons) or last_lines(log)
        if says_disk_is_full(told):
            raise Failure(DISK_FULL.format(place=house.places.data))
        raise Failure(f"{current} did not work, for the reason below ({log} tells all).{told}")


@contextlib.contextmanager
def _alone(house: House) -> Iterator[IO[str]]:
    """Two commands may not make the same tables at once."""
    with (house.places.run / "set-up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with house.console.step("Waiting for another command that sets this folder up"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def digest_of(patterns: Iterable[str], root: Path = ROOT) -> str:
    """One number for the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _done_before(house: House) -> dict[str, str]:
    try:
        return dict(json.loads((house.places.data / "set-up.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def is_done(house: House, what: str, digest: str = "done") -> bool:
    """Whether a part of the set-up was carried out on this folder's own database, from these very sources."""
    # A database of somebody else's server may have been replaced while we looked away: it is asked each time.
    return is_embedded_database(house) and _done_before(house).get(what) == digest


def remember(house: House, done: dict[str, str]) -> None:
    """Keep what was carried out, beside what was before."""
    write_private(house.places.data / "set-up.json", json.dumps(_done_before(house) | done, indent=2))
