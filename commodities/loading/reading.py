"""Reading a reference file strictly: UTF-8, the exact header, every cell of its declared kind, no row twice."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

from django.db import models

from commodities.loading.cells import Reader, known_code, reader_of, text
from commodities.loading.tables import Column, ReferenceDataError, Row, Table

IdsOf = Callable[[type[models.Model]], dict[str, int]]


def read_rows(directory: Path, table: Table, ids_of: IdsOf) -> list[Row]:
    """The rows of a file, every cell converted; the first thing wrong stops it with file, line and reason."""
    lines = _lines(directory, table.file)
    _, header = next(lines, (1, []))
    names = [column.name for column in table.columns]
    if header != names:
        raise ReferenceDataError(
            table.file, f"the header must be exactly '{','.join(names)}', not '{','.join(header)}'", line=1
        )
    readers = [(column, _reader(table, column, ids_of)) for column in table.columns]
    rows = [_row(table, readers, line, cells) for line, cells in lines]
    _refuse_doubles(table, rows)
    return rows


def _lines(directory: Path, file: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record and the line it begins on."""
    try:
        data = (directory / file).read_bytes()
    except OSError as error:
        raise ReferenceDataError(file, f"cannot be read ({error.strerror})") from error
    try:
        content = data.decode("utf-8-sig")  # spreadsheet programs put a mark before the first letter
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReferenceDataError(file, "is not UTF-8 text: save it as 'CSV UTF-8'", line=line) from error
    reader = csv.reader(StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReferenceDataError(file, f"is not well-formed CSV ({error})", line=line) from error


def _reader(table: Table, column: Column, ids_of: IdsOf) -> Reader:
    if column.names:
        return _code_of(column.names, ids_of)
    if column.read:
        return column.read
    field = table.model._meta.get_field(column.field)
    if not field.is_relation:
        return reader_of(field)
    if field.related_model is table.model:
        return text()  # a row of this very file: it is looked up when the rows are kept
    return _id_of(field.related_model, ids_of, required=not field.blank)


def _code_of(model: type[models.Model], ids_of: IdsOf) -> Reader:
    known = known_code(ids_of(model), str(model._meta.verbose_name))
    return lambda cell: known(cell) if cell else ""


def _id_of(model: type[models.Model], ids_of: IdsOf, *, required: bool) -> Reader:
    ids = ids_of(model)
    known = known_code(ids, str(model._meta.verbose_name))
    return lambda cell: ids[known(cell)] if cell or required else None


def _row(table: Table, readers: list[tuple[Column, Reader]], line: int, cells: list[str]) -> Row:
    if len(cells) != len(readers):
        raise ReferenceDataError(table.file, f"has {len(cells)} cells, the header has {len(readers)}", line=line)
    row = Row(line, typed={column.name: cell for (column, _), cell in zip(readers, cells, strict=True)})
    for (column, read), cell in zip(readers, cells, strict=True):
        try:
            row.cells[column.name] = read(cell)
        except ValueError as error:
            raise ReferenceDataError(table.file, str(error), line=line, column=column.name) from None
        if column.is_kept:
            _put(row, column)
    if table.complete:
        try:
            table.complete(row)
        except ValueError as error:
            raise ReferenceDataError(table.file, str(error), line=line) from None
    return row


def _put(row: Row, column: Column) -> None:
    value = row.cells[column.name]
    if not column.part:
        row.values[column.field] = value
    elif value:
        row.values.setdefault(column.field, {})[column.part] = value
    else:
        row.values.setdefault(column.field, {})


def _refuse_doubles(table: Table, rows: list[Row]) -> None:
    first_line: dict[tuple, int] = {}
    for row in rows:
        key = tuple(row.cells[name] for name in table.key)
        if key in first_line:
            raise ReferenceDataError(
                table.file, f"the same {', '.join(table.key)} as on line {first_line[key]}", line=row.line
            )
        first_line[key] = row.line
