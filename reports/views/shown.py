"""A document and its rows as a page shows them, in one language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import figures
from reports.document import Cell, Column, Document, Kind, Row, Table, Text, read_in


@dataclass(frozen=True)
class ShownTable:
    title: str
    heads: list[tuple[str, bool]]  # with whether figures stand below it
    rows: list[list[tuple[str | None, bool]]]  # None: not known
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


@dataclass(frozen=True)
class ShownDocument:
    """The head of a report and the first of its rows."""

    language: str
    title: str
    subtitle: str
    about: list[tuple[str, str]]
    tables: list[ShownTable]
    has_examples: bool
    left_out: int
    not_known: str

    @property
    def is_empty(self) -> bool:
        return not any(table.count for table in self.tables)


def shown_document(
    document: Document, language: str, rows: dict[str, list[Row]], counts: dict[str, int]
) -> ShownDocument:
    with override(language):
        return ShownDocument(
            language=language,
            title=read_in(document.title, language),
            subtitle=read_in(document.subtitle, language),
            about=[(read_in(line.label, language), read_in(line.value, language)) for line in document.about],
            tables=[
                shown_table(table, language, rows.get(table.key, []), counts.get(table.key, 0))
                for table in document.tables
            ],
            has_examples=document.has_examples,
            left_out=document.left_out,
            not_known=_("not known"),
        )


def shown_table(table: Table, language: str, rows: list[Row], count: int) -> ShownTable:
    return ShownTable(
        title=read_in(table.title, language),
        heads=[(read_in(column.title, language), is_figure(column)) for column in table.columns],
        rows=[
            [
                (written(cell, column, language), is_figure(column))
                for cell, column in zip(row, table.columns, strict=True)
            ]
            for row in rows
        ],
        count=count,
    )


def is_figure(column: Column) -> bool:
    return column.kind == Kind.NUMBER and not column.is_name


def written(cell: Cell, column: Column, language: str) -> str | None:
    """What a cell says to a reader; None where it is not known."""
    if cell is None or cell == "":
        return None
    if column.kind == Kind.NUMBER:
        return cell if column.is_name else figures.decimal(Decimal(cell), column.places)
    if column.kind == Kind.DAY:
        return figures.day(date.fromisoformat(cell))
    if column.kind == Kind.CODE:
        return word_of(cell, column.words, language)
    if column.kind == Kind.CODES:
        return ", ".join(word_of(code, column.words, language) for code in cell.split(" "))
    return cell


def word_of(code: str, words: dict[str, Text], language: str) -> str:
    return read_in(words[code], language) if code in words else code
