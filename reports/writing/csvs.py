"""Tables as csv: the main table of a report, as spreadsheets of the reader's country open it.

UTF-8 with a mark that says so. In English with commas and a decimal point, as programs expect it; in the other
languages with semicolons and a decimal comma. A csv is one table, for what reads it knows no other: a report with
several writes its first, and the workbook holds them all. Text that a spreadsheet could take for a formula gets an
apostrophe in front.

Rows are turned by columns, some thousand at a time: a million of them take a fraction of what cell by cell would.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from accounts.sheets.harmless import harmless
from reports.document import Cell, Column, Kind, Table, read_in
from reports.enums import Subject
from reports.frozen import Frozen

TOGETHER = 2_000  # rows
REMEMBERED = 10_000  # texts of a column, for names come again and again
END, QUOTE = "\r\n", '"'
ENDS_A_CELL = re.compile(r'[,;"\r\n]')
BETWEEN_TITLES, BETWEEN_WORDS = " / ", "; "
Maker = Callable[[Sequence[Cell]], list[str]]  # of a column of some rows


def write(path: Path, frozen: Frozen, languages: tuple[str, ...]) -> None:
    """One csv in the manner of the first language; side by side, what is said in words comes once in each."""
    if frozen.document.subject == Subject.BOOK:
        languages = languages[:1]  # an import knows a column by its name in one language
    table = frozen.document.tables[0]
    delimiter, mark = (",", ".") if languages[0] == "en" else (";", ",")
    makers = list(makers_of(table, languages, mark))
    rows = frozen.rows(table.key)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(delimiter.join(cell_of(title) for title in titles_of(table, languages)) + END)
        while some := list(islice(rows, TOGETHER)):
            columns = list(zip(*some, strict=True))
            made = zip(*(make(columns[place]) for place, make in makers), strict=True)
            # A line with nothing in it would be no row.
            lines = map(delimiter.join, made) if len(makers) > 1 else [cell or '""' for (cell,) in made]
            file.write(END.join(lines) + END)


def cell_of(text: str) -> str:
    """A text that is no formula, in quotes where it holds what ends a cell or a line in any of our languages."""
    text = harmless(text)
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if ENDS_A_CELL.search(text) else text


def titles_of(table: Table, languages: tuple[str, ...]) -> Iterable[str]:
    """A column that is said in words has a head in each language; all others have one that names both."""
    for column in table.columns:
        titles = [read_in(column.title, language) for language in languages]
        if is_said(column):
            alike = len(languages) > 1 and len(set(titles)) == 1
            yield from (f"{title} ({code})" if alike else title for title, code in zip(titles, languages, strict=True))
        else:
            yield BETWEEN_TITLES.join(dict.fromkeys(titles))


def is_said(column: Column) -> bool:
    return column.kind in (Kind.CODE, Kind.CODES)


def makers_of(table: Table, languages: tuple[str, ...], mark: str) -> Iterable[tuple[int, Maker]]:
    """For each column of the file: the column of the table that it shows, and how its cells are written."""
    for place, column in enumerate(table.columns):
        if is_said(column):
            yield from ((place, words(column, language)) for language in languages)
        elif column.kind == Kind.TEXT:
            yield place, each(cell_of)
        else:
            yield place, with_comma if column.kind == Kind.NUMBER and mark == "," else as_they_are


def as_they_are(cells: Sequence[Cell]) -> list[str]:
    """Days, and numbers with a point: digit by digit what the report holds. What is not known is empty."""
    return [cell or "" for cell in cells]


def with_comma(cells: Sequence[Cell]) -> list[str]:
    return [cell.replace(".", ",") if cell else "" for cell in cells]


def words(column: Column, language: str) -> Maker:
    """What codes say in a language; a code without words is written itself."""
    said = {code: read_in(text, language) for code, text in column.words.items()}
    if column.kind == Kind.CODE:
        return each(lambda code: cell_of(said.get(code, code)))
    return each(lambda codes: cell_of(BETWEEN_WORDS.join(said.get(code, code) for code in codes.split())))


def each(make: Callable[[str], str]) -> Maker:
    """A text each: made once for all equal ones among some thousand rows, and for most of those after them."""
    made: dict[Cell, str] = {None: ""}

    def made_of(cells: Sequence[Cell]) -> list[str]:
        if new := set(cells).difference(made):
            if len(made) > REMEMBERED:
                made.clear()
                made[None] = ""
                new = set(cells) - {None}
            made.update({cell: make(cell) for cell in new})
        return [made[cell] for cell in cells]

    return made_of
