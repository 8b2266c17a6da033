"""The small core under `load_reference`.

A `Table` says what stands in a file; a `Loading` reads files and keeps their rows. Whoever loads holds the transaction.
"""

from pathlib import Path

from django.db import models
from django.db.models import Q

from commodities.loading.keeping import Gone, keep_rows, remove_unused
from commodities.loading.reading import read_rows
from commodities.loading.tables import (
    NAMES,
    SOURCE,
    SOURCE_CHECKED,
    Column,
    Count,
    ReferenceDataError,
    Row,
    Table,
    checked,
    columns,
    in_languages,
)

__all__ = [
    "NAMES",
    "SOURCE",
    "SOURCE_CHECKED",
    "Column",
    "Count",
    "Loading",
    "ReferenceDataError",
    "Row",
    "Table",
    "checked",
    "columns",
    "in_languages",
]


EVERY_ROW = Q()


class Loading:
    """One load of a directory of reference files, with what became of each."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._counts: dict[str, Count] = {}
        self._ids: dict[type[models.Model], dict[str, int]] = {}
        self._gone: list[Gone] = []

    @property
    def counts(self) -> list[Count]:
        return list(self._counts.values())

    def ids(self, model: type[models.Model]) -> dict[str, int]:
        """The primary keys of the rows of a model, by their code."""
        if model not in self._ids:
            self._ids[model] = dict(model._base_manager.values_list("code", "pk"))
        return self._ids[model]

    def read(self, table: Table) -> list[Row]:
        """The rows of a file, checked and converted; `ReferenceDataError` where something is wrong."""
        rows = read_rows(self.directory, table, self.ids)
        self._count(table).read += len(rows)
        return rows

    def load(self, table: Table, *, scope: Q = EVERY_ROW, ours: Q = EVERY_ROW, only_new: bool = False) -> None:
        """Read a file each of whose rows is a row of its model, and keep them."""
        rows = self.read(table)
        self.keep(table, rows, key=table.key_fields, scope=scope, ours=ours, only_new=only_new)

    def keep(
        self,
        table: Table,
        rows: list[Row],
        *,
        key: tuple[str, ...] = ("code",),
        scope: Q = EVERY_ROW,
        ours: Q = EVERY_ROW,
        only_new: bool = False,
    ) -> None:
        """Bring rows into their table; see `keep_rows`."""
        count = self._count(table)
        self._gone.append(keep_rows(table, rows, count, key=key, scope=scope, ours=ours, only_new=only_new))
        self._ids.pop(table.model, None)

    def remove_what_is_gone(self) -> None:
        """At the end: remove what no file has any more, where nothing refers to it."""
        remove_unused(self._gone)

    def _count(self, table: Table) -> Count:
        return self._counts.setdefault(table.file, Count(table.file))
