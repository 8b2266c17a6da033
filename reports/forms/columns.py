"""The columns of a report as the builder shows them: all that there are, in somebody's order, those taken ticked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from reports.document import Column, read_in


@dataclass(frozen=True)
class ColumnRow:
    key: str
    title: str
    meaning: str
    is_chosen: bool


def column_rows(columns: Sequence[Column], order: Iterable[str], chosen: Collection[str] | None) -> list[ColumnRow]:
    """Those that are put in an order first, then the others. `chosen`: keys; None takes all."""
    known = {column.key: column for column in columns}
    keys = dict.fromkeys([*(key for key in order if key in known), *known])
    return [
        ColumnRow(key, title_of(known[key]), in_words(known[key].meaning), chosen is None or key in chosen)
        for key in keys
    ]


def title_of(column: Column) -> str:
    return in_words(column.title)


def in_words(said: object) -> str:
    """In the reader's language; some subjects name their columns before a language is known."""
    return read_in(said, get_language()) if isinstance(said, dict) else str(said)
