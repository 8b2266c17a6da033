"""What it costs to carry matches away, beside PostgreSQL's own COPY and pandas.

What a server does for us is work too: the processor seconds of the backend that serves this process are added to ours,
and both sides are asked without its helpers, whose seconds nobody could add.
"""

import resource
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import pandas
from django.db import connection, transaction
from django.utils import timezone

from matching.benchmarks.measuring import Cost, measured, measured_here
from matching.lists import every_listed_result, newest_official_run
from matching.tables.filters import MatchFilter
from reports.benchmarks.backend import backend_cpu_s, without_helpers
from reports.cutting.match_columns import COLUMNS
from reports.cutting.match_rows import Behind, query_of
from reports.cutting.matches import cut_of
from reports.document import Document, Kind
from reports.enums import Format, Office, Subject
from reports.frozen import Frozen
from reports.models import Report
from reports.orders import Order
from reports.pieces import Pieces
from reports.writing import WRITERS

Tell = Callable[[str], None]
LANGUAGE = "en"
MOST_FOR_PANDAS = 20_000  # rows: beyond that it takes minutes and gigabytes
ON_PAPER = 300


@dataclass(frozen=True)
class Part:
    """One measurement: what it made, of how many rows, and what that took."""

    name: str
    rows: int
    cpu_s: float
    wall_s: float
    size: int = 0  # bytes that came out
    peak_mb: float | None = None  # None: not measured in a process of its own


@dataclass(frozen=True)
class Exports:
    rows: int
    copy: Part
    cut: Part
    keep: Part
    csv: Part
    xlsx: Part
    xlsx_of_pandas: Part
    xlsx_of_as_many: Part  # ours of the rows that pandas was given
    json: Part
    pdf: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        return (
            self.copy,
            self.cut,
            self.keep,
            self.csv,
            self.xlsx,
            self.xlsx_of_as_many,
            self.xlsx_of_pandas,
            self.json,
            self.pdf,
        )


def exports(tell: Tell) -> Exports:
    """All matches that are listed, in every format, once each."""
    order = Order(subject=Subject.MATCHES)
    with tempfile.TemporaryDirectory() as name, closing(Pieces()) as pieces, without_helpers():
        folder = Path(name)
        copy = here("PostgreSQL: COPY to csv", partial(copied, order, folder / "copy.csv"), tell)
        cut = here("cut", partial(put, order, pieces), tell)
        keep = here("kept in the database", partial(kept, pieces), tell)
        frozen = frozen_of(pieces, cut.answer)
        rows, size = pieces.rows, sum(piece.size for piece in pieces.waiting)
        connection.close()  # what follows asks no database, and a fork would share the connection
        made = {kind: partial(wrote, kind, frozen, folder / f"all.{kind}") for kind in Format}
        csv = alone("csv", made[Format.CSV], rows, tell)
        xlsx = alone("xlsx", made[Format.XLSX], rows, tell)
        json = alone("json", made[Format.JSON], rows, tell)
        few = min(rows, MOST_FOR_PANDAS)
        as_many = alone("xlsx", partial(wrote, Format.XLSX, first(frozen, few), folder / "few.xlsx"), few, tell)
        frame = frame_of(folder / f"all.{Format.CSV}", frozen.document, few)
        pandas_xlsx = alone("pandas.to_excel", partial(to_excel, frame, folder / "pandas.xlsx"), few, tell)
        paper = min(rows, ON_PAPER)
        pdf = alone("pdf", partial(wrote, Format.PDF, first(frozen, paper), folder / "few.pdf"), paper, tell)
    return Exports(
        rows=rows,
        copy=part("PostgreSQL: COPY to csv", copy, rows, copy.answer),
        cut=part("cut, packed", cut, rows, size),
        keep=part("its pieces kept in the database", keep, rows, size),
        csv=csv,
        xlsx=xlsx,
        xlsx_of_as_many=as_many,
        xlsx_of_pandas=pandas_xlsx,
        json=json,
        pdf=pdf,
    )


def here(name: str, work: Callable[[], object], tell: Tell) -> Cost:
    """What it takes this process and the backend that serves it."""
    before = backend_cpu_s()
    cost = measured_here(work)
    cost = replace(cost, cpu_s=cost.cpu_s + backend_cpu_s() - before)
    tell(f"{name}: {cost.cpu_s:.1f} s")
    return cost


def alone(name: str, work: Callable[[], int], rows: int, tell: Tell) -> Part:
    """What it takes a process of its own and those that it starts, with the memory of the larger one."""
    cost = measured(partial(with_helpers, work))
    size, cpu_s, peak_mb = cost.answer
    tell(f"{name}, {rows:,} rows: {cost.cpu_s + cpu_s:.1f} s")
    made = part(name, cost, rows, size)
    return replace(made, cpu_s=cost.cpu_s + cpu_s, peak_mb=max(cost.peak_mb, peak_mb))


def with_helpers(work: Callable[[], int]) -> tuple[int, float, float]:
    """How many bytes came out, and what processes took that the work started: seconds and MB."""
    size, helpers = work(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return size, helpers.ru_utime + helpers.ru_stime, helpers.ru_maxrss / 1024


def part(name: str, cost: Cost, rows: int, size: int) -> Part:
    return Part(name, rows, cost.cpu_s, cost.wall_s, size)


def copied(order: Order, path: Path) -> int:
    """The very rows of the cut, as PostgreSQL writes csv by itself: with codes where ours has words."""
    filters = MatchFilter({}, queryset=every_listed_result())
    filters.form.full_clean()
    query, parameters = query_of(filters.qs, COLUMNS, (), filters.order(), Behind.of(filters.qs))
    with connection.cursor() as cursor, path.open("wb") as file:
        sql = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)", file)
    return path.stat().st_size


def put(order: Order, pieces: Pieces) -> Document:
    return cut_of(order, every_listed_result(), newest_official_run(), pieces).document


def kept(pieces: Pieces) -> None:
    """As the pieces of a report are kept; the report is taken back at once."""
    with transaction.atomic():
        pieces.keep(Report.objects.create(subject=Subject.MATCHES, order={}))
        transaction.set_rollback(True)


def frozen_of(pieces: Pieces, document: Document) -> Frozen:
    return Frozen(
        document=document,
        number="",
        cut_at=timezone.now(),
        data_sha256=pieces.digest(document),
        office=Office.BOTH,
        recipient="",
        verify_at="",
        rows=pieces.rows_waiting,
    )


def first(frozen: Frozen, rows: int) -> Frozen:
    return replace(frozen, rows=lambda table: islice(frozen.rows(table), rows))


def wrote(kind: Format, frozen: Frozen, path: Path) -> int:
    WRITERS[kind](path, frozen, (LANGUAGE,))
    return path.stat().st_size


def frame_of(path: Path, document: Document, rows: int) -> pandas.DataFrame:
    """The same rows with the same types, as pandas would hold them; to make it is not counted."""
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False, nrows=rows, encoding="utf-8-sig")
    for column in document.tables[0].columns:
        title = column.title[LANGUAGE]
        if column.kind == Kind.NUMBER:
            frame[title] = pandas.to_numeric(frame[title])
        elif column.kind == Kind.DAY:
            frame[title] = pandas.to_datetime(frame[title])
    return frame


def to_excel(frame: pandas.DataFrame, path: Path) -> int:
    frame.to_excel(path, index=False, engine="xlsxwriter")
    return path.stat().st_size
