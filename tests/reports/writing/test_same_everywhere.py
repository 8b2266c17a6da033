"""The same report gives the same bytes again, and the same figures to every program that reads a file of it."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas
import pytest
from python_calamine import CalamineWorkbook

from reports.document import Column, Kind
from reports.enums import Format
from reports.writing import WRITERS
from tests.reports.frozen import four, frozen, text_column
from tests.reports.hostile import TEXTS

COLUMNS = [
    text_column("hs"),
    Column(key="kg", title=four("Kg"), kind=Kind.NUMBER),
    Column(key="usd", title=four("Usd"), kind=Kind.NUMBER, places=2),
    Column(key="day", title=four("Day"), kind=Kind.DAY),
]
ROWS = [
    ["0306", "120000", "1208.05", "2027-01-31"],
    ["1511", "999999999999", "-0.10", "2026-12-01"],
    ["7202", None, "0", None],
]
READ = [
    ("0306", Decimal(120000), Decimal("1208.05"), dt.date(2027, 1, 31)),
    ("1511", Decimal(999999999999), Decimal("-0.10"), dt.date(2026, 12, 1)),
    ("7202", None, Decimal(0), None),
]
TABLES = (Format.XLSX, Format.CSV, Format.JSON)
MADE_APART = """
import hashlib, sys, django
django.setup()
from pathlib import Path
from django.utils import translation
from tests.reports.writing.test_same_everywhere import digests_in
translation.activate("id")
print(digests_in(Path(sys.argv[1])))
"""


def hostile():
    words = {code: four(text) for code, text in zip("abcdef", TEXTS, strict=False)}
    coded = Column(key="c", title=four("C"), kind=Kind.CODE, words=words)
    return frozen([text_column(), coded], [[text, "abcdef"[number % 6]] for number, text in enumerate(TEXTS)])


def digests_in(folder: Path) -> list[str]:
    digests = []
    for kind in TABLES:
        for languages in (("kk",), ("ru", "id")):
            WRITERS[kind](folder / "f", hostile(), languages)
            digests.append(hashlib.sha256((folder / "f").read_bytes()).hexdigest())
    return digests


def test_same_report_is_the_same_bytes_again_in_another_process_and_time_zone(tmp_path):
    first = digests_in(tmp_path)

    apart = subprocess.run(
        [sys.executable, "-c", MADE_APART, str(tmp_path)],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert digests_in(tmp_path) == first
    assert apart.stdout.strip() == str(first), apart.stderr[-500:]


def by_openpyxl(path: Path) -> list[tuple]:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(2, values_only=True)
    return [(hs, kg, usd, day and day.date()) for hs, kg, usd, day in rows]


def by_calamine(path: Path) -> list[tuple]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    return [tuple(None if cell == "" else cell for cell in row) for row in rows]


def by_pandas(path: Path) -> list[tuple]:
    if path.suffix == ".xlsx":
        read = pandas.read_excel(path, dtype={"Hs": str}, engine="calamine")
    else:
        read = pandas.read_csv(path, dtype={"Hs": str}, parse_dates=["Day"])
    return [
        (hs, None if pandas.isna(kg) else kg, usd, None if pandas.isna(day) else day.date())
        for hs, kg, usd, day in read.itertuples(index=False)
    ]


def by_duckdb(path: Path) -> list[tuple]:
    if path.suffix == ".csv":
        types = "{'Hs': 'VARCHAR', 'Kg': 'DECIMAL(18,3)', 'Usd': 'DECIMAL(18,3)', 'Day': 'DATE'}"
        return duckdb.sql(f"SELECT * FROM read_csv('{path}', header = true, types = {types})").fetchall()
    rows = f"(SELECT unnest(rows.matches) AS row FROM read_json('{path}'))"
    return duckdb.sql(f"SELECT row.hs, row.kg, row.usd, row.day::DATE FROM {rows}").fetchall()


@pytest.mark.parametrize(("kind", "read"), [
    (Format.XLSX, by_openpyxl),
    (Format.XLSX, by_calamine),
    (Format.XLSX, by_pandas),
    (Format.CSV, by_pandas),
    (Format.CSV, by_duckdb),
    (Format.JSON, by_duckdb),
])  # fmt: skip
def test_every_program_reads_the_same_figures(tmp_path, kind, read):
    path = tmp_path / f"m.{kind}"
    WRITERS[kind](path, frozen(COLUMNS, ROWS), ("en",))

    found = read(path)

    exact = [
        (hs, *(None if n is None else round(Decimal(str(n)), 2) for n in (kg, usd)), day) for hs, kg, usd, day in found
    ]
    assert exact == [(hs, kg, round(usd, 2), day) for hs, kg, usd, day in READ]
