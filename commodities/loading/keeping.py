"""Bringing rows into their table by their natural key, and removing what no file and nobody refers to any more."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Q

from commodities.loading.tables import Count, ReferenceDataError, Row, Table

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Gone:
    """Rows in the database that their file no longer has: primary keys with their names."""

    count: Count
    model: type[models.Model]
    names: dict[int, str]


def keep_rows(
    table: Table, rows: list[Row], count: Count, *, key: tuple[str, ...], scope: Q, ours: Q, only_new: bool
) -> Gone:
    """Add the new rows, change the changed ones, and say which the file no longer has.

    `scope` are the rows of the model that this file speaks of; `ours`, of those, the ones that files may change: people
    own the others. `only_new` leaves every row as it is that is there already.
    """
    model = table.model
    fields = list(rows[0].values) if rows else list(key)
    stored = _stored_rows(model, key, fields, scope)
    ours_pks = set(model._base_manager.filter(scope & ours).values_list("pk", flat=True))
    pks = _pks(model, key, rows, stored)
    _resolve_own_links(table, rows, pks)

    to_write = []
    for row in rows:
        row_key = _key(row, key)
        pk, values = stored.get(row_key, (None, None))
        if pk is None:
            count.new += 1
        elif only_new or values == [row.values[name] for name in fields]:
            count.unchanged += 1
            continue
        elif pk not in ours_pks:
            count.left_alone += 1
            continue
        else:
            count.changed += 1
        to_write.append(_instance(model, pks[row_key], row))
    changing = [name for name in fields if name not in key]
    model._base_manager.bulk_create(
        to_write, batch_size=1000, update_conflicts=True, unique_fields=list(key), update_fields=changing
    )
    gone = {pk: _in_words(k) for k, (pk, _) in stored.items() if k not in pks and pk in ours_pks}
    return Gone(count, model, gone)


def _stored_rows(model, key: tuple[str, ...], fields: list[str], scope: Q) -> dict[Key, tuple[int, list]]:
    places = [fields.index(name) for name in key]
    found = model._base_manager.filter(scope).values_list("pk", *fields)
    return {tuple(values[i] for i in places): (pk, values) for pk, *values in found}


def _key(row: Row, key: tuple[str, ...]) -> Key:
    return tuple(row.values[name] for name in key)


def _in_words(key: Key) -> str:
    return " ".join(map(str, key))


def _pks(model, key: tuple[str, ...], rows: list[Row], stored: dict[Key, tuple[int, list]]) -> dict[Key, int]:
    """The primary key of every row; new ones are reserved, so that a row can name its parent before it is written."""
    keys = [_key(row, key) for row in rows]
    new = [row_key for row_key in keys if row_key not in stored]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(new)],
        )
        reserved = [pk for (pk,) in cursor.fetchall()]
    return {row_key: stored[row_key][0] for row_key in keys if row_key in stored} | dict(
        zip(new, reserved, strict=True)
    )


def _resolve_own_links(table: Table, rows: list[Row], pks: dict[Key, int]) -> None:
    """Replace the code of a parent in the same file by its primary key. Parents stand above: so no circle can close."""
    for column in table.columns:
        field = table.model._meta.get_field(column.field) if column.is_kept else None
        if field is None or field.related_model is not table.model:
            continue
        above: set[str] = set()
        for row in rows:
            code = row.values[column.field]
            if code and code not in above:
                reason = f"no {table.model._meta.verbose_name} above has the code '{code}'"
                raise ReferenceDataError(table.file, reason, line=row.line, column=column.name)
            row.values[column.field] = pks[(code,)] if code else None
            above.add(row.values["code"])


def _instance(model, pk: int, row: Row) -> models.Model:
    attributes = {model._meta.get_field(name).attname: value for name, value in row.values.items()}
    return model(pk=pk, **attributes)


def remove_unused(gone: list[Gone]) -> None:
    """Remove what the files no longer have and nothing refers to; count both that and what has to stay.

    Later files refer to earlier ones, so the last goes first; within one file, parents go after their children.
    """
    for vanished in reversed(gone):
        left = dict(vanished.names)
        while left:
            free = left.keys() - _referred_to(vanished.model, left)
            if not free:
                break
            vanished.model._base_manager.filter(pk__in=free).delete()
            vanished.count.removed += [left.pop(pk) for pk in sorted(free)]
        vanished.count.still_used += [left[pk] for pk in sorted(left)]


def _referred_to(model, pks) -> set[int]:
    """Those that any row of any table refers to, also where the database would let them go with what they refer to.

    Kept history does not count: it outlives what it tells of.
    """
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        is_from_elsewhere = relation.is_relation and relation.auto_created and not relation.concrete
        if is_from_elsewhere and not hasattr(relation.related_model, "pgh_tracked_model"):
            name = relation.field.name
            found = relation.related_model._base_manager.filter(**{f"{name}__in": list(pks)})
            used.update(found.values_list(name, flat=True))
    return used
