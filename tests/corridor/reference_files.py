"""A directory of reference files of which a test breaks one."""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings

SHIPPED: Path = settings.REFERENCE_DIR
# Long files of which the first lines will do.
CUT = {"commodity_words.csv": 2, "leg_equipment.csv": 60, "tariffs.csv": 40, "example_freight_quotes.csv": 60}
# What refers to the long list of HS codes: file and column.
HS_CODES_USED = [
    ("commodities.csv", "hs6"),
    ("commodity_group_members.csv", "member"),
    ("tariffs.csv", "hs6"),
    ("trade_flows.csv", "hs"),
]

Rows = list[list[str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@cache
def short_files() -> dict[str, Rows]:
    """What ships, made short so that it loads at once: every file, fewer HS codes, the first lines of the longest."""
    files = {path.name: read(path) for path in SHIPPED.glob("*.csv")}
    files |= {file: rows[: CUT[file]] for file, rows in files.items() if file in CUT}
    used = {"0101"}
    for file, column in HS_CODES_USED:
        place = files[file][0].index(column)
        used |= {row[place] for row in files[file][1:]}
    used |= {code[:digits] for code in used for digits in (2, 4)}
    for file in ("hs_codes.csv", "hs_headings_i18n.csv"):
        header, *rows = files[file]
        files[file] = [header, *(row for row in rows if row[0] in used)]
    return files


class ReferenceFiles:
    """A copy of the short files. Lines are counted from 1, the header being line 1."""

    def __init__(self, directory: Path):
        self.directory = directory
        for file, rows in short_files().items():
            self.write(file, rows)

    def rows(self, file: str) -> Rows:
        return read(self.directory / file)

    def write(self, file: str, rows: Rows) -> None:
        with (self.directory / file).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)

    def set(self, file: str, line: int, column: str, value: str) -> None:
        """Change one cell."""
        rows = self.rows(file)
        rows[line - 1][rows[0].index(column)] = value
        self.write(file, rows)

    def line_of(self, file: str, key: str) -> int:
        """The line whose first cell is the key."""
        return next(line for line, row in enumerate(self.rows(file), start=1) if row[0] == key)

    def add(self, file: str, row: list[str]) -> None:
        self.write(file, [*self.rows(file), row])

    def drop(self, file: str, value: str, column: str | None = None) -> None:
        """Take out every row that has the value in a column, the first one unless said."""
        header, *rows = self.rows(file)
        place = header.index(column) if column else 0
        self.write(file, [header, *(row for row in rows if row[place] != value)])
