"""docs/book.md is what people fill the book by: it names every column and every rule that is counted."""

from django.conf import settings

from accounts.sheets.boxes import MAX_ENTRIES, MAX_PART_BYTES, MAX_UNPACKED_BYTES
from accounts.sheets.sheet import MAX_BYTES, MAX_CELL_LETTERS, MAX_COLUMNS, MAX_ROWS
from accounts.sheets.walking import MAX_CELLS
from accounts.sheets.workbooks import MAX_SHARED_TEXT_BYTES, MAX_SHEETS
from companies.book.columns import SHEETS

PAGE = (settings.BASE_DIR / "docs" / "book.md").read_text(encoding="utf-8")


def test_page_names_every_column_with_its_headings_in_three_languages():
    for kind in SHEETS:
        section = PAGE.partition(f"### {kind.en} ({kind.id}, {kind.ru})")[2].partition("\n#")[0]
        rows = [line.split(" | ")[:4] for line in section.splitlines() if line.startswith("| `")]
        assert rows == [
            [f"| `{column.key}`" + (" **needed**" if column.required else ""), column.en, column.id, column.ru]
            for column in kind.columns
        ]


def test_page_tells_the_limits_that_hold():
    said = " ".join(PAGE.partition("## What is refused whole")[2].split())

    assert f"larger than {MAX_BYTES // 1_000_000} MB; not .xlsx or .csv;" in said
    assert f"more than {MAX_ENTRIES:,} parts or {MAX_UNPACKED_BYTES // 1_000_000} MB unpacked" in said
    assert (
        f"more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; a cell of more than {MAX_CELL_LETTERS:,} characters"
        in said
    )
    assert f"more than {MAX_SHEETS} sheets; a part of more than {MAX_PART_BYTES // 1_000_000} MB" in said
    assert f"texts that cells share: {MAX_SHARED_TEXT_BYTES // 1_000_000} MB" in said
    assert f"at most {MAX_CELLS:,} cells" in said
