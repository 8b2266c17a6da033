"""What LibreOffice reads in a workbook of ours.

    python manage.py shell -c "from tests.reports.writing.by_office import ask; ask()"

No test, for LibreOffice is not part of what is installed for tests: whoever has it can ask it.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reports.enums import Format
from reports.writing import WRITERS
from tests.reports.frozen import frozen, text_column
from tests.reports.hostile import TEXTS
from tests.reports.writing.test_same_everywhere import COLUMNS, ROWS

# Commas, quotation marks, UTF-8, from the first row on, cells as they are shown.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
FIGURES = [
    ["0306", "120,000", "1,208.05", "2027-01-31"],
    ["1511", "999,999,999,999", "-0.10", "2026-12-01"],
    ["7202", "", "0.00", ""],
]


def read(office: str, folder: Path, made) -> list[list[str]]:
    WRITERS[Format.XLSX](folder / "m.xlsx", made, ("en",))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", AS_CSV, "--outdir", str(folder), str(folder / "m.xlsx")]
    subprocess.run(command, check=True, timeout=180, stdout=subprocess.DEVNULL)
    with (folder / "m.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def ask() -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        sys.stdout.write("LibreOffice is not here: nothing was asked.\n")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = read(office, folder, frozen(COLUMNS, ROWS))
        texts = [row[0] if row else "" for row in read(office, folder, frozen([text_column()], [[t] for t in TEXTS]))]
    wrong = [] if figures == FIGURES else [f"figures: {figures}"]
    # A line feed is a line feed in every way of writing it.
    pairs = zip(TEXTS, texts, strict=True)
    wrong += [f"{sent!r} was read as {got!r}"[:300] for sent, got in pairs if sent.splitlines() != got.splitlines()]
    told = "\n".join(wrong) or f"LibreOffice reads {len(TEXTS)} texts and all figures as they are."
    sys.stdout.write(f"{told}\n")
