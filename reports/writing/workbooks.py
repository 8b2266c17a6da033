"""Workbooks: a sheet for each table, with real numbers and days, and the cover behind them. Nothing in them is live.

xlsxwriter makes the shell: the box, the styles, heads, filters, widths and the cover. The rows flow into it from
`xml_cells`, one at a time, so that a million of them take no more memory than ten and a third of the time.

The rows come first, for programs and people that open a workbook read its first sheet.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.sheets.sheet import column_letters
from reports.document import Cell, Column, Kind, Table, read_in
from reports.enums import Subject
from reports.frozen import Frozen
from reports.writing.covers import cover
from reports.writing.xml_cells import MOST_LETTERS, escaped, maker_of, remembering

MOST_ROWS = 1_048_576  # of a sheet, its head counted
# zipfile puts up to 2 GiB in a part of a box that every program can open.
MOST_BYTES = 2_000_000_000
BYTES_OF_A_CELL = 60  # what stands around a text of a cell
LEVEL = 3  # of zlib: half the time of the usual level, and a tenth more bytes
OPTIONS = {
    "in_memory": True,
    "constant_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CODED = (Kind.CODE, Kind.CODES)
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MOST_OF_A_NAME = 31
MOST_OF_A_FOOTER = 255  # UTF-16 units, as Excel counts them
LIKE_A_PICTURE = re.compile(r"&&(?=G|\[Picture\])")
SAMPLE_ROW = re.compile(r'<row r="2"[^>]*>(.*?)</row>', re.DOTALL)
STYLE = re.compile(r'<c r="[A-Z]+2" s="([0-9]+)"/>')


@dataclass(frozen=True)
class Head:
    """A column of a sheet: the frozen one it shows, and the language in which."""

    place: int  # among the cells of a row
    column: Column
    title: str
    language: str


@dataclass(frozen=True)
class Part:
    """A sheet: some rows of a table, as many as one sheet holds."""

    name: str
    table: Table
    heads: tuple[Head, ...]
    rows: int


def write(path: Path, frozen: Frozen, languages: tuple[str, ...]) -> None:
    """One workbook in one language, or in two side by side."""
    if frozen.document.subject == Subject.BOOK:
        languages = languages[:1]  # an import knows a column by its name in one language
    heads = {table.key: heads_of(table, languages) for table in frozen.document.tables}
    sizes = {table.key: list(_sizes(frozen.rows(table.key), heads[table.key])) for table in frozen.document.tables}
    parts = _parts(frozen.document.tables, heads, sizes, languages[0])
    shell = _shell(frozen, parts, {key: sum(counts) for key, counts in sizes.items()}, languages)
    with zipfile.ZipFile(shell) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as box:
        by_file = {f"xl/worksheets/sheet{number}.xml": part for number, part in enumerate(parts, start=1)}
        rows: Iterator[list[Cell]] = iter(())
        last = None
        for name in made.namelist():
            content = made.read(name)
            with box.open(name, "w") as file:  # by its name alone: such a part bears no moment of today
                if (part := by_file.get(name)) is None:
                    file.write(content)
                    continue
                if part.table is not last:
                    rows, last = frozen.rows(part.table.key), part.table
                _fill(file, content.decode(), part, islice(rows, part.rows))


def heads_of(table: Table, languages: tuple[str, ...]) -> tuple[Head, ...]:
    """Side by side, what is said in words has a column for each language; all else has one, named in both."""
    heads = []
    for place, column in enumerate(table.columns):
        titles = [read_in(column.title, language) for language in languages]
        if column.kind in CODED:
            heads += [Head(place, column, title, language) for title, language in zip(titles, languages, strict=True)]
        else:
            heads.append(Head(place, column, "\n".join(dict.fromkeys(titles)), languages[0]))
    return tuple(heads)


def _sizes(rows: Iterator[list[Cell]], heads: tuple[Head, ...]) -> Iterator[int]:
    """How many rows go into each sheet of a table: one sheet at least."""
    fixed = len(heads) * BYTES_OF_A_CELL
    words = [(head.place, _length_of(head)) for head in heads if head.column.kind in CODED]
    count = size = 0
    for row in rows:
        own = fixed + len(escaped("".join([cell for cell in row if cell])).encode())
        own += sum([length(cell) for place, length in words if (cell := row[place]) is not None])
        if count == MOST_ROWS - 1 or size + own > MOST_BYTES:
            yield count
            count = size = 0
        count, size = count + 1, size + own
    yield count


def _length_of(head: Head) -> Callable[[str], int]:
    make = maker_of(head.column, head.language)
    return remembering(lambda cell: len(make(cell).encode()))


def _parts(tables: tuple[Table, ...], heads: dict, sizes: dict, language: str) -> list[Part]:
    parts: list[Part] = []
    for table in tables:
        for number, rows in enumerate(sizes[table.key], start=1):
            name = sheet_name(read_in(table.title, language), number, {part.name for part in parts})
            parts.append(Part(name, table, heads[table.key], rows))
    return parts


def sheet_name(title: str, number: int, taken: set[str]) -> str:
    """A name that Excel allows, and that no other sheet has: of the second sheet of a table it ends in (2)."""
    plain = NOT_IN_A_NAME.sub(" ", title).strip().strip("'").strip() or "1"
    lower = {name.lower() for name in taken}
    while True:
        mark = f" ({number})" if number > 1 else ""
        name = plain[: MOST_OF_A_NAME - len(mark)].rstrip().rstrip("'") + mark
        if name.lower() not in lower:
            return name
        number += 1


def _shell(frozen: Frozen, parts: list[Part], counts: dict[str, int], languages: tuple[str, ...]) -> io.BytesIO:
    """The whole workbook but its rows. Each sheet has one row without anything in it, which tells the styles."""
    buffer = io.BytesIO()
    document, language = frozen.document, languages[0]
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        made_at = frozen.cut_at.astimezone(UTC).replace(tzinfo=None)
        marks = {"title": read_in(document.title, language), "subject": frozen.number, "author": "TradeMatch"}
        book.set_properties(marks | {"created": made_at, "comments": frozen.data_sha256})
        top = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        codes = sorted({number_format(head.column) for part in parts for head in part.heads})
        formats = {code: book.add_format({"num_format": code, "valign": "top"}) for code in codes}
        for part in parts:
            sheet = book.add_worksheet(part.name)
            sheet.freeze_panes(1, 0)
            for number, head in enumerate(part.heads):
                sheet.set_column(number, number, head.column.width)
                sheet.write_string(0, number, head.title, top)
                sheet.write_blank(1, number, None, formats[number_format(head.column)])
            if part.heads:
                sheet.autofilter(0, 0, max(part.rows, 1), len(part.heads) - 1)
            sheet.repeat_rows(0)
            _on_paper(sheet, frozen)
        _add_cover(book, frozen, counts, languages)
    buffer.seek(0)
    return buffer


def number_format(column: Column) -> str:
    if column.kind == Kind.DAY:
        return "yyyy-mm-dd"
    if column.kind != Kind.NUMBER:
        return "General"
    if column.is_name:
        return "0"
    return "#,##0" + ("." + "0" * column.places if column.places else "")


def _on_paper(sheet, frozen: Frozen) -> None:
    """What every printed page says: for whom it was made, whose number it bears, which page of how many it is."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    left, others = "&L", f"&C{frozen.number}&R&P / &N"
    room = MOST_OF_A_FOOTER - len(left + others)
    sheet.set_footer(left + for_a_footer(frozen.recipient, room) + others)


def for_a_footer(text: str, most: int) -> str:
    """As much of a text as there is room for. A footer that is too long, or asks for a picture, would not be there."""
    made = ""
    for letter in text:
        longer = LIKE_A_PICTURE.sub("&&&K000000", made + "&&" if letter == "&" else made + letter)
        if len(longer.encode("utf-16-le")) // 2 > most:
            break
        made = longer
    return made


def _add_cover(book, frozen: Frozen, counts: dict[str, int], languages: tuple[str, ...]) -> None:
    """What the rows are, in two columns for each language."""
    with override(languages[0]):
        name = sheet_name(_("About"), 1, {sheet.get_name() for sheet in book.worksheets()})
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "font_size": 13, "valign": "top", "text_wrap": True})
    label = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    said = book.add_format({"valign": "top", "text_wrap": True})
    for number, language in enumerate(languages):
        left = 2 * number
        sheet.set_column(left, left, 30)
        sheet.set_column(left + 1, left + 1, 90 // len(languages))
        row = 0
        for part in cover(frozen, counts, language):
            sheet.write_string(row, left, part.heading[:MOST_LETTERS], heading)
            for name, value in part.lines:
                row += 1
                sheet.write_string(row, left, name[:MOST_LETTERS], label)
                if value:
                    sheet.write_string(row, left + 1, value[:MOST_LETTERS], said)
            row += 2
    _on_paper(sheet, frozen)


def _fill(file: zipfile.ZipExtFile, shell: str, part: Part, rows: Iterator[list[Cell]]) -> None:
    """The sheet of the shell with rows in place of its row without anything in it."""
    sample = SAMPLE_ROW.search(shell)
    if sample is None:
        file.write(shell.encode())  # a table without columns
        return
    styles = STYLE.findall(sample[1])
    cells = [
        (head.place, f'<c r="{column_letters(number)}', f'" s="{style}"', maker_of(head.column, head.language))
        for number, (head, style) in enumerate(zip(part.heads, styles, strict=True))
    ]
    file.write(shell[: sample.start()].encode())
    lines: list[str] = []
    for number, row in enumerate(rows, start=2):
        made = [
            f"{start}{number}{style}{make(cell)}"
            for place, start, style, make in cells
            if (cell := row[place]) is not None
        ]
        lines.append(f'<row r="{number}">{"".join(made)}</row>')
        if len(lines) == 1000:
            file.write("".join(lines).encode())
            lines = []
    file.write("".join(lines).encode())
    file.write(shell[sample.end() :].encode())
