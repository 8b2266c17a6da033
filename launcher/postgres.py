"""The embedded PostgreSQL: made once, started or found running, stopped in order."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from launcher import ports
from launcher.binaries import find_postgres_bin
from launcher.console import Console
from launcher.failures import DISK_FULL, Failure, last_lines, says_disk_is_full
from launcher.places import Places
from launcher.processes import PROC, Mark, mark_of
from launcher.unprivileged import Runner, runner_for

ROLE = DATABASE = "tradematch"
OWNER = "tm_admin"  # owns the cluster; nobody can sign in as it

# The builtin provider sorts and folds Cyrillic letters alike on every machine; with the plain C locale the search for
# Kazakh words finds nothing. The system's own locale matters little beside it, and not every system has C.UTF-8.
SYSTEM_LOCALES = ("C.UTF-8", "en_US.UTF-8", "C")

# Loopback only, by password only, as this role only: other users of the machine stay out.
ACCESS = f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"

THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # for tests: fast, lost in a power cut
START_PATIENCE_S = 20
ITSELF_S = 5  # a killed server's remains block the next start for about two seconds, which it mends itself


class Postgres:
    """One cluster in the data folder."""

    name = "PostgreSQL"

    def __init__(self, places: Places, password: str, console: Console, *, durable: bool = True):
        self.places, self.password, self.console, self.durable = places, password, console, durable
        self.port = 0
        self._runner: Runner | None = None

    @property
    def runner(self) -> Runner:
        if self._runner is None:
            self._runner = runner_for(find_postgres_bin(), self.places.data)
        return self._runner

    @property
    def folder(self) -> Path:
        return self.runner.home / "postgres"

    @property
    def log(self) -> Path:
        return (self.runner.home if self.runner.user else self.places.logs) / "postgres.log"

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@{ports.HOST}:{self.port}/{DATABASE}"

    # What the house asks of every server.

    def start(self) -> None:
        """Start the server, or adopt the one that runs here already, having made the cluster if there is none."""
        if running := self.running():
            self.port = running[1]
            return
        if not self.folder.exists():
            with self.console.step("Making the database"):
                self._make()
        self._refuse_another_version()
        self._start()

    def is_running(self) -> bool:
        return self.running() is not None

    def running(self) -> tuple[Mark, int] | None:
        """The server that works on this folder, and its port."""
        lock = self._read_lock()
        if lock is None:
            return None
        mark = mark_of(lock[0])
        return (mark, lock[1]) if mark and lock[1] and _serves(mark.pid, self.folder) else None

    def stop(self) -> None:
        """Stop the server; sessions that are still open end with it."""
        for mode in ("fast", "immediate"):
            if not self.is_running():
                return
            self._tool("pg_ctl", "-D", self.folder, "-m", mode, "-w", "-t", "30", "stop")
        raise Failure(f"PostgreSQL did not stop; its log says:{last_lines(self.log)}")

    def remove(self) -> None:
        self.runner.remove()

    # Making

    def _make(self) -> None:
        """Make the cluster beside its place and move it there when it is whole: a killed start leaves no half one."""
        for remains in self.runner.home.glob("postgres.new*"):
            shutil.rmtree(remains)
        draft = self.runner.home / f"postgres.new-{os.getpid()}"
        for locale in SYSTEM_LOCALES:
            told = self._tool(
                *("initdb", "-D", draft, "-U", OWNER, "-A", "trust", "-E", "UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={locale}"),
                *(() if self.durable else ("--no-sync",)),
            )
            if told.returncode == 0 or "invalid locale" not in told.stdout:
                break
        self._must_have_worked(told, "The database could not be made")
        (draft / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
        # Only letters and digits are in the password, so it needs no quoting.
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.password}';\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        )
        told = self._tool("postgres", "--single", "-D", draft, "postgres", give=statements)
        self._must_have_worked(told, "The database could not be made")
        draft.rename(self.folder)

    def _refuse_another_version(self) -> None:
        kept = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        told = self._tool("postgres", "--version").stdout
        installed = re.search(r"(\d+)\.", told)
        if installed and installed[1] != kept:
            raise Failure(
                f"The database in {self.folder} was made by PostgreSQL {kept}, and {installed[1]} is installed: "
                "restore a backup into a new folder with --data DIR."
            )

    # Starting

    def _start(self) -> None:
        deadline = time.monotonic() + START_PATIENCE_S
        self.port = self.port or ports.free_port()  # after a crash the same port: others hold its address
        os.close(os.open(self.log, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        self.runner.give(self.log)
        with self.console.step("Starting PostgreSQL"):
            while True:
                before = self.log.stat().st_size
                told = self._tool(
                    "pg_ctl", "-D", self.folder, "-w", "-t", "300", "-l", self.log, "-o", self._options(), "start"
                )
                if told.returncode == 0:
                    return
                reason = told.stdout + self.log.read_bytes()[before:].decode("utf-8", "replace")
                if time.monotonic() > deadline:
                    raise Failure(f"PostgreSQL does not come up; its log says:{last_lines(self.log)}")
                self._mend(reason, left_s=deadline - time.monotonic())

    def _mend(self, reason: str, *, left_s: float) -> None:
        """Remove what keeps the server from starting where that is safe; else the next try may meet better luck."""
        if says_disk_is_full(reason):
            raise Failure(DISK_FULL.format(place=self.folder))
        if "Address already in use" in reason or "could not bind" in reason:
            self.port = ports.free_port()
        elif "postmaster.pid" in reason and left_s < START_PATIENCE_S - ITSELF_S:
            # At first the server itself may sort it out. Then: its number was given to a stranger, or the dead
            # process was never collected. Sessions of the dead server would still hold its folder, so look for them.
            lock = self._read_lock()
            if lock and not _serves(lock[0], self.folder) and not _anybody_works_in(self.folder):
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
        time.sleep(0.3)

    def _options(self) -> str:
        settings = [
            f"listen_addresses={ports.HOST}",
            f"port={self.port}",
            "unix_socket_directories=",
            "max_connections=60",
            *(() if self.durable else THROW_AWAY),
        ]
        return " ".join(f"-c {setting}" for setting in settings)

    # Tools

    def _read_lock(self) -> tuple[int, int] | None:
        """Process number and port (0 while unknown) from the file by which the server marks its folder."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()
            return int(lines[0]), int(lines[3]) if len(lines) > 3 else 0
        except (OSError, ValueError, IndexError):
            return None

    def _tool(self, name: str, *arguments: object, give: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one tool of PostgreSQL to its end; its answer is in `stdout`."""
        command = [*self.runner.prefix, str(self.runner.tools / name), *map(str, arguments)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if give is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **self.runner.popen_arguments(os.environ),
        )
        try:
            answer = process.communicate(give)[0]
        except BaseException:
            # Asked like this, pg_ctl takes a server that is still starting down with it.
            process.send_signal(signal.SIGINT)
            process.wait(10)
            raise
        return subprocess.CompletedProcess(command, process.returncode, answer)

    def _must_have_worked(self, told: subprocess.CompletedProcess[str], what: str) -> None:
        if told.returncode == 0:
            return
        if says_disk_is_full(told.stdout):
            raise Failure(DISK_FULL.format(place=self.runner.home))
        lines = "".join(f"\n    {line}" for line in told.stdout.splitlines()[-5:])
        raise Failure(f"{what}; PostgreSQL says:{lines}")


def _serves(pid: int, folder: Path) -> bool:
    """Whether this process is a PostgreSQL server on this folder, not a stranger with a reused number."""
    if (PROC / "self").exists():
        try:
            command = (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            return False
        return Path(command[0]).name == "postgres" and str(folder) in command
    told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return "postgres" in told and str(folder) in told


def _anybody_works_in(folder: Path) -> bool:
    """Whether a process has this folder as its working directory, as every part of a running server does."""
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "cwd").resolve() == folder.resolve():
                return True
        except OSError:
            continue
    return False


def new_password() -> str:
    """Letters and digits only: it stands in addresses and statements without quoting."""
    return secrets.token_hex(16)
