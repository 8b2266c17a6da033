"""Restore a backup: tried in a database beside the present one, which it replaces only when everything is well."""

import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from companies.enums import CompanyKind
from companies.models import Company
from tradematch.keeping import archive, backup, databases, erase, erasures, folder, tools
from tradematch.keeping.failures import KeepingError, last_line

# What `migrate` and `load_reference` fill: a database that holds nothing else is nobody's.
SET_UP_APPS = ("auth", "contenttypes", "commodities", "corridor", "pghistory")
SET_UP_TABLES = ("django_migrations", "matching_weights", "matching_weightsevent")


@dataclass(frozen=True)
class Restored:
    """How a restore ended, for those who are told what to do next."""

    manifest: archive.Manifest
    erased: int
    set_aside: str  # the database that was there, "" where it was nobody's
    key_is_the_same: bool
    holds_examples: bool


def restore_backup(path: Path, *, set_aside: bool, registers: Iterable[Path], say: archive.Say) -> Restored:
    """Put the database, the uploads and the secrets of a backup in place. Until all is well nothing is changed."""
    database = connection.settings_dict["NAME"]
    known = [erasure for register in registers for erasure in register_in(register)]
    with archive.reading(path) as opened:
        manifest = opened.manifest
        began = time.monotonic()
        opened.verify()
        say(f"Checked: {len(manifest.parts)} parts of {manifest.made_at}, {backup.seconds_since(began)}")
        refuse_a_newer_one(manifest)
        pg_restore = tools.find("pg_restore", at_least=manifest.postgres)
        with databases.working_on(database):
            is_nobodys = refuse_a_used_database(set_aside=set_aside)
        databases.refuse_who_may_not_exchange(database)
        databases.refuse_while_used(database)
        if archive.ERASURES in manifest.parts:
            with opened.part(archive.ERASURES) as part:
                known += erasures.parse(part.read())
        with databases.database_beside(database) as beside:
            load(opened, pg_restore, beside, say)
            with databases.working_on(beside):
                verify_rows(manifest)
                verify_keys()
                bring_up_to_date(manifest, say)
                erased = erase_again(erasures.merge(known), say)
                examples = Company.objects.filter(kind=CompanyKind.EXAMPLE).exists()
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # else the first matching would be planned blindly
            kept_as = name_for_the_replaced(database, is_nobodys=is_nobodys)
            with uploads_in_place(opened, say):
                databases.refuse_while_used(database)
                databases.exchange(database, beside, kept_as=kept_as)
        if is_nobodys:
            databases.forget_database(kept_as)
        secrets = json.loads(opened.part(archive.SECRETS).read()) if manifest.has_secrets else None
        same_key = folder.take_over(secrets, manifest.set_up)
    return Restored(manifest, erased, "" if is_nobodys else kept_as, same_key, examples)


def register_in(path: Path) -> list[erasures.Erasure]:
    if not path.is_file():
        raise KeepingError(f"There is no file {path}: name a copy of erasures.jsonl.")
    return erasures.read(path)


def refuse_a_newer_one(manifest: archive.Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := [name for name in manifest.migrations if name not in known]:
        raise KeepingError(
            f"The backup was made by a newer TradeMatch, version {manifest.version}: this one does not know "
            f"{unknown[0]}{f' and {len(unknown) - 1} more' if unknown[1:] else ''}. Restore it with that version."
        )
    server = backup.server_version()
    if manifest.postgres > server:
        raise KeepingError(
            f"The backup is of PostgreSQL {manifest.postgres}, and this server is {server}: use a newer server."
        )


def refuse_a_used_database(*, set_aside: bool) -> bool:
    """Whether the database holds nothing but what the set-up puts there. People's data are never replaced unasked."""
    set_up = {
        *(model._meta.db_table for model in apps.get_models(include_auto_created=True) if is_of_set_up(model)),
        *SET_UP_TABLES,
    }
    with connection.cursor() as cursor:
        used = {table: rows for table, rows in databases.rows_in(cursor).items() if rows and table not in set_up}
    if used and not set_aside:
        told = ", ".join(f"{rows} in {table}" for table, rows in itertools.islice(used.items(), 3))
        more = f" and {len(used) - 3} tables more" if len(used) > 3 else ""
        raise KeepingError(
            f"The database is in use: it holds rows ({told}{more}). Restore into a new folder (--data DIR before the "
            "command) or an empty database, or keep this one beside under another name with --set-aside."
        )
    return not used


def is_of_set_up(model) -> bool:
    return model._meta.app_label in SET_UP_APPS


def load(opened: archive.Backup, pg_restore: Path, database: str, say: archive.Say) -> None:
    """Feed the dump to `pg_restore`, which keeps all of it or nothing."""
    began = time.monotonic()
    command = [
        *(str(pg_restore), "--dbname", database, "--single-transaction", "--exit-on-error"),
        *("--no-owner", "--no-privileges"),
    ]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=tools.environ(database), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            feed(opened, process, say)
            exit_code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if exit_code:
            said.seek(0)
            reason = last_line(said.read().decode("utf-8", "replace"))
            raise KeepingError(f"The database could not be restored; pg_restore says: {reason}")
    rows = sum(opened.manifest.rows.values())
    say(f"Database: {rows} rows, {backup.seconds_since(began)}")


def feed(opened: archive.Backup, process: subprocess.Popen, say: archive.Say) -> None:
    told_at, size = time.monotonic(), 0
    try:
        with process.stdin, opened.part(archive.DATABASE) as dump:
            while chunk := dump.read(archive.CHUNK):
                process.stdin.write(chunk)
                size += len(chunk)
                if time.monotonic() - told_at > archive.TELL_EVERY_S:
                    say(f"  {archive.DATABASE}: {archive.in_mb(size)} so far")
                    told_at = time.monotonic()
    except BrokenPipeError:
        pass  # it has ended, and its exit code and words tell why


def verify_rows(manifest: archive.Manifest) -> None:
    with connection.cursor() as cursor:
        found = databases.rows_in(cursor, without=backup.SESSIONS)
    for table in sorted({*found, *manifest.rows}):
        if found.get(table) != manifest.rows.get(table):
            raise KeepingError(
                f"The backup is not whole: {table} should hold {manifest.rows.get(table, 0)} rows "
                f"and holds {found.get(table, 0)}. Nothing was changed."
            )


def verify_keys() -> None:
    """Keys that triggers hold (docs/adr/0009): `pg_restore` makes triggers after the rows, which pass them unseen."""
    with connection.cursor() as cursor:
        for child, column, parent in databases.keys_of_triggers(cursor):
            if named := databases.row_without_parent(cursor, child, column, parent):
                raise KeepingError(
                    f"The backup is not whole: {child}.{column} names row {named} of {parent}, which is not there. "
                    "Nothing was changed."
                )


def bring_up_to_date(manifest: archive.Manifest, say: archive.Say) -> None:
    """An older backup gets the tables of this version."""
    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        added = len(set(databases.migrations_in(cursor)) - set(manifest.migrations))
    if added:
        say(f"Tables: {added} migrations since version {manifest.version}, {backup.seconds_since(began)}")


def erase_again(known: list[erasures.Erasure], say: archive.Say) -> int:
    """Who was erased after the backup was made is erased again, before anybody can look."""
    found = erase.repeat(known)
    if found:
        say(f"Erased again: {found} people and contact persons whom the register of erasures names")
    return found


def name_for_the_replaced(database: str, *, is_nobodys: bool) -> str:
    if not is_nobodys:
        return databases.named_after(database, f"_before_{timezone.now():%Y%m%d_%H%M%S}")
    name = databases.named_after(database, "_replaced")
    databases.forget_database(name)  # left by a restore that was killed at its very end
    return name


@contextmanager
def uploads_in_place(opened: archive.Backup, say: archive.Say) -> Iterator[None]:
    """Exchange the folder of uploads together with the database; what was there is kept under another name."""
    began, root = time.monotonic(), Path(settings.MEDIA_ROOT)
    if not opened.manifest.uploads and not any(folder.uploads()):
        yield
        return
    draft = written_uploads(opened, root)
    aside = root.with_name(f"{root.name}.before-{timezone.now():%Y%m%d-%H%M%S}")
    was_there = root.exists()
    if was_there:
        root.rename(aside)
    draft.rename(root)
    try:
        yield
    except BaseException:
        root.rename(draft)
        if was_there:
            aside.rename(root)
        shutil.rmtree(draft)
        raise
    count, size = backup.uploads_in(opened.manifest.parts)
    say(f"Uploads: {count} files, {archive.in_mb(size)}, {backup.seconds_since(began)}")
    if was_there:
        say(f"Uploads that were here are now in {aside}")


def written_uploads(opened: archive.Backup, root: Path) -> Path:
    """The uploads in a folder beside their own."""
    root.parent.mkdir(parents=True, exist_ok=True)
    for leftover in root.parent.glob(f".{root.name}.*"):
        shutil.rmtree(leftover)
    draft = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    for name in opened.manifest.uploads:
        path = draft / name.removeprefix(archive.UPLOADS)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with opened.part(name) as part, path.open("xb") as file:
            shutil.copyfileobj(part, file, archive.CHUNK)
    return draft
