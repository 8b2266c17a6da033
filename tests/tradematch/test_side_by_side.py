import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests import side_by_side
from tests.side_by_side import APART, LONG, in_order, numbered, outcome_of, piece_of, pytest_xdist_setupnodes

TESTS = Path(side_by_side.__file__).parent
# What starts, stops or kills processes and servers, or takes what they do by the clock.
DRASTIC = re.compile(
    r"\b(live_worker|drill_house|os\.kill|pg_terminate_backend|ru_maxrss|Postgres\(|Valkey\(|perf_counter|cost\.peak_mb)"
)


def test_files_that_are_named_are_there():
    assert [name for name in (*APART, *LONG) if not (TESTS.parent / name).exists()] == []


def test_whatever_starts_and_kills_servers_or_measures_memory_never_meets_its_like():
    drastic = [path for path in sorted(TESTS.rglob("test_*.py")) if DRASTIC.search(path.read_text(encoding="utf-8"))]

    here = [str(path.relative_to(TESTS.parent)) for path in drastic if path != Path(__file__)]
    assert here
    assert [path for path in here if piece_of(f"{path}::test") != "apart"] == []


def test_each_turn_has_tests_in_a_browser():
    """So that `--require-browser` holds in both."""
    with_browser = {path for path in TESTS.rglob("test_*.py") if "new_page" in path.read_text(encoding="utf-8")}

    assert {piece_of(str(path.relative_to(TESTS.parent))) == "apart" for path in with_browser} == {True, False}


def test_outcome_names_what_failed():
    report = SimpleNamespace(nodeid="tests/a.py::test_a[1]")

    assert outcome_of({"passed": [report] * 3, "error": [report], "": [report]}) == {
        "counts": {"passed": 3, "skipped": 0, "failed": 0, "error": 1},
        "names": ["ERROR tests/a.py::test_a[1]"],
    }


def test_tests_of_a_file_stay_together():
    assert piece_of("tests/desk/test_views.py::test_a[x::y]") == "tests/desk/test_views.py"
    assert piece_of("tests/outages/test_valkey_away.py::test_a") == "apart"


def test_what_takes_long_is_begun_first():
    pieces = {"tests/a.py": {"1": False}, "tests/b.py": {"1": False, "2": False}, LONG[0]: {"1": False}, "apart": {}}

    assert in_order(pieces) == ["apart", LONG[0], "tests/b.py", "tests/a.py"]


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("redis://:secret@host:1/4", ["redis://:secret@host:1/4", "redis://:secret@host:1/6"]),
        ("redis://:secret@host:1", ["redis://:secret@host:1/0", "redis://:secret@host:1/2"]),
    ],
)
def test_each_process_is_told_numbers_of_its_own(address, own, monkeypatch):
    monkeypatch.setenv("REDIS_URL", address)
    specs = [SimpleNamespace(env={}), SimpleNamespace(env={})]

    pytest_xdist_setupnodes(None, specs)

    assert [spec.env for spec in specs] == [{"REDIS_URL": address} for address in own]


def test_settings_of_this_process_hold_the_numbers_that_it_was_told():
    """Settings that are read before, as a process does whose parent named them, would be those of another process."""
    address = os.environ["REDIS_URL"]

    assert (settings.CELERY_BROKER_URL, settings.CACHES["default"]["LOCATION"]) == (address, numbered(address, 1))
