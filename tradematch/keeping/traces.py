"""Where a text stands in the database: every text of every table is asked, whether we know the table or not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db import connection, models
from psycopg2 import sql

from tradematch.keeping.databases import as_text

ERASED = "[erased]"
# Letters of an address on either side would make it another address; of a name, another name.
WITHIN = {"address": r"[[:alnum:]._%+\-]", "name": "[[:alnum:]]"}


@dataclass(frozen=True)
class Column:
    """A column that holds text."""

    table: str
    name: str
    kind: str  # text, json or list
    longest: int | None
    key: str

    @property
    def as_text(self) -> sql.Composable:
        return sql.SQL("{}::text").format(sql.Identifier(self.name))


@dataclass(frozen=True, order=True)
class Trace:
    """One row in which one column holds what was looked for."""

    table: str
    column: str
    row: str


@dataclass(frozen=True)
class Wanted:
    """A text that is looked for: a person's address or name, as a whole."""

    text: str
    kind: str  # address or name

    def pattern(self, *, in_json: bool) -> str:
        text = json.dumps(self.text, ensure_ascii=False)[1:-1] if in_json else self.text
        letters = "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)
        return f"(?<!{WITHIN[self.kind]}){letters}(?!{WITHIN[self.kind]})"


def pattern_of(wanted: list[Wanted], column: Column) -> str:
    """Any of these texts, as this column writes it."""
    return "|".join(text.pattern(in_json=column.kind == "json") for text in wanted)


def text_columns() -> list[Column]:
    """Every column of every table that holds text, with the key of its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.table_name, c.column_name, c.udt_name, c.character_maximum_length, a.attname
            FROM information_schema.columns c
            JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
            JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
            WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER'
              AND c.udt_name IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', '_text', '_varchar')
            ORDER BY c.table_name, c.ordinal_position
            """
        )
        kinds = {"json": "json", "jsonb": "json", "_text": "list", "_varchar": "list"}
        return [
            Column(table, name, kinds.get(udt, "text"), longest, key)
            for table, name, udt, longest, key in cursor.fetchall()
        ]


def traces_of(wanted: list[Wanted], columns: list[Column]) -> list[Trace]:
    """Every row of these columns that holds one of these texts; one question a table."""
    found = []
    with connection.cursor() as cursor:
        for table, group in groupby(columns, lambda column: column.table):
            asked = list(group)
            tests = [sql.SQL("coalesce({} ~* %s, false)").format(column.as_text) for column in asked]
            statement = sql.SQL(
                "SELECT * FROM (SELECT {}::text, ARRAY[{}] AS holds FROM {}) AS x WHERE true = ANY(holds)"
            )
            statement = statement.format(sql.Identifier(asked[0].key), sql.SQL(", ").join(tests), sql.Identifier(table))
            cursor.execute(as_text(cursor, statement), [pattern_of(wanted, column) for column in asked])
            for row, holds in cursor.fetchall():
                found += [Trace(table, column.name, row) for column, held in zip(asked, holds, strict=True) if held]
    return sorted(found)


def scrub(wanted: list[Wanted], columns: list[Column]) -> int:
    """Put `[erased]` in place of these texts; the number of values that were changed."""
    if not wanted:
        return 0
    held = {(trace.table, trace.column) for trace in traces_of(wanted, columns)}
    changed = 0
    with connection.cursor() as cursor:
        for column in columns:
            if (column.table, column.name) in held:
                statement, values = _replacing(column, pattern_of(wanted, column))
                cursor.execute(as_text(cursor, statement), values)
                changed += cursor.rowcount
    return changed


def _replacing(column: Column, pattern: str) -> tuple[sql.Composable, list[str]]:
    name = sql.Identifier(column.name)
    shapes = {
        "text": "regexp_replace({name}, %s, %s, 'gi')",
        "json": "regexp_replace({name}::text, %s, %s, 'gi')::jsonb",
        "list": "ARRAY(SELECT regexp_replace(said, %s, %s, 'gi') FROM unnest({name}) WITH ORDINALITY AS x(said, n)"
        " ORDER BY n)",
    }
    new = sql.SQL(shapes[column.kind]).format(name=name)
    if column.longest and column.kind == "text":
        new = sql.SQL("left({}, {})").format(new, sql.Literal(column.longest))
    # An address has no half: a column of addresses is emptied.
    instead = "" if _holds_addresses(column) else ERASED
    statement = sql.SQL("UPDATE {table} SET {name} = {new} WHERE {said} ~* %s").format(
        table=sql.Identifier(column.table), name=name, new=new, said=column.as_text
    )
    return statement, [pattern, instead, pattern]


def _holds_addresses(column: Column) -> bool:
    return any(
        isinstance(field, models.EmailField) and field.column == column.name for field in _fields_of(column.table)
    )


def _fields_of(table: str) -> Iterator[models.Field]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            yield from model._meta.concrete_fields


def columns_by(judge: Callable[[type[models.Model]], bool]) -> tuple[list[Column], list[Column]]:
    """The columns of the tables whose model is judged so, and the others, those of no model among them."""
    wanted = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if judge(model)}
    columns = text_columns()
    return [column for column in columns if column.table in wanted], [
        column for column in columns if column.table not in wanted
    ]
