"""How functions of the fast path are compiled: divisions as numpy's, no reordered sums, and never from a stale cache.

Only `numba` is imported here, and only by what is compiled: a small book never pays for it.
"""

import hashlib
from pathlib import Path

from numba import njit

_PACKAGES = (Path(__file__).parent, Path(__file__).parent.parent / "plan")
_ROUND_ABOUT = (Path(__file__).parent.parent / "score.py", Path(__file__).parent.parent / "market.py")


def _source_stamp() -> str:
    """One digest of all that a compiled function may have taken in from another file."""
    digest = hashlib.sha256()
    for path in sorted([*(file for package in _PACKAGES for file in package.glob("*.py")), *_ROUND_ABOUT]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_STAMP = _source_stamp()


def kernel(function):
    """Compiled, called from Python or from another kernel, kept on disk for the next process."""
    compiled = njit(cache=True, nogil=True, error_model="numpy")(function)
    # numba compares a kept function with the file it stands in alone, and would go on using what it called before.
    if cache_file := getattr(compiled._cache, "_cache_file", None):
        cache_file._source_stamp = _STAMP
    return compiled


def inner(function):
    """A part of kernels, laid into each of them: it may take a whole market, which no call could carry cheaply."""
    return njit(nogil=True, error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )
