"""The database that is kept, and the one beside it in which a backup is tried before it takes its place."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from django.db import connection
from psycopg2 import sql

from tradematch.keeping.failures import KeepingError
from tradematch.keeping.tools import UNHURRIED

# Any of them will do: one cannot rename or make a database from within.
ELSEWHERE = ("postgres", "template1")
PROVIDERS = {"b": ("builtin", "BUILTIN_LOCALE"), "i": ("icu", "ICU_LOCALE"), "c": ("libc", "")}


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database: what was counted and what is copied are the same."""

    name: str
    postgres: int
    migrations: list[str]
    rows: dict[str, int]


@contextmanager
def snapshot(without: tuple[str, ...]) -> Iterator[Snapshot]:
    """Hold one moment for as long as it is copied; those who work meanwhile are not held up."""
    held = connect(connection.settings_dict["NAME"])
    try:
        held.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        with held.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            name = cursor.fetchone()[0]
            yield Snapshot(name, held.server_version // 10_000, migrations_in(cursor), rows_in(cursor, without))
    finally:
        held.close()


def migrations_in(cursor) -> list[str]:
    """The migrations that were applied, by app and name; none where there are no tables yet."""
    if "django_migrations" not in tables_in(cursor):
        return []
    cursor.execute("SELECT DISTINCT app || '.' || name FROM django_migrations ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def tables_in(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def rows_in(cursor, without: tuple[str, ...] = ()) -> dict[str, int]:
    """How many rows each table holds."""
    counts = {}
    for table in tables_in(cursor):
        if table not in without:
            cursor.execute(as_text(cursor, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))))
            counts[table] = cursor.fetchone()[0]
    return counts


def keys_of_triggers(cursor) -> list[tuple[str, str, str]]:
    """Child, its column and parent of the keys that `matching_hold_parents` checks: docs/adr/0009."""
    cursor.execute(
        r"SELECT relname, split_part(said, '\000', 1), split_part(said, '\000', 2) FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid"
        " CROSS JOIN LATERAL encode(tgargs, 'escape') said WHERE proname = 'matching_hold_parents' ORDER BY 1, 2"
    )
    return cursor.fetchall()


def row_without_parent(cursor, child: str, column: str, parent: str) -> int | None:
    """A number that some row names and no parent has; None where all is well."""
    statement = sql.SQL(
        "SELECT {column} FROM {child} child WHERE NOT EXISTS (SELECT FROM {parent} parent WHERE parent.id = {column})"
        " LIMIT 1"
    ).format(child=sql.Identifier(child), column=sql.Identifier("child", column), parent=sql.Identifier(parent))
    cursor.execute(as_text(cursor, statement))
    found = cursor.fetchone()
    return found and found[0]


def as_text(cursor, statement: sql.Composable) -> str:
    """A statement with its names quoted; what looks over Django's shoulder reads nothing but text."""
    return statement.as_string(getattr(cursor, "cursor", cursor))


def connect(database: str):
    """A connection of our own to a database of our server, without the limits that pages have."""
    facts = connection.get_connection_params() | {"dbname": database, "options": UNHURRIED, "connect_timeout": 20}
    facts.pop("cursor_factory", None)
    return psycopg2.connect(**facts)


@contextmanager
def from_elsewhere() -> Iterator[psycopg2.extensions.connection]:
    """A connection to another database of the same server; each statement by itself."""
    refusal = None
    for name in ELSEWHERE:
        if name == connection.settings_dict["NAME"]:
            continue
        try:
            held = connect(name)
        except psycopg2.OperationalError as fault:
            refusal = fault
            continue
        held.autocommit = True
        with contextlib.closing(held):
            yield held
        return
    raise KeepingError(f"No other database of this server lets {connection.settings_dict['USER']} in: {refusal}")


@contextmanager
def working_on(database: str) -> Iterator[None]:
    """Django works on another database of the same server, without the limits that pages have."""
    facts = connection.settings_dict
    before = {"NAME": facts["NAME"], "OPTIONS": facts["OPTIONS"]}
    connection.close()
    facts |= {"NAME": database, "OPTIONS": {**facts["OPTIONS"], "options": UNHURRIED}}
    try:
        yield
    finally:
        connection.close()
        facts |= before


def refuse_who_may_not_exchange(database: str) -> None:
    """The exchange needs a role that may make databases and owns this one; better said before than in the middle."""
    role = connection.settings_dict["USER"]
    with from_elsewhere() as held, held.cursor() as cursor:
        if not may_exchange(cursor, database):
            raise KeepingError(
                f"To restore, {role} must own the database {database} and may make databases: "
                f"let the owner of the server carry out ALTER ROLE {role} CREATEDB, or give it the database."
            )


def may_exchange(cursor, database: str) -> bool:
    cursor.execute(
        "SELECT rolsuper OR (rolcreatedb AND pg_has_role(datdba, 'USAGE'))"
        " FROM pg_database, pg_roles WHERE datname = %s AND rolname = current_user",
        [database],
    )
    return cursor.fetchone() == (True,)


def refuse_while_used(database: str) -> None:
    """Nobody's work may vanish under their hands."""
    with from_elsewhere() as held, held.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [database]
        )
        if users := cursor.fetchone()[0]:
            raise KeepingError(
                f"{users} connections to the database {database} are open: stop TradeMatch (web, worker, beat) first."
            )


@contextmanager
def database_beside(database: str) -> Iterator[str]:
    """An empty database like this one; gone at the end unless it has taken the other's place."""
    beside = named_after(database, "_being_restored")
    with from_elsewhere() as held, held.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [beside])
        if cursor.fetchone() != (True,):
            raise KeepingError(f"Another restore into {database} is under way: wait until it has ended.")
        drop(cursor, beside)  # left by one that was killed
        make_like(cursor, database, beside)
        try:
            yield beside
        finally:
            drop(cursor, beside)


def named_after(database: str, ending: str) -> str:
    """The server cuts longer names off."""
    return database[: 63 - len(ending)] + ending


def make_like(cursor, database: str, beside: str) -> None:
    """Make an empty database with the letters and the order of letters of another one."""
    cursor.execute(
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale, datcollate, datctype"
        " FROM pg_database WHERE datname = %s",
        [database],
    )
    encoding, provider, locale, collate, ctype = cursor.fetchone()
    word, locale_word = PROVIDERS[provider]
    statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {} LOCALE_PROVIDER {}"
    parts = [sql.Identifier(beside), *map(sql.Literal, (encoding, collate, ctype)), sql.SQL(word)]
    if locale_word:
        statement += f" {locale_word} {{}}"
        parts.append(sql.Literal(locale))
    cursor.execute(sql.SQL(statement).format(*parts))


def drop(cursor, database: str) -> None:
    """Drop a database with whatever of ours still works in it. The server itself sends its own helpers away."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [database],
    )
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))


def exchange(database: str, beside: str, *, kept_as: str) -> None:
    """The one beside takes the place of the database, which goes on under another name. Both at once or neither."""
    with from_elsewhere() as held:
        held.autocommit = False
        with held, held.cursor() as cursor:
            for old, new in ((database, kept_as), (beside, database)):
                cursor.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )


def forget_database(database: str) -> None:
    with from_elsewhere() as held, held.cursor() as cursor:
        drop(cursor, database)
