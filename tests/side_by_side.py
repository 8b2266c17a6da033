"""The whole suite on several processors, in two turns: `python3 run.py test`, or pytest with the options of its turns.

First, with `-n 2 --dist loadfile --apart never`, all that minds nobody: each process has a database, numbers of the
broker and a browser of its own, and takes whole files, so that what the tests of a file share is made once. Then, with
`--apart only`, alone in one process, what starts and kills servers and processes, measures memory or goes by the clock.
"""

import json
import os
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

BEGAN = time.monotonic()
NUMBERS_A_PROCESS = 2  # the messages' and, after it, the cache's; a server has 16 unless it is told otherwise

# Folders and files whose tests come one after the other, and beside nothing.
APART = (
    "tests/outages/",
    "tests/keeping/",
    "tests/matching/test_killed_workers.py",
    "tests/matching/test_lost_messages.py",
    "tests/matching/test_tasks.py",
    "tests/matching/test_heartbeat.py",
    "tests/matching/test_database_away.py",
    "tests/matching/test_match_command.py",
    "tests/matching/comparisons/test_killed_comparison.py",
    "tests/matching/run_differences/test_killed_difference.py",
    "tests/reports/making/test_killed_maker.py",
    "tests/matching/run_differences/test_match_against.py",
    "tests/matching/benchmarks/test_benchmark_command.py",
    "tests/browser/test_from_first_visit_to_partners.py",
    "tests/browser/test_journey.py",
    "tests/launcher/",
    "tests/deployment/",
    "tests/tradematch/test_log_secrets.py",
    "tests/tradematch/test_outages.py",
    "tests/tradematch/test_processes.py",
    "tests/notices/test_tasks.py",
)
# Files that take long though they hold few tests: begun first, so that no processor waits for another at the end.
LONG = (
    "tests/accounts/test_in_a_browser.py",
    "tests/browser/",
    "tests/languages/",
    "tests/matching/engine/fast/",  # compiles first what is not kept yet
)


def numbered(address: str, more: int) -> str:
    """The address of a database so many numbers further on."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + more}"))


def piece_of(test: str) -> str:
    """What is handed to one process at once: the tests of a file, or all that must not meet."""
    return "apart" if is_apart(test) else test.partition("::")[0]


def is_apart(test: str) -> bool:
    return test.startswith(APART)


def in_order(pieces: dict[str, dict]) -> list[str]:
    """The long piece first, then the long files, then those with the most tests."""
    return sorted(pieces, key=lambda piece: (piece != "apart", not piece.startswith(LONG), -len(pieces[piece])))


def pytest_addoption(parser):
    parser.addoption("--apart", choices=("never", "only"), help="leave out what must run alone, or run nothing else")
    parser.addoption("--tell", metavar="FILE", help="write there what came of the tests, for whoever sums turns up")


def pytest_collection_modifyitems(config, items):
    if chosen := config.getoption("--apart"):
        left_out = [item for item in items if is_apart(item.nodeid) != (chosen == "only")]
        items[:] = [item for item in items if is_apart(item.nodeid) == (chosen == "only")]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter, config):
    """Only the process that hears of all tests has such a reporter."""
    if file := config.getoption("--tell"):
        told = outcome_of(terminalreporter.stats) | {"seconds": time.monotonic() - BEGAN}
        Path(file).write_text(json.dumps(told), encoding="utf-8")


def outcome_of(stats: dict[str, list]) -> dict:
    """How many tests ended how, and the names of those that nobody wants to look for."""
    bad = ("failed", "error")
    return {
        "counts": {outcome: len(stats.get(outcome, [])) for outcome in ("passed", "skipped", *bad)},
        "names": [f"{outcome.upper()} {report.nodeid}" for outcome in bad for report in stats.get(outcome, [])],
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs):
    """A broker and a cache for each process that no other of this run empties, told before it reads its settings."""
    for place, spec in enumerate(specs):
        spec.env["REDIS_URL"] = numbered(os.environ["REDIS_URL"], NUMBERS_A_PROCESS * place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class SideBySide(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return piece_of(nodeid)

        def _assign_work_unit(self, node) -> None:
            self.workqueue.move_to_end(in_order(self.workqueue)[0], last=False)
            super()._assign_work_unit(node)

    return SideBySide(config, log)
