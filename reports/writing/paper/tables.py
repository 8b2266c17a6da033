"""A table as it is printed: which columns, in what groups, how broad."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.document import Cell, Column, Kind, Table
from reports.writing.paper import widths
from reports.writing.paper.speech import Paper, Speech

LONG_CELL = 700  # letters: a row with such a text may run on to the next page, all others stay whole


def set_table(table: Table, chosen: Sequence[str], rows: Sequence[Sequence[Cell]], speech: Speech) -> dict:
    """A table for the template; how broad its columns are is decided once all tables of the document are known."""
    unknown = speech.words(lambda: _("not known"))
    places = _places(table.columns, chosen)
    columns = [table.columns[at] for at in places]
    printed = speech.rows(table.columns, places, rows)
    groups: list[dict] = [{"label": [], "head": None, "rows": printed}]
    by = next((at for at, column in enumerate(columns) if column.key == table.grouped_by), None)
    if by is not None and len(columns) > 1:
        groups = _grouped(printed, by, speech.text(columns.pop(by).title), unknown)
    heads = [speech.text(column.title) for column in columns]
    printed = [row for group in groups for row in group["rows"]]
    return {
        "title": speech.text(table.title),
        "note": speech.text(table.note),
        "heads": heads,
        "right": [column.kind == Kind.NUMBER and not column.is_name for column in columns],
        "groups": groups,
        "long": [number for number, row in enumerate(printed) if sum(map(_letters, row)) > LONG_CELL],
        "asked": widths.asked(columns, heads, printed, unknown),
    }


def _places(columns: Sequence[Column], chosen: Sequence[str]) -> list[int]:
    """Where the printed columns stand in a row: as the table has them, or as they are chosen, in that order."""
    at = {column.key: number for number, column in enumerate(columns)}
    return [at[key] for key in chosen if key in at] if chosen else list(range(len(columns)))


def _grouped(rows: list[list[Paper]], by: int, label: list[str], unknown: list[str]) -> list[dict]:
    """Rows that follow each other with the same cell, under one head."""
    groups: list[dict] = []
    for row in rows:
        head = row.pop(by)
        said = unknown if head is None else [head] if isinstance(head, str) else head
        if not groups or groups[-1]["head"] != said:
            groups.append({"label": label, "head": said, "rows": []})
        groups[-1]["rows"].append(row)
    return groups


def _letters(cell: Paper) -> int:
    return 0 if cell is None else len(cell) if isinstance(cell, str) else sum(map(len, cell))
