"""One JSON object for programs: the head, what each column means, and the rows of each table by the keys of columns.

What is said in words is an object by language; what people wrote themselves is a string. A number is a JSON number with
the very digits of the cut, a day is YYYY-MM-DD, a code is the code, whose words stand once, in its column. A cell that
is not known is null.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from itertools import islice
from pathlib import Path

from django.conf import settings

from reports.document import Cell, Column, Kind, Table
from reports.frozen import Frozen
from reports.writing.xml_cells import remembering

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
ALL_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
ROWS_AT_ONCE = 1000
VERSION = 1  # of this shape


def write(path: Path, frozen: Frozen, languages: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        head = dumped(_head(frozen, languages), indent=1)
        file.write(head.removesuffix("\n}"))
        file.write(',\n "rows": {')
        for number, table in enumerate(frozen.document.tables):
            file.write(f"{',' if number else ''}\n  {dumped(table.key)}: [")
            _write_rows(file, table, frozen.rows(table.key))
            file.write("]")
        file.write("\n }\n}\n")


def _head(frozen: Frozen, languages: tuple[str, ...]) -> dict:
    document = frozen.document.to_json()
    for table in document["tables"]:
        for column in table["columns"]:
            del column["latin"]  # both names are in the rows
    narrowed = _in_languages(document, languages)
    about = {
        key: narrowed.pop(key) for key in ("title", "subtitle", "about", "has_examples", "has_contacts", "left_out")
    }
    return {
        "version": VERSION,
        "subject": narrowed.pop("subject"),
        "languages": list(languages),
        "number": frozen.number,
        "cut_at": frozen.cut_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data_sha256": frozen.data_sha256,
        "verify_at": frozen.verify_at,
        "recipient": frozen.recipient,
        **about,
        **narrowed,
    }


def _in_languages(value: object, languages: tuple[str, ...]) -> object:
    """The same with each text in these languages alone, and without what only paper and spreadsheets ask for."""
    if isinstance(value, dict):
        if value.keys() == ALL_LANGUAGES and all(isinstance(said, str) for said in value.values()):
            return {language: value[language] for language in languages}
        return {key: _in_languages(inside, languages) for key, inside in value.items() if key != "width"}
    if isinstance(value, (list, tuple)):
        return [_in_languages(inside, languages) for inside in value]
    return value


def _write_rows(file, table: Table, rows: Iterator[list[Cell]]) -> None:
    cells = [(dumped(column.key) + ": ", _maker_of(column)) for column in table.columns]
    mark = "\n   "
    while some := list(islice(rows, ROWS_AT_ONCE)):
        lines = [
            "{"
            + ", ".join(
                [key + ("null" if cell is None else make(cell)) for (key, make), cell in zip(cells, row, strict=True)]
            )
            + "}"
            for row in some
        ]
        file.write(mark + ",\n   ".join(lines))
        mark = ",\n   "


def _maker_of(column: Column) -> Callable[[str], str]:
    if column.kind == Kind.NUMBER:
        return _number
    if column.kind == Kind.CODES:
        return remembering(lambda cell: dumped(cell.split()))
    return remembering(dumped)


def _number(cell: str) -> str:
    """The digits as they are; what is no number of JSON stays a string."""
    return cell if NUMBER.fullmatch(cell) else dumped(cell)


def dumped(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
