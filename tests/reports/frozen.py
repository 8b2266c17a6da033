"""What is frozen of a report, made by hand: a writer needs no database to be tried."""

from collections.abc import Sequence
from datetime import UTC, datetime

from reports.document import Cell, Column, Document, Kind, Line, Table
from reports.enums import Office
from reports.frozen import Frozen

CUT_AT = datetime(2026, 11, 26, 9, 5, tzinfo=UTC)


def four(english: str) -> dict[str, str]:
    """A text in the four languages, each of which shows in it."""
    return {"en": english, "id": f"{english} (id)", "ru": f"{english} (ру)", "kk": f"{english} (қаз)"}


def table(columns: Sequence[Column], *, key: str = "matches", **more) -> Table:
    return Table(**{"key": key, "title": four(key.capitalize()), "columns": tuple(columns)} | more)


def text_column(key: str = "name", **more) -> Column:
    return Column(**{"key": key, "title": four(key.capitalize()), "kind": Kind.TEXT} | more)


def frozen(
    columns: Sequence[Column] = (),
    rows: Sequence[Sequence[Cell]] = (),
    *,
    tables: Sequence[tuple[Table, Sequence[Sequence[Cell]]]] = (),
    about: Sequence[Line] = (Line(four("Run"), "7"),),
    recipient: str = "",
    office: Office = Office.BOTH,
    **document,
) -> Frozen:
    """One table of some columns and rows; or several `tables`, each with its rows."""
    with_rows = list(tables) or [(table(columns), rows)]
    by_key = {one.key: given for one, given in with_rows}
    head = {"subject": "matches", "title": four("Matches of a day"), "about": tuple(about)} | document
    return Frozen(
        document=Document(tables=tuple(one for one, _rows in with_rows), **head),
        number="0f8fad5b-d9cb-469f-a165-70867728950e",
        cut_at=CUT_AT,
        data_sha256="5d" * 32,
        office=office,
        recipient=recipient,
        verify_at="https://tradematch.example/verify/",
        rows=lambda key: (list(row) for row in by_key[key]),
    )
