"""How functions of the fast path are compiled: divisions as numpy's, no reordered sums, and never from a stale cache.

Only here `numba` is imported by name, and only by what is compiled: a small book never pays for it.
"""

import ast
import hashlib
from functools import cache
from glob import escape
from pathlib import Path
from uuid import uuid4

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

_ROOT = Path(__file__).parents[3]

# Arrays come from outside and outlive the call, so nobody need count who holds them: with a market of seventy arrays
# that counting is what takes the time, of the compiler and of the kernel (fifty times as long). A kernel asks for no
# memory: what it writes to is handed in.
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}


class _Kept(IndexDataCacheFile):
    """Kept functions by all the source they take in, whatever is kept in a file of its own name.

    numba compares a kept function with the file it stands in alone, and would go on using what it called before. And
    it numbers the files: of two processes that compile one function at once, each for other types, both write the first
    one, and whoever asks later is handed code for the wrong types, which may never end.
    """

    def save(self, key, data):
        overloads = self._load_index()
        overloads[key] = name = self._data_name_pattern.replace("{number:d}", uuid4().hex[:16])
        self._save_data(name, data)  # first, so that whatever the index names is there
        self._save_index(overloads)  # what another process adds meanwhile is lost, and compiled once more
        self._remove_all_but(set(overloads.values()))

    def _remove_all_but(self, names: set[str]) -> None:
        """What older source of this place or a lost line of the index left: who misses such a file compiles anew."""
        for path in Path(self._cache_path).glob(escape(self._data_name_pattern).replace("{number:d}", "*")):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _load_index(self):
        try:
            return super()._load_index()
        except (AttributeError, ImportError):  # of older source: it took a class that has gone, or stands elsewhere now
            return {}


def kernel(function):
    """Compiled, called from Python or from another kernel, kept on disk for the next process where there is a place."""
    try:
        compiled = njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # neither the folder of the source nor one of the user can be written to
        return njit(**_OPTIONS)(function)
    if isinstance(compiled._cache, FunctionCache):
        stamp = _source_stamp(Path(function.__code__.co_filename))
        compiled._cache._cache_file = _Kept(compiled._cache.cache_path, compiled._cache._impl.filename_base, stamp)
    return compiled


def inner(function):
    """A part of kernels, laid into each of them: it may take a whole market, which no call could carry cheaply."""
    return njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function)


@cache
def _source_stamp(path: Path) -> str:
    """One digest of a file of the engine and of all those that it takes in, one by way of another."""
    files, found = {path}, [path]
    while found:
        new = _imported(found.pop()) - files
        files |= new
        found += new
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def _imported(path: Path) -> set[Path]:
    """The files of the engine that a file imports at its top."""
    files = set()
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("matching.engine"):
            place = _ROOT.joinpath(*node.module.split("."))
            candidates = [place.with_suffix(".py"), *(place / f"{alias.name}.py" for alias in node.names)]
            files |= {file for file in candidates if file.is_file()}
    return files
