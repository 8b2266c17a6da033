"""Reports on paper, as an independent reader finds them: figures, pages, tags, fonts, and the same bytes each time."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts import figures
from reports.document import Column, Kind, TableOf
from reports.enums import Office
from reports.writing import pdfs
from reports.writing.paper.blocks import MOST_CELLS, MOST_ROWS_PRINTED
from tests.reports.frozen import frozen, text_column
from tests.reports.printed.reading import LANGUAGES, PAIRS, fonts_of, pages_of, printed, read, text_of
from tests.reports.printed.samples import every_block, match_row, matches

LANDED = {"id": "1.181,01", "en": "1,181.01", "ru": "1\u00a0181,01", "kk": "1\u00a0181,01"}
TONNES = {"id": "42,5", "en": "42.5", "ru": "42,5", "kk": "42,5"}
DAY = {"id": "2 Feb 2027", "en": "2 Feb 2027", "ru": "02.02.2027", "kk": "02.02.2027"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_writes_figures_as_the_screen_does(tmp_path, language):
    text = text_of(printed(tmp_path, matches(3), language))

    expected = f"{TONNES[language]} {LANDED[language]} {DAY[language]}"
    assert " ".join(expected.split()) in text


@pytest.mark.parametrize("languages", [("id",), ("ru",), ("en", "kk")])
def test_pdf_loses_no_row_and_no_figure(tmp_path, languages):
    text = text_of(printed(tmp_path, matches(90), *languages))

    missing = []
    for language in languages:
        with override(language):
            for row in map(match_row, range(90)):
                landed = [figures.decimal(Decimal(row[7]), 2)] if row[7] else []
                for figure in (row[0], figures.shortest(Decimal(row[6])), *landed):
                    missing += [figure] if " ".join(figure.split()) not in text else []
    assert missing == []


def test_pdf_says_in_words_what_is_not_known(tmp_path):
    number = Column(key="usd", title="USD", kind=Kind.NUMBER)

    text = text_of(printed(tmp_path, frozen([text_column(), number], [["A", None], [None, "1"]]), "id", "ru"))

    assert text.count("belum diketahui неизвестно") == 2


@pytest.mark.parametrize(("languages", "names"), [
    (("id",), "TOO Mysal Astana Nan ТОО «Без латиницы»"),
    (("ru",), "ТОО «Мысал Астана Нан» ТОО «Без латиницы»"),
    (("id", "ru"), "TOO Mysal Astana Nan ТОО «Мысал Астана Нан» ТОО «Без латиницы»"),
])  # fmt: skip
def test_pdf_names_companies_in_letters_that_its_readers_know(tmp_path, languages, names):
    columns = [text_column("latin"), text_column("importer", title="Name", latin="latin")]
    rows = [["TOO Mysal Astana Nan", "ТОО «Мысал Астана Нан»"], ["", "ТОО «Без латиницы»"]]
    cut = frozen(columns, rows, blocks=(TableOf(table="matches", columns=("importer",)),))

    text = text_of(printed(tmp_path, cut, *languages))

    assert f"Name {names} " in text


def test_pdf_numbers_its_pages(tmp_path):
    pages = pages_of(printed(tmp_path, matches(90), "en"))

    assert len(pages) > 2
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_pdf_repeats_the_head_of_a_table_on_each_page(tmp_path):
    pages = pages_of(printed(tmp_path, matches(90), "en"))

    assert all("Exporter Importer Score Tonnes" in page for page in pages)


def test_pdf_groups_rows_under_heads_that_count_them(tmp_path):
    text = text_of(printed(tmp_path, matches(9, grouped=True), "en"))

    assert "RBD palm olein · 6" in text
    assert "RBD palm stearin · 3" in text


def test_every_page_says_that_it_is_an_example_where_there_are_any(tmp_path):
    marked = pages_of(printed(tmp_path, matches(90), "en"))
    plain = pages_of(printed(tmp_path, matches(3, has_examples=False), "en"))

    assert all("Example. Companies and figures are invented." in page for page in marked)
    assert not any("invented" in page for page in plain)


def test_every_page_bears_the_name_of_the_recipient_of_contacts(tmp_path):
    with_contacts = pages_of(printed(tmp_path, matches(90, has_contacts=True, recipient="Әлия Сәрсенова"), "en"))
    without = pages_of(printed(tmp_path, matches(90, recipient="Әлия Сәрсенова"), "en"))

    assert all("Әлия Сәрсенова" in page for page in with_contacts)
    assert ["Әлия Сәрсенова" in page for page in without] == [True] + [False] * (len(without) - 1)


def test_pdf_tells_number_cut_digest_and_where_to_check_them(tmp_path):
    (page,) = pages_of(printed(tmp_path, matches(3), "en"))

    assert "0f8fad5b-d9cb-469f-a165-70867728950e" in page
    assert "26 Nov 2026, 17:05 WITA (14:05 Astana)" in page
    assert "SHA-256 5d5d5d5d5d5d5d5d" in page
    assert "https://tradematch.example/verify/" in page


def test_pdf_calls_the_cut_the_same_in_its_head_and_its_foot(tmp_path):
    (page,) = pages_of(printed(tmp_path, matches(3), "ru"))

    assert page.count("Срез данных") == 2
    assert "Срез данных: 26.11.2026" in page


def test_pdf_that_was_written_at_once_shows_no_number_and_nowhere_to_check_it(tmp_path):
    text = text_of(printed(tmp_path, replace(matches(90), number="", verify_at=""), "en"))

    assert text.count("none: this file was written at once, and nobody keeps what it holds") == 1
    assert ("№" in text, "Verify a file" in text) == (False, False)


def test_pdf_says_how_many_fields_were_left_out(tmp_path):
    text = text_of(printed(tmp_path, matches(3, left_out=2), "en"))

    assert "2 fields are left out, for they may not cross to the recipient." in text


@pytest.mark.parametrize(
    ("office", "letterhead"),
    [
        (Office.CITY, "Pemerintah Kota Balikpapan"),
        (Office.EMBASSY, "KBRI Astana"),
        (Office.BOTH, "Pemerintah Kota Balikpapan · KBRI Astana"),
    ],
)
def test_pdf_bears_the_letterhead_of_its_office(tmp_path, office, letterhead):
    pdf = printed(tmp_path, matches(3, office=office), "id")

    assert f"TradeMatch {letterhead}" in text_of(pdf)
    assert read(pdf).metadata.author == letterhead.replace(" · ", ", ")


@pytest.mark.parametrize("languages", [*((language,) for language in LANGUAGES), *PAIRS])
def test_pdf_is_tagged_and_says_its_language_and_title(tmp_path, languages):
    reader = read(printed(tmp_path, every_block(), *languages))

    root = reader.trailer["/Root"]
    assert root["/Lang"] == languages[0]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == {"id": "Berkas", "en": "Dossier", "ru": "Досье", "kk": "Досье"}[languages[0]]


def test_pdf_has_contents_and_an_outline(tmp_path):
    reader = read(printed(tmp_path, every_block(), "en"))

    titles = [one.title for one in reader.outline if not isinstance(one, list)]
    assert titles == ["Flows", "Table", "Notes"]
    assert "Contents Flows" in " ".join(reader.pages[0].extract_text().split())


def test_pdf_holds_its_own_fonts_and_no_other(tmp_path):
    fonts = fonts_of(printed(tmp_path, every_block(), "en", "kk"))

    assert all(fonts.values())
    names = {name.rsplit("+")[-1].split("-")[0] for name in fonts}
    assert names == {"NotoSans", "Literata"}


def test_same_report_is_the_same_bytes_in_another_process_and_time_zone(tmp_path):
    here = printed(tmp_path, every_block(), "id", "ru")

    script = (
        "import django, sys; django.setup()\n"
        "from pathlib import Path\n"
        "from django.utils import timezone, translation\n"
        "timezone.activate('America/New_York'); translation.activate('kk')\n"
        "from reports.writing import pdfs\n"
        "from tests.reports.printed.samples import every_block\n"
        "pdfs.write(Path(sys.argv[1]), every_block(), ('id', 'ru'))\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tradematch.settings", "TZ": "Pacific/Chatham"}
    there = tmp_path / "there.pdf"
    subprocess.run(
        [sys.executable, "-c", script, str(there)], check=True, env=environment, cwd=settings.BASE_DIR, timeout=60
    )

    assert sha256(there.read_bytes()).hexdigest() == sha256(here).hexdigest()


@pytest.mark.parametrize(("columns", "rows"), [(1, MOST_ROWS_PRINTED + 1), (30, MOST_CELLS // 30 + 1)])
def test_more_than_anybody_reads_on_paper_is_refused(tmp_path, columns, rows):
    path = tmp_path / "report.pdf"
    many = frozen([text_column(f"c{number}") for number in range(columns)], [["x"] * columns] * rows)

    with pytest.raises(ValidationError) as refused:
        printed(tmp_path, many, "en")

    assert refused.value.code == "too_large"
    assert not path.exists()


def test_nobody_who_only_imports_the_writers_carries_the_compiler():
    script = "import django, sys; django.setup(); import reports.writing.pdfs; sys.exit('typst' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tradematch.settings"}

    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, timeout=60)

    assert done.returncode == 0


def test_template_names_no_package_and_no_file_but_its_own():
    folder = Path(settings.BASE_DIR) / "reports/writing/typst"
    templates = {path.name: path.read_text() for path in folder.glob("*.typ")}

    imported = {line.split('"')[1] for text in templates.values() for line in text.splitlines() if "#import" in line}
    assert imported < templates.keys()
    assert not any("read(" in text or "@preview" in text for text in templates.values())


def test_process_that_sets_a_report_is_told_nothing_of_the_surroundings_of_its_worker(tmp_path, monkeypatch):
    """Passwords of the database and the broker are in them."""
    program = tmp_path / "tells.py"
    program.write_text("import json, os; print(json.dumps(dict(os.environ)))")
    monkeypatch.setattr(pdfs, "TYPESETTING", program)
    monkeypatch.setenv("SECRET_KEY", "of the worker")

    told = json.loads(pdfs.compiled({}))

    assert told.keys() - {"LC_CTYPE"} == {"RAYON_NUM_THREADS", "MALLOC_ARENA_MAX"}  # LC_CTYPE: Python's own


@pytest.mark.parametrize(("bound", "most"), [("MOST_BYTES", 200_000_000), ("MOST_CPU_S", 0)])
def test_report_that_takes_too_much_to_set_is_ended_and_refused(tmp_path, monkeypatch, bound, most):
    monkeypatch.setattr(pdfs, bound, most)

    with pytest.raises(ValidationError) as refused:
        printed(tmp_path, matches(1_000), "en")

    assert refused.value.code == "too_large"


def test_process_that_sets_a_report_can_leave_no_file(tmp_path):
    script = (
        "import os, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from typesetting import bound\n"
        "bound(most_bytes=10**9, most_cpu_s=10)\n"
        "os.write(os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY), b'left behind')\n"
    )
    left = tmp_path / "left"

    done = subprocess.run([sys.executable, "-c", script, str(pdfs.TYPESETTING.parent), str(left)], capture_output=True)

    assert (b"File too large" in done.stderr, left.read_bytes()) == (True, b"")
