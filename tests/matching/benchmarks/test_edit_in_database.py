"""`benchmark edit --in-database`: a book stands, is edited through a worker, is checked, and is taken away."""

import re
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from commodities.models import Commodity
from companies.models import Capacity, Company, Need
from matching import services
from matching.benchmarks.edit_book import TAKEN_EVERY, begun_run, chosen, remove
from matching.benchmarks.edit_times import CHANGES, otherwise
from matching.enums import MatchState, RunKind, RunState
from matching.models import Match, MatchResult, NearMiss, Run
from matching.services.made_book import Wanted, make_book
from matching.services.refreshing import store
from tests.matching.book import AS_OF, need, small_book
from tests.matching.refreshing.edits import official
from tests.matching.test_made_book import reference, rows_of_everything  # noqa: F401 - the first is a fixture
from tests.matching.test_runs import officer
from tests.workers import empty_the_broker


@pytest.fixture
def place(settings, tmp_path):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path / "snapshots", 1
    empty_the_broker()
    yield store.folder
    empty_the_broker()


def told(size: int) -> str:
    out = StringIO()
    options = ("--sizes", "40", "--only", "none", "--times", "1", "--in-database", str(size))
    call_command("benchmark", "edit", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_edits_go_through_a_worker_and_leave_nothing(place, reference):  # noqa: F811
    page = told(150)

    rows = re.findall(r"^\| (need|capacity): ([a-z ]+) \| 1 \| [\d,]+ \| [\d,]+ \|", page, re.M)
    assert rows == [(side, name) for name in CHANGES for side in ("need", "capacity")]
    assert re.search(r"^- After all edits [\d,]+ lists .*: each is what an answer made anew says\.$", page, re.M | re.S)
    assert re.search(r"^- The snapshot: made in \d+ CPU s", page, re.M)
    assert not any(model.objects.exists() for model in (Need, Capacity, Company, Run, Match, MatchResult, NearMiss))
    assert store.current_version() is None
    assert not [path for path in place().iterdir() if path.is_dir()]


@pytest.mark.django_db(transaction=True)
def test_a_database_with_runs_is_left_alone(place):
    small_book(headings=1)
    official()

    with pytest.raises(CommandError, match=r"^There are runs already"):
        told(60)

    assert Run.objects.count() == 1
    assert Need.objects.count() == 2


@pytest.fixture
def broken_off(reference) -> Run:  # noqa: F811
    """The run of a measurement that was killed: its book still stands."""
    make_book(Wanted(40, 40, 1, 0.3, AS_OF))
    run = begun_run(AS_OF)
    run.state = RunState.FINISHED
    run.save()
    return run


def real_run() -> None:
    services.start_run(kind=RunKind.OFFICIAL, as_of=AS_OF)


def real_refresh() -> None:
    services.ask_for_refresh(need(Commodity.objects.last()), as_of=AS_OF)


def real_decision() -> None:
    match = Match.objects.create(
        need=Need.objects.first(), capacity=Capacity.objects.first(), first_run=Run.objects.get()
    )
    services.decide(match=match, state=MatchState.SHORTLISTED, decided_by=officer())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("happens", [real_run, real_refresh, real_decision])
def test_what_people_did_after_a_measurement_was_killed_stays(place, broken_off, happens):
    happens()
    before = rows_of_everything()

    with pytest.raises(CommandError, match=r"^There are runs or decisions that no measurement made"):
        told(60)

    assert rows_of_everything() == before


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_measurement_left_is_taken_away_with_its_refreshes(place, broken_off):
    services.ask_for_refresh(Capacity.objects.first(), as_of=AS_OF)

    remove(lambda said: None)

    assert not any(model.objects.exists() for model in (Run, Need, Capacity, Company))


@pytest.mark.django_db(transaction=True)
def test_a_made_book_of_somebody_else_stays(place, reference):  # noqa: F811
    make_book(Wanted(40, 40, 1, 0.3, AS_OF))

    with pytest.raises(CommandError, match=r"^There is a made book already"):
        told(60)

    assert (Need.objects.count(), Capacity.objects.count()) == (40, 40)


@pytest.mark.django_db(transaction=True)
def test_a_book_too_small_for_a_snapshot_is_refused_and_taken_away(place, settings, reference):  # noqa: F811
    settings.SNAPSHOT_FROM = 1000

    with pytest.raises(CommandError, match=r"^No snapshot was kept of so small a book"):
        told(60)

    assert not Need.objects.exists()


def test_of_a_large_book_some_headings_are_taken_by_their_size():
    parts = [(np.zeros(number), np.zeros(number)) for number in (3, 50, 10, 40, 30, 20, 5, 2)]

    assert chosen(parts, most=1000) == sorted(parts, key=lambda part: -len(part[0]))
    assert [len(part[0]) for part in chosen(parts, most=100)] == [50, 40, 20, 3]
    assert TAKEN_EVERY[0] == 0


def test_rows_that_only_one_has_are_counted():
    rows = np.array([[1, 2], [3, 4], [5, 6]])

    assert otherwise(rows, rows[::-1]) == 0
    assert otherwise(rows, np.array([[1, 2], [3, 5]])) == 3
    assert otherwise(rows[:0], rows) == 3
