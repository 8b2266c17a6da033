"""Many rows in and out of PostgreSQL at once: COPY, in binary where all columns are numbers, else as text.

A row of numbers has a fixed length in the binary format, so that numpy reads and writes a table as one array of records
and no Python object is made a row. The format: "COPY, Binary Format" in the reference of PostgreSQL.
"""

import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.db import connection

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
# How each type of PostgreSQL lies in the binary format, and as what numpy goes on with it.
WIRE = {"bool": "?", "int2": ">i2", "int4": ">i4", "int8": ">i8", "float8": ">f8"}
HERE = {"bool": np.bool_, "int2": np.int64, "int4": np.int64, "int8": np.int64, "float8": np.float64}
ROWS_AT_ONCE = 100_000


def read_columns(query: str, parameters: Sequence, types: Mapping[str, str]) -> dict[str, np.ndarray]:
    """What a query answers, column by column. `types`: name -> type of PostgreSQL, in the order of the query.

    Whole numbers become int64. Raises ValueError where a value is missing: the query says what stands for one.
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        said = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({said}) TO STDOUT (FORMAT binary)", buffer)
    records = _records(types)
    data = buffer.getbuffer()
    n_bytes = len(data) - len(HEADER) - len(TRAILER)
    if n_bytes % records.itemsize:
        raise ValueError("a value is missing in what was read")
    rows = np.frombuffer(data, records, count=n_bytes // records.itemsize, offset=len(HEADER))
    for number, kind in enumerate(types.values()):
        if (rows[f"length_{number}"] != np.dtype(WIRE[kind]).itemsize).any():
            raise ValueError("a value is missing in what was read")
    return {name: rows[f"value_{number}"].astype(HERE[kind]) for number, (name, kind) in enumerate(types.items())}


def write_columns(table: str, columns: Mapping[str, np.ndarray], types: Mapping[str, str]) -> None:
    """Append rows of numbers to a table, some at a time; every name of `types` is a column of both."""
    names, records = list(types), _records(types)
    n_rows = len(columns[names[0]])
    with connection.cursor() as cursor:
        for start in range(0, n_rows, ROWS_AT_ONCE):
            rows = np.zeros(min(ROWS_AT_ONCE, n_rows - start), records)
            rows["fields"] = len(names)
            for number, name in enumerate(names):
                rows[f"length_{number}"] = np.dtype(WIRE[types[name]]).itemsize
                rows[f"value_{number}"] = _fitting(columns[name][start : start + len(rows)], WIRE[types[name]], name)
            data = io.BytesIO(HEADER + rows.tobytes() + TRAILER)
            cursor.copy_expert(f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT binary)", data)


def _fitting(column: np.ndarray, wire: str, name: str) -> np.ndarray:
    """The column as it is: a whole number that its type cannot hold would be another one without a word."""
    wire_type = np.dtype(wire)
    if wire_type.kind == "i" and len(column):
        limits = np.iinfo(wire_type)
        if column.min() < limits.min or column.max() > limits.max:
            raise ValueError(f"{name} holds a number that {wire_type.name} cannot")
    return column


def write_rows(table: str, names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Append rows of anything that `str` writes as PostgreSQL reads it; None is NULL. A text may hold any character."""
    lines, n_lines = io.StringIO(), 0
    with connection.cursor() as cursor:

        def send() -> None:
            lines.seek(0)
            cursor.copy_expert(f"COPY {table} ({', '.join(names)}) FROM STDIN", lines)

        for row in rows:
            lines.write("\t".join([as_text(value) for value in row]))
            lines.write("\n")
            n_lines += 1
            if n_lines % ROWS_AT_ONCE == 0:
                send()
                lines = io.StringIO()
        if n_lines % ROWS_AT_ONCE:
            send()


def as_text(value: object) -> str:
    """One value as COPY reads it as text."""
    if value is None:
        return r"\N"
    text = str(value)
    if "\0" in text:
        raise ValueError("PostgreSQL keeps no text with a NUL in it")
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def _records(types: Mapping[str, str]) -> np.dtype:
    fields = [("fields", ">i2")]
    for number, kind in enumerate(types.values()):
        fields += [(f"length_{number}", ">i4"), (f"value_{number}", WIRE[kind])]
    return np.dtype(fields)
