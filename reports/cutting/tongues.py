"""Blocks and rows that are put together from sentences: told once in each language, and laid over each other.

What tells them reads the same facts each time, so only words may differ: what differs anywhere else is an error, and
no figure can come out otherwise in one language.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import override

from reports.cutting.cut import Put
from reports.document import Cell, Kind, Row, Table, Text

Told = TypeVar("Told")


def in_all_languages(tell: Callable[[], Told]) -> Told:
    """What `tell` answers in each language, with every word that differs as a `Text`."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            told[code] = tell()
    return _laid_over(told)


def _laid_over(told: dict[str, Any]) -> Any:
    """The same thing in every language as one: its words may differ, its shape and its figures may not."""
    one, *others = told.values()
    if isinstance(one, str):
        return one if all(other == one for other in others) else told
    if any(type(other) is not type(one) for other in others):
        raise TypeError(f"not of one kind in all languages: {told}")
    if is_dataclass(one):
        return replace(
            one,
            **{
                part.name: _laid_over({code: getattr(thing, part.name) for code, thing in told.items()})
                for part in fields(one)
            },
        )
    if isinstance(one, (list, tuple)):
        if any(len(other) != len(one) for other in others):
            raise ValueError(f"not as many in all languages: {told}")
        found = [_laid_over({code: thing[at] for code, thing in told.items()}) for at in range(len(one))]
        return type(one)(found)
    if isinstance(one, dict):
        if any(other.keys() != one.keys() for other in others):
            raise ValueError(f"not the same in all languages: {told}")
        return {key: _laid_over({code: thing[key] for code, thing in told.items()}) for key in one}
    if any(other != one for other in others):
        raise ValueError(f"a figure that differs between languages: {told}")
    return one


@dataclass(frozen=True)
class Said:
    """A cell that is a sentence: rows know no language, so the row holds its number and the column its words."""

    text: Text


SaidRow = Sequence[Cell | Said]


def with_words(table: Table, rows: Iterable[SaidRow]) -> tuple[Table, list[Row]]:
    """A small table some of whose cells are sentences: the table with their words, and rows that hold their numbers.

    What is said twice in a column has one number there.
    """
    said: list[dict[str, Text]] = [{} for _column in table.columns]
    numbers: list[list[Text]] = [[] for _column in table.columns]
    plain = []
    for row in rows:
        cells: list[Cell] = []
        for at, cell in enumerate(row):
            if isinstance(cell, Said):
                if cell.text not in numbers[at]:
                    numbers[at].append(cell.text)
                cell = str(numbers[at].index(cell.text) + 1)
                said[at][cell] = numbers[at][int(cell) - 1]
            cells.append(cell)
        plain.append(cells)
    columns = tuple(
        replace(column, kind=Kind.CODE, words=column.words | words) if words else column
        for column, words in zip(table.columns, said, strict=True)
    )
    return replace(table, columns=columns), plain


def put_all(made: Iterable[tuple[Table, Iterable[SaidRow]]], put: Put) -> tuple[Table, ...]:
    """Puts the rows of small tables; answers the tables with the words of their sentences."""
    tables = []
    for table, rows in made:
        spoken, plain = with_words(table, rows)
        put.put(spoken.key, plain)
        tables.append(spoken)
    return tuple(tables)
