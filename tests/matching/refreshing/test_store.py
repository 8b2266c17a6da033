"""Versions of a snapshot in files: whole or not at all, one current, and those who read an older one keep it."""

import json

import numpy as np
import pytest

from matching.services.refreshing import store

ARRAYS = {"numbers": np.arange(5000), "table": np.ones((40, 3), bool), "none": np.zeros(0)}


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    return settings.SNAPSHOT_DIR


def manifest(version: str) -> store.Manifest:
    return store.Manifest(
        version=version,
        run=1,
        newest_run=[1, "2027-01-04T10:00:00+00:00"],
        cut_at="2027-01-04T10:00:00+00:00",
        as_of=740_000,
        corridor_version="c",
        weights={"price": 1.0},
        k=10,
        rules_version="2",
        engine_version="1",
        words={"countries": ["ID", "KZ"]},
    )


def keep(version: str, arrays=ARRAYS) -> None:
    store.write(manifest(version), arrays)
    store.make_current(version)


def test_version_is_read_as_it_was_written(place):
    keep("a")

    said, arrays = store.read("a")

    assert said == manifest("a") == store.manifest_of("a")
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(arrays[name], array)
    assert {array.flags.writeable for array in arrays.values()} == {True}  # one kind of array to compiled code


def test_writing_to_what_was_mapped_reaches_no_file(place):
    keep("a")
    _said, arrays = store.read("a")

    arrays["numbers"][:] = 0

    assert np.array_equal(store.read("a")[1]["numbers"], ARRAYS["numbers"])


def test_reader_keeps_the_version_that_it_holds_while_another_becomes_current(place):
    keep("a")
    _said, arrays = store.read("a")

    keep("b", {"numbers": np.zeros(3)})

    assert store.current_version() == "b"
    assert [path.name for path in place.iterdir() if path.is_dir()] == ["b"]
    assert arrays["numbers"].sum() == ARRAYS["numbers"].sum()


@pytest.mark.parametrize("bytes_left", [0, 100, 20_000])
def test_file_cut_short_is_refused(place, bytes_left):
    keep("a")
    path = place / "a" / "numbers.npy"
    path.write_bytes(path.read_bytes()[:bytes_left])

    with pytest.raises(store.DamagedError):
        store.read("a")


def test_what_another_programme_wrote_is_refused(place):
    keep("a")
    path = place / "a" / store.MANIFEST
    said = json.loads(path.read_text())

    for other in (said | {"format": store.FORMAT + 1}, {"format": store.FORMAT}, [], said | {"sizes": {"gone": 8}}):
        path.write_text(json.dumps(other))
        with pytest.raises(store.DamagedError):
            store.read("a")


def test_pointer_to_nothing_and_no_pointer(place):
    assert store.current_version() is None
    keep("a")
    store.make_current("b")

    with pytest.raises(store.DamagedError):
        store.manifest_of(store.current_version())


def test_whoever_is_killed_while_writing_leaves_the_current_version_alone(place, monkeypatch):
    keep("a")
    save = np.save

    def killed_at_the_second(path, *arguments, **named):
        if path.name == "table.npy":
            path.write_bytes(b"half of it")
            raise KeyboardInterrupt
        save(path, *arguments, **named)

    monkeypatch.setattr(np, "save", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        store.write(manifest("b"), ARRAYS)
    monkeypatch.undo()

    assert store.current_version() == "a"
    store.read("a")
    keep("c")
    assert {path.name for path in place.iterdir()} == {"c", store.CURRENT}
