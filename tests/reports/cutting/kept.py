"""A cut whose rows stay in the memory of a test, and what is told in one of its languages."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from django.db import transaction

from reports.cutting.cut import Cut, SubjectCut
from reports.document import Cell, Document, Row
from reports.orders import Order
from reports.services.ordering import check_order

LANGUAGES = ("id", "en", "ru", "kk")


class Kept:
    """Takes rows as the pieces of a report do; `keeps=False` as a preview does."""

    def __init__(self, *, keeps: bool = True):
        self.keeps = keeps
        self.rows: dict[str, list[list[Cell]]] = {}

    def put(self, table: str, rows: Iterable[Row]) -> int:
        self.rows[table] = [list(row) for row in rows]
        return len(self.rows[table])


def cut_of(subject: SubjectCut, order: Order, user, put: Kept | None = None) -> tuple[Cut, dict[str, list]]:
    """Checked and cut as a report is made."""
    put = put or Kept()
    with transaction.atomic():
        check_order(order, user)
        cut = subject.cut(order, user, put)
    return cut, put.rows


def read_in(thing, language: str):
    """A document, a block or a text as it reads in one language: plain tuples and strings."""
    if isinstance(thing, dict):
        if set(thing) == set(LANGUAGES):
            return thing[language]
        return {key: read_in(value, language) for key, value in thing.items()}
    if is_dataclass(thing):
        told = {part.name: read_in(getattr(thing, part.name), language) for part in fields(thing)}
        return {"is": type(thing).__name__} | told
    if isinstance(thing, (list, tuple)):
        return [read_in(one, language) for one in thing]
    return thing


def block(document: Document, kind: type, language: str = "en", title: str | None = None) -> dict:
    """The one block of a kind; of several the one with a title."""
    found = [read_in(one, language) for one in document.blocks if isinstance(one, kind)]
    (one,) = [one for one in found if title is None or one["title"] == title]
    return one


def lines(told: dict) -> dict[str, str]:
    return {line["label"]: line["value"] for line in told["lines"]}


def table_in(document: Document, rows: dict[str, list], key: str, language: str = "en") -> list[dict[str, Cell]]:
    """The rows of a table with codes as the words of a language, by column."""
    columns = document.table(key).columns
    return [
        {
            column.key: read_in(column.words.get(cell, cell), language) if column.words else cell
            for column, cell in zip(columns, row, strict=True)
        }
        for row in rows[key]
    ]
