"""What stands in a reference file: its columns, the rows read from it, and the words for what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from commodities.facts import Confidence
from commodities.loading.cells import Reader, one_of, text

Values = dict[str, Any]


class ReferenceDataError(Exception):
    """A reference file says something that cannot be true. Nothing of the whole load is written."""

    def __init__(self, file: str, reason: str, *, line: int | None = None, column: str | None = None):
        place = ", ".join(part for part in (file, line and f"line {line}", column and f"column {column}") if part)
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True)
class Column:
    """One column of a file and the model field it fills: the one of its own name, unless `fills` says another.

    `read` replaces the reader that the field asks for. `part` is the key inside a JSON field. `names` is a model whose
    code the cell must be, where the code is kept as text. `is_kept` is false for what is only checked.
    """

    name: str
    fills: str = ""
    read: Reader | None = None
    part: str = ""
    names: type[models.Model] | None = None
    is_kept: bool = True

    @property
    def field(self) -> str:
        return self.fills or self.name


def columns(*names: str) -> tuple[Column, ...]:
    """Columns that are called like the fields they fill."""
    return tuple(Column(name) for name in names)


def checked(name: str, read: Reader) -> Column:
    """A column that is read, so that nonsense is found, but fills no field of its own."""
    return Column(name, read=read, is_kept=False)


def in_languages(field_name: str, prefix: str, read: Reader, languages: str = "en id ru kk") -> tuple[Column, ...]:
    """Columns `prefix_en`, `prefix_id` ... that fill one JSON field by language."""
    return tuple(Column(f"{prefix}_{code}", field_name, read, part=code) for code in languages.split())


NAMES = columns("name_en", "name_id", "name_ru", "name_kk")
SOURCE = (Column("source", read=text(required=True)), Column("confidence"))
SOURCE_CHECKED = (checked("source", text(required=True)), checked("confidence", one_of(Confidence.values)))


@dataclass
class Row:
    """A line of a file: its cells as typed and as read, by column, and the values they give the model, by field."""

    line: int
    typed: dict[str, str] = field(default_factory=dict)
    cells: Values = field(default_factory=dict)
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A file: its columns in order, those that name a row, and the model it fills (if any).

    `complete` is called for each row: it sets what follows from several cells, or refuses with ValueError.
    """

    file: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    model: type[models.Model] | None = None
    complete: Callable[[Row], None] | None = None

    @property
    def key_fields(self) -> tuple[str, ...]:
        fields = {column.name: column.field for column in self.columns}
        return tuple(fields[name] for name in self.key)

    def error(self, row: Row, reason: str) -> ReferenceDataError:
        """What to raise where a row cannot be true beside the others."""
        return ReferenceDataError(self.file, reason, line=row.line)


@dataclass
class Count:
    """What became of the rows of a file."""

    file: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_alone: int = 0  # people have put their own in its place
    removed: list[str] = field(default_factory=list)  # no longer in the file, and nothing refers to them
    still_used: list[str] = field(default_factory=list)  # no longer in the file, kept because something does
