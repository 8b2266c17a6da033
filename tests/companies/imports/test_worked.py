"""The work on a book outlives a killed worker, a message that comes twice, and errors; files are forgotten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from accounts.enums import Role
from companies.enums import ImportState
from companies.models import BookImport, Company
from companies.services import imports
from companies.services.imports import working
from companies.services.imports.beat import beating_for
from companies.tasks import work_on_book
from matching.models import Match
from matching.services import decide
from notices.models import Notice
from tests.companies.books import catalogue
from tests.companies.imports.sent import codes, confirmed, delegation, sent, undone, worked
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    catalogue()
    return person(Role.STAFF)


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The books for which a worker is asked once more."""
    asked = []
    monkeypatch.setattr(work_on_book, "publish", lambda *, book_id: asked.append(book_id))
    return asked


def confirm(book: BookImport, user) -> BookImport:
    seen = imports.version_of(book)
    return imports.confirm_book(book=book, user=user, seen_at=seen, takes_good_rows=False)


def test_work_that_is_asked_for_twice_is_done_once(staff):
    book = confirm(sent(staff, delegation()), staff)

    work_on_book(book_id=book.pk)
    work_on_book(book_id=book.pk)

    book.refresh_from_db()
    assert (book.state, book.attempt, Company.objects.count()) == (ImportState.WRITTEN, 1, 2)


def test_book_that_another_worker_holds_is_let_be(staff):
    book = confirm(sent(staff, delegation()), staff)

    with beating_for(book.pk) as held:
        work_on_book(book_id=book.pk)

    book.refresh_from_db()
    assert (held.is_held, book.state, book.attempt) == (True, ImportState.WRITING, 0)


def test_lost_work_is_found_by_the_sweeper(staff):
    lost, fresh = sent(staff, delegation(needs=())), sent(staff, delegation())
    for book in (lost, fresh):
        confirm(book, staff)
    long_ago = timezone.now() - timedelta(minutes=10)
    BookImport.objects.filter(pk=lost.pk).update(heartbeat_at=long_ago)

    assert imports.sweep() == [lost.pk]
    assert worked(lost).state == ImportState.WRITTEN


def test_work_that_fails_in_the_middle_writes_nothing_and_is_tried_again(staff, queued, monkeypatch):
    book = confirm(sent(staff, delegation()), staff)
    monkeypatch.setattr("companies.book.book_rows.write_capacities", lambda entries: 1 // 0)

    work_on_book(book_id=book.pk)
    book.refresh_from_db()

    assert (book.state, book.failure, queued, Company.objects.count()) == (
        ImportState.WRITING,
        "ZeroDivisionError",
        [book.pk],
        0,
    )

    work_on_book(book_id=book.pk)
    work_on_book(book_id=book.pk)
    book.refresh_from_db()

    assert (book.state, book.failure, Company.objects.count()) == (ImportState.CHECKED, "ZeroDivisionError", 0)
    monkeypatch.undo()
    assert confirmed(book, staff).state == ImportState.WRITTEN


def test_worker_that_is_killed_each_time_ends_the_reading(staff):
    book = sent(staff, delegation())
    BookImport.objects.filter(pk=book.pk).update(state=ImportState.CHECKING, attempt=working.MOST_ATTEMPTS)

    assert (worked(book).state, book.failure) == (ImportState.FAILED, "worker_lost")


def test_database_that_is_away_is_no_attempt_that_failed(staff, queued, monkeypatch):
    book = confirm(sent(staff, delegation()), staff)

    def away(*arguments, **named):
        raise OperationalError

    monkeypatch.setattr("companies.services.imports.writing.import_book", away)
    with pytest.raises(OperationalError):
        work_on_book(book_id=book.pk)

    book.refresh_from_db()
    assert (book.state, book.failure, queued) == (ImportState.WRITING, "", [])


def test_whoever_waited_long_is_told(staff, monkeypatch):
    sent(staff, delegation(needs=()))
    assert not Notice.objects.exists()

    monkeypatch.setattr(working, "LONG_S", 0)
    book = sent(staff, delegation())

    assert list(Notice.objects.values_list("user", "kind", "address")) == [
        (staff.pk, "book_read", f"/book/import/{book.pk}/")
    ]


def test_old_files_are_forgotten_and_their_rows_kept(staff, django_capture_on_commit_callbacks):
    book = sent(staff, delegation())
    storage, name = book.file.storage, book.file.name
    assert imports.forget_files(timezone.now()) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert imports.forget_files(timezone.now() + timedelta(days=91)) == 1

    book.refresh_from_db()
    assert (bool(book.file), storage.exists(name), book.rows.count()) == (False, False, 4)


def test_undo_lets_go_of_what_a_run_found(staff):
    book = confirmed(sent(staff, delegation()), staff)
    need, capacity = (book.rows.get(sheet=sheet) for sheet in ("Needs", "Capacities"))
    found(finished_run(), need.made_need, capacity.made_capacity)

    book = undone(book, staff)

    assert (book.counts["stayed"], Match.objects.count(), Company.objects.count()) == (0, 0, 0)


def test_undo_withdraws_what_people_decided_about(staff):
    book = confirmed(sent(staff, delegation()), staff)
    need, capacity = (book.rows.get(sheet=sheet) for sheet in ("Needs", "Capacities"))
    result = found(finished_run(), need.made_need, capacity.made_capacity)
    decide(match=result.match, state="shortlisted", decided_by=staff)

    book = undone(book, staff)

    assert [told[-1] for *_where, told in codes(book)] == ["undo_used", "undo_used", "undo_decided", "undo_decided"]
    need.made_need.refresh_from_db()
    assert (need.made_need.status, Match.objects.count()) == ("withdrawn", 1)


def test_file_that_was_forgotten_is_not_confirmed(staff):
    book = sent(staff, delegation())
    imports.forget_files(timezone.now() + timedelta(days=91))

    with pytest.raises(ValidationError, match="Send it again"):
        confirm(book, staff)
