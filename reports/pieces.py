"""Rows of a cut: written as PostgreSQL's COPY writes text, packed some thousand at a time, and read back as they were.

Cells are divided by tabs, rows by line feeds, what is not known is `\\N`; so a large cut goes from COPY to its pieces
without being taken apart.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator

from django.db import connection

from reports.document import Cell, Document, Row
from reports.models import Report, ReportPiece

PIECE_BYTES = 1_000_000  # of text, before it is packed
FAST = 1  # of zlib: four times as quick as the usual level, and a fifth larger
NOT_KNOWN = "\\N"
ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
MEANT = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
ESCAPE = str.maketrans(ESCAPED)


class Pieces:
    """Takes the rows of a cut, table by table, into the pieces of a report; what it took is digested on the way."""

    keeps = True

    def __init__(self, report: Report):
        self.report = report
        self.rows = 0
        self.digests: dict[str, str] = {}

    def put(self, table: str, rows: Iterable[Row]) -> int:
        """All rows of a table, in their order. Answers how many they were."""
        return self._kept(table, (line_of(row).encode() for row in rows))

    def copied(self, table: str, query: str, parameters: Iterable = ()) -> int:
        """The same from a query, whose columns are those of the table, by COPY."""
        with connection.cursor() as cursor:
            sql = cursor.mogrify(query, tuple(parameters)).decode()
            taker = _Taker(self, table)
            cursor.copy_expert(f"COPY ({sql}) TO STDOUT", taker, size=PIECE_BYTES)
            return taker.end()

    def _kept(self, table: str, lines: Iterable[bytes]) -> int:
        taker = _Taker(self, table)
        for line in lines:
            taker.write(line)
        return taker.end()

    def digest(self, document: Document) -> str:
        """SHA-256 of all that files are made of: the head, and the rows of each table in the head's order."""
        whole = hashlib.sha256(json.dumps(document.to_json(), sort_keys=True, ensure_ascii=False).encode())
        for table in document.tables:
            whole.update(f"\n{table.key} {self.digests[table.key]}".encode())
        return whole.hexdigest()


class _Taker:
    """Gathers lines until they are a piece."""

    def __init__(self, pieces: Pieces, table: str):
        self.pieces, self.table = pieces, table
        self.lines: list[bytes] = []
        self.size = self.number = self.rows = 0
        self.digest = hashlib.sha256()

    def write(self, text: bytes) -> None:
        """Whole lines, as COPY and `put` hand them over."""
        self.lines.append(text)
        self.size += len(text)
        if self.size >= PIECE_BYTES:
            self._keep()

    def _keep(self) -> None:
        text = b"".join(self.lines)
        count = text.count(b"\n")
        ReportPiece.objects.create(
            report=self.pieces.report,
            table=self.table,
            number=self.number,
            rows=count,
            content=zlib.compress(text, FAST),
        )
        self.digest.update(text)
        self.number, self.rows = self.number + 1, self.rows + count
        self.lines, self.size = [], 0

    def end(self) -> int:
        if self.lines:
            self._keep()
        self.pieces.rows += self.rows
        self.pieces.digests[self.table] = self.digest.hexdigest()
        return self.rows


def line_of(row: Row) -> str:
    return "\t".join(NOT_KNOWN if cell is None else cell.translate(ESCAPE) for cell in row) + "\n"


def rows_of(report: Report, table: str) -> Iterator[list[Cell]]:
    """The rows of a table, a piece at a time."""
    numbers = report.pieces.filter(table=table).order_by("number").values_list("pk", flat=True)
    for piece in list(numbers):
        packed = ReportPiece.objects.values_list("content", flat=True).get(pk=piece)
        yield from rows_in(zlib.decompress(packed).decode())


def rows_in(text: str) -> Iterator[list[Cell]]:
    for line in text.split("\n")[:-1]:
        cells: list[Cell] = line.split("\t")
        if "\\" in line:
            cells = [_meant(cell) for cell in cells]
        yield cells


def _meant(cell: str) -> Cell:
    if cell == NOT_KNOWN:
        return None
    if "\\" not in cell:
        return cell
    parts = iter(cell)
    return "".join(MEANT.get(after := next(parts), after) if letter == "\\" else letter for letter in parts)
