"""What is kept compiled is used only as long as its source stands."""

import pickle
import sys
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from matching.engine.fast import compiled, tell

ENGINE = Path(compiled.__file__).parents[1]


def test_stamp_of_a_kernel_takes_in_all_files_that_it_is_made_of():
    taken_in, found = set(), [Path(tell.__file__)]
    while found:
        taken_in.add(file := found.pop())
        found += compiled._imported(file) - taken_in

    assert {
        ENGINE / "fast" / "judging" / name for name in ("pair.py", "months.py", "papers.py", "timing.py")
    } <= taken_in
    assert {ENGINE / name for name in ("score.py", "market.py")} <= taken_in


def test_stamp_changes_with_a_file_that_is_taken_in(tmp_path, monkeypatch):
    engine = tmp_path / "matching" / "engine"
    engine.mkdir(parents=True)
    kernel, part = engine / "kernel.py", engine / "part.py"
    kernel.write_text("from matching.engine.part import half\n")
    part.write_text("def half(x): return x / 2\n")
    monkeypatch.setattr(compiled, "_ROOT", tmp_path)
    before = compiled._source_stamp.__wrapped__(kernel)

    part.write_text("def half(x): return x // 2\n")

    assert compiled._source_stamp.__wrapped__(kernel) != before


def test_what_was_kept_of_a_class_that_has_gone_is_compiled_anew(tmp_path, monkeypatch):
    gone = ModuleType("gone")
    gone.Table = type("Table", (), {"__module__": "gone"})
    monkeypatch.setitem(sys.modules, "gone", gone)
    kept = compiled._Kept(str(tmp_path), "kernel", "stamp")
    index = pickle.dumps(("stamp", {gone.Table: "kernel.1.nbc"}))
    (tmp_path / "kernel.nbi").write_bytes(pickle.dumps(numba.__version__) + index)
    assert list(kept._load_index().values()) == ["kernel.1.nbc"]

    del gone.Table

    assert kept._load_index() == {}


def test_two_processes_that_compile_for_other_types_at_once_keep_no_code_under_the_name_of_the_other(
    tmp_path, monkeypatch
):
    ours, theirs = (compiled._Kept(str(tmp_path), "kernel-7.py311", "stamp") for _process in range(2))
    as_before, write = theirs._load_index(), ours._save_data

    def overtaken(name, data):
        monkeypatch.setattr(theirs, "_load_index", lambda: dict(as_before))  # read before ours was written
        theirs.save("for floats", "code for floats")
        write(name, data)

    monkeypatch.setattr(ours, "_save_data", overtaken)
    ours.save("for whole numbers", "code for whole numbers")

    for types in ("for floats", "for whole numbers"):
        assert compiled._Kept(str(tmp_path), "kernel-7.py311", "stamp").load(types) in (f"code {types}", None)


def test_every_signature_is_kept_and_what_older_source_left_is_removed(tmp_path):
    def at(stamp):
        return compiled._Kept(str(tmp_path), "kernel-7.py311", stamp)

    at("older").save("for floats", "older code")
    other = compiled._Kept(str(tmp_path), "kernel-70.py311", "older")
    other.save("for floats", "of another kernel")

    at("newer").save("for floats", "newer code")
    at("newer").save("for whole numbers", "code for whole numbers")

    assert (at("newer").load("for floats"), at("newer").load("for whole numbers")) == (
        "newer code",
        "code for whole numbers",
    )
    assert at("older").load("for floats") is None
    kept = list(tmp_path.glob("kernel-7.*.nbc"))
    assert len(kept) == 2
    for file in kept:
        file.unlink()
    assert at("newer").load("for floats") is None  # a file that another process took away is missed by nobody
    assert other.load("for floats") == "of another kernel"


def test_kernel_that_asks_for_memory_is_refused():
    @compiled.kernel
    def total_of_zeros(n):
        return np.zeros(n).sum()

    with pytest.raises(TypingError):
        total_of_zeros(3)
