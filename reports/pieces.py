"""Rows of a cut: written as PostgreSQL's COPY writes text, packed some thousand at a time, and read back as they were.

Cells are divided by tabs, rows by line feeds, what is not known is `\\N`; so a large cut goes from COPY to its pieces
without being taken apart.
"""

import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from reports.document import Cell, Document, Row
from reports.models import Report, ReportPiece
from reports.workplace import work_dir

PIECE_BYTES = 1_000_000  # of text, before it is packed
WATCHED = 100  # rows that are made one by one between two looks at whether they are still wanted
FAST = 1  # of zlib: four times as quick as the usual level, and a fifth larger
NOT_KNOWN = "\\N"
ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
MEANT = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
ESCAPE = str.maketrans(ESCAPED)


class Pieces:
    """Takes the rows of a cut, table by table, into the pieces of a report; what it took is digested on the way.

    Packed pieces wait in a file without a name until they are kept: the connection that hands over rows by COPY can
    do nothing else meanwhile, and nothing of a cut is to be seen before all of it is.

    Args:
        report: whose pieces are kept at once, table by table; None: when `keep` is called.
        watch: is told of each number of rows that was taken, and may raise to end the work.
    """

    keeps = True

    def __init__(self, report: Report | None = None, *, watch: Callable[[int], None] | None = None):
        self.report, self.watch = report, watch
        self.rows = 0
        self.digests: dict[str, str] = {}
        self.waiting: list[_Packed] = []
        self.packed = tempfile.TemporaryFile(dir=work_dir())  # noqa: SIM115 - as long as this object

    def put(self, table: str, rows: Iterable[Row]) -> int:
        """All rows of a table, in their order. Answers how many they were."""
        taker = _Taker(self, table)
        for number, row in enumerate(rows, start=1):
            taker.write(line_of(row).encode())
            if self.watch is not None and number % WATCHED == 0:
                self.watch(WATCHED)
        return taker.end()

    def copied(self, table: str, query: str, parameters: Iterable = ()) -> int:
        """The same from a query, whose columns are those of the table, by COPY."""
        taker = _Taker(self, table, self.watch)
        _copy(sql_of(query, parameters), taker)
        return taker.end()

    def keep(self, report: Report) -> None:
        """Write what waits as pieces of a report; the transaction is the caller's."""
        self.packed.seek(0)
        for piece in self.waiting:
            ReportPiece.objects.create(
                report=report,
                table=piece.table,
                number=piece.number,
                rows=piece.rows,
                content=self.packed.read(piece.size),
            )

    def rows_waiting(self, table: str) -> Iterator[list[Cell]]:
        """The rows of a table that nobody has kept yet, a piece at a time."""
        self.packed.flush()
        at = 0
        for piece in self.waiting:
            if piece.table == table:
                yield from rows_in(zlib.decompress(os.pread(self.packed.fileno(), piece.size, at)).decode())
            at += piece.size

    def forget(self) -> None:
        self.waiting = []
        self.packed.seek(0)
        self.packed.truncate()

    def close(self) -> None:
        self.packed.close()

    def digest(self, document: Document) -> str:
        """SHA-256 of all that files are made of: the head, and the rows of each table in the head's order."""
        return digest_of(document.to_json(), self.digests)


@dataclass(frozen=True)
class _Packed:
    """A piece that waits to be kept."""

    table: str
    number: int
    rows: int
    size: int


class _Taker:
    """Gathers lines until they are a piece."""

    def __init__(self, pieces: Pieces, table: str, watch: Callable[[int], None] | None = None):
        self.pieces, self.table, self.watch = pieces, table, watch
        self.lines: list[bytes] = []
        self.size = self.number = self.rows = 0
        self.digest = hashlib.sha256()

    def write(self, text: bytes) -> None:
        """Whole lines, as COPY and `put` hand them over."""
        self.lines.append(text)
        self.size += len(text)
        if self.size >= PIECE_BYTES:
            self._pack()

    def _pack(self) -> None:
        text = b"".join(self.lines)
        count = text.count(b"\n")
        size = self.pieces.packed.write(zlib.compress(text, FAST))
        self.pieces.waiting.append(_Packed(self.table, self.number, count, size))
        self.digest.update(text)
        self.number, self.rows = self.number + 1, self.rows + count
        self.lines, self.size = [], 0
        if self.watch is not None:
            self.watch(count)

    def end(self) -> int:
        if self.lines:
            self._pack()
        self.pieces.rows += self.rows
        self.pieces.digests[self.table] = self.digest.hexdigest()
        if self.pieces.report is not None:
            self.pieces.keep(self.pieces.report)
            self.pieces.forget()
        return self.rows


def digest_of(head: dict, digests: Mapping[str, str]) -> str:
    """Of a head, as a document is kept, and of the text of each table, by its key."""
    whole = hashlib.sha256(json.dumps(head, sort_keys=True, ensure_ascii=False).encode())
    for table in head["tables"]:
        whole.update(f"\n{table['key']} {digests[table['key']]}".encode())
    return whole.hexdigest()


def kept_digest(report: Report) -> str:
    """The same of what is kept; it differs from that of the report where a head or a row is not as it was cut."""
    digests = {}
    for table in report.head["tables"]:
        digest = hashlib.sha256()
        for text in _kept_texts(report, table["key"]):
            digest.update(text)
        digests[table["key"]] = digest.hexdigest()
    return digest_of(report.head, digests)


def sql_of(query: str, parameters: Iterable = ()) -> str:
    """A query with its parameters in it, quoted by the driver."""
    with connection.cursor() as cursor:
        return cursor.mogrify(query, tuple(parameters)).decode()


def first_rows(query: str, parameters: Iterable, most: int) -> list[list[Cell]]:
    """No more than the first rows of a query, as pieces would hold them."""
    taken = io.BytesIO()
    _copy(f"SELECT * FROM ({sql_of(query, parameters)}) AS asked LIMIT {int(most)}", taken)  # noqa: S608 - as above
    return list(rows_in(taken.getvalue().decode()))


def _copy(sql: str, taker) -> None:
    """What a query finds, by COPY; its faults are told as Django tells those of other queries."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT", taker)


def line_of(row: Row) -> str:
    return "\t".join(NOT_KNOWN if cell is None else cell.translate(ESCAPE) for cell in row) + "\n"


def rows_of(report: Report, table: str) -> Iterator[list[Cell]]:
    """The rows of a table, a piece at a time."""
    for text in _kept_texts(report, table):
        yield from rows_in(text.decode())


def _kept_texts(report: Report, table: str) -> Iterator[bytes]:
    numbers = report.pieces.filter(table=table).order_by("number").values_list("pk", flat=True)
    for piece in list(numbers):
        yield zlib.decompress(ReportPiece.objects.values_list("content", flat=True).get(pk=piece))


def rows_in(text: str) -> Iterator[list[Cell]]:
    only_marks = text.count("\\") == text.count(NOT_KNOWN)  # nothing else is escaped in most pieces
    for line in text.split("\n")[:-1]:
        cells: list[Cell] = line.split("\t")
        if "\\" in line:
            if only_marks:
                cells = [None if cell == NOT_KNOWN else cell for cell in cells]
            else:
                cells = [_meant(cell) if cell and "\\" in cell else cell for cell in cells]
        yield cells


def _meant(cell: str) -> Cell:
    if cell == NOT_KNOWN:
        return None
    parts = iter(cell)
    return "".join(MEANT.get(after := next(parts), after) if letter == "\\" else letter for letter in parts)
