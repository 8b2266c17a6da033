"""Work on several processors: kernels let go of the interpreter, so plain threads are enough."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor


def mapped(work: Callable, tasks: Iterable, threads: int) -> Iterator:
    """The results in the order of the tasks. What is not begun when the caller turns away is not done."""
    if threads == 1:
        yield from map(work, tasks)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(work, tasks)
    finally:
        pool.shutdown(cancel_futures=True)
