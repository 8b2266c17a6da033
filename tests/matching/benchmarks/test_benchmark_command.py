import os
import re
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from companies.enums import CompanyKind
from companies.models import Company, Need
from matching.benchmarks.measuring import machine, measured
from matching.enums import RunState
from matching.models import Run
from tests.matching.book import small_book
from tests.matching.test_made_book import reference  # noqa: F401


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("benchmark", "run", "--times", "1", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_made_markets_are_told_with_and_without_the_corridor(tmp_path):
    page = told("--without-book", "--sizes", "40,80", "--unknown", "0,70", "--write", str(tmp_path / "page.md"))

    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| made")]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (f"| made, {unknown} unknown", needs, lanes)
        for needs in ("40", "80")
        for unknown in ("0%", "70%")
        for lanes in ("the corridor's", "constant")
    ]
    assert len(re.findall(r"^- made, .*: search \d+\.\d\d times, plan \d+\.\d\d times as long", page, re.M)) == 4
    assert machine().partition(";")[0] in page
    assert page in (tmp_path / "page.md").read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_the_book_is_told_with_what_it_takes_to_read_it():
    with pytest.raises(CommandError, match=r"^The book has no open needs or no open capacities; --without-book"):
        told("--sizes", "40", "--as-of", "2027-01-04")
    small_book(headings=1)

    page = told("--sizes", "40", "--as-of", "2027-01-04")

    assert "Pairs of points: 1; rows of lanes: 1." in page
    assert re.search(r"^\| the listings and their lanes \| \d+\.\d{3} \| \d+ \|$", page, re.M)
    assert re.findall(r"^\| the book \| (\d+) \| (\d+) \| ([^|]+) \|", page, re.M) == [
        ("2", "2", "the corridor's"),
        ("2", "2", "constant"),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sizes", "many"], "--sizes takes whole numbers with commas between them."),
        (["--sizes", "0"], "--sizes takes numbers from 1 to 200,000."),
        (["--unknown", "101"], "--unknown takes numbers from 0 to 100."),
        (["--times", "0"], "--times is a number from 1 to 99."),
        (["--only", "excel"], "--only takes none, or some of: nothing here."),
    ],
)
def test_what_cannot_be_measured_is_said(arguments, words):
    with pytest.raises(CommandError) as refusal:
        call_command("benchmark", "run", "--without-book", *arguments)

    assert str(refusal.value) == words


def test_memory_and_processor_time_are_those_of_the_work_alone():
    held = np.ones(30_000_000)  # 240 MB that are here before

    cost = measured(lambda: float(np.ones(10_000_000).sum() + held[0]))

    assert cost.answer == 10_000_001
    assert 60 < cost.peak_mb < 160
    assert 0 < cost.cpu_s < 30


def test_memory_that_was_let_go_of_before_counts_again_when_it_is_taken():
    held = [bytes(1000) for _ in range(200_000)]  # 200 MB in small pieces
    held = [held[0], held[-1]]  # what lay between two that stay is not given back to the system by itself

    cost = measured(lambda: sum(len(piece) for piece in [bytes(1000) for _ in range(100_000)]) + len(held))

    assert 90 < cost.peak_mb < 160


def test_work_that_fails_or_dies_is_no_figure():
    with pytest.raises(ZeroDivisionError):
        measured(lambda: 1 // 0)
    with pytest.raises(RuntimeError, match=r"ended with code 7 and no answer"):
        measured(lambda: os._exit(7))


@pytest.mark.django_db(transaction=True)
def test_whole_run_in_the_database_is_told_step_by_step_and_leaves_no_listing(reference):  # noqa: F811
    page = told("--without-book", "--sizes", "40", "--unknown", "30", "--in-database", "60", "--as-of", "2027-01-04")

    steps = re.findall(r"^\| ([^|]+) \| (\d*) \| \d+\.\d \| [\d.]+ \| [\d.]+ \| \d+\.\d \| \d+ \|$", page, re.M)
    assert steps == [("cut", "1"), ("match and divide", "2"), ("store", "1"), ("**all**", "")]
    assert re.search(r"CPU s of the workers: search [\d.]+, plan [\d.]+, near misses [\d.]+, tell [\d.]+, other", page)
    assert re.search(r"rolled back\), takes [\d.]+ CPU s of the server and [\d.]+ s by", page)
    stored = re.search(r"Stored: (\d+) matches that are new, (\d+) results, (\d+) rows of the list, ", page)
    assert len({int(number) for number in stored.groups()}) == 1
    assert int(stored[1]) > 0
    assert {"needs 60", "capacities 60"} <= set(re.split(r"Found: |, ", page))
    assert not Need.objects.exists()
    assert Run.objects.get().state == RunState.FINISHED


@pytest.mark.django_db(transaction=True)
def test_whole_run_is_refused_beside_real_listings():
    small_book(headings=1)
    Company.objects.update(kind=CompanyKind.REGISTERED)

    with pytest.raises(CommandError, match=r"^This book holds listings of real companies"):
        told("--without-book", "--sizes", "40", "--unknown", "30", "--in-database", "60")
