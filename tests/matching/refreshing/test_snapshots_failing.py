"""A version that is replaced while somebody reads it, and one that cannot be written."""

import datetime as dt
import errno

import pytest
from django.utils import timezone

from matching import services, tasks
from matching.enums import RunState
from matching.services.refreshing import refresh_of, snapshots, store, stored, tries, work
from tests.matching.refreshing.edits import TOO_DEAR, current, edit, official, refreshed

pytestmark = [pytest.mark.usefixtures("compiled", "place"), pytest.mark.django_db]


def test_version_replaced_while_it_is_read_is_read_once_more(kept, offered, asked, monkeypatch):
    """Another process made its own current, and removed the folder, between the pointer and the arrays."""
    stored._kept_open.clear()
    read, replaced = store.read, []

    def replaced_first(version):
        if not replaced:
            replaced.append(version)
            monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
            assert services.make_snapshot()
        return read(version)

    monkeypatch.setattr(store, "read", replaced_first)

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (replaced, asked, current()) == ([kept], [run.pk], set())
    assert store.current_version() != kept


def test_nothing_is_loaded_within_the_transaction_that_reads_the_book(kept, offered, asked, monkeypatch):
    """A version that came between is left to the next refresh: the older one says the same of the edits since."""
    stored._kept_open.clear()
    loaded, read = [], work.read

    def replaced_before(run, opened):
        monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
        assert services.make_snapshot()
        monkeypatch.setattr(stored, "_read", loaded.append)
        return read(run, opened)

    monkeypatch.setattr(work, "read", replaced_before)

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (loaded, asked, current()) == ([], [run.pk], set())


def test_official_run_that_ends_while_a_snapshot_is_opened_is_waited_for(kept, wanted, offered, asked, monkeypatch):
    """A part of a large book is read for minutes: the refresh rather waits until there is a snapshot again."""
    opened = snapshots.opened

    def ended_meanwhile(of):
        found = opened(of)
        official()
        return found

    edit(offered, price_amount=TOO_DEAR)
    run = refresh_of(offered)
    with monkeypatch.context() as patched:
        patched.setattr(snapshots, "opened", ended_meanwhile)
        patched.setattr(work, "read_part", None)
        services.carry_out_refresh(run.pk)

    assert services.make_snapshot()
    services.carry_out_refresh(run.pk)

    assert (asked, current()) == ([run.pk], set())


SAVED = store._saved


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that has room until the twentieth array; how many tries were begun to be written."""
    begun, saved, write = [], [], store.write

    def counted(manifest, arrays):
        begun.append(manifest.version)
        saved.clear()
        return write(manifest, arrays)

    def full(path, array):
        saved.append(path)
        if len(saved) == 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return SAVED(path, array)

    monkeypatch.setattr(store, "write", counted)
    monkeypatch.setattr(store, "_saved", full)
    return begun


def test_full_disk_is_left_as_it_was_and_tried_again_after_a_pause(wanted, offered, place, full_disk, monkeypatch):
    official()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()
    assert [path.name for path in place.iterdir()] == [store.TRIES]

    begun = []
    for _minute in range(180):
        now += dt.timedelta(minutes=1)
        before = len(full_disk)
        tasks.keep_snapshot()
        if len(full_disk) > before:
            begun.append(_minute + 1)

    assert begun == [1, 6, 21, 81, 141]
    assert [path.name for path in place.iterdir()] == [store.TRIES]


def test_refreshes_wait_for_no_snapshot_that_has_failed(wanted, offered, asked, full_disk):
    official()
    assert snapshots.is_awaited(snapshots.newest_official())
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current(), run.state) == ([], set(), RunState.FINISHED)


def test_snapshot_that_succeeds_at_last_is_waited_for_again(wanted, offered, place, full_disk, monkeypatch):
    official()
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()
    assert not services.is_snapshot_due()
    official()
    monkeypatch.setattr(store, "_saved", SAVED)

    assert services.make_snapshot()

    assert tries.noted() == tries.Tries()
    official()
    assert snapshots.is_awaited(snapshots.newest_official())


def test_folder_of_somebody_else_is_left_alone_and_refreshes_go_without(wanted, offered, asked, place):
    passport = place.parent / "uploads" / "passport.pdf"
    passport.parent.mkdir(parents=True)
    passport.write_text("somebody's")
    official()

    tasks.keep_snapshot()

    assert passport.read_text() == "somebody's"
    assert store.current_version() is None
    refreshed(offered, price_amount=TOO_DEAR)
    assert (asked, current()) == ([], set())
