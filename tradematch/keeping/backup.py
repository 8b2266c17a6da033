"""Make a backup: one moment of the database, the uploads, the register of erasures and the secrets, in one file."""

import io
import json
import subprocess
import tempfile
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from tradematch.keeping import archive, databases, folder, tools
from tradematch.keeping.failures import KeepingError, last_line

# Whoever holds a session's key is signed in. Sessions end with a restore, so their rows are never copied.
SESSIONS = ("django_session", "usersessions_usersession")


def make_backup(path: Path, *, force: bool, with_secrets: bool, say: archive.Say) -> archive.Manifest:
    """Write a backup while everybody works on. It is whole or it is not there."""
    pg_dump = tools.find("pg_dump", at_least=server_version())
    with archive.writing(path, force=force) as file, databases.snapshot(without=SESSIONS) as moment:
        if not moment.migrations:
            raise KeepingError("This database holds no tables of TradeMatch: there is nothing to keep.")
        with archive.Writer(file, say) as writer:
            add_dump(writer, pg_dump, moment)
            # After the database: what a row names is there by then.
            add_uploads(writer)
            if settings.ERASURE_REGISTER.exists():
                with settings.ERASURE_REGISTER.open("rb") as register:
                    writer.add(archive.ERASURES, register)
            if with_secrets:
                writer.add(archive.SECRETS, io.BytesIO(json.dumps(folder.secrets(), indent=1).encode()))
            manifest = archive.Manifest(
                version=product_version(),
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                postgres=moment.postgres,
                migrations=moment.migrations,
                rows=moment.rows,
                set_up=folder.set_up_of_the_database(),
            )
            writer.finish(manifest)
    return manifest


def add_dump(writer: archive.Writer, pg_dump: Path, moment: databases.Snapshot) -> None:
    began = time.monotonic()
    command = [
        *(str(pg_dump), "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"),
        *(f"--snapshot={moment.name}", *(f"--exclude-table-data=public.{table}" for table in SESSIONS)),
    ]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env=tools.environ(connection.settings_dict["NAME"]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            with process.stdout:
                writer.add(archive.DATABASE, process.stdout)
            exit_code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if exit_code:
            said.seek(0)
            reason = last_line(said.read().decode("utf-8", "replace"))
            raise KeepingError(f"The database could not be copied; pg_dump says: {reason}")
    size = archive.in_mb(writer.parts[archive.DATABASE].bytes)
    writer.say(f"Database: {sum(moment.rows.values())} rows, {size}, {seconds_since(began)}")


def add_uploads(writer: archive.Writer) -> None:
    began = time.monotonic()
    for name, path in folder.uploads():
        try:
            file = path.open("rb")
        except FileNotFoundError:
            writer.say(f"  {name} was taken away meanwhile and is not in the backup")
            continue
        with file:
            writer.add(archive.UPLOADS + name, file)
    count, size = uploads_in(writer.parts)
    writer.say(f"Uploads: {count} files, {archive.in_mb(size)}, {seconds_since(began)}")


def uploads_in(parts: dict[str, archive.Part]) -> tuple[int, int]:
    """How many uploads there are, and their bytes."""
    sizes = [part.bytes for name, part in parts.items() if name.startswith(archive.UPLOADS)]
    return len(sizes), sum(sizes)


def server_version() -> int:
    """The major version of the server that is kept."""
    with connection.cursor():
        return connection.pg_version // 10_000


def product_version() -> str:
    facts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return facts["project"]["version"]


def seconds_since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"
