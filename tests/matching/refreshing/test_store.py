"""Versions of a snapshot in files: whole or not at all, one current, and those who read an older one keep it."""

import errno
import json
from collections import namedtuple

import numpy as np
import pytest

from matching.services.refreshing import store

ARRAYS = {"numbers": np.arange(5000), "table": np.ones((40, 3), bool), "none": np.zeros(0)}


A, B, C = (f"{run}-20270104T100000000000" for run in (1, 2, 3))
OURS, THEIRS = "database-7-16384", "database-8-16384"


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    monkeypatch.setattr(store, "database", lambda: OURS)
    return store.folder()


def manifest(version: str) -> store.Manifest:
    return store.Manifest(
        version=version,
        programme="p",
        run=1,
        newest_run=[1, "2027-01-04T10:00:00+00:00"],
        cut_at="2027-01-04T10:00:00+00:00",
        as_of=740_000,
        corridor_version="c",
        catalogue_version="g",
        weights={"price": 1.0},
        k=10,
        words={"countries": ["ID", "KZ"]},
    )


def keep(version: str, arrays=ARRAYS) -> None:
    store.write(manifest(version), arrays)
    store.make_current(version)


def test_version_is_read_as_it_was_written(place):
    keep(A)

    said, arrays = store.read(A)

    assert said == manifest(A) == store.manifest_of(A)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(arrays[name], array)
    assert {array.flags.writeable for array in arrays.values()} == {True}  # one kind of array to compiled code


def test_writing_to_what_was_mapped_reaches_no_file(place):
    keep(A)
    _said, arrays = store.read(A)

    arrays["numbers"][:] = 0

    assert np.array_equal(store.read(A)[1]["numbers"], ARRAYS["numbers"])


def test_reader_keeps_the_version_that_it_holds_while_another_becomes_current(place):
    keep(A)
    _said, arrays = store.read(A)

    keep(B, {"numbers": np.zeros(3)})

    assert store.current_version() == B
    assert [path.name for path in place.iterdir() if path.is_dir()] == [B]
    assert arrays["numbers"].sum() == ARRAYS["numbers"].sum()


@pytest.mark.parametrize("bytes_left", [0, 100, 20_000])
def test_file_cut_short_is_refused(place, bytes_left):
    keep(A)
    path = place / A / "numbers.npy"
    path.write_bytes(path.read_bytes()[:bytes_left])

    with pytest.raises(store.DamagedError):
        store.read(A)


def test_what_another_programme_wrote_is_refused(place):
    keep(A)
    path = place / A / store.MANIFEST
    said = json.loads(path.read_text())

    less = {name: value for name, value in said.items() if name != "programme"}
    for other in (less, said | {"format": 1}, {"arrays": {}}, [], said | {"arrays": {"gone": [8, "<f8", [1]]}}):
        path.write_text(json.dumps(other))
        with pytest.raises(store.DamagedError):
            store.read(A)


def test_pointer_to_nothing_and_no_pointer(place):
    assert store.current_version() is None
    keep(A)
    store.make_current(B)

    with pytest.raises(store.DamagedError):
        store.manifest_of(store.current_version())


def test_version_that_is_forgotten_counts_no_more_and_goes_with_the_next(place):
    store.forget()
    keep(A)

    store.forget()

    assert store.current_version() is None
    keep(B)
    assert {path.name for path in place.iterdir()} == {B, store.CURRENT}


@pytest.mark.parametrize("name", ["numbers", "table"])
def test_array_of_another_layout_is_refused(place, name):
    """Of the same size in bytes: compiled code would read it beyond its end, or one thing for another."""
    keep(A)
    path = place / A / f"{name}.npy"
    other = {"numbers": np.zeros((2500, 2), np.int64), "table": np.zeros((30, 4), bool)}[name]
    size = path.stat().st_size
    np.save(path, other)
    assert path.stat().st_size == size

    with pytest.raises(store.DamagedError):
        store.read(A)


def failing(monkeypatch, fault: BaseException) -> None:
    """The second array cannot be written whole."""
    save = np.save

    def save_or_fail(file, array, **named):
        if array is ARRAYS["table"]:
            file.write(b"half of it")
            raise fault
        save(file, array, **named)

    monkeypatch.setattr(np, "save", save_or_fail)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_whoever_fails_while_writing_leaves_the_current_version_and_nothing_else(place, monkeypatch, fault):
    keep(A)

    with monkeypatch.context() as patched:
        failing(patched, fault)
        for version in (B, C):
            with pytest.raises(type(fault)):
                store.write(manifest(version), ARRAYS)

    assert {path.name for path in place.iterdir()} == {A, store.CURRENT}
    store.read(A)
    keep(C)
    assert {path.name for path in place.iterdir()} == {C, store.CURRENT}


def test_what_a_killed_process_left_goes_before_the_next_is_written(place):
    keep(A)
    left = place / f"{B}{store.UNFINISHED}"
    left.mkdir()
    (left / "numbers.npy").write_bytes(b"half of it")

    store.write(manifest(C), ARRAYS)

    assert {path.name for path in place.iterdir()} == {A, C, store.CURRENT}


def test_nothing_is_begun_where_the_disk_has_no_room_for_it(place, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _path: usage(10**6, 10**6 - 50_000, 50_000))

    with pytest.raises(store.NoPlaceError, match="50,000 bytes free"):
        store.write(manifest(A), ARRAYS)

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("strange", ["uploads/passport.pdf", "{ours}/uploads/passport.pdf", "notes.txt"])
def test_folder_that_holds_anything_else_is_refused_and_left_as_it_is(place, strange):
    keep(A)
    path = place.parent / strange.format(ours=OURS)
    path.parent.mkdir(exist_ok=True)
    path.write_text("somebody's")

    with pytest.raises(store.NoPlaceError, match="TM_SNAPSHOT_DIR"):
        store.write(manifest(B), ARRAYS)
    store.make_current(A)

    assert path.read_text() == "somebody's"
    store.read(A)


def test_databases_that_share_a_folder_leave_each_other_alone(place, monkeypatch):
    keep(A)
    monkeypatch.setattr(store, "database", lambda: THEIRS)
    assert store.current_version() is None

    keep(B)

    monkeypatch.setattr(store, "database", lambda: OURS)
    assert store.current_version() == A
    store.read(A)


def test_files_are_for_their_owner_alone(place):
    keep(A)

    assert {path.stat().st_mode & 0o077 for path in (place, place / A)} == {0}
